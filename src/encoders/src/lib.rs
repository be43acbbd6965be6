//! CLIP models: from pictures made ready, or from text, to unit embeddings.
//!
//! A [`Model`] is a checkpoint loaded onto a device: `seer-checkpoint` says what its JSON describes,
//! `seer-towers` checks its tensors and builds its two towers over the arithmetic of `seer-kernels`,
//! `seer-tokenizer` makes a text ready for the one that reads. Checkpoints are found by name
//! ([`registry`]) and fetched ([`hub`]). A [`Captioner`] describes pictures in words instead.
//!
//! Absent on purpose: no decoding or resizing of pictures (`seer-images`), no index, no training.

#![forbid(unsafe_code)]

mod builtin;
mod captioner;
mod error;
mod languages;
mod model;
mod options;
mod relevance;
pub mod speed;

pub use captioner::Captioner;
pub use error::{EncodeError, LoadError};
pub use languages::LanguageTower;
pub use model::{ClassScore, LikenessSpace, Model, Naming, SeenImage};
pub use options::LoadOptions;
pub use relevance::{
    Best, Fit, Judgement, LikenessBars, OnePhoto, RELEVANCE_FILE, Relevance, Spread, TextKind,
    linear,
};
pub use seer_checkpoint::config::{ClassLabel, Layout};
pub use seer_checkpoint::{CheckpointError, registry};
pub use seer_hub as hub;
pub use seer_tokenizer::TokenizerError;
pub use seer_towers::device::{DeviceChoice, DeviceError, ParseDeviceError};
pub use seer_towers::dtype::{Compute, DtypeChoice, DtypeError, ParseDtypeError};
pub use seer_towers::{BackendChoice, Logits, TowerError};
