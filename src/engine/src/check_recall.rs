//! `seer check --recall`: how good each kind of index is on a library's own vectors.

use std::path::Path;

use seer_embedded::{CompareStep, ComparedKind, EmbeddedStore};
use seer_store::Store;
use seer_types::IndexKind;

use crate::EngineError;

/// The kinds of index compared on the space in use.
#[derive(Clone, PartialEq, Debug)]
pub struct RecallReport {
    /// The kind that was chosen for the space.
    pub chosen: IndexKind,
    /// How questions are answered now: `exact`, `ivf` or `hnsw`.
    pub method: &'static str,
    /// The kind among those compared that answers like that.
    pub in_use: Option<IndexKind>,
    /// What each did.
    pub compared: Vec<ComparedKind>,
}

/// Compares every kind of index with the exact scan on photos of the library in `folder`. `None`
/// when no photo is encoded, and where `progress` says that it is not to go on.
///
/// # Errors
/// When another process has the library, or it cannot be read.
pub fn check_recall(
    folder: &Path,
    progress: &mut dyn FnMut(CompareStep) -> bool,
) -> Result<Option<RecallReport>, EngineError> {
    let store = EmbeddedStore::open(folder)?;
    let Some(model) = store.current_space()? else { return Ok(None) };
    let report = store.report(model)?;
    if report.searchable == 0 {
        return Ok(None);
    }
    let spaces = store.spaces()?;
    let chosen = spaces.iter().find(|space| space.model == model).map(|space| space.index);
    let compared = store.compare_indexes(model, progress)?;
    let in_use = match report.method {
        "ivf" => Some(IndexKind::Lists),
        "hnsw" => Some(IndexKind::Hnsw),
        _ => Some(IndexKind::Exact),
    };
    Ok(compared.map(|compared| RecallReport {
        chosen: chosen.unwrap_or_default(),
        method: report.method,
        in_use,
        compared,
    }))
}
