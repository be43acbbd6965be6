//! What has been computed for photos.

use std::collections::BTreeSet;

use seer_store::Analysis;
use seer_types::PhotoId;

use crate::apply::photo_id;
use crate::connect::{Connection, Params, cell};
use crate::error::Result;
use crate::schema::points::table_of;
use crate::spaces;
use crate::text;

/// The condition that an analysis is done for the photo in the column `id`.
fn is_done(
    connection: &Connection,
    what: &Analysis,
    id: &str,
    params: &mut Params,
) -> Result<String> {
    Ok(match what {
        Analysis::Embedding(model) => match spaces::find(connection, *model)? {
            Some(space) => {
                let table = table_of(space.number);
                format!("exists (select 1 from {table} d where d.photo = {id})")
            }
            None => "false".to_owned(),
        },
        Analysis::Named { name, version } => {
            let name = params.text(text::escaped(name));
            let version = params.int(i64::from(*version));
            format!(
                "exists (select 1 from analysed d where d.photo = {id} and d.name = {name} \
                 and d.version >= {version})"
            )
        }
    })
}

/// See [`seer_store::Store::analysed`].
pub(crate) fn analysed(
    connection: &Connection,
    what: &Analysis,
    ids: &[PhotoId],
) -> Result<Vec<bool>> {
    let mut params = Params::new();
    let wanted = params.ids(ids);
    let done = is_done(connection, what, "w.id", &mut params)?;
    let statement = format!("select w.id from unnest({wanted}) as w(id) where {done}");
    let rows = connection.rows(&statement, &params)?;
    let done = rows.iter().map(|row| photo_id(connection, cell(row, 0)?));
    let done: BTreeSet<PhotoId> = done.collect::<Result<_>>()?;
    Ok(ids.iter().map(|id| done.contains(id)).collect())
}

/// See [`seer_store::Store::lacking`].
pub(crate) fn lacking(
    connection: &Connection,
    what: &Analysis,
    after: Option<PhotoId>,
    most: usize,
) -> Result<Vec<PhotoId>> {
    let mut params = Params::new();
    let done = is_done(connection, what, "p.id", &mut params)?;
    let after = params.bytes(after.map_or(Vec::new(), |id| id.0.to_vec()));
    let most = params.int(i64::try_from(most).unwrap_or(i64::MAX));
    let statement = format!(
        "select p.id from photo p where p.live and p.id > {after} and not {done} \
         order by p.id limit {most}"
    );
    let rows = connection.rows(&statement, &params)?;
    rows.iter().map(|row| photo_id(connection, cell(row, 0)?)).collect()
}
