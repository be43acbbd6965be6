//! Panics: those of foreign decoders are damage, our own are bugs.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::ImageError;

/// Runs a foreign decoder; a panic inside it becomes `Damaged`.
///
/// Only calls into other people's code belong in here: a panic of our own must be seen by tests.
pub(crate) fn foreign<T>(
    format: &str,
    work: impl FnOnce() -> Result<T, ImageError>,
) -> Result<T, ImageError> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        Err(ImageError::damaged(format, "the decoder met something it was not written for"))
    })
}

/// Runs work on one picture; a panic inside it becomes [`ImageError::Bug`].
///
/// For callers that go on with other pictures whatever happens. No function of this crate does
/// this by itself, so that tests see the panics of our own code.
///
/// # Errors
/// Those of `work`, and `Bug` with the panic's message.
pub fn catch_bug<T>(work: impl FnOnce() -> Result<T, ImageError>) -> Result<T, ImageError> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
        Err(ImageError::bug(text.unwrap_or("no message")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use seer_types::FailureKind;

    #[test]
    fn a_panic_inside_a_foreign_decoder_is_damage() {
        let result: Result<(), _> = foreign("png", || panic!("as some decoders do"));
        assert_eq!(result.unwrap_err().kind(), FailureKind::Damaged);
    }

    #[test]
    fn a_panic_of_our_own_is_called_a_bug() {
        let result: Result<(), _> = catch_bug(|| panic!("row {} of 3", 7));
        let text = result.unwrap_err().to_string();
        assert!(text.contains("bug in seer") && text.contains("row 7 of 3"), "{text}");
        assert!(!text.contains("damaged"), "{text}");
    }
}
