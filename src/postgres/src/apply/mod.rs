//! Writing a batch.
//!
//! First the rows of all paths and photos that the batch speaks of are read and locked, in order of
//! their keys; then the changes are done in memory (`draft.rs`); then what differs is written. Two
//! writers of one photo wait for each other. Where one finds that another has added the same path or
//! photo meanwhile, it begins anew.

mod draft;
mod files;
mod load;
pub(crate) mod path;
mod photos;
mod points;
mod tally;

use seer_store::Change;

use crate::connect::Connection;
use crate::error::{PostgresError, Result};
use crate::value::BadValue;
use draft::Draft;

pub(crate) use load::photo_id;
pub(crate) use photos::{derive_again, drop_gone};
pub(crate) use tally::{Tally, total};

/// Does a batch in the connection's transaction.
pub(crate) fn apply(connection: &Connection, partitions: u32, batch: &[Change]) -> Result<()> {
    let mut draft = load::load(connection, batch)?;
    batch.iter().try_for_each(|change| draft.change(change))?;
    write(connection, partitions, &draft)
}

fn write(connection: &Connection, partitions: u32, draft: &Draft) -> Result<()> {
    let mut tally = Tally::default();
    files::write(connection, draft, &mut tally)?;
    photos::write(connection, draft, &mut tally)?;
    points::write(connection, partitions, draft, &mut tally)?;
    photos::write_analyses(connection, draft)?;
    tally.write(connection)
}

/// An error for a stored value that cannot be read.
pub(crate) fn damaged(connection: &Connection) -> impl Fn(BadValue) -> PostgresError + '_ {
    |bad| connection.damaged(bad.0)
}
