//! Connections that are kept open between calls.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::address::Address;
use super::connection::Connection;
use super::driver::Driver;
use super::session::Session;
use super::tls::Tls;
use crate::config::PostgresConfig;
use crate::error::{PostgresError, Result};

/// The first pause between two attempts to connect; each next one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// Connections to one address, at most so many.
pub(crate) struct Pool {
    driver: Arc<Driver>,
    session: Session,
    most: usize,
    reconnect_for: Duration,
    state: Mutex<State>,
    freed: Condvar,
    /// Held while connecting: one caller tries, and the others learn from it.
    trying: Mutex<Option<(Instant, String)>>,
}

#[derive(Default)]
struct State {
    idle: Vec<Connection>,
    open: usize,
}

/// Room for one open connection. Without [`Self::give_back`] the connection was lost.
pub(super) struct Loan<'a> {
    pool: &'a Pool,
    kept: bool,
    /// Whether the connection lay idle before.
    pub(super) used_before: bool,
}

impl Pool {
    /// Does not connect yet.
    ///
    /// # Errors
    /// `Url`.
    pub(crate) fn new(driver: Arc<Driver>, url: &str, config: &PostgresConfig) -> Result<Self> {
        let Address { config: address, trust, place } = Address::read(url, config)?;
        let session = Session {
            config: address,
            tls: Tls(Arc::new(trust.client()?)),
            place: place.into(),
            connect_timeout: config.connect_timeout,
            statement_timeout: config.statement_timeout,
            lock_timeout: config.lock_timeout,
        };
        Ok(Self {
            driver,
            session,
            most: config.connections.max(1),
            reconnect_for: config.reconnect_for,
            state: Mutex::default(),
            freed: Condvar::new(),
            trying: Mutex::new(None),
        })
    }

    /// Host and database, for messages.
    pub(crate) fn place(&self) -> &str {
        &self.session.place
    }

    /// A connection: an idle one, a new one, or the next that somebody gives back.
    ///
    /// # Errors
    /// `Unreachable`, `NotAdmitted`; `TooSlow` when all stay in use.
    pub(super) fn get(&self) -> Result<(Connection, Loan<'_>)> {
        let until = Instant::now() + self.session.statement_timeout;
        let mut state = self.state();
        loop {
            while let Some(connection) = state.idle.pop() {
                if connection.is_sound() {
                    return Ok((connection, self.loan(true)));
                }
                state.open = state.open.saturating_sub(1);
            }
            if state.open < self.most {
                state.open += 1;
                break;
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                let place = self.place().to_owned();
                let reason = format!("all {} connections stayed in use", self.most);
                return Err(PostgresError::TooSlow { place, reason });
            }
            let waited = self.freed.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        drop(state);
        let loan = self.loan(false);
        Ok((self.connect()?, loan))
    }

    /// Runs `work` on a connection, once.
    ///
    /// # Errors
    /// Those of `work`, and those of connecting.
    pub(crate) fn once<T, E: From<PostgresError>>(
        &self,
        work: impl FnOnce(&Connection) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        let (connection, loan) = self.get()?;
        let done = work(&connection);
        loan.give_back(connection);
        done
    }

    /// Drops the connections that nobody uses: the server they were made to may be gone.
    pub(super) fn forget_idle(&self) {
        let mut state = self.state();
        state.open = state.open.saturating_sub(state.idle.len());
        state.idle.clear();
    }

    fn loan(&self, used_before: bool) -> Loan<'_> {
        Loan { pool: self, kept: false, used_before }
    }

    /// Tries until it works or the time is up, with longer and longer pauses.
    fn connect(&self) -> Result<Connection> {
        let begun = Instant::now();
        let mut trying = self.trying.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((when, reason)) = &*trying
            && *when > begun
        {
            let place = self.place().to_owned();
            return Err(PostgresError::Unreachable { place, reason: reason.clone() });
        }
        let mut pause = FIRST_PAUSE;
        loop {
            match self.session.connect(&self.driver) {
                Ok(connection) => {
                    *trying = None;
                    return Ok(connection);
                }
                Err(PostgresError::Unreachable { place, reason }) => {
                    if begun.elapsed() + pause > self.reconnect_for {
                        *trying = Some((Instant::now(), reason.clone()));
                        return Err(PostgresError::Unreachable { place, reason });
                    }
                }
                Err(error) => return Err(error),
            }
            thread::sleep(pause);
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Loan<'_> {
    /// Keeps the connection for the next caller, when it is still good.
    pub(super) fn give_back(mut self, connection: Connection) {
        if connection.is_sound() {
            self.pool.state().idle.push(connection);
            self.kept = true;
        }
    }
}

impl Drop for Loan<'_> {
    fn drop(&mut self) {
        if !self.kept {
            let mut state = self.pool.state();
            state.open = state.open.saturating_sub(1);
        }
        self.pool.freed.notify_one();
    }
}
