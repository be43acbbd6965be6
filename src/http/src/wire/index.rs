//! Indexing runs and failures as JSON.

use seer_engine::Fault;
use seer_types::{FailureKind, IndexKind, LibraryPath};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::shapes;
use crate::index_control;

/// Body of `POST /api/index`.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IndexRequest {
    /// Absolute paths on the server's machine; none: all folders indexed before.
    #[serde(default)]
    pub folders: Vec<String>,
    /// Also forget files of folders that are empty or not mounted.
    #[serde(default)]
    pub prune: bool,
    /// The model that photos are encoded with; absent: the one in use. Queries go on being answered
    /// with the one in use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// How that model's vectors are indexed from now on: "auto", "exact", "lists" or "hnsw";
    /// absent: as before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<shapes::IndexKind>)]
    pub index: Option<IndexKind>,
    /// Globs of what the folders of this run leave out from now on; see docs/FILES.md.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub excludes: Vec<String>,
    /// Globs that they leave out no longer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub no_excludes: Vec<String>,
    /// Make no thumbnails in this run.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub no_thumbnails: bool,
    /// Try files again that failed before and have not changed since.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub retry_failures: bool,
    /// Whether the words in pictures are read from now on; absent: as before, at first true.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<bool>,
    /// The model that describes photos from now on, or "off"; absent: as before, at first "off".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub captions: Option<String>,
}

/// The indexing run that is going on, and the last one that ended.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct IndexState {
    /// The number of the run started last; 0 before the first. In the answer to `POST /api/index`
    /// the number of the run that this call started.
    pub run: u64,
    /// Whether a run is going on.
    pub running: bool,
    /// How far it is.
    pub progress: IndexProgress,
    /// The run that ended last, however it ended; null before the first ends.
    pub last: Option<EndedRun>,
}

/// A run that is over: `{"run": 3, "finished": {…}}` or `{"run": 3, "failed": {…}}`.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct EndedRun {
    /// Its number.
    pub run: u64,
    /// How it ended.
    #[serde(flatten)]
    pub end: RunEnd,
}

/// How a run ended.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RunEnd {
    /// It came to its end, or was stopped in order.
    Finished(IndexSummary),
    /// It broke off; what was committed before stays.
    Failed(RunFailure),
}

/// Why a run broke off.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct RunFailure {
    /// In words, for people.
    pub reason: String,
    /// Who can mend it: "user" (asking differently helps), "environment" (the machine or the files
    /// are not as needed) or "bug" (a defect in seer).
    pub fault: String,
}

impl From<index_control::RunState> for IndexState {
    fn from(state: index_control::RunState) -> Self {
        Self {
            run: state.run,
            running: state.progress.phase != seer_types::IndexPhase::Idle,
            progress: state.progress.into(),
            last: state.last.map(Into::into),
        }
    }
}

impl From<index_control::EndedRun> for EndedRun {
    fn from(ended: index_control::EndedRun) -> Self {
        let end = match ended.end {
            index_control::RunEnd::Finished(summary) => RunEnd::Finished(summary.into()),
            index_control::RunEnd::Failed { reason, fault } => {
                RunEnd::Failed(RunFailure { reason, fault: fault_word(fault).to_owned() })
            }
        };
        Self { run: ended.run, end }
    }
}

fn fault_word(fault: Fault) -> &'static str {
    match fault {
        Fault::User => "user",
        Fault::Environment => "environment",
        Fault::Bug => "bug",
    }
}

macro_rules! mirrored {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $kind:ty,)* }) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize, ToSchema)]
        pub struct $name { $($(#[$field_doc])* pub $field: $kind,)* }

        impl From<seer_types::$name> for $name {
            fn from(from: seer_types::$name) -> Self {
                Self { $($field: from.$field.into(),)* }
            }
        }

        impl From<$name> for seer_types::$name {
            fn from(from: $name) -> Self {
                Self { $($field: from.$field.into(),)* }
            }
        }
    };
}

mirrored! {
    /// How far a run is.
    IndexProgress {
        /// "idle", "fetching_model", "scanning", "encoding", "saving", "reading_text" or "describing"; in the
        /// last two all photos can be found.
        phase: IndexPhase,
        /// Files to read in this run (while fetching a model: bytes of the file that comes in; while scanning:
        /// files seen so far; while reading text or describing: photos to look at).
        total: u64,
        /// Files finished: encoded, recognised or failed (while fetching a model: bytes that are here).
        done: u64,
        /// Of these, encoded by the model.
        encoded: u64,
        /// Of these, failed.
        failed: u64,
        /// Files per second over the last seconds.
        images_per_second: f64,
        /// Share of the run's time that the decoders were busy, 0 to 1.
        decode_share: f64,
        /// Share of the run's time that the encoder was busy, 0 to 1.
        encode_share: f64,
        /// Seconds left at this speed; null while unknown.
        eta_seconds: Option<f64>,
    }
}

mirrored! {
    /// What comparing the folders with the library gave.
    PlanCounts {
        /// Picture files found.
        found: u64,
        /// Unchanged since the last run.
        unchanged: u64,
        /// New or changed.
        to_read: u64,
        /// In the library, but no longer in the folder.
        gone: u64,
        /// Failed before and unchanged since.
        known_failures: u64,
        /// Files that are no pictures.
        other: u64,
    }
}

/// What a run did.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct IndexSummary {
    /// What was planned.
    pub plan: PlanCounts,
    /// Photos encoded by the model.
    pub encoded: u64,
    /// Files whose content was known already.
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
    /// Folders that are missing or could not be read; nothing was removed there.
    #[serde(default)]
    pub unavailable: Vec<String>,
}

