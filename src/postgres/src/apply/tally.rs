//! Counts, kept while writing so that asking costs nothing.
//!
//! Each count is spread over rows that are added up when it is asked for: writers take different
//! ones and do not wait for each other.

use std::collections::BTreeMap;

use crate::connect::{Connection, Params, cell};
use crate::error::Result;

/// Rows for each count.
const SLOTS: u32 = 16;

/// What a transaction adds to the counts.
#[derive(Default)]
pub(crate) struct Tally {
    by: BTreeMap<String, i64>,
}

impl Tally {
    /// Photos with a file.
    pub(crate) const PHOTOS: &'static str = "photos";
    /// Files of photos.
    pub(crate) const FILES: &'static str = "files";
    /// Files that could not be read.
    pub(crate) const FAILURES: &'static str = "failures";

    /// Photos with a point in a space.
    pub(crate) fn in_space(number: i64) -> String {
        format!("space {number}")
    }

    /// Those of them with a file.
    pub(crate) fn found_in_space(number: i64) -> String {
        format!("found in space {number}")
    }

    pub(crate) fn add(&mut self, what: &str, n: i64) {
        if n != 0 {
            *self.by.entry(what.to_owned()).or_default() += n;
        }
    }

    /// The last statement of a transaction: others may wait for these rows.
    pub(crate) fn write(self, connection: &Connection) -> Result<()> {
        let changes: Vec<(String, i64)> = self.by.into_iter().filter(|(_, n)| *n != 0).collect();
        if changes.is_empty() {
            return Ok(());
        }
        let (what, n): (Vec<String>, Vec<i64>) = changes.into_iter().unzip();
        let mut params = Params::new();
        let (what, n) = (params.texts(what), params.ints(n));
        let statement = format!(
            "insert into tally (what, slot, n) select w, pg_backend_pid() % {SLOTS}, n \
             from unnest({what}, {n}) as u(w, n) order by w \
             on conflict (what, slot) do update set n = tally.n + excluded.n"
        );
        connection.rows(&statement, &params).map(drop)
    }
}

/// The counts of these things.
pub(crate) fn total(connection: &Connection, what: &[String]) -> Result<Vec<u64>> {
    let mut params = Params::new();
    let wanted = params.texts(what.to_vec());
    let statement =
        format!("select what, sum(n)::bigint from tally where what = any({wanted}) group by what");
    let mut by = BTreeMap::new();
    for row in connection.rows(&statement, &params)? {
        by.insert(cell::<String>(&row, 0)?, cell::<i64>(&row, 1)?);
    }
    Ok(what
        .iter()
        .map(|what| u64::try_from(by.get(what).copied().unwrap_or(0)).unwrap_or(0))
        .collect())
}
