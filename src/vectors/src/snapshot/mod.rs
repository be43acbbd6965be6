//! The index on disk: written whole, and no byte is used that is not as it was written.
//!
//! A snapshot saves time, it is never the truth: whatever is wrong with it, the index can be
//! built again from the catalog's embeddings. `docs/FORMATS.md` describes the files.

mod disk;
mod graphs;
mod lists;
mod manifest;
mod read;
#[cfg(test)]
mod tests;
mod write;

use std::io;
use std::path::{Path, PathBuf};

use seer_types::ModelFingerprint;

use manifest::Manifest;
pub(crate) use read::read;
pub(crate) use write::save;

/// What a snapshot must belong to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SnapshotIdentity {
    /// The model whose embeddings the index holds.
    pub model: ModelFingerprint,
    /// Numbers per embedding of that model.
    pub dim: usize,
    /// The catalog's change counter that the snapshot reflects.
    pub watermark: u64,
}

/// Why a snapshot was not read or written. An index is then built from the catalog.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// There is no snapshot.
    #[error("there is no index snapshot in {}; build the index from the catalog", folder.display())]
    Missing {
        /// Where it was looked for.
        folder: PathBuf,
    },
    /// The files are not what was written: cut, changed, lost, or not ours.
    #[error("the index snapshot is damaged: {what}; build the index from the catalog again")]
    Damaged {
        /// Which file, and what is wrong with it.
        what: String,
    },
    /// It holds embeddings of another model.
    #[error(
        "the index snapshot is of model {}, not {}; build the index from the catalog",
        found.short(),
        expected.short()
    )]
    OtherModel {
        /// The snapshot's.
        found: ModelFingerprint,
        /// The one asked for.
        expected: ModelFingerprint,
    },
    /// The catalog has changed since.
    #[error(
        "the index snapshot reflects change {found} of the catalog, which is at {expected}; \
         apply the changes since, or build the index again"
    )]
    Stale {
        /// The snapshot's watermark.
        found: u64,
        /// The one asked for.
        expected: u64,
    },
    /// A later version of seer wrote it.
    #[error(
        "the index snapshot has format {found}, this version reads up to {supported}; \
         use a newer version, or build the index again"
    )]
    NewerFormat {
        /// The snapshot's.
        found: u32,
        /// The latest this version reads.
        supported: u32,
    },
    /// An earlier version of seer wrote it, in a form that is not read any more.
    #[error(
        "the index snapshot has format {found}, this version reads formats from {supported} on; \
         build the index again"
    )]
    OlderFormat {
        /// The snapshot's.
        found: u32,
        /// The earliest this version reads.
        supported: u32,
    },
    /// The operating system refused.
    #[error("cannot {action} {}: {source}", path.display())]
    Io {
        /// "read", "write", …
        action: &'static str,
        /// Which file or folder.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
}

/// The files of one snapshot, by generation: every save uses new names, so that it never touches
/// files a manifest in place refers to.
pub(crate) struct Names {
    pub(crate) vectors: String,
    pub(crate) rows: String,
    pub(crate) centroids: String,
    pub(crate) lists: String,
    pub(crate) graphs: String,
    pub(crate) sums: String,
}

/// The commit point: replaced last.
pub(crate) const MANIFEST: &str = "manifest.jsonl";

/// Ending of a file not finished yet.
pub(crate) const UNFINISHED: &str = ".tmp";

impl Names {
    pub(crate) fn new(generation: u64) -> Self {
        Self {
            vectors: format!("vectors.{generation}.f16"),
            rows: format!("rows.{generation}.u32"),
            centroids: format!("centroids.{generation}.f32"),
            lists: format!("lists.{generation}.ivf"),
            graphs: format!("graphs.{generation}.u32"),
            sums: format!("sums.{generation}.u64"),
        }
    }

    /// Those of a snapshot in this or an earlier format.
    pub(crate) fn of(manifest: &Manifest) -> Self {
        let names = Self::new(manifest.generation);
        if !manifest.is_single_precision() {
            return names;
        }
        Self { vectors: single_precision(manifest.generation), ..names }
    }
}

fn single_precision(generation: u64) -> String {
    format!("vectors.{generation}.f32")
}

/// The generation a file belongs to, finished or not; `None` for files that are not ours.
pub(crate) fn generation_of(name: &str) -> Option<u64> {
    let name = name.strip_suffix(UNFINISHED).unwrap_or(name);
    let generation: u64 = name.split('.').nth(1)?.parse().ok()?;
    let names = Names::new(generation);
    // Those of earlier formats, so that the files of an older version are cleared away.
    let graph = ["graph", "data"].map(|end| format!("graph.{generation}.hnsw.{end}"));
    let former = graph.into_iter().chain([single_precision(generation)]);
    let Names { vectors, rows, centroids, lists, graphs, sums } = names;
    let ours = [vectors, rows, centroids, lists, graphs, sums];
    ours.into_iter().chain(former).any(|own| own == name).then_some(generation)
}

fn damaged(file: &str, what: &str) -> SnapshotError {
    SnapshotError::Damaged { what: format!("{file}: {what}") }
}

pub(crate) fn io_error(
    action: &'static str,
    path: &Path,
) -> impl FnOnce(io::Error) -> SnapshotError + use<> {
    let path = path.to_path_buf();
    move |source| SnapshotError::Io { action, path, source }
}
