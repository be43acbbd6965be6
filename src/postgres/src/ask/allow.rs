//! What a filter allows.

use std::sync::Arc;

use seer_store::{Allowed, Filter};
use seer_types::PhotoId;

use crate::apply::photo_id;
use crate::connect::{Connection, Params, cell};
use crate::error::Result;
use crate::filter::condition;

/// Up to so many allowed photos are remembered by their ids, and compared one by one.
pub(crate) const FEW: usize = 20_000;

/// The ids of a few allowed photos.
struct Few(Vec<PhotoId>);

/// The photos that a filter allows: their ids where they are few, else how many they are.
pub(crate) fn allow(connection: &Connection, filter: &Filter) -> Result<Allowed> {
    let mut params = Params::new();
    let meets = condition(filter, &mut params);
    let most = FEW + 1;
    let statement = format!("select p.id from photo p where p.live and {meets} limit {most}");
    let rows = connection.rows(&statement, &params)?;
    let (count, kept) = if rows.len() <= FEW {
        let ids = rows.iter().map(|row| photo_id(connection, cell(row, 0)?));
        let ids: Vec<PhotoId> = ids.collect::<Result<_>>()?;
        let count = ids.len() as u64;
        (count, Some(Arc::new(Few(ids)) as Arc<dyn std::any::Any + Send + Sync>))
    } else {
        let statement = format!("select count(*) from photo p where p.live and {meets}");
        let count: i64 = cell(&connection.row(&statement, &params)?, 0)?;
        (u64::try_from(count).unwrap_or(0), None)
    };
    Ok(Allowed { filter: filter.clone(), count, kept })
}

/// Filters that are asked for in one statement.
const AT_ONCE: usize = 64;

/// For each filter, whether it allows any photo.
pub(crate) fn allows_any(connection: &Connection, filters: &[Filter]) -> Result<Vec<bool>> {
    let mut found = Vec::with_capacity(filters.len());
    for filters in filters.chunks(AT_ONCE) {
        let mut params = Params::new();
        let exists = filters.iter().map(|filter| {
            let meets = condition(filter, &mut params);
            format!("exists (select from photo p where p.live and {meets})")
        });
        let exists: Vec<String> = exists.collect();
        let row = connection.row(&format!("select array[{}]", exists.join(", ")), &params)?;
        found.extend(cell::<Vec<bool>>(&row, 0)?);
    }
    Ok(found)
}

/// The ids that were remembered.
pub(crate) fn few(allowed: &Allowed) -> Option<&[PhotoId]> {
    let few: &Few = allowed.kept.as_ref()?.downcast_ref()?;
    Some(&few.0)
}

/// Ids for `= any(…)`, in a way that the planner does not look at each of them: that alone would take
/// longer than the answer.
pub(crate) fn ids_hidden(ids: &[PhotoId], params: &mut Params) -> String {
    format!("(select {})::bytea[]", params.ids(ids))
}

/// The condition of being allowed, on the row `p` of `photo`.
pub(crate) fn is_allowed(allowed: Option<&Allowed>, params: &mut Params) -> String {
    match allowed {
        None => "p.live".to_owned(),
        Some(allowed) => match few(allowed) {
            Some(ids) => format!("(p.live and p.id = any({}))", ids_hidden(ids, params)),
            None => format!("(p.live and {})", condition(&allowed.filter, params)),
        },
    }
}
