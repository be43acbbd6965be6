//! JSON of a checkpoint to a description of its architecture.
//!
//! Every key is either read, or listed as one that does not change what the model computes, or
//! refused by name.

mod architecture;
mod bert;
mod chinese_clip;
mod convnext;
mod efficientnet;
mod eva;
mod huggingface;
mod layout;
mod openclip;
mod preprocess;
#[cfg(test)]
mod published_tests;
mod resnet;
mod section;
mod siglip;
mod timm;
mod timm_siglip;

pub(crate) use architecture::{
    Activation, BertConfig, BertPooling, ConvNextConfig, EfficientNetConfig, ImageConfig,
    ImagePooling, ModelConfig, Projection, ResNetConfig, StageConfig, TextConfig, TextPooling,
    TextTransformerConfig, TransformerConfig, VitConfig,
};
#[cfg(test)]
pub(crate) use efficientnet::stages as efficientnet_stages;
pub(crate) use eva::{EvaConfig, EvaPooling, EvaQkv, RotaryConfig};
pub use layout::Layout;

use crate::checkpoint::Checkpoint;
use crate::error::LoadError;

/// Reads the description of a checkpoint in either layout.
pub(crate) fn read(checkpoint: &Checkpoint, layout: Layout) -> Result<ModelConfig, LoadError> {
    match layout {
        Layout::HuggingFace => huggingface::read(checkpoint),
        Layout::OpenClip => openclip::read(checkpoint),
    }
}
