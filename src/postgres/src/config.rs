//! How a store is reached.

use std::fmt;
use std::time::Duration;

/// Where the database is, and how long to wait for it.
#[derive(Clone)]
pub struct PostgresConfig {
    /// `postgres://user:password@host:port/database?sslmode=verify-full`. Several hosts with
    /// commas between them are tried in order; `target_session_attrs=read-write` takes the one
    /// that can be written to. `sslmode` is `disable`, `prefer` (the default), `require`,
    /// `verify-ca` or `verify-full`; `sslrootcert` names a file of certificates to trust in place
    /// of the well-known ones. Without a password in it, `PGPASSWORD` counts. It leads to
    /// the server itself: a pooler that gives each transaction another session (pgbouncer's
    /// transaction mode) does not do.
    pub url: String,
    /// Where to ask, when that is not where to write: a standby. Its answers have all that was
    /// there when the library was opened and all that was written through the same store since;
    /// what others write is in them when the standby has it: with
    /// `synchronous_commit = remote_apply` at once, else a little later. When it cannot be reached
    /// or is further behind, the first address is asked, and a warning says so.
    pub read_url: Option<String>,
    /// How old the standby's answers may be: so often it is compared with the first address.
    pub most_behind: Duration,
    /// Connections that may be open at once, to each address.
    pub connections: usize,
    /// How long one attempt to connect may take.
    pub connect_timeout: Duration,
    /// How long a call goes on trying to connect before it says that the server is unreachable.
    pub reconnect_for: Duration,
    /// How long one statement may take; building an index and cleaning up may take longer.
    pub statement_timeout: Duration,
    /// How long a statement may wait for others that write the same rows.
    pub lock_timeout: Duration,
}

impl PostgresConfig {
    /// The usual waits for this address.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            read_url: None,
            most_behind: Duration::from_secs(60),
            connections: 8,
            connect_timeout: Duration::from_secs(5),
            reconnect_for: Duration::from_secs(3),
            statement_timeout: Duration::from_secs(60),
            lock_timeout: Duration::from_secs(30),
        }
    }
}

impl fmt::Debug for PostgresConfig {
    /// Without the addresses, which may hold passwords.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresConfig")
            .field("connections", &self.connections)
            .field("connect_timeout", &self.connect_timeout)
            .field("statement_timeout", &self.statement_timeout)
            .finish_non_exhaustive()
    }
}

/// How the tables of a new library are made.
#[derive(Clone, Copy, Debug, Default)]
pub struct InitOptions {
    /// Into how many parts the large tables are split, by a hash of the photo; 0 or 1: not at all.
    pub partitions: u32,
}
