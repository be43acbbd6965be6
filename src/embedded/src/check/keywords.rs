//! The keyword index against the records.

use std::path::Path;

use seer_catalog::{Catalog, Entry};
use seer_keywords::{Keywords, KeywordsError};

use super::Findings;
use crate::EmbeddedError;
use crate::word_index::WordIndex;

const PART: &str = "keywords";

/// Records that are indexed at once to compare with.
const BATCH: usize = 20_000;

/// # Errors
/// When the catalog cannot be read.
pub(super) fn check(
    dir: &Path,
    catalog: &Catalog,
    findings: &mut Findings,
) -> Result<(), EmbeddedError> {
    // Reads all of it and compares checksums.
    match Keywords::open(dir).map(drop) {
        Ok(()) => {}
        Err(KeywordsError::Missing { .. } | KeywordsError::OtherFormat { .. }) => return Ok(()),
        Err(error) => {
            findings.derived(PART, dir, error.to_string());
            return if findings.repair { build(dir, catalog) } else { Ok(()) };
        }
    }
    // As every opening does: what the last process had no time for is caught up.
    let index = WordIndex::open(dir, catalog)?;
    let found = index.get().contents();
    let expected = expected(dir, catalog)?;
    if found.as_ref().ok() != Some(&expected) {
        drop(index);
        let what = match found {
            Ok(_) => "it does not hold what the records say".to_owned(),
            Err(error) => error.to_string(),
        };
        findings.derived(PART, dir, what);
        if findings.repair {
            build(dir, catalog)?;
        }
    }
    Ok(())
}

fn build(dir: &Path, catalog: &Catalog) -> Result<(), EmbeddedError> {
    WordIndex::open(dir, catalog).map(drop)
}

/// What an index of all records holds.
fn expected(dir: &Path, catalog: &Catalog) -> Result<u64, EmbeddedError> {
    let mut sum = 0u64;
    let mut batch = Vec::new();
    for entry in catalog.records()? {
        batch.push(entry?);
        if batch.len() == BATCH {
            sum = sum.wrapping_add(contents(dir, &std::mem::take(&mut batch))?);
        }
    }
    Ok(sum.wrapping_add(contents(dir, &batch)?))
}

fn contents(dir: &Path, entries: &[Entry]) -> Result<u64, EmbeddedError> {
    let keywords = Keywords::in_memory(dir)?;
    keywords.update(entries.iter().map(|entry| (entry.row, &entry.record)))?;
    keywords.commit(1)?;
    Ok(keywords.contents()?)
}
