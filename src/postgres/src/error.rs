//! What can go wrong with a database, in words for people.

use seer_store::{MOST_WORDS, StoreError, StoreErrorKind};
use seer_types::{ModelFingerprint, PhotoId};
use tokio_postgres::error::{DbError, Severity};

/// Why the database could not do what was asked. `place` names host and database, never a password.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PostgresError {
    /// The address cannot be understood.
    #[error(
        "the address of the database cannot be used: {reason}\n\
         next: write it as postgres://user:password@host:5432/database"
    )]
    Url {
        /// What is wrong with it.
        reason: String,
    },
    /// Nobody answers, or the line went dead.
    #[error(
        "the {place} cannot be reached: {reason}\n\
         next: see that the server runs and that this machine may connect to it, then try again"
    )]
    Unreachable {
        /// Host and database.
        place: String,
        /// What happened.
        reason: String,
    },
    /// The line went dead while a batch was being made final.
    #[error(
        "the {place} was lost while it made a batch final ({reason}); the batch is there wholly or \
         not at all\nnext: write the same batch again, which does no harm"
    )]
    Undecided {
        /// Host and database.
        place: String,
        /// What happened.
        reason: String,
    },
    /// A standby that does not show yet what it must have.
    #[error(
        "the {place} is a standby that is behind: it lacks {lacking} bytes of changes{last}{paused}\n\
         next: see whether it receives changes (select * from pg_stat_wal_receiver) and shows them \
         (select pg_wal_replay_resume() where that is paused)"
    )]
    Behind {
        /// Host and database.
        place: String,
        /// Bytes of the primary's log of changes.
        lacking: u64,
        /// How old the newest change is that it has.
        last: String,
        /// Whether that is wanted.
        paused: &'static str,
    },
    /// A standby that ended the question again and again, to follow the primary.
    #[error(
        "the {place} is a standby that gave up the question for the primary's changes: {reason}\n\
         next: have it give questions more time (max_standby_streaming_delay), or the primary keep \
         what they look at (hot_standby_feedback = on)"
    )]
    GaveUp {
        /// Host and database.
        place: String,
        /// The server's words.
        reason: String,
    },
    /// The server is there and says no: password, name of the database, rights.
    #[error(
        "the {place} does not let this program in: {reason}\n\
         next: check user, password and database in the address, and the user's rights (a standby \
         that is behind may not have them yet)"
    )]
    NotAdmitted {
        /// Host and database.
        place: String,
        /// The server's words.
        reason: String,
    },
    /// Nothing of seer is there.
    #[error(
        "the {place} holds no library of seer\n\
         next: run \"seer store init\" with this address once"
    )]
    NotInitialised {
        /// Host and database.
        place: String,
    },
    /// The address for questions leads to another library.
    #[error(
        "the {place} holds another library than the one to write to\n\
         next: name a standby of the same server, or none"
    )]
    OtherLibrary {
        /// Host and database.
        place: String,
    },
    /// The server has no pgvector, or this database does not use it.
    #[error(
        "the {place} has no pgvector: {reason}\n\
         next: install the package (on Debian postgresql-18-pgvector; or the image \
         pgvector/pgvector), then run \"create extension vector\" there as its administrator"
    )]
    NoVectors {
        /// Host and database.
        place: String,
        /// The server's words.
        reason: String,
    },
    /// Its pgvector knows no 16-bit vectors.
    #[error(
        "the {place} has pgvector {found}, and 0.8 or later is needed\n\
         next: install a newer package, then run \"alter extension vector update\" there"
    )]
    OldVectors {
        /// Host and database.
        place: String,
        /// Its version.
        found: String,
    },
    /// A newer seer made its tables.
    #[error(
        "the {place} has tables of version {found}, and this program knows version {known}\n\
         next: install the seer that made them, or a newer one"
    )]
    NewerSchema {
        /// Host and database.
        place: String,
        /// The version there.
        found: i32,
        /// The version of this program.
        known: i32,
    },
    /// An older seer made its tables.
    #[error(
        "the {place} has tables of version {found}, and this program needs version {known}\n\
         next: \"seer store init\" brings them up; stop older seers on this library before"
    )]
    OlderSchema {
        /// Host and database.
        place: String,
        /// The version there.
        found: i32,
        /// The version of this program.
        known: i32,
    },
    /// Its disk is full.
    #[error(
        "the {place} has no room left: {reason}; nothing of this batch was written\n\
         next: make room on the server's disk, then go on"
    )]
    Full {
        /// Host and database.
        place: String,
        /// The server's words.
        reason: String,
    },
    /// A statement took too long.
    #[error(
        "the {place} took too long: {reason}\n\
         next: try again when it is less busy, or allow more time"
    )]
    TooSlow {
        /// Host and database.
        place: String,
        /// What was waited for.
        reason: String,
    },
    /// Others write the same rows all the time.
    #[error(
        "the {place} is busy with the same photos: {reason}; nothing of this was written\n\
         next: try again"
    )]
    Busy {
        /// Host and database.
        place: String,
        /// The server's words.
        reason: String,
    },
    /// What is there is not what was written.
    #[error("the {place} holds something that cannot be read: {reason}\nnext: restore a backup")]
    Damaged {
        /// Host and database.
        place: String,
        /// What.
        reason: String,
    },
    /// A change of a photo that nobody added.
    #[error("there is no photo {id}; nothing of this batch was written")]
    UnknownPhoto {
        /// The photo.
        id: PhotoId,
    },
    /// A vector whose length is not its space's.
    #[error(
        "a vector of {found} numbers cannot be in the space of model {model:?}, whose vectors have \
         {expected}"
    )]
    WrongLength {
        /// The space's model.
        model: ModelFingerprint,
        /// Numbers in the vector.
        found: usize,
        /// Numbers in the space's vectors.
        expected: usize,
    },
    /// A vector that pgvector cannot hold.
    #[error("pgvector holds vectors of 1 to 16000 numbers, and not one of {found}")]
    ImpossibleLength {
        /// Numbers in the vector.
        found: usize,
    },
    /// A space that nobody added.
    #[error("there is no space of model {model:?}\nnext: index the photos with this model first")]
    UnknownSpace {
        /// The space's model.
        model: ModelFingerprint,
    },
    /// The name of an analysis is empty or too long.
    #[error("an analysis has a name of 1 to 100 bytes, and not of {length}")]
    AnalysisName {
        /// Its length in bytes.
        length: usize,
    },
    /// More words than are asked for at once.
    #[error("at most {MOST_WORDS} words are asked for at once, and not {found}")]
    TooManyWords {
        /// How many were asked for.
        found: usize,
    },
    /// A lease ran out before its work was done, or the file changed meanwhile.
    #[error("a file is no longer leased to this indexer; nothing of this was written")]
    LeaseLost,
    /// Anything else the server says.
    #[error("the {place} refused: {reason}{}", if *.bug { "\nthis is a defect of seer; please report it" } else { "" })]
    Server {
        /// Host and database.
        place: String,
        /// The server's words, with its code.
        reason: String,
        /// Whether the statement itself was wrong.
        bug: bool,
    },
    /// The work has to begin anew, because others wrote at the same time. Never handed to callers.
    #[error("{reason}")]
    #[doc(hidden)]
    Again {
        /// What happened.
        reason: String,
        /// Whether a table is not there: a space that was deleted at this moment, or worse.
        missing: bool,
    },
}

