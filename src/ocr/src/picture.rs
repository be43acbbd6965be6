//! Pictures as they come in.

use crate::error::OcrError;

/// A picture as it is shown: 8-bit red, green and blue, row by row from the upper left.
#[derive(Clone, Copy, Debug)]
pub struct Picture<'a> {
    /// `width * height * 3` bytes.
    pub pixels: &'a [u8],
    /// Pixels across.
    pub width: usize,
    /// Pixels down.
    pub height: usize,
}

impl Picture<'_> {
    /// # Errors
    /// `Pixels` when there are more or fewer bytes than width and height say.
    pub(crate) fn check(&self) -> Result<(), OcrError> {
        let wanted = self.width.checked_mul(self.height).and_then(|pixels| pixels.checked_mul(3));
        if wanted == Some(self.pixels.len()) {
            return Ok(());
        }
        let (width, height) = (self.width, self.height);
        Err(OcrError::Pixels { bytes: self.pixels.len(), width, height })
    }
}

/// Pixels of our own.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Rgb {
    /// `width * height * 3` bytes.
    pub pixels: Vec<u8>,
    pub width: usize,
    pub height: usize,
}

impl Rgb {
    /// The same for those who only look.
    pub fn borrowed(&self) -> Picture<'_> {
        Picture { pixels: &self.pixels, width: self.width, height: self.height }
    }
}
