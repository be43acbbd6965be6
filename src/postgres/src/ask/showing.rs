//! Which photos show which classes.

use seer_store::{Allowed, ClassHit, probability_of};

use super::allow::is_allowed;
use crate::apply::photo_id;
use crate::connect::{Connection, Params, cell};
use crate::error::Result;
use crate::text::key;

/// See [`seer_store::Store::showing`].
pub(crate) fn showing(
    connection: &Connection,
    classes: &[String],
    allowed: Option<&Allowed>,
    most: usize,
) -> Result<Vec<ClassHit>> {
    let mut params = Params::new();
    let allowed = is_allowed(allowed, &mut params);
    let classes = params.texts(classes.iter().map(|names| key(names)).collect());
    let most = params.int(i64::try_from(most).unwrap_or(i64::MAX));
    let statement = format!(
        "select p.id, (select sum(c.level * c.level)::bigint from unnest(p.classes, p.levels) \
         as c(names, level) where c.names = any({classes})) as squares from photo p \
         where {allowed} and p.classes && {classes} order by squares desc, p.id limit {most}"
    );
    let mut found = Vec::new();
    for row in connection.rows(&statement, &params)? {
        let squares: i64 = cell(&row, 1)?;
        let probability = probability_of(u32::try_from(squares).unwrap_or(u32::MAX));
        found.push(ClassHit { id: photo_id(connection, cell(&row, 0)?)?, probability });
    }
    Ok(found)
}
