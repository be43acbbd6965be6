//! What an indexing run tells whoever watches: the terminal, `--json`, the page.

use serde::{Deserialize, Serialize};

use crate::LibraryPath;

/// One message of a run. As JSON: one object per line with an `event` field.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum IndexEvent {
    /// The folders were walked and compared; this is what there is to do.
    Planned(PlanCounts),
    /// How far it is; sent a few times a second.
    Progress(IndexProgress),
    /// One file could not be indexed; the run goes on.
    Failed {
        /// The file.
        path: LibraryPath,
        /// Why, one line.
        reason: String,
    },
    /// Something a person should know (an emptied folder, a rebuilt index).
    Notice {
        /// One line.
        message: String,
    },
    /// The end, also after an interruption.
    Finished(IndexSummary),
}

/// What comparing the folders with the library gave.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct PlanCounts {
    /// Picture files found.
    pub found: u64,
    /// Unchanged since the last run: nothing to do.
    pub unchanged: u64,
    /// New or changed: to be read (and encoded unless the content is known).
    pub to_read: u64,
    /// In the library, but no longer in the folder.
    pub gone: u64,
    /// Failed before and unchanged since: not tried again.
    pub known_failures: u64,
    /// Files that are clearly no pictures.
    #[serde(default)]
    pub other: u64,
}

/// Which part of a run is going on.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IndexPhase {
    /// No run.
    #[default]
    Idle,
    /// Fetching the files of a model that is not on this machine.
    FetchingModel,
    /// Loading the model and walking the folders.
    Scanning,
    /// Reading, decoding and encoding.
    Encoding,
    /// Writing the indexes.
    Saving,
    /// Reading the words in pictures. All photos can be found meanwhile.
    ReadingText,
    /// Describing pictures in a sentence each. All photos can be found meanwhile.
    Describing,
}

/// How far a run is.
#[derive(Clone, Copy, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct IndexProgress {
    /// The part going on.
    pub phase: IndexPhase,
    /// Files to read in this run (while fetching a model: bytes of the file that comes in; while scanning:
    /// files seen so far; while reading text or describing: photos to look at).
    pub total: u64,
    /// Files finished: encoded, recognised or failed (while fetching a model: bytes that are here).
    pub done: u64,
    /// Of these, encoded by the model.
    pub encoded: u64,
    /// Of these, failed.
    pub failed: u64,
    /// Files per second over the last seconds.
    pub images_per_second: f64,
    /// Share of the run's time that the decoders were busy, 0 to 1.
    pub decode_share: f64,
    /// Share of the run's time that the encoder was busy, 0 to 1.
    pub encode_share: f64,
    /// Seconds left at this speed; `None` while unknown.
    pub eta_seconds: Option<f64>,
}

/// What a run did.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct IndexSummary {
    /// What was planned.
    pub plan: PlanCounts,
    /// Photos encoded by the model.
    pub encoded: u64,
    /// Files whose content was known already: moved, renamed or copied.
    pub recognised: u64,
    /// Files that left the library.
    pub removed: u64,
    /// Files that failed.
    pub failed: u64,
    /// Files that went away between being found and being read; a later run looks again.
    #[serde(default)]
    pub vanished: u64,
    /// Photos in which words were looked for.
    #[serde(default)]
    pub looked_for_text: u64,
    /// Photos of these that hold some.
    #[serde(default)]
    pub with_text: u64,
    /// Photos that were described.
    #[serde(default)]
    pub described: u64,
    /// Whether it was stopped before the end.
    pub interrupted: bool,
    /// Seconds from start to end.
    pub seconds: f64,
    /// Photos in the library afterwards.
    pub photos: u64,
    /// Folders asked for that are missing or could not be read; nothing was removed there.
    #[serde(default)]
    pub unavailable: Vec<LibraryPath>,
}
