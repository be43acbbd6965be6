//! The photos in order of time.

use seer_store::Allowed;
use seer_types::PhotoId;

use super::allow::is_allowed;
use crate::apply::photo_id;
use crate::connect::{Connection, Params, cell};
use crate::error::Result;

/// See [`seer_store::Store::newest`].
pub(crate) fn newest(
    connection: &Connection,
    count: usize,
    allowed: Option<&Allowed>,
) -> Result<Vec<PhotoId>> {
    let mut params = Params::new();
    let allowed = is_allowed(allowed, &mut params);
    let count = params.int(i64::try_from(count).unwrap_or(i64::MAX));
    let statement = format!(
        "select p.id from photo p where {allowed} \
         order by p.\"time\" desc, p.added desc, p.id limit {count}"
    );
    let rows = connection.rows(&statement, &params)?;
    rows.iter().map(|row| photo_id(connection, cell(row, 0)?)).collect()
}
