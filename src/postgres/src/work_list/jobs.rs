//! The list of work.

use std::collections::BTreeMap;
use std::time::Duration;

use seer_store::{Backlog, Job, Lease};
use seer_types::{LibraryPath, ModelFingerprint};

use crate::apply::damaged;
use crate::apply::path::{below, exact, key};
use crate::connect::{Connection, Params, cell};
use crate::error::{PostgresError, Result};
use crate::value::{decode_listing, encode_listing};

/// Jobs that are listed in one transaction.
const PART: usize = 10_000;

/// What is listed together.
pub(super) fn parts(jobs: &[Job]) -> impl Iterator<Item = &[Job]> {
    jobs.chunks(PART)
}

pub(super) fn list(connection: &Connection, model: ModelFingerprint, jobs: &[Job]) -> Result<()> {
    // In order of the keys and each once; of two the last one counts.
    let mut rows = BTreeMap::new();
    for Job { path, root, stamp } in jobs {
        let path = exact(path);
        let state = encode_listing(*stamp).map_err(damaged(connection))?;
        rows.insert(key(&path), (path, (state, exact(root))));
    }
    if rows.is_empty() {
        return Ok(());
    }
    let keys: Vec<Vec<u8>> = rows.keys().cloned().collect();
    let (paths, rest): (_, Vec<_>) = rows.into_values().unzip();
    let (states, roots) = rest.into_iter().unzip();
    let mut params = Params::new();
    let (keys, paths) = (params.all_bytes(keys), params.all_bytes(paths));
    let (states, roots) = (params.all_bytes(states), params.all_bytes(roots));
    let model = params.bytes(model.0.to_vec());
    let statement = format!(
        "insert into todo (key, model, path, state, root) \
         select u.key, {model}, u.path, u.state, u.root \
         from unnest({keys}, {paths}, {states}, {roots}) as u(key, path, state, root) \
         on conflict (key, model) do update set state = excluded.state, root = excluded.root, \
         tries = 0, lease = null, until = '-infinity' where todo.state <> excluded.state"
    );
    connection.rows(&statement, &params).map(drop)
}

/// The condition of being work for a model in these indexed folders.
fn of(model: ModelFingerprint, roots: &[LibraryPath], params: &mut Params) -> String {
    let model = params.bytes(model.0.to_vec());
    let roots = params.all_bytes(roots.iter().map(exact).collect());
    format!("model = {model} and root = any({roots})")
}

fn seconds(term: Duration, params: &mut Params) -> String {
    format!("{} * interval '1 second'", params.float(term.as_secs_f64()))
}

pub(super) fn lease(
    connection: &Connection,
    model: ModelFingerprint,
    roots: &[LibraryPath],
    most: usize,
    term: Duration,
) -> Result<Vec<Lease>> {
    let mut params = Params::new();
    let ours = of(model, roots, &mut params);
    let most = params.int(i64::try_from(most).unwrap_or(i64::MAX));
    let term = seconds(term, &mut params);
    let statement = format!(
        "with token as materialized (select uuid_send(gen_random_uuid()) as token), \
         next as materialized (select key, model from todo where until < now() and {ours} \
         order by until, key limit {most} for update skip locked) \
         update todo t set lease = token.token, until = now() + {term}, tries = t.tries + 1 \
         from next, token where t.key = next.key and t.model = next.model \
         returning t.path, t.root, t.state, t.tries, t.lease"
    );
    let rows = connection.rows(&statement, &params)?;
    let lease = |row: &tokio_postgres::Row| {
        let job = Job {
            path: LibraryPath::from_bytes(cell(row, 0)?),
            root: LibraryPath::from_bytes(cell(row, 1)?),
            stamp: decode_listing(cell(row, 2)?).map_err(damaged(connection))?,
        };
        let tries = u64::try_from(cell::<i64>(row, 3)?).unwrap_or(0);
        Ok(Lease { job, tries, token: cell(row, 4)? })
    };
    rows.iter().map(lease).collect()
}

/// The condition of being one of these jobs, still leased by whoever holds them.
fn held(model: ModelFingerprint, leases: &[Lease], params: &mut Params) -> String {
    let model = params.bytes(model.0.to_vec());
    let key = |lease: &Lease| key(&exact(&lease.job.path));
    let keys = params.all_bytes(leases.iter().map(key).collect());
    let tokens = params.all_bytes(leases.iter().map(|lease| lease.token.clone()).collect());
    format!("model = {model} and (key, lease) in (select * from unnest({keys}, {tokens}))")
}

pub(super) fn renew(
    connection: &Connection,
    model: ModelFingerprint,
    leases: &[Lease],
    term: Duration,
) -> Result<bool> {
    let mut params = Params::new();
    let held = held(model, leases, &mut params);
    let term = seconds(term, &mut params);
    let statement = format!("update todo set until = now() + {term} where {held} returning 1");
    Ok(connection.rows(&statement, &params)?.len() == leases.len())
}

/// Takes the jobs off the list.
///
/// # Errors
/// `LeaseLost` when one of them is somebody else's or not there any more.
pub(super) fn end(
    connection: &Connection,
    model: ModelFingerprint,
    leases: &[Lease],
) -> Result<()> {
    let mut params = Params::new();
    let held = held(model, leases, &mut params);
    let statement = format!("delete from todo where {held} returning 1");
    match connection.rows(&statement, &params)?.len() == leases.len() {
        true => Ok(()),
        false => Err(PostgresError::LeaseLost),
    }
}

pub(super) fn give_back(
    connection: &Connection,
    model: ModelFingerprint,
    leases: &[Lease],
) -> Result<()> {
    let mut params = Params::new();
    let held = held(model, leases, &mut params);
    let statement = format!(
        "update todo set lease = null, until = '-infinity', tries = tries - 1 where {held}"
    );
    connection.rows(&statement, &params).map(drop)
}

pub(super) fn backlog(
    connection: &Connection,
    model: ModelFingerprint,
    roots: &[LibraryPath],
) -> Result<Backlog> {
    let mut params = Params::new();
    let ours = of(model, roots, &mut params);
    let statement = format!(
        "select count(*) filter (where until < now()), count(*) filter (where until >= now()) \
         from todo where {ours}"
    );
    let row = connection.row(&statement, &params)?;
    let number =
        |column| Ok::<_, PostgresError>(u64::try_from(cell::<i64>(&row, column)?).unwrap_or(0));
    Ok(Backlog { waiting: number(0)?, leased: number(1)? })
}

pub(super) fn unlist(connection: &Connection, folder: &LibraryPath) -> Result<()> {
    let mut params = Params::new();
    let (path, below) = (params.bytes(exact(folder)), below(folder));
    let (length, below) = (below.len(), params.bytes(below));
    let statement = format!(
        "delete from todo where path = {path} or substring(path from 1 for {length}) = {below}"
    );
    connection.rows(&statement, &params).map(drop)
}

/// Takes a model's work off the list.
pub(crate) fn drop_of_model(connection: &Connection, model: ModelFingerprint) -> Result<()> {
    let mut params = Params::new();
    let model = params.bytes(model.0.to_vec());
    connection.rows(&format!("delete from todo where model = {model}"), &params).map(drop)
}
