//! `seer check`: every part of a library in a folder, and every checksum.

use std::path::Path;

use seer_embedded::Finding;

use crate::{EngineError, check_thumbnails};

/// Compares every part of the library in `folder` with its catalog, and every checksum; with
/// `repair`, mends what can be mended. A damaged catalog is replaced by what can be read of it and
/// stays beside the new one. Empty when all is well.
///
/// Parts that are missing, or behind the catalog, are no findings: the next opening makes them.
///
/// # Errors
/// When another process has the library, a newer seer wrote it, and what the system refuses.
pub fn check(folder: &Path, repair: bool) -> Result<Vec<Finding>, EngineError> {
    let mut findings = seer_embedded::check(folder, repair)?;
    findings.extend(check_thumbnails::check(&folder.join("thumbnails"), repair));
    Ok(findings)
}
