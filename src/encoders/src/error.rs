//! What can go wrong while loading a checkpoint, and while encoding.

use seer_checkpoint::CheckpointError;
use seer_towers::device::DeviceError;
use seer_towers::dtype::DtypeError;
use seer_towers::{ComputeError, TowerError};
use seer_types::EmbeddingError;

use seer_tokenizer::TokenizerError;

/// Why a checkpoint could not be loaded. Displays as one line with a remedy where there is one.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// Its files, settings or tensors are not those of a model.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// The tokenizer could not be made.
    #[error(transparent)]
    Tokenizer(#[from] TokenizerError),
    /// The device cannot be used.
    #[error(transparent)]
    Device(#[from] DeviceError),
    /// The device does not compute in the chosen numbers.
    #[error(transparent)]
    Dtype(#[from] DtypeError),
    /// What cosines mean stands in a file that is not what it should be.
    #[error(
        "{file} beside the model's weights cannot be used: {what}; remove it, and answers are not judged"
    )]
    Relevance {
        /// The file's name.
        file: &'static str,
        /// What is wrong.
        what: String,
    },
    /// The towers could not be built.
    #[error(transparent)]
    Towers(#[from] TowerError),
}

/// Why pictures or texts could not be encoded.
#[derive(Debug, thiserror::Error)]
pub enum EncodeError {
    /// A picture was not made ready for this model.
    #[error(
        "a picture is {found_width}x{found_height} pixels, but the model takes {width}x{height}"
    )]
    PictureSize {
        /// Pixels across of the picture.
        found_width: u32,
        /// Pixels down of the picture.
        found_height: u32,
        /// Pixels across the model takes.
        width: u32,
        /// Pixels down the model takes.
        height: u32,
    },
    /// A picture was not made ready for this model, which takes pictures of any shape.
    #[error(
        "a picture is {found_width}x{found_height} pixels, but the model takes at most {patches} \
         whole patches of {patch}x{patch}"
    )]
    PicturePatches {
        /// Pixels across of the picture.
        found_width: u32,
        /// Pixels down of the picture.
        found_height: u32,
        /// Edge of a patch, in pixels.
        patch: u32,
        /// Most patches of a picture.
        patches: u32,
    },
    /// The model has an image tower only.
    #[error(
        "{model} reads pictures only, it has no text tower: search with a picture or with filters \
         (tag:, text:, …) instead, or use a model that reads text (`seer models list` names them)"
    )]
    NoText {
        /// The model's name.
        model: String,
    },
    /// The model is no classifier.
    #[error(
        "{model} has no classes of its own: use a model fine-tuned as a classifier, such as \
         timm/vit_base_patch16_clip_224.openai_ft_in12k, or name classes in words"
    )]
    NoClasses {
        /// The model's name.
        model: String,
    },
    /// Raw input (of a parity test or bench) does not fit the model.
    #[error("the input does not fit the model: {0}")]
    Input(String),
    /// The model's output is no embedding.
    #[error("the model gave no usable embedding: {0}")]
    Output(#[from] EmbeddingError),
    /// The device failed.
    #[error("the device failed: {0}")]
    Compute(#[from] ComputeError),
}
