//! Why a whole run ended early. Single files never end one.

use std::path::PathBuf;

use seer_engine::{EngineError, Fault};

/// A run could not start or not go on. What was committed before stays.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// No folder was named.
    #[error("nothing to index: name at least one folder or picture file")]
    NothingNamed,
    /// None of the named folders can be read; their photos are kept.
    #[error("cannot index {}: {reason}{}", path.display(), unavailable(*known))]
    Unavailable {
        /// The first of them.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
        /// Whether the library knows photos there.
        known: bool,
    },
    /// An exclude is not a glob.
    #[error(
        "\"{glob}\" is not a pattern for files to exclude: {reason}\nnext: use * for any name, ** for any folders, for example \"*.png\" or \"2019/raw\""
    )]
    BadExclude {
        /// The pattern as given.
        glob: String,
        /// What is wrong with it.
        reason: String,
    },
    /// An exclude that is to be forgotten is not remembered.
    #[error(
        "\"{glob}\" is not among what these folders leave out{}\nnext: \"seer roots\" lists it",
        known_excludes(known)
    )]
    UnknownExclude {
        /// The pattern as given.
        glob: String,
        /// What they leave out.
        known: Vec<String>,
    },
    /// The model failed on every picture of several batches: the device, not the pictures.
    #[error(
        "the model failed on {pictures} pictures in a row ({reason}); none of them is marked as failed\nnext: run again, with another --device if it happens again"
    )]
    Encoder {
        /// How many pictures in a row.
        pictures: usize,
        /// What the model said last.
        reason: String,
    },
    /// Other machines took over files that this one was at, as it was silent for too long.
    #[error(
        "this machine did not answer for a while, and others took over the files it was at\nnext: run again"
    )]
    LeasesLost,
    /// The library could not be read or written.
    #[error(transparent)]
    Library(#[from] EngineError),
}

fn known_excludes(known: &[String]) -> String {
    match known.is_empty() {
        true => " (they leave out nothing)".to_owned(),
        false => format!(": \"{}\"", known.join("\", \"")),
    }
}

/// What becomes of the photos of a folder that cannot be read, and what next.
fn unavailable(known: bool) -> &'static str {
    match known {
        true => {
            "; its photos stay in the library\nnext: check that its drive is connected, or let go of what was there: --prune, or \"seer forget\" with the folder"
        }
        false => "; the library knows no photos there\nnext: check the name",
    }
}

impl IndexError {
    /// Who can mend it.
    pub fn fault(&self) -> Fault {
        match self {
            Self::NothingNamed | Self::BadExclude { .. } | Self::UnknownExclude { .. } => {
                Fault::User
            }
            Self::Unavailable { .. } | Self::Encoder { .. } | Self::LeasesLost => {
                Fault::Environment
            }
            Self::Library(error) => error.fault(),
        }
    }
}
