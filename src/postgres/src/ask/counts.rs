//! How much there is.

use seer_store::Counts;

use crate::apply::{Tally, total};
use crate::connect::Connection;
use crate::error::Result;

pub(crate) fn counts(connection: &Connection) -> Result<Counts> {
    let what = [Tally::PHOTOS, Tally::FILES, Tally::FAILURES].map(str::to_owned);
    let counts = total(connection, &what)?;
    let count = |place: usize| counts.get(place).copied().unwrap_or(0);
    Ok(Counts { photos: count(0), files: count(1), failures: count(2) })
}
