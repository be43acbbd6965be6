//! The indexed folders.

use seer_types::{DevicePlace, LibraryPath};

use crate::apply::damaged;
use crate::apply::path::{exact, key};
use crate::connect::{Connection, Params, cell};
use crate::error::Result;
use crate::value::{decode_places, encode_places};

/// See [`seer_store::Store::roots`].
pub(crate) fn roots(connection: &Connection) -> Result<Vec<LibraryPath>> {
    let rows = connection.rows("select path from root order by path", &Params::new())?;
    rows.iter().map(|row| Ok(LibraryPath::from_bytes(cell(row, 0)?))).collect()
}

/// See [`seer_store::Store::places`].
pub(crate) fn places(connection: &Connection, root: &LibraryPath) -> Result<Vec<DevicePlace>> {
    let mut params = Params::new();
    let key = params.bytes(key(&exact(root)));
    let statement = format!("select places from root where key = {key}");
    match connection.rows(&statement, &params)?.first() {
        Some(row) => decode_places(cell(row, 0)?).map_err(damaged(connection)),
        None => Ok(Vec::new()),
    }
}

/// Remembers a folder; what is known of its devices stays when none are told.
pub(crate) fn add(
    connection: &Connection,
    root: &LibraryPath,
    places: Option<&[DevicePlace]>,
) -> Result<()> {
    let path = exact(root);
    let value = encode_places(places.unwrap_or_default()).map_err(damaged(connection))?;
    let mut params = Params::new();
    let (key, path) = (params.bytes(key(&path)), params.bytes(path));
    let value = params.bytes(value);
    let known = match places {
        Some(_) => "update set places = excluded.places",
        None => "nothing",
    };
    let statement = format!(
        "insert into root (key, path, places) values ({key}, {path}, {value}) \
         on conflict (key) do {known}"
    );
    connection.rows(&statement, &params).map(drop)
}

/// See [`seer_store::Store::excludes`].
pub(crate) fn excludes(connection: &Connection, root: &LibraryPath) -> Result<Vec<String>> {
    let mut params = Params::new();
    let key = params.bytes(key(&exact(root)));
    let statement = format!("select excludes from root where key = {key}");
    match connection.rows(&statement, &params)?.first() {
        Some(row) => cell(row, 0),
        None => Ok(Vec::new()),
    }
}

/// See [`seer_store::Store::set_excludes`].
pub(crate) fn set_excludes(
    connection: &Connection,
    root: &LibraryPath,
    globs: &[String],
) -> Result<()> {
    add(connection, root, None)?;
    let mut params = Params::new();
    let (key, globs) = (params.bytes(key(&exact(root))), params.texts(globs.to_vec()));
    let statement = format!("update root set excludes = {globs} where key = {key}");
    connection.rows(&statement, &params).map(drop)
}

/// See [`seer_store::Store::remove_root`].
pub(crate) fn remove(connection: &Connection, root: &LibraryPath) -> Result<()> {
    let mut params = Params::new();
    let key = params.bytes(key(&exact(root)));
    connection.rows(&format!("delete from root where key = {key}"), &params).map(drop)
}
