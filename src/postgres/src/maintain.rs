//! Cleaning up, and what makes later answers faster.

use seer_types::PhotoId;

use crate::apply::{Tally, drop_gone, photo_id};
use crate::connect::{Connection, Params, cell};
use crate::error::Result;
use crate::schema::points::table_of;
use crate::spaces;

/// Photos that are dropped at once.
const BATCH: usize = 512;

/// Drops some of the photos without files, wholly, in one transaction; how many. None: all are gone.
pub(crate) fn purge_some(connection: &Connection) -> Result<u64> {
    connection.transaction("begin", |connection| {
        let statement =
            format!("select id from photo where not live order by id limit {BATCH} for update");
        let rows = connection.rows(&statement, &Params::new())?;
        let ids = rows.iter().map(|row| photo_id(connection, cell(row, 0)?));
        let ids: Vec<PhotoId> = ids.collect::<Result<_>>()?;
        if ids.is_empty() {
            return Ok(0);
        }
        let mut tally = Tally::default();
        for space in spaces::all(connection)?.0 {
            let mut params = Params::new();
            let (gone, table) = (params.ids(&ids), table_of(space.number));
            let statement = format!(
                "with gone as (delete from {table} where photo = any({gone}) returning photo) \
                 select count(distinct photo) from gone"
            );
            let photos: i64 = cell(&connection.row(&statement, &params)?, 0)?;
            tally.add(&Tally::in_space(space.number), -photos);
        }
        drop_gone(connection, &ids)?;
        tally.write(connection)?;
        Ok(ids.len() as u64)
    })
}

/// Frees the room of what was deleted, and has the server look at how its tables are filled.
pub(crate) fn vacuum(connection: &Connection) -> Result<()> {
    let mut tables: Vec<String> =
        ["photo", "file", "analysed", "todo", "tally", "root", "space"].map(str::to_owned).to_vec();
    tables.extend(spaces::all(connection)?.0.iter().map(|space| table_of(space.number)));
    for table in tables {
        connection.batch(&format!("vacuum (analyze) {table}"))?;
    }
    Ok(())
}
