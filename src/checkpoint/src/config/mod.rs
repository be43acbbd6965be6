//! JSON of a checkpoint to a description of its architecture.
//!
//! Every key is either read, or listed as one that does not change what the model computes, or
//! refused by name.

mod architecture;
mod bert;
mod blip;
mod chinese_clip;
mod class_names;
mod classes;
mod convnext;
mod efficientnet;
mod eva;
mod fastvit;
mod head_classes;
mod hubness;
mod huggingface;
mod image_size;
mod language_model;
mod language_model_projection;
mod layout;
mod naflex;
mod name_weights;
mod nllb;
mod open_clip_tokenizer;
mod openclip;
mod preprocess;
#[cfg(test)]
mod published_hybrid_tests;
#[cfg(test)]
mod published_tests;
#[cfg(test)]
mod published_texts_tests;
mod resnet;
mod section;
mod siglip;
mod synsets;
mod timm;
mod timm_repository;
mod timm_siglip;
mod timm_vit;
mod tokenizer;
mod vitamin;

pub use architecture::{
    BertConfig, BertPooling, ConvNextConfig, ConvNextHead, EfficientNetConfig, ImageConfig,
    ImagePooling, ModelConfig, NaFlexConfig, NllbConfig, Projection, ResNetConfig, StageConfig,
    TextConfig, TextModelConfig, TextPooling, TextTransformerConfig, TransformerConfig, VitConfig,
};
pub use blip::{CaptionerConfig, is_captioner, read_captioner};
pub use class_names::{ClassNames, Meaning};
pub use classes::ClassLabel;
pub use efficientnet::stages as efficientnet_stages;
pub use eva::{EvaConfig, EvaPooling, EvaQkv, RotaryConfig};
pub use fastvit::FastVitConfig;
pub use head_classes::HeadClasses;
pub use hubness::HubnessConfig;
pub use layout::Layout;
pub use name_weights::NameWeights;
pub use timm_vit::{TimmHead, TimmPosition, TimmStem, TimmVitConfig};
pub use tokenizer::{TokenizerFamily, TokenizerSpec};

pub use seer_kernels::activation::Activation;

use crate::Checkpoint;
use crate::error::CheckpointError;

/// Reads the description of a text tower alone, in OpenCLIP's layout.
///
/// # Errors
/// Those of [`read`] that are not about pictures.
pub fn read_text(checkpoint: &Checkpoint) -> Result<TextModelConfig, CheckpointError> {
    openclip::read_text(checkpoint)
}

/// Reads the description of a checkpoint in either layout.
pub fn read(checkpoint: &Checkpoint, layout: Layout) -> Result<ModelConfig, CheckpointError> {
    match layout {
        Layout::HuggingFace => huggingface::read(checkpoint),
        Layout::OpenClip => openclip::read(checkpoint),
    }
}
