//! Turns a panic inside sled into an error.
//!
//! sled 0.34 asserts in places where a damaged file can lead it. What it held is released while
//! unwinding, and it remembers a failed write itself, so that going on after a caught panic gives
//! errors, not wrong answers.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use crate::error::{CatalogError, Result};

/// Runs `work`; a panic becomes `Damaged` with its message.
pub(crate) fn guarded<T>(folder: &Path, work: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let what = format!("the database stopped ({})", message(&*panic));
        Err(CatalogError::Damaged { folder: folder.to_path_buf(), what })
    })
}

fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no message");
    text.lines().next().unwrap_or_default().chars().take(200).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_told_as_damage() {
        let panics = || -> Result<()> { std::panic::panic_any("page 7 is missing".to_owned()) };
        let error = guarded(Path::new("library"), panics).unwrap_err().to_string();
        assert!(error.contains("page 7 is missing") && error.contains("library"), "{error}");
    }
}
