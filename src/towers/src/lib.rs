//! The two towers of a model: a description and its weights to something that encodes.
//!
//! A checkpoint's tensors are checked one by one (`weights/`); towers are made of layers (`layers/`),
//! which run the kernels of `seer-kernels` over the memory of candle's tensors on the processor, and
//! candle's own operations on a GPU; which of them is decided once (`runtime.rs`). Pickled weights
//! (`.bin`) are read, never run.
//!
//! Absent on purpose: no reading of text, no network, no training.

#![forbid(unsafe_code)]

mod appended;
#[cfg(test)]
mod architectures_tests;
#[cfg(test)]
mod bars;
mod bert;
mod blip;
mod convnext;
pub mod device;
pub mod dtype;
mod efficientnet;
mod error;
mod eva;
mod fastvit;
mod layers;
mod logits;
mod naflex;
#[cfg(test)]
mod naflex_tests;
mod nllb;
mod parts;
mod patch_convolution;
mod patch_tokens;
mod pictures;
mod pools;
mod positions;
mod resnet;
mod runtime;
#[cfg(test)]
mod shrink;
#[cfg(test)]
mod tests;
mod text;
mod timm_vit;
mod vit;
mod weights;

use candle_core::Result;
use seer_checkpoint::config::{ImageConfig, Layout, ModelConfig, TextConfig};
use seer_types::PreparedImage;

pub use blip::CaptionTower;
/// What towers compute on, what they give, and how that fails: candle is known here alone.
pub use candle_core::{DType, Device, Error as ComputeError, Tensor};
pub use error::TowerError;
pub use layers::Linear;
pub use logits::Logits;
pub use pictures::Pictures;
pub use runtime::{Backend, BackendChoice, Runtime};
pub use weights::Weights;

/// Rows (tokens, patches) of a batch that keep the processor busy while its tensors are not too far
/// beyond its second-level cache: 16 pictures of ViT-B/32. In 8 bits twice as many took a tenth
/// longer a picture.
const ROWS_ON_CPU: usize = 800;

/// Turns pictures into points, not yet of unit length.
pub trait ImageTower: Send + Sync {
    /// `[pictures, dim]`, f32, on the tower's device.
    fn forward(&self, pictures: Pictures) -> Result<Tensor>;

    /// The same for prepared pictures, which towers of fixed size take to be of that size.
    fn forward_prepared(&self, images: &[PreparedImage]) -> Result<Tensor> {
        let pictures: Vec<&[u8]> = images.iter().map(PreparedImage::rgb).collect();
        self.forward(Pictures::Rgb(&pictures))
    }

    /// All that the tower makes of prepared pictures.
    fn forward_whole(&self, images: &[PreparedImage]) -> Result<ImageOutputs> {
        let points = self.forward_prepared(images)?;
        Ok(ImageOutputs { points, logits: None, likeness: None })
    }

    /// Numbers of [`ImageOutputs::likeness`]; `None` from a tower without.
    fn likeness_dim(&self) -> Option<usize> {
        None
    }

    /// How many pictures make a good batch on the tower's device.
    fn batch(&self) -> usize;
}

/// What an image tower makes of pictures, f32, on its device.
pub struct ImageOutputs {
    /// Points of the space that texts have too, `[pictures, dim]`, not yet of unit length.
    pub points: Tensor,
    /// Logits `[pictures, classes]` of what is told apart; `None` without classes.
    pub logits: Option<Tensor>,
    /// Points for comparing pictures with pictures, `[pictures, likeness_dim]`, not yet of unit
    /// length.
    pub likeness: Option<Tensor>,
}

/// Turns token ids into points, not yet of unit length.
pub trait TextTower: Send + Sync {
    /// `[texts, dim]`, f32. Each text has at least one id, at most the context length, all below
    /// the vocabulary's size; padding is the tower's own business.
    fn forward(&self, texts: &[&[u32]]) -> Result<Tensor>;
}

/// All towers a model has.
pub struct Towers {
    /// For pictures.
    pub image: Box<dyn ImageTower>,
    /// For texts, where the model reads them.
    pub text: Option<Box<dyn TextTower>>,
    /// From the image tower's points to a number per class, where a layer after it tells classes
    /// apart.
    pub classifier: Option<Linear>,
    /// For probabilities, where the checkpoint says how.
    pub logits: Option<Logits>,
}

