//! A standby, which is asked instead of the primary while it has what it must have: all that was
//! there when this program opened the library, all that this program wrote since, and what others
//! wrote until about [`PostgresConfig::most_behind`] ago.
//!
//! Which that is, is a place in the primary's log of changes. Whether the standby has come so far is
//! looked at on the connection that then asks, so that it is the same server.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::cell::cell;
use super::connection::Connection;
use super::params::Params;
use super::pool::Pool;
use super::retry::retried;
use crate::config::PostgresConfig;
use crate::error::{PostgresError, Result};

/// How long a question waits for a standby that is behind.
const PATIENCE: Duration = Duration::from_secs(1);
/// The pause between two looks at it.
const PAUSE: Duration = Duration::from_millis(10);
/// How long the primary is asked after a standby did not do.
const REST: Duration = Duration::from_secs(30);

/// A standby and what it must have.
pub(crate) struct Standby {
    pool: Pool,
    needed: AtomicU64,
    most_behind: Duration,
    /// When the primary was last asked how far it is. Held while it is asked.
    compared: Mutex<Option<Instant>>,
    /// When the standby last did not do.
    failed: Mutex<Option<Instant>>,
}

impl Standby {
    pub(crate) fn new(pool: Pool, config: &PostgresConfig) -> Self {
        let (needed, most_behind) = (AtomicU64::new(0), config.most_behind);
        Self { pool, needed, most_behind, compared: Mutex::new(None), failed: Mutex::new(None) }
    }

    /// Host and database, for messages.
    pub(crate) fn place(&self) -> &str {
        self.pool.place()
    }

    /// From now on it must have what was just written on this connection to the primary.
    pub(crate) fn must_have(&self, primary: &Connection) {
        match written(primary) {
            Ok(at) => drop(self.needed.fetch_max(at, Ordering::SeqCst)),
            // Written it is all the same. The next question asks the primary again how far it is.
            Err(_) => *self.compared.lock().unwrap_or_else(PoisonError::into_inner) = None,
        }
    }

    /// What `work` finds there; `None` when the primary is to be asked, with a warning that says why.
    pub(crate) fn ask<T>(
        &self,
        primary: &Pool,
        mut work: impl FnMut(&Connection) -> Result<T>,
    ) -> Option<Result<T>> {
        if is_within(self.failed.lock().unwrap_or_else(PoisonError::into_inner).as_ref(), REST) {
            return None;
        }
        self.compare(primary);
        let done = retried(&self.pool, |connection| {
            self.wait_for(connection)?;
            work(connection)
        });
        match done {
            Err(error) if error.may_be_the_standbys() => {
                let error = error.of_a_standby();
                log::warn!("the primary is asked for now: {error}");
                *self.failed.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
                None
            }
            done => Some(done),
        }
    }

    /// Asks the primary now and then how far it is; one caller does, and the others do not wait.
    fn compare(&self, primary: &Pool) {
        let Ok(mut compared) = self.compared.try_lock() else { return };
        if is_within(compared.as_ref(), self.most_behind) {
            return;
        }
        let before = self.needed.load(Ordering::SeqCst);
        match retried(primary, written) {
            Ok(at) if at < before => {
                // Another server is the primary now, which lacks what only the old one had.
                let set = Ordering::SeqCst;
                let _ = self.needed.compare_exchange(before, at, set, set);
            }
            Ok(at) => drop(self.needed.fetch_max(at, Ordering::SeqCst)),
            Err(error) => log::warn!("answers may be old: {error}"),
        }
        *compared = Some(Instant::now());
    }

    /// Waits a little until the server of this connection has what it must have.
    fn wait_for(&self, connection: &Connection) -> Result<()> {
        let needed = self.needed.load(Ordering::SeqCst);
        let until = Instant::now() + PATIENCE;
        if connection.reached.get() >= needed {
            return Ok(());
        }
        loop {
            let Some(at) = shown(connection)? else {
                // It is no standby, and has what it has.
                connection.reached.set(needed);
                return Ok(());
            };
            connection.reached.set(at);
            if at >= needed {
                return connection.knows_vectors();
            }
            if Instant::now() > until {
                return Err(behind(connection, needed));
            }
            thread::sleep(PAUSE);
        }
    }
}

fn is_within(when: Option<&Instant>, span: Duration) -> bool {
    when.is_some_and(|when| when.elapsed() < span)
}

/// How far the primary's log of changes is written.
fn written(primary: &Connection) -> Result<u64> {
    place_in_log(primary, "pg_current_wal_lsn()").map(|at| at.unwrap_or(0))
}

/// How far a standby shows what the primary wrote; `None` for a server that is none.
fn shown(connection: &Connection) -> Result<Option<u64>> {
    place_in_log(connection, "case when pg_is_in_recovery() then pg_last_wal_replay_lsn() end")
}

fn place_in_log(connection: &Connection, place: &str) -> Result<Option<u64>> {
    let statement = format!("select ({place} - '0/0'::pg_lsn)::bigint");
    let at: Option<i64> = cell(&connection.row(&statement, &Params::new())?, 0)?;
    Ok(at.map(|at| u64::try_from(at).unwrap_or(0)))
}

/// By how much a standby is behind, in words.
fn behind(connection: &Connection, needed: u64) -> PostgresError {
    let statement = "select extract(epoch from now() - pg_last_xact_replay_timestamp())::bigint, \
                     pg_is_wal_replay_paused()";
    let said = connection.row(statement, &Params::new());
    let (seconds, paused) = said
        .and_then(|row| Ok((cell::<Option<i64>>(&row, 0)?, cell::<bool>(&row, 1)?)))
        .unwrap_or_default();
    let lacking = needed.saturating_sub(connection.reached.get());
    let last =
        seconds.map(|seconds| format!(", and its newest one was made {seconds} seconds ago"));
    PostgresError::Behind {
        place: connection.place().to_owned(),
        lacking,
        last: last.unwrap_or_default(),
        paused: if paused { "; there its replay is paused" } else { "" },
    }
}