impl From<seer_types::IndexSummary> for IndexSummary {
    fn from(from: seer_types::IndexSummary) -> Self {
        Self {
            plan: from.plan.into(),
            encoded: from.encoded,
            recognised: from.recognised,
            removed: from.removed,
            failed: from.failed,
            vanished: from.vanished,
            looked_for_text: from.looked_for_text,
            with_text: from.with_text,
            described: from.described,
            interrupted: from.interrupted,
            seconds: from.seconds,
            photos: from.photos,
            unavailable: from.unavailable.iter().map(LibraryPath::to_text).collect(),
        }
    }
}

impl From<IndexSummary> for seer_types::IndexSummary {
    fn from(from: IndexSummary) -> Self {
        Self {
            plan: from.plan.into(),
            encoded: from.encoded,
            recognised: from.recognised,
            removed: from.removed,
            failed: from.failed,
            vanished: from.vanished,
            looked_for_text: from.looked_for_text,
            with_text: from.with_text,
            described: from.described,
            interrupted: from.interrupted,
            seconds: from.seconds,
            photos: from.photos,
            unavailable: from.unavailable.iter().map(LibraryPath::new).collect(),
        }
    }
}

/// Which part of a run is going on.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum IndexPhase {
    /// No run.
    #[default]
    Idle,
    /// Fetching a model's files.
    FetchingModel,
    /// Walking the folders.
    Scanning,
    /// Reading, decoding and encoding.
    Encoding,
    /// Writing the indexes.
    Saving,
    /// Reading the words in pictures.
    ReadingText,
    /// Describing pictures in a sentence each.
    Describing,
}

impl From<seer_types::IndexPhase> for IndexPhase {
    fn from(phase: seer_types::IndexPhase) -> Self {
        match phase {
            seer_types::IndexPhase::Idle => Self::Idle,
            seer_types::IndexPhase::FetchingModel => Self::FetchingModel,
            seer_types::IndexPhase::Scanning => Self::Scanning,
            seer_types::IndexPhase::Encoding => Self::Encoding,
            seer_types::IndexPhase::Saving => Self::Saving,
            seer_types::IndexPhase::ReadingText => Self::ReadingText,
            seer_types::IndexPhase::Describing => Self::Describing,
        }
    }
}

impl From<IndexPhase> for seer_types::IndexPhase {
    fn from(phase: IndexPhase) -> Self {
        match phase {
            IndexPhase::Idle => Self::Idle,
            IndexPhase::FetchingModel => Self::FetchingModel,
            IndexPhase::Scanning => Self::Scanning,
            IndexPhase::Encoding => Self::Encoding,
            IndexPhase::Saving => Self::Saving,
            IndexPhase::ReadingText => Self::ReadingText,
            IndexPhase::Describing => Self::Describing,
        }
    }
}

/// Answer to `GET /api/failures`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Failures {
    /// Sorted by path.
    pub failures: Vec<Failure>,
}

/// A file that could not be indexed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Failure {
    /// The file.
    pub path: String,
    /// "unreadable", "unsupported", "damaged", "too_large" or "encoding".
    #[schema(value_type = shapes::FailureKind)]
    pub kind: FailureKind,
    /// In words.
    pub reason: String,
    /// When, Unix seconds.
    pub at: i64,
}

impl From<seer_types::Failure> for Failure {
    fn from(failure: seer_types::Failure) -> Self {
        Self {
            path: failure.path.to_text(),
            kind: failure.kind,
            reason: failure.reason,
            at: failure.at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_survives_the_wire() {
        let progress = seer_types::IndexProgress {
            phase: seer_types::IndexPhase::Encoding,
            total: 10,
            done: 4,
            eta_seconds: Some(2.5),
            ..Default::default()
        };
        let text = serde_json::to_string(&IndexProgress::from(progress)).unwrap();
        assert!(text.contains(r#""phase":"encoding","total":10,"done":4"#), "{text}");
        let back: IndexProgress = serde_json::from_str(&text).unwrap();
        assert_eq!(seer_types::IndexProgress::from(back), progress);
    }

    #[test]
    fn an_end_names_its_run_and_its_kind() {
        let failed = RunEnd::Failed(RunFailure { reason: "no".into(), fault: "user".into() });
        for (end, text) in [
            (RunEnd::Finished(IndexSummary::default()), r#"{"run":3,"finished":{"#),
            (failed, r#"{"run":3,"failed":{"reason":"no","fault":"user"}}"#),
        ] {
            let ended = EndedRun { run: 3, end };
            let json = serde_json::to_string(&ended).unwrap();
            assert!(json.starts_with(text), "{json}");
            assert_eq!(serde_json::from_str::<EndedRun>(&json).unwrap(), ended);
        }
    }

    #[test]
    fn no_folders_is_a_valid_request() {
        assert_eq!(serde_json::from_str::<IndexRequest>("{}").unwrap(), IndexRequest::default());
        assert!(serde_json::from_str::<IndexRequest>(r#"{"folder":"/p"}"#).is_err());
    }
}
