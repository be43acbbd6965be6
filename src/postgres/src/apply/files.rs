//! Writes the rows of paths.

use super::damaged;
use super::draft::{Draft, FileRow};
use super::path::key;
use super::tally::Tally;
use crate::connect::{Connection, Params};
use crate::error::{PostgresError, Result};
use crate::value::encode_file;

/// Rows as columns.
#[derive(Default)]
struct Rows {
    keys: Vec<Vec<u8>>,
    paths: Vec<Vec<u8>>,
    photos: Vec<Option<Vec<u8>>>,
    states: Vec<Vec<u8>>,
}

pub(super) fn write(connection: &Connection, draft: &Draft, tally: &mut Tally) -> Result<()> {
    let (mut added, mut changed, mut gone) = (Rows::default(), Rows::default(), Vec::new());
    for (path, entry) in draft.files.iter().filter(|(_, entry)| entry.is_changed()) {
        count(entry.before.as_ref(), -1, tally);
        count(entry.now.as_ref(), 1, tally);
        match (&entry.now, &entry.before) {
            (Some(row), None) => added.push(connection, path, row)?,
            (Some(row), Some(_)) => changed.push(connection, path, row)?,
            (None, _) => gone.push(key(path)),
        }
    }
    insert(connection, added)?;
    update(connection, changed)?;
    if gone.is_empty() {
        return Ok(());
    }
    let mut params = Params::new();
    let gone = params.all_bytes(gone);
    connection.rows(&format!("delete from file where key = any({gone})"), &params).map(drop)
}

fn count(row: Option<&FileRow>, n: i64, tally: &mut Tally) {
    match row {
        Some(FileRow { photo: Some(_), .. }) => tally.add(Tally::FILES, n),
        Some(FileRow { photo: None, .. }) => tally.add(Tally::FAILURES, n),
        None => {}
    }
}

impl Rows {
    fn push(&mut self, connection: &Connection, path: &[u8], row: &FileRow) -> Result<()> {
        self.keys.push(key(path));
        self.paths.push(path.to_vec());
        self.photos.push(row.photo.map(|id| id.0.to_vec()));
        self.states.push(encode_file(&row.state).map_err(damaged(connection))?);
        Ok(())
    }
}

fn insert(connection: &Connection, rows: Rows) -> Result<()> {
    let wanted = rows.keys.len();
    if wanted == 0 {
        return Ok(());
    }
    let mut params = Params::new();
    let from = unnest(rows, &mut params);
    let statement = format!(
        "insert into file (key, path, photo, state) select key, path, photo, state {from} \
         order by key on conflict (key) do nothing returning 1"
    );
    if connection.rows(&statement, &params)?.len() == wanted {
        return Ok(());
    }
    Err(PostgresError::again("another writer added the same file"))
}

fn update(connection: &Connection, rows: Rows) -> Result<()> {
    if rows.keys.is_empty() {
        return Ok(());
    }
    let mut params = Params::new();
    let from = unnest(rows, &mut params);
    let statement =
        format!("update file f set photo = u.photo, state = u.state {from} where f.key = u.key");
    connection.rows(&statement, &params).map(drop)
}

fn unnest(rows: Rows, params: &mut Params) -> String {
    let keys = params.all_bytes(rows.keys);
    let paths = params.all_bytes(rows.paths);
    let photos = params.add(rows.photos, tokio_postgres::types::Type::BYTEA_ARRAY);
    let states = params.all_bytes(rows.states);
    format!("from unnest({keys}, {paths}, {photos}, {states}) as u(key, path, photo, state)")
}
