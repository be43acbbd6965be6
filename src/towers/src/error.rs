//! What can go wrong while towers are built.

use seer_checkpoint::CheckpointError;

/// Why a model's towers could not be built. Displays as one line with a remedy where there is one.
#[derive(Debug, thiserror::Error)]
pub enum TowerError {
    /// The settings or the tensors are not those of towers.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// The device failed while the weights were moved onto it.
    #[error("the weights could not be moved to the device: {0}")]
    Compute(#[from] candle_core::Error),
}
