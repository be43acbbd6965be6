//! One attempt to connect, and what each session begins with.

use std::cell::Cell;
use std::sync::Arc;
use std::time::Duration;

use tokio_postgres::types::Type;
use tokio_postgres::{Client, Config};

use super::connection::Connection;
use super::driver::Driver;
use super::params::VectorTypes;
use super::tls::Tls;
use crate::error::{PostgresError, Result};

/// Where to connect, and with which waits.
pub(super) struct Session {
    pub(super) config: Config,
    pub(super) tls: Tls,
    pub(super) place: Arc<str>,
    pub(super) connect_timeout: Duration,
    pub(super) statement_timeout: Duration,
    pub(super) lock_timeout: Duration,
}

impl Session {
    /// One attempt.
    pub(super) fn connect(&self, driver: &Driver) -> Result<Connection> {
        let (config, tls) = (self.config.clone(), self.tls.clone());
        let (setup, hosts) = (self.setup(), self.hosts());
        let at_most = self.connect_timeout * hosts + Duration::from_secs(1);
        let work = async move {
            let (client, connection) = config.connect(tls).await?;
            let end = tokio::spawn(async move { connection.await.err() });
            let vectors = begin(&client, &setup).await?;
            Ok((client, end, vectors))
        };
        match driver.run(work, at_most) {
            Some(Ok((client, end, vectors))) => Ok(Connection {
                client,
                end: Cell::new(Some(end)),
                vectors,
                place: Arc::clone(&self.place),
                statement_timeout: self.statement_timeout,
                broken: Cell::new(false),
                unhurried: Cell::new(false),
                reached: Cell::new(0),
            }),
            Some(Err(error)) => Err(PostgresError::of(&self.place, &error)),
            None => Err(PostgresError::Unreachable {
                place: self.place.to_string(),
                reason: format!("no answer within {:.0} seconds", at_most.as_secs_f64()),
            }),
        }
    }

    fn hosts(&self) -> u32 {
        let hosts = self.config.get_hosts().len().max(self.config.get_hostaddrs().len());
        u32::try_from(hosts).unwrap_or(u32::MAX).max(1)
    }

    /// Our tables first, then pgvector, wherever that was put. The server ends the session of a
    /// machine that is gone after a minute, and with it the locks that this held; that of one that
    /// is frozen amid a transaction before those that wait for its locks give up.
    fn setup(&self) -> String {
        format!(
            "set statement_timeout = {}; set lock_timeout = {}; \
             set idle_in_transaction_session_timeout = {}; set jit = off; \
             set tcp_keepalives_idle = 30; set tcp_keepalives_interval = 10; \
             set tcp_keepalives_count = 3; \
             set client_min_messages = warning; set bytea_output = hex; \
             set default_transaction_isolation = 'read committed'; \
             select set_config('search_path', 'seer, ' || coalesce((select quote_ident(n.nspname) \
             from pg_extension e join pg_namespace n on n.oid = e.extnamespace \
             where e.extname = 'vector'), 'public') || ', public', false)",
            self.statement_timeout.as_millis(),
            self.lock_timeout.as_millis(),
            self.lock_timeout.as_millis() / 2,
        )
    }
}

async fn begin(
    client: &Client,
    setup: &str,
) -> std::result::Result<Option<VectorTypes>, tokio_postgres::Error> {
    client.batch_execute(setup).await?;
    let known = "select to_regtype('halfvec') is not null";
    let known = client.query_typed_one(known, &[]).await?;
    if !known.try_get::<_, bool>(0)? {
        return Ok(None);
    }
    let statement = client.prepare("select null::halfvec, null::halfvec[]").await?;
    let of = |column: usize| statement.columns().get(column).map(|column| column.type_().clone());
    let (one, many) = (of(0).unwrap_or(Type::UNKNOWN), of(1).unwrap_or(Type::UNKNOWN));
    Ok(Some(VectorTypes { one, many }))
}
