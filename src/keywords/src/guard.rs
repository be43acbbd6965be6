//! Turns a panic inside tantivy, which trusts its files, into an error.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use crate::error::{KeywordsError, Result};

/// Runs `work`; a panic becomes `Damaged` with its message. What `work` changes is only ever
/// changed whole (bitmaps of its own, tantivy's own state), so nothing half-done is left behind.
pub(crate) fn guarded<T>(folder: &Path, work: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let what = format!("the index stopped ({})", message(&*panic));
        Err(KeywordsError::Damaged { folder: folder.to_path_buf(), what })
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
