//! How large a file and its pixels may be.

use crate::budget::{FILE_MEMORY, PIXEL_MEMORY};
use crate::error::in_words;
use crate::{ImageError, MemoryBudget};

/// No side may be longer than this many pixels, whatever the pixel limit says: the resampling
/// tables grow with the longer side.
pub(crate) const MAX_SIDE: u32 = 1_000_000;

/// Sizes above which a file is refused with [`ImageError::TooLarge`], before it is decoded.
///
/// Besides these, no side may exceed 1,000,000 pixels.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Length of the file in bytes. Default: 256 MiB, and more is never read.
    pub max_file_bytes: u64,
    /// Width times height. Default: 2^28 (268 million), above the largest phone and
    /// medium-format sensors.
    pub max_pixels: u64,
    /// Most bytes held at any time between the file and the result: decoded pixels, what the
    /// decoder holds beside them, copies. Default: 416 MiB, which is all that the process lends
    /// ([`crate::PIXEL_MEMORY`]): more is never taken.
    pub max_decoded_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { max_file_bytes: FILE_MEMORY, max_pixels: 1 << 28, max_decoded_bytes: PIXEL_MEMORY }
    }
}

impl Limits {
    /// Checks a file's length, so that callers can refuse it before reading it.
    ///
    /// # Errors
    /// `TooLarge` above `max_file_bytes`.
    pub fn check_file(&self, bytes: u64) -> Result<(), ImageError> {
        let most = self.max_file_bytes.min(MemoryBudget::files().capacity());
        if bytes > most {
            return Err(ImageError::TooLarge {
                found: format!("the file has {}", in_words(bytes)),
                limit: in_words(most),
            });
        }
        Ok(())
    }

    /// Checks what a header claims: sides, pixels, bytes needed to decode.
    pub(crate) fn check_pixels(
        &self,
        width: u32,
        height: u32,
        bytes: u64,
    ) -> Result<(), ImageError> {
        let claim = || format!("the picture is {width} x {height} pixels");
        if width.max(height) > MAX_SIDE {
            return Err(ImageError::TooLarge {
                found: claim(),
                limit: format!("{MAX_SIDE} pixels on a side"),
            });
        }
        if u64::from(width) * u64::from(height) > self.max_pixels {
            return Err(ImageError::TooLarge {
                found: claim(),
                limit: format!("{} pixels", self.max_pixels),
            });
        }
        let most = self.max_decoded_bytes.min(MemoryBudget::pixels().capacity());
        if bytes > most {
            return Err(ImageError::TooLarge {
                found: format!("{} and takes {} of memory", claim(), in_words(bytes)),
                limit: in_words(most),
            });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_allowed_is_exact() {
        let limits = Limits { max_file_bytes: 10, max_pixels: 12, max_decoded_bytes: 36 };
        assert!(limits.check_file(10).is_ok());
        assert!(limits.check_file(11).is_err());
        assert!(limits.check_pixels(4, 3, 36).is_ok());
        assert!(limits.check_pixels(13, 1, 13).is_err());
        assert!(limits.check_pixels(4, 3, 37).is_err());
    }

    #[test]
    fn the_message_says_what_was_found_and_what_is_allowed() {
        let error = Limits::default().check_pixels(3_000_000, 2_000_000, 0).unwrap_err();
        let text = error.to_string();
        assert!(text.contains("3000000 x 2000000") && text.contains("1000000 pixels"), "{text}");
    }
}
