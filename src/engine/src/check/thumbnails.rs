//! Thumbnails against their checksums.

use std::fs;
use std::path::Path;

use super::Findings;
use crate::kept_thumbnail::{is_without_trailer, unseal};

/// Reads every thumbnail.
pub(super) fn check(folder: &Path, findings: &mut Findings) {
    let folders = fs::read_dir(folder).into_iter().flatten().flatten();
    for entry in folders.filter(|entry| entry.path().is_dir()) {
        for file in fs::read_dir(entry.path()).into_iter().flatten().flatten() {
            // Others are unfinished ones of a process that was stopped.
            if file.path().extension().is_some_and(|end| end == "jpg") {
                check_one(&file.path(), findings);
            }
        }
    }
}

fn check_one(path: &Path, findings: &mut Findings) {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let what = match fs::read(path) {
        Ok(kept) if is_without_trailer(&kept) || unseal(kept.clone()).is_some() => return,
        Ok(_) => format!("{name} is damaged"),
        Err(error) => format!("{name} cannot be read: {error}"),
    };
    let mended = findings.repair && fs::remove_file(path).is_ok();
    findings.add("thumbnails", what, mended);
}
