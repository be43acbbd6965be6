//! Words that can be read in a picture.

use serde::{Deserialize, Serialize};

/// A line of text in a picture.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct TextLine {
    /// What it says.
    pub text: String,
    /// Its corners, clockwise from where the text begins at the top: fractions of the upright
    /// picture's width and height, 0 to 1.
    pub corners: [[f32; 2]; 4],
    /// How sure the reader is, 0 to 1.
    pub confidence: f32,
}
