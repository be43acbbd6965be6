//! CLIP models: from pictures made ready, or from text, to unit embeddings.
//!
//! A [`Model`] is a checkpoint loaded onto a device: its JSON says how it is built
//! (`config/`), its tensors are checked one by one (`weights/`), its two towers (`towers/`) are
//! made of layers (`layers/`) over arithmetic on plain slices (`kernels/`). Checkpoints are found
//! by name (`registry`) and fetched (`hub`).
//!
//! Absent on purpose: no decoding or resizing of pictures (`seer-images`), no index, no training,
//! no default for anything a checkpoint's JSON leaves unknown. Pickled weights (`.bin`) are read, never run.

mod builtin;
mod device;
mod dtype;
mod error;
pub mod hub;
mod layers;
mod logits;
mod model;
mod options;
pub mod speed;
mod tokenizer;
mod towers;
mod weights;

pub use device::{DeviceChoice, DeviceError, ParseDeviceError};
pub use dtype::{Compute, DtypeChoice, DtypeError, ParseDtypeError};
pub use error::{EncodeError, LoadError};
pub use logits::Logits;
pub use model::{ClassScore, Model};
pub use options::LoadOptions;
pub use seer_checkpoint::config::{ClassLabel, Layout};
pub use seer_checkpoint::{CheckpointError, registry};
