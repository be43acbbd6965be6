//! The list of work.

use std::collections::BTreeMap;
use std::time::Duration;

use seer_types::LibraryPath;

use super::{Backlog, Job, Listing};
use crate::apply::damaged;
use crate::apply::path::{exact, key};
use crate::connect::{Connection, Params, cell};
use crate::error::{PostgresError, Result};
use crate::value::{decode_listing, encode_listing};

/// Lists files.
pub(super) fn add(connection: &Connection, root: &LibraryPath, listings: &[Listing]) -> Result<()> {
    // In order of the keys and each once; of two the last one counts.
    let mut rows = BTreeMap::new();
    for Listing { path, stamp } in listings {
        let path = exact(path);
        let state = encode_listing(*stamp).map_err(damaged(connection))?;
        rows.insert(key(&path), (path, state));
    }
    if rows.is_empty() {
        return Ok(());
    }
    let keys: Vec<Vec<u8>> = rows.keys().cloned().collect();
    let (paths, states) = rows.into_values().unzip();
    let mut params = Params::new();
    let (keys, paths) = (params.all_bytes(keys), params.all_bytes(paths));
    let (states, root) = (params.all_bytes(states), params.bytes(exact(root)));
    let statement = format!(
        "insert into todo (key, path, state, root) \
         select u.key, u.path, u.state, {root} from unnest({keys}, {paths}, {states}) \
         as u(key, path, state) \
         on conflict (key) do update set state = excluded.state, root = excluded.root, \
         tries = 0, lease = null, until = '-infinity' where todo.state <> excluded.state"
    );
    connection.rows(&statement, &params).map(drop)
}

/// The condition of lying below a root.
fn of_root(root: Option<&LibraryPath>, params: &mut Params) -> String {
    root.map_or("true".to_owned(), |root| format!("root = {}", params.bytes(exact(root))))
}

fn seconds(term: Duration, params: &mut Params) -> String {
    format!("{} * interval '1 second'", params.float(term.as_secs_f64()))
}

pub(super) fn lease(
    connection: &Connection,
    root: Option<&LibraryPath>,
    most: usize,
    term: Duration,
) -> Result<Vec<Job>> {
    let mut params = Params::new();
    let of_root = of_root(root, &mut params);
    let most = params.int(i64::try_from(most).unwrap_or(i64::MAX));
    let term = seconds(term, &mut params);
    let statement = format!(
        "with token as materialized (select uuid_send(gen_random_uuid()) as token), \
         next as materialized (select key from todo where until < now() and {of_root} \
         order by until, key limit {most} for update skip locked) \
         update todo t set lease = token.token, until = now() + {term}, tries = t.tries + 1 \
         from next, token where t.key = next.key \
         returning t.path, t.root, t.state, t.tries, t.lease"
    );
    let rows = connection.rows(&statement, &params)?;
    let job = |row: &tokio_postgres::Row| {
        Ok(Job {
            path: LibraryPath::from_bytes(cell(row, 0)?),
            root: LibraryPath::from_bytes(cell(row, 1)?),
            stamp: decode_listing(cell(row, 2)?).map_err(damaged(connection))?,
            tries: u64::try_from(cell::<i64>(row, 3)?).unwrap_or(0),
            lease: cell(row, 4)?,
        })
    };
    rows.iter().map(job).collect()
}

/// The condition of being one of these jobs, still leased by whoever holds them.
fn held(jobs: &[Job], params: &mut Params) -> String {
    let keys = params.all_bytes(jobs.iter().map(|job| key(&exact(&job.path))).collect());
    let leases = params.all_bytes(jobs.iter().map(|job| job.lease.clone()).collect());
    format!("(key, lease) in (select * from unnest({keys}, {leases}))")
}

fn all_or_lost(found: usize, jobs: &[Job]) -> Result<()> {
    if found == jobs.len() { Ok(()) } else { Err(PostgresError::LeaseLost) }
}

pub(super) fn renew(connection: &Connection, jobs: &[Job], term: Duration) -> Result<()> {
    let mut params = Params::new();
    let held = held(jobs, &mut params);
    let term = seconds(term, &mut params);
    let statement = format!("update todo set until = now() + {term} where {held} returning 1");
    all_or_lost(connection.rows(&statement, &params)?.len(), jobs)
}

/// Takes the jobs off the list.
pub(super) fn end(connection: &Connection, jobs: &[Job]) -> Result<()> {
    let mut params = Params::new();
    let held = held(jobs, &mut params);
    let statement = format!("delete from todo where {held} returning 1");
    all_or_lost(connection.rows(&statement, &params)?.len(), jobs)
}

pub(super) fn give_back(connection: &Connection, jobs: &[Job]) -> Result<()> {
    let mut params = Params::new();
    let held = held(jobs, &mut params);
    let statement = format!(
        "update todo set lease = null, until = '-infinity', tries = tries - 1 where {held}"
    );
    connection.rows(&statement, &params).map(drop)
}

pub(super) fn backlog(connection: &Connection, root: Option<&LibraryPath>) -> Result<Backlog> {
    let mut params = Params::new();
    let of_root = of_root(root, &mut params);
    let statement = format!(
        "select count(*) filter (where until < now()), count(*) filter (where until >= now()) \
         from todo where {of_root}"
    );
    let row = connection.row(&statement, &params)?;
    let number =
        |column| Ok::<_, PostgresError>(u64::try_from(cell::<i64>(&row, column)?).unwrap_or(0));
    Ok(Backlog { waiting: number(0)?, leased: number(1)? })
}

pub(super) fn clear(connection: &Connection, root: &LibraryPath) -> Result<()> {
    let mut params = Params::new();
    let of_root = of_root(Some(root), &mut params);
    connection.rows(&format!("delete from todo where {of_root}"), &params).map(drop)
}
