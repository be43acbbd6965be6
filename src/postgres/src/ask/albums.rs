//! Queries under a name.

use seer_store::Album;

use crate::apply::damaged;
use crate::connect::{Connection, Params, cell};
use crate::error::Result;
use crate::value::{decode_album, encode_album};

/// See [`seer_store::Store::albums`].
pub(crate) fn albums(connection: &Connection) -> Result<Vec<Album>> {
    let rows = connection.rows("select name, album from album order by name", &Params::new())?;
    let read = |row| {
        let (name, album): (Vec<u8>, &[u8]) = (cell(row, 0)?, cell(row, 1)?);
        decode_album(&name, album).map_err(damaged(connection))
    };
    rows.iter().map(read).collect()
}

/// See [`seer_store::Store::put_album`].
pub(crate) fn put(connection: &Connection, album: &Album) -> Result<()> {
    let value = encode_album(album).map_err(damaged(connection))?;
    let mut params = Params::new();
    let (name, value) = (params.bytes(album.name.clone().into_bytes()), params.bytes(value));
    let statement = format!(
        "insert into album (name, album) values ({name}, {value}) \
         on conflict (name) do update set album = excluded.album"
    );
    connection.rows(&statement, &params).map(drop)
}

/// See [`seer_store::Store::remove_album`].
pub(crate) fn remove(connection: &Connection, name: &str) -> Result<()> {
    let mut params = Params::new();
    let name = params.bytes(name.as_bytes().to_vec());
    connection.rows(&format!("delete from album where name = {name}"), &params).map(drop)
}