impl Towers {
    /// All that the model makes of pictures.
    pub fn see(&self, images: &[PreparedImage]) -> Result<ImageOutputs> {
        let mut outputs = self.image.forward_whole(images)?;
        if let Some(layer) = &self.classifier {
            outputs.logits = Some(layer.forward(&outputs.points)?);
        }
        Ok(outputs)
    }
}

/// Builds the towers and checks that no tensor is missing, misshapen or left over.
pub fn load(
    config: &ModelConfig,
    layout: Layout,
    mut weights: Weights,
    runtime: &Runtime,
) -> std::result::Result<Towers, TowerError> {
    let apart = config.text_apart;
    let image: Box<dyn ImageTower> = match &config.image {
        ImageConfig::Vit(vit) => {
            let spec = &config.preprocess;
            Box::new(vit::Vit::load(vit, spec, config.dim, layout, &mut weights, runtime)?)
        }
        ImageConfig::EfficientNet(net) => {
            let spec = &config.preprocess;
            Box::new(efficientnet::load(net, spec, config.dim, &mut weights, runtime)?)
        }
        ImageConfig::ResNet(net) => {
            let spec = &config.preprocess;
            Box::new(resnet::ResNet::load(net, spec, config.dim, &mut weights, runtime)?)
        }
        ImageConfig::ConvNext(net) => {
            let spec = &config.preprocess;
            Box::new(convnext::ConvNext::load(net, spec, config.dim, &mut weights, runtime)?)
        }
        ImageConfig::Eva(eva) => {
            let spec = &config.preprocess;
            Box::new(eva::Eva::load(eva, spec, config.dim, &mut weights, runtime)?)
        }
        ImageConfig::NaFlex(net) => {
            let spec = &config.preprocess;
            Box::new(naflex::NaFlex::load(net, spec, layout, &mut weights, runtime)?)
        }
        ImageConfig::FastVit(net) => {
            let spec = &config.preprocess;
            Box::new(fastvit::FastVit::load(net, spec, config.dim, &mut weights, runtime)?)
        }
        ImageConfig::TimmVit(vit) => {
            let spec = &config.preprocess;
            Box::new(timm_vit::TimmVit::load(vit, spec, config.dim, &mut weights, runtime)?)
        }
    };
    let text = config.text.as_ref();
    let text = text.map(|text| text_tower(text, config.dim, layout, apart, &mut weights, runtime));
    let text = text.transpose()?;
    let classifier = match (config.classes.len(), config.image.classifier()) {
        (0, _) | (_, None) => None,
        (count, Some(name)) => {
            let shape = [count, config.dim];
            Some(parts::linear(&mut weights, name, shape, None, runtime)?)
        }
    };
    let logits = Logits::take(&mut weights)?;
    weights.ignore(is_no_part_of_a_tower);
    weights.finish()?;
    Ok(Towers { image, text, classifier, logits })
}

/// Builds a text tower alone, whose points have `dim` numbers, from weights in OpenCLIP's layout,
/// and checks that no tensor is missing, misshapen or left over.
///
/// # Errors
/// Those of its tensors, each with its name.
pub fn load_text(
    config: &TextConfig,
    dim: usize,
    mut weights: Weights,
    runtime: &Runtime,
) -> std::result::Result<Box<dyn TextTower>, TowerError> {
    let tower = text_tower(config, dim, Layout::OpenClip, true, &mut weights, runtime)?;
    weights.finish()?;
    Ok(tower)
}

fn text_tower(
    config: &TextConfig,
    dim: usize,
    layout: Layout,
    apart: bool,
    weights: &mut Weights,
    runtime: &Runtime,
) -> std::result::Result<Box<dyn TextTower>, TowerError> {
    Ok(match config {
        TextConfig::Transformer(text) => {
            Box::new(text::Text::load(text, dim, layout, apart, weights, runtime)?)
        }
        TextConfig::Bert(text) => Box::new(bert::Bert::load(text, dim, layout, weights, runtime)?),
        TextConfig::Nllb(text) => Box::new(nllb::Nllb::load(text, dim, weights, runtime)?),
    })
}

/// Tensors that checkpoints hold beside their towers: the scale and bias of the logits (wrapped
/// ones, that is; [`Logits`] has taken the plain ones), constant position numbers and attention
/// masks, counters of training steps, and the decoder with which CoCa writes captions.
fn is_no_part_of_a_tower(name: &str) -> bool {
    if name.starts_with("text_decoder.") {
        return true;
    }
    let last = name.rsplit('.').next().unwrap_or(name);
    matches!(
        last,
        "logit_scale" | "logit_bias" | "position_ids" | "attn_mask" | "num_batches_tracked"
    )
}
