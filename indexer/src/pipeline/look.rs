//! What the model tells of pictures, and why it cannot.

use std::panic::{AssertUnwindSafe, catch_unwind};

use seer_encoders::Model;
use seer_engine::{Seen, see};
use seer_types::PreparedImage;

use super::outcome::panic_text;

/// What the model sees in `images`, in order; or why it fails, also when it panics.
pub(crate) fn look(model: &Model, images: &[PreparedImage]) -> Result<Vec<Seen>, String> {
    match catch_unwind(AssertUnwindSafe(|| see(model, images))) {
        Ok(result) => result.map_err(|error| error.to_string()),
        Err(panic) => Err(format!("it stopped unexpectedly: {}", panic_text(&*panic))),
    }
}