/// The result inside this crate.
pub(crate) type Result<T> = std::result::Result<T, PostgresError>;

impl PostgresError {
    /// What kind of trouble it is.
    pub fn kind(&self) -> StoreErrorKind {
        use StoreErrorKind as Kind;
        match self {
            Self::Unreachable { .. }
            | Self::Undecided { .. }
            | Self::Behind { .. }
            | Self::GaveUp { .. } => Kind::Unreachable,
            Self::NewerSchema { .. } => Kind::NewerFormat,
            Self::Full { .. } => Kind::Full,
            Self::Damaged { .. } => Kind::Damaged,
            Self::Busy { .. } => Kind::Locked,
            Self::Url { .. }
            | Self::NotInitialised { .. }
            | Self::OtherLibrary { .. }
            | Self::OlderSchema { .. }
            | Self::UnknownPhoto { .. }
            | Self::WrongLength { .. }
            | Self::ImpossibleLength { .. }
            | Self::UnknownSpace { .. }
            | Self::AnalysisName { .. }
            | Self::TooManyWords { .. }
            | Self::LeaseLost => Kind::Refused,
            Self::NotAdmitted { .. }
            | Self::NoVectors { .. }
            | Self::OldVectors { .. }
            | Self::TooSlow { .. } => Kind::System,
            Self::Server { bug, .. } => {
                if *bug {
                    Kind::Bug
                } else {
                    Kind::System
                }
            }
            Self::Again { .. } => Kind::Bug,
        }
    }

