//! BLIP (Li and others, 2022) as a captioner: an image tower, and a decoder that writes a caption token by token.
//!
//! The image tower is candle-transformers' own (`candle_transformers::models::blip`). Its decoder (`blip_text`, 0.11) computes
//! what transformers computes, but
//! - it fails for more than one picture: `TextEmbeddings::forward` adds the positions without broadcasting them;
//! - `TextSelfAttention::forward` computes the keys and values of the whole picture anew at every token in each layer,
//!   which is most of the work, where transformers keeps them;
//! - it refuses weights without an output layer of their own, where that is the token embedding, as transformers saves
//!   them since version 5 (`TextLMPredictionHead::new`);
//! - `TextLMHeadModel::forward` makes its mask in f32 whatever the weights are, so that half precision fails;
//! - it keeps the state of a caption in itself, so that two threads cannot use one.
//!
//! So the decoder is ours (`decoder.rs`). Both are compared with transformers on `tests/fixtures/blip-tiny`.

mod decoder;
mod image;
#[cfg(test)]
mod tests;

use candle_core::{Result, Tensor};
use seer_checkpoint::config::CaptionerConfig;
use seer_kernels::patches::Normalise;
use seer_types::PreparedImage;

use crate::error::TowerError;
use crate::runtime::Runtime;
use crate::weights::Weights;
use decoder::Decoder;
use image::ImageTokens;

/// Pictures described at once. Each token reads all of the decoder's weights, whatever the number; the keys and values of a
/// picture take 40 MB in the published models.
const BATCH_ON_CPU: usize = 4;
const BATCH_ON_GPU: usize = 32;

/// A model that describes pictures. Shared freely between threads.
pub struct CaptionTower {
    image: ImageTokens,
    decoder: Decoder,
    config: CaptionerConfig,
    normalise: Normalise,
    runtime: Runtime,
}

impl CaptionTower {
    /// Builds it from weights in transformers' names, and checks that no tensor is missing, misshapen or left over.
    ///
    /// # Errors
    /// Those of its tensors, each with its name.
    pub fn load(
        config: CaptionerConfig,
        mut weights: Weights,
        runtime: &Runtime,
    ) -> std::result::Result<Self, TowerError> {
        let image = ImageTokens::load(&config, &mut weights, runtime)?;
        let decoder = Decoder::load(&config, &mut weights, runtime)?;
        weights.ignore(is_no_part_of_captions);
        weights.finish()?;
        let normalise = Normalise::new(config.preprocess.mean, config.preprocess.std);
        Ok(Self { image, decoder, config, normalise, runtime: runtime.clone() })
    }

    /// How many pictures make a good batch on its device.
    pub fn batch(&self) -> usize {
        self.runtime.batch(BATCH_ON_CPU, BATCH_ON_GPU)
    }

    /// The tokens of a caption for each picture, start and end left out; always the likeliest next token, as transformers
    /// writes by default. Pictures are of the size that the description says.
    ///
    /// # Errors
    /// When the device fails.
    pub fn write(&self, images: &[PreparedImage]) -> Result<Vec<Vec<u32>>> {
        if images.is_empty() {
            return Ok(Vec::new());
        }
        let features = self.image.forward(&self.planes(images)?)?;
        let mut lines = Lines::new(&self.config, images.len());
        let mut captions = self.decoder.begin(&features)?;
        let mut tokens = vec![self.config.start_id; images.len()];
        for _ in 0..self.config.longest {
            let logits = captions.read(&tokens)?.to_vec2()?;
            match lines.add(&logits) {
                Some(next) => tokens = next,
                None => break,
            }
        }
        Ok(lines.tokens)
    }

    /// Normalised planes, `[pictures, 3, height, width]`.
    fn planes(&self, images: &[PreparedImage]) -> Result<Tensor> {
        let edge = self.config.preprocess.width as usize;
        let Normalise { factor, offset } = self.normalise;
        let mut planes = Vec::with_capacity(images.len() * 3 * edge * edge);
        for image in images {
            for channel in 0..3 {
                let bytes = image.rgb()[channel..].iter().step_by(3);
                planes.extend(bytes.map(|b| f32::from(*b) * factor[channel] + offset[channel]));
            }
        }
        self.runtime.tensor(planes, (images.len(), 3, edge, edge))
    }
}

/// Tensors beside those of the two parts: heads that compare pictures with texts and their text encoder, and what the
/// decoder says.
fn is_no_part_of_captions(name: &str) -> bool {
    let is_part = name.starts_with("vision_model.") || name.starts_with("text_decoder.");
    !is_part || decoder::is_beside(name)
}

/// The captions of a batch as they grow.
struct Lines<'a> {
    config: &'a CaptionerConfig,
    tokens: Vec<Vec<u32>>,
    ended: Vec<bool>,
}

impl<'a> Lines<'a> {
    fn new(config: &'a CaptionerConfig, count: usize) -> Self {
        Self { config, tokens: vec![Vec::new(); count], ended: vec![false; count] }
    }

    /// Adds the likeliest token of each row, and says which ones the decoder reads next (padding after an end); `None` when
    /// all have ended.
    fn add(&mut self, logits: &[Vec<f32>]) -> Option<Vec<u32>> {
        let mut next = vec![self.config.pad_id; logits.len()];
        let lines = self.tokens.iter_mut().zip(&mut self.ended).zip(&mut next).zip(logits);
        for (((line, ended), next), logits) in lines.filter(|(((_, ended), _), _)| !**ended) {
            let token = likeliest(logits);
            *ended = token == self.config.end_id;
            if !*ended {
                line.push(token);
                *next = token;
            }
        }
        self.ended.contains(&false).then_some(next)
    }
}

/// The place of the largest number, the first of several.
fn likeliest(logits: &[f32]) -> u32 {
    let first = (0u32, f32::NEG_INFINITY);
    let best = (0u32..)
        .zip(logits)
        .fold(first, |best, (token, logit)| if *logit > best.1 { (token, *logit) } else { best });
    best.0
}
