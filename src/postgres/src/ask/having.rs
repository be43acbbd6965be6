//! Which photos hold which words.

use seer_store::{Allowed, Having, MOST_WORDS, WordHit};

use super::allow::is_allowed;
use crate::apply::photo_id;
use crate::connect::{Connection, Params, cell};
use crate::error::{PostgresError, Result};
use crate::filter;

/// See [`seer_store::Store::having`].
///
/// One statement: the photos that hold any of the words, each with a bit per word; the counts of
/// the words; then the photos that hold a word which is not too common.
pub(crate) fn having(
    connection: &Connection,
    words: &[String],
    allowed: Option<&Allowed>,
    most: u64,
) -> Result<Having> {
    if words.len() > MOST_WORDS {
        return Err(PostgresError::TooManyWords { found: words.len() });
    }
    if words.is_empty() {
        return Ok(Having::default());
    }
    let mut params = Params::new();
    let allowed = is_allowed(allowed, &mut params);
    let holds: Vec<String> = words.iter().map(|word| filter::text(word, &mut params)).collect();
    let most = params.int(i64::try_from(most).unwrap_or(i64::MAX));
    let bits = each(&holds, |bit, holds| format!("case when {holds} then {bit} else 0 end"), " + ");
    let counts =
        each(&holds, |bit, _| format!("count(*) filter (where hit.words & {bit} <> 0)"), ", ");
    let rare: Vec<String> = (0..words.len())
        .map(|word| {
            format!("case when n[{}] <= {most} then {} else 0 end", word + 1, 1_i64 << word)
        })
        .collect();
    let statement = format!(
        "with hit as materialized (select p.id, ({bits})::bigint as words from photo p \
         where {allowed} and ({any})), \
         counted as materialized (select array[{counts}]::bigint[] as n from hit), \
         wanted as materialized (select ({rare})::bigint as words from counted) \
         select null::bytea as id, 0::bigint as words, n from counted union all \
         select hit.id, hit.words, null from hit, wanted where hit.words & wanted.words <> 0",
        any = holds.join(" or "),
        rare = rare.join(" + "),
    );
    let mut found = Having::default();
    for row in connection.rows(&statement, &params)? {
        match cell::<Option<&[u8]>>(&row, 0)? {
            None => {
                let counts: Vec<i64> = cell(&row, 2)?;
                found.counts =
                    counts.into_iter().map(|count| u64::try_from(count).unwrap_or(0)).collect();
            }
            Some(id) => {
                let words = u32::try_from(cell::<i64>(&row, 1)?).unwrap_or(0);
                found.photos.push(WordHit { id: photo_id(connection, id)?, words });
            }
        }
    }
    found.photos.sort_unstable_by_key(|hit| hit.id);
    Ok(found)
}

fn each(holds: &[String], part: impl Fn(i64, &str) -> String, between: &str) -> String {
    let parts = holds.iter().enumerate().map(|(word, holds)| part(1 << word, holds));
    parts.collect::<Vec<_>>().join(between)
}