    /// Whether the primary may answer where a standby did not.
    pub(crate) fn may_be_the_standbys(&self) -> bool {
        matches!(
            self,
            Self::Unreachable { .. }
                | Self::Behind { .. }
                | Self::Busy { .. }
                | Self::NotAdmitted { .. }
                | Self::Damaged { .. }
        )
    }

    /// The same, of a server that is only asked.
    pub(crate) fn of_a_standby(self) -> Self {
        match self {
            Self::Busy { place, reason } => Self::GaveUp { place, reason },
            other => other,
        }
    }

    /// Another writer was faster.
    pub(crate) fn again(reason: &str) -> Self {
        Self::Again { reason: reason.to_owned(), missing: false }
    }

    /// The client's error as one of these.
    pub(crate) fn of(place: &str, error: &tokio_postgres::Error) -> Self {
        match error.as_db_error() {
            Some(said) => Self::said(place, said),
            None if is_conversion(error) => {
                Self::Server { place: place.to_owned(), reason: with_sources(error), bug: true }
            }
            None => Self::Unreachable { place: place.to_owned(), reason: with_sources(error) },
        }
    }

    /// What the server said as one of these.
    fn said(place: &str, said: &DbError) -> Self {
        let code = said.code().code();
        let place = place.to_owned();
        let reason = format!("{} ({code})", said.message());
        if said.parsed_severity() == Some(Severity::Panic) {
            // The whole server ends with this, and what it was making final may be there or not.
            return Self::Unreachable { place, reason };
        }
        match code {
            "40001" | "40P01" => Self::Again { reason, missing: false },
            "42P01" | "42704" => Self::Again { reason, missing: true },
            "53100" => Self::Full { place, reason },
            "57014" => Self::TooSlow { place, reason },
            "55P03" => Self::Busy { place, reason },
            // A server that may only be read was a primary once, or will be one soon.
            // One that was silent amid a transaction has no session any more.
            "25006" | "25P03" | "53300" | "57P01" | "57P02" | "57P03" | "57P05" => {
                Self::Unreachable { place, reason }
            }
            "3D000" | "42501" => Self::NotAdmitted { place, reason },
            "58P01" => Self::Damaged { place, reason },
            _ => match &code[..2] {
                "08" => Self::Unreachable { place, reason },
                "28" => Self::NotAdmitted { place, reason },
                "XX" => Self::Damaged { place, reason },
                "22" | "42" => Self::Server { place, reason, bug: true },
                _ => Self::Server { place, reason, bug: false },
            },
        }
    }
}

impl From<PostgresError> for StoreError {
    fn from(error: PostgresError) -> Self {
        Self::new(error.kind(), error)
    }
}

/// Whether a value did not fit what the statement takes or gives.
fn is_conversion(error: &tokio_postgres::Error) -> bool {
    let text = error.to_string();
    ["error serializing", "error deserializing", "invalid column", "expected"]
        .iter()
        .any(|start| text.starts_with(start))
}

/// An error with its causes, on one line.
pub(crate) fn with_sources(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        let more = error.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        source = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_say_where_and_what_next() {
        let place = "database \"photos\" at db:5432".to_owned();
        let error = PostgresError::Unreachable { place, reason: "connection refused".into() };
        let text = error.to_string();
        assert!(text.contains("photos") && text.contains("db:5432") && text.contains("\nnext: "));
        assert_eq!(StoreError::from(error).kind(), StoreErrorKind::Unreachable);
    }
}
