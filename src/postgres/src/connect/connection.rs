//! One connection, used by one thread at a time.

use std::cell::Cell;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::task::JoinHandle;
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, Error, Row};

use super::params::{Params, VectorTypes};
use super::wait::wait;
use crate::error::{PostgresError, Result};

/// How much longer than the server this side waits: the server's word is clearer.
const GRACE: Duration = Duration::from_secs(5);

/// A server that waits for its standby takes the end of a statement's time for the end of waiting,
/// and would say that all is well. Without such an end it is this side that gives up.
const COMMIT: &str = "set local statement_timeout = 0; commit";

/// A session with the server.
pub(crate) struct Connection {
    pub(super) client: Client,
    /// What ended the session, when it has ended.
    pub(super) end: Cell<Option<JoinHandle<Option<Error>>>>,
    pub(super) vectors: Option<VectorTypes>,
    pub(super) place: Arc<str>,
    pub(super) statement_timeout: Duration,
    pub(super) broken: Cell<bool>,
    pub(super) unhurried: Cell<bool>,
    /// How far in the primary's log of changes its server was when it was last looked at.
    pub(super) reached: Cell<u64>,
}

impl Connection {
    /// Host and database, for messages.
    pub(crate) fn place(&self) -> &str {
        &self.place
    }

    /// Whether it can still be used.
    pub(super) fn is_sound(&self) -> bool {
        !self.broken.get() && !self.client.is_closed()
    }

    /// The rows of an answer.
    pub(crate) fn rows(&self, statement: &str, params: &Params) -> Result<Vec<Row>> {
        let none = VectorTypes {
            one: tokio_postgres::types::Type::UNKNOWN,
            many: tokio_postgres::types::Type::UNKNOWN,
        };
        let typed = params.typed(self.vectors.as_ref().unwrap_or(&none));
        self.wait(self.client.query_typed(statement, &typed))
    }

    /// The only row of an answer.
    pub(crate) fn row(&self, statement: &str, params: &Params) -> Result<Row> {
        let row = self.rows(statement, params)?.into_iter().next();
        row.ok_or_else(|| self.damaged(format!("no answer to \"{statement}\"")))
    }

    /// Runs statements without values.
    pub(crate) fn batch(&self, statements: &str) -> Result<()> {
        self.wait(self.client.batch_execute(statements))
    }

    /// Runs `work` in a transaction that begins with `begin`: what it did is there wholly when this
    /// is `Ok`, and not at all otherwise.
    pub(crate) fn transaction<T>(
        &self,
        begin: &str,
        work: impl FnOnce(&Self) -> Result<T>,
    ) -> Result<T> {
        self.batch(begin)?;
        match work(self) {
            Ok(value) => match self.batch(COMMIT) {
                Ok(()) => Ok(value),
                Err(PostgresError::Unreachable { place, reason }) => {
                    Err(PostgresError::Undecided { place, reason })
                }
                Err(error) => Err(error),
            },
            Err(error) => {
                if self.is_sound() && self.batch("rollback").is_err() {
                    self.broken.set(true);
                }
                Err(error)
            }
        }
    }

    /// Runs `work` without a limit on its time: for building indexes and cleaning up.
    pub(crate) fn unhurried<T>(&self, work: impl FnOnce(&Self) -> Result<T>) -> Result<T> {
        self.batch("set statement_timeout = 0; set lock_timeout = 0")?;
        self.unhurried.set(true);
        let done = work(self);
        self.unhurried.set(false);
        // Never used again with these settings, whatever came of it.
        self.broken.set(true);
        done
    }

    /// Gives up a session that began before its server had pgvector, and so does not know its types.
    pub(super) fn knows_vectors(&self) -> Result<()> {
        if self.vectors.is_some() {
            return Ok(());
        }
        self.broken.set(true);
        Err(PostgresError::again("the session began before pgvector was there"))
    }

    /// An error about what lies in the database.
    pub(crate) fn damaged(&self, reason: impl Into<String>) -> PostgresError {
        PostgresError::Damaged { place: self.place.to_string(), reason: reason.into() }
    }

    fn wait<T>(&self, work: impl Future<Output = std::result::Result<T, Error>>) -> Result<T> {
        let until = Instant::now() + self.statement_timeout + GRACE;
        let until = Some(until).filter(|_| !self.unhurried.get());
        match wait(work, until) {
            Some(Ok(value)) => Ok(value),
            Some(Err(error)) => Err(self.failed(&error)),
            None => {
                self.broken.set(true);
                Err(PostgresError::Unreachable {
                    place: self.place.to_string(),
                    reason: format!(
                        "no answer within {:.0} seconds",
                        (self.statement_timeout + GRACE).as_secs_f64()
                    ),
                })
            }
        }
    }

    fn failed(&self, error: &Error) -> PostgresError {
        let failed = PostgresError::of(&self.place, error);
        if matches!(failed, PostgresError::Unreachable { .. }) {
            self.broken.set(true);
            if is_silence(error) || self.ended_for_silence() {
                return PostgresError::again("this machine was silent for too long");
            }
        }
        failed
    }

    /// Whether the server ended the session because this side did not go on with a transaction; it
    /// was rolled back then.
    fn ended_for_silence(&self) -> bool {
        let end = self.end.take().filter(|_| self.client.is_closed());
        let ended = end.and_then(|end| wait(end, Some(Instant::now() + GRACE)));
        matches!(ended, Some(Ok(Some(error))) if is_silence(&error))
    }
}

fn is_silence(error: &Error) -> bool {
    error.code() == Some(&SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT)
}
