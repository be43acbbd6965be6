//! Every part of a store compared with the catalog, and every checksum.

mod keywords;
mod vectors;

use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::EmbeddedError;
use crate::discard::discard_if_possible;
use seer_catalog::{Catalog, CatalogError, Salvaged};

/// Something that is not as it should be.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Finding {
    /// `catalog`, `keywords` or `vectors`.
    pub part: &'static str,
    /// In words.
    pub what: String,
    /// Whether it was mended, or needs no more than the next indexing run.
    pub mended: bool,
}

/// Findings on their way, and whether to mend.
pub(crate) struct Findings {
    folder: PathBuf,
    repair: bool,
    list: Vec<Finding>,
}

impl Findings {
    pub(crate) fn add(&mut self, part: &'static str, what: String, mended: bool) {
        self.list.push(Finding { part, what, mended });
    }

    /// A derived part that is wrong; with `repair` it is removed, and so built again.
    pub(crate) fn derived(&mut self, part: &'static str, place: &Path, what: String) {
        if self.repair {
            discard_if_possible(&self.folder, place);
        }
        self.add(part, what, self.repair);
    }
}

/// Compares every part of the library in `folder` with its catalog, and every checksum; with
/// `repair`, mends what can be mended. A damaged catalog is replaced by what can be read of it and
/// stays beside the new one. Empty when all is well.
///
/// Parts that are missing, or behind the catalog, are no findings: the next opening makes them.
///
/// # Errors
/// `Catalog(Locked)`, `Catalog(NewerFormat)`, and what the system refuses.
pub fn check(folder: &Path, repair: bool) -> Result<Vec<Finding>, EmbeddedError> {
    let mut findings = Findings { folder: folder.to_path_buf(), repair, list: Vec::new() };
    let Some(catalog) = catalog(folder, &mut findings)? else { return Ok(findings.list) };
    keywords::check(&folder.join("keywords"), &catalog, &mut findings)?;
    vectors::check(folder, &catalog, &mut findings)?;
    Ok(findings.list)
}

/// The catalog, sound or mended; `None` when it is neither.
fn catalog(folder: &Path, findings: &mut Findings) -> Result<Option<Catalog>, EmbeddedError> {
    let place = folder.join("catalog");
    let wrong = match Catalog::open(&place) {
        Ok(catalog) => match catalog.findings() {
            Ok(wrong) if wrong.is_empty() => return Ok(Some(catalog)),
            Ok(wrong) => wrong,
            Err(error) => vec![damage(error)?],
        },
        Err(error) => vec![damage(error)?],
    };
    for what in wrong {
        findings.add("catalog", what, findings.repair);
    }
    if !findings.repair {
        return Ok(None);
    }
    let salvaged = seer_catalog::salvage(&place)?;
    tell(&salvaged, findings);
    discard_if_possible(folder, &folder.join("keywords"));
    discard_if_possible(folder, &folder.join("vectors"));
    Ok(Some(Catalog::open(&place)?))
}

/// What is wrong with the catalog; other errors are no damage.
fn damage(error: CatalogError) -> Result<String, EmbeddedError> {
    match error {
        CatalogError::Damaged { what, .. } => Ok(what),
        CatalogError::Io { ref source, .. }
            if !error.is_full() && source.kind() != std::io::ErrorKind::PermissionDenied =>
        {
            Ok(error.to_string())
        }
        other => Err(other.into()),
    }
}

fn tell(salvaged: &Salvaged, findings: &mut Findings) {
    let mut add = |what: String, mended| findings.add("catalog", what, mended);
    for path in &salvaged.lost {
        add(format!("gone until it is indexed again: {}", path.to_text()), false);
    }
    if salvaged.lost_without_path > 0 {
        let count = salvaged.lost_without_path;
        add(format!("gone until they are indexed again: {count} photos of unknown paths"), false);
    }
    if salvaged.lost_embeddings > 0 {
        let count = salvaged.lost_embeddings;
        add(format!("{count} embeddings are gone; \"seer index\" makes them again"), false);
    }
    if !salvaged.counted {
        add("how much is gone besides cannot be said; run \"seer index\"".into(), false);
    }
    let kept = salvaged.kept.as_ref().map(|kept| kept.display().to_string());
    let kept = kept.unwrap_or_default();
    add(format!("{} photos were kept; the damaged catalog lies in {kept}", salvaged.photos), true);
}
