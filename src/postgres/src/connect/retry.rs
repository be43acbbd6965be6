//! Beginning anew when others wrote at the same time, or when a connection was dead already.

use std::hash::{BuildHasher, RandomState};
use std::thread;
use std::time::Duration;

use super::connection::Connection;
use super::pool::Pool;
use crate::error::{PostgresError, Result};

/// How often a piece of work may begin anew.
const PATIENCE: u32 = 12;

/// Runs `work` on a connection of the pool; it must do no harm when it runs twice, and what it
/// writes must be in one transaction.
pub(crate) fn retried<T>(pool: &Pool, mut work: impl FnMut(&Connection) -> Result<T>) -> Result<T> {
    let mut reconnected = false;
    let mut again = 0;
    loop {
        let (connection, loan) = pool.get()?;
        let used_before = loan.used_before;
        let done = work(&connection);
        loan.give_back(connection);
        match done {
            // The server went away while the connection lay idle; that says nothing of now.
            Err(PostgresError::Unreachable { .. }) if used_before && !reconnected => {
                reconnected = true;
                pool.forget_idle();
            }
            Err(PostgresError::Again { .. }) if again < PATIENCE => {
                again += 1;
                thread::sleep(pause(again));
            }
            Err(PostgresError::Again { reason, missing }) => {
                let place = pool.place().to_owned();
                return Err(match missing {
                    true => PostgresError::Damaged { place, reason },
                    false => PostgresError::Busy { place, reason },
                });
            }
            done => return done,
        }
    }
}

/// Longer each time, and not the same for two that met.
fn pause(again: u32) -> Duration {
    let spread = RandomState::new().hash_one(again) % 24;
    Duration::from_millis(2 + spread * u64::from(again))
}
