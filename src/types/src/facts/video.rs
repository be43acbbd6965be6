//! What is known about a video.

use serde::{Deserialize, Serialize};

/// A video's length, and which of its frames were looked at.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Video {
    /// Seconds.
    pub duration: f32,
    /// The frames that were encoded, in the order of the photo's points: seconds from the start.
    pub frames: Vec<f32>,
}
