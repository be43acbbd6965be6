//! BLIP's image tower, which is candle-transformers' own. It computes in f32, whatever the decoder computes in: candle's
//! `conv2d`, with which it begins, has no bf16 on the processor, so that nothing could test it there.

use std::sync::{Arc, Mutex, PoisonError};

use candle_core::{DType, Device, Module, Result, Shape, Tensor};
use candle_nn::var_builder::SimpleBackend;
use candle_nn::{Activation, Init, VarBuilder};
use candle_transformers::models::blip::{self, BlipForConditionalGeneration};
use candle_transformers::models::blip_text;
use seer_checkpoint::CheckpointError;
use seer_checkpoint::config::CaptionerConfig;

use crate::error::TowerError;
use crate::runtime::Runtime;
use crate::weights::Weights;

/// Pictures to a token for each patch, and one for the whole before them.
pub(super) struct ImageTokens(BlipForConditionalGeneration);

impl ImageTokens {
    /// Takes the tensors of `vision_model`.
    ///
    /// # Errors
    /// `Checkpoint` for a tensor that is missing or misshapen, `Compute` when the device fails.
    pub fn load(
        config: &CaptionerConfig,
        weights: &mut Weights,
        runtime: &Runtime,
    ) -> std::result::Result<Self, TowerError> {
        let lent = Lent { weights: std::mem::take(weights), error: None };
        let lent = Arc::new(Mutex::new(lent));
        let backend = Box::new(Backend(Arc::clone(&lent)));
        let tensors = VarBuilder::from_backend(backend, DType::F32, runtime.device().clone());
        let config = blip::Config { text_config: no_decoder(), ..candle_config(config) };
        let model = BlipForConditionalGeneration::new(&config, tensors);
        let mut lent = lent.lock().unwrap_or_else(PoisonError::into_inner);
        *weights = std::mem::take(&mut lent.weights);
        match lent.error.take() {
            Some(error) => Err(error.into()),
            None => Ok(Self(model?)),
        }
    }

    /// `[pictures, 1 + patches, width]`, f32, for normalised planes `[pictures, 3, height, width]`.
    pub fn forward(&self, planes: &Tensor) -> Result<Tensor> {
        self.0.vision_model().forward(planes)
    }
}

/// A captioner's description in candle-transformers' words. Activations are GELU, the only one that the description allows;
/// the sizes of common spaces are not used by what writes captions.
pub(super) fn candle_config(config: &CaptionerConfig) -> blip::Config {
    let (image, text) = (&config.image, &config.text);
    let vision_config = blip::VisionConfig {
        hidden_size: image.width,
        intermediate_size: image.mlp_width,
        projection_dim: image.width,
        num_hidden_layers: image.layers,
        num_attention_heads: image.heads,
        image_size: config.preprocess.width as usize,
        patch_size: config.patch,
        hidden_act: Activation::Gelu,
        layer_norm_eps: f64::from(image.eps),
    };
    let text_config = blip_text::Config {
        vocab_size: config.vocab_size,
        hidden_size: text.width,
        encoder_hidden_size: image.width,
        intermediate_size: text.mlp_width,
        projection_dim: text.width,
        num_hidden_layers: text.layers,
        num_attention_heads: text.heads,
        max_position_embeddings: config.positions,
        hidden_act: Activation::Gelu,
        layer_norm_eps: f64::from(text.eps),
        is_decoder: true,
    };
    let (projection_dim, image_text_hidden_size) = (image.width, image.width);
    blip::Config { text_config, vision_config, projection_dim, image_text_hidden_size }
}

/// The module is made of both parts; of the decoder, which is not used, it gets one without blocks for one token.
fn no_decoder() -> blip_text::Config {
    blip_text::Config {
        vocab_size: 1,
        hidden_size: 1,
        encoder_hidden_size: 1,
        intermediate_size: 1,
        projection_dim: 1,
        num_hidden_layers: 0,
        num_attention_heads: 1,
        max_position_embeddings: 1,
        hidden_act: Activation::Gelu,
        layer_norm_eps: 1.0,
        is_decoder: true,
    }
}

struct Lent {
    weights: Weights,
    /// What went wrong first, which candle's errors would say in other words.
    error: Option<CheckpointError>,
}

/// Tensors as candle asks for them, each checked for its shape.
struct Backend(Arc<Mutex<Lent>>);

impl SimpleBackend for Backend {
    fn get(
        &self,
        shape: Shape,
        name: &str,
        _: Init,
        dtype: DType,
        device: &Device,
    ) -> Result<Tensor> {
        if name.starts_with("text_decoder.") {
            return Tensor::zeros(shape, dtype, device);
        }
        let mut lent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match lent.weights.take(name, shape.dims()) {
            Ok(values) => Tensor::from_vec(values, shape, device)?.to_dtype(dtype),
            Err(error) => {
                let told = candle_core::Error::Msg(error.to_string());
                lent.error.get_or_insert(error);
                Err(told)
            }
        }
    }

    fn get_unchecked(&self, name: &str, _: DType, _: &Device) -> Result<Tensor> {
        candle_core::bail!("{name} is asked for without its shape")
    }

    fn contains_tensor(&self, name: &str) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).weights.has(name)
    }
}
