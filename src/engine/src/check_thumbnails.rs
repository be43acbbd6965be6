//! Thumbnails against their checksums.

use std::fs;
use std::path::Path;

use seer_embedded::Finding;

use crate::kept_thumbnail::{is_without_trailer, unseal};

/// Reads every thumbnail; with `repair`, removes those that are damaged.
pub(crate) fn check(folder: &Path, repair: bool) -> Vec<Finding> {
    let mut findings = Vec::new();
    let folders = fs::read_dir(folder).into_iter().flatten().flatten();
    for entry in folders.filter(|entry| entry.path().is_dir()) {
        for file in fs::read_dir(entry.path()).into_iter().flatten().flatten() {
            // Others are unfinished ones of a process that was stopped.
            if file.path().extension().is_some_and(|end| end == "jpg") {
                findings.extend(check_one(&file.path(), repair));
            }
        }
    }
    findings
}

fn check_one(path: &Path, repair: bool) -> Option<Finding> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let what = match fs::read(path) {
        Ok(kept) if is_without_trailer(&kept) || unseal(kept.clone()).is_some() => return None,
        Ok(_) => format!("{name} is damaged"),
        Err(error) => format!("{name} cannot be read: {error}"),
    };
    let mended = repair && fs::remove_file(path).is_ok();
    Some(Finding { part: "thumbnails", what, mended })
}
