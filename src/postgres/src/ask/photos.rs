//! Records by id, and ids by their beginning.

use std::collections::BTreeMap;

use seer_types::{PhotoId, PhotoRecord};

use crate::apply::{damaged, photo_id};
use crate::connect::{Connection, Params, cell};
use crate::error::Result;
use crate::value::decode_record;

/// At most this many ids answer a prefix.
const PREFIX_ANSWERS: usize = 100;

/// See [`seer_store::Store::photos`].
pub(crate) fn photos(connection: &Connection, ids: &[PhotoId]) -> Result<Vec<Option<PhotoRecord>>> {
    let mut params = Params::new();
    let wanted = params.ids(ids);
    let statement = format!("select id, record from photo where id = any({wanted})");
    let mut found = BTreeMap::new();
    for row in connection.rows(&statement, &params)? {
        let id = photo_id(connection, cell(&row, 0)?)?;
        found.insert(id, decode_record(id, cell(&row, 1)?).map_err(damaged(connection))?);
    }
    Ok(ids.iter().map(|id| found.get(id).cloned()).collect())
}

/// See [`seer_store::Store::resolve_prefix`].
pub(crate) fn resolve_prefix(connection: &Connection, hex: &str) -> Result<Vec<PhotoId>> {
    let Some((low, high)) = range(hex) else { return Ok(Vec::new()) };
    let mut params = Params::new();
    let (low, high) = (params.bytes(low.to_vec()), params.bytes(high.to_vec()));
    let statement = format!(
        "select id from photo where id between {low} and {high} \
         order by id limit {PREFIX_ANSWERS}"
    );
    let rows = connection.rows(&statement, &params)?;
    rows.iter().map(|row| photo_id(connection, cell(row, 0)?)).collect()
}

/// The first and the last id that begin with these digits.
fn range(hex: &str) -> Option<([u8; 32], [u8; 32])> {
    if hex.len() > 64 {
        return None;
    }
    let (mut low, mut high) = ([0; 32], [0xff; 32]);
    for (place, digit) in hex.chars().enumerate() {
        let digit = u8::try_from(digit.to_digit(16)?).ok()?;
        let shift = if place % 2 == 0 { 4 } else { 0 };
        let mask = !(0xf << shift);
        low[place / 2] |= digit << shift;
        high[place / 2] = high[place / 2] & mask | digit << shift;
    }
    Some((low, high))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_a_range() {
        let (low, high) = range("aB3").unwrap();
        assert_eq!(
            (low[..3].to_vec(), high[..3].to_vec()),
            (vec![0xab, 0x30, 0], vec![0xab, 0x3f, 0xff])
        );
        assert_eq!(range(""), Some(([0; 32], [0xff; 32])));
        assert_eq!((range("xy"), range(&"0".repeat(65))), (None, None));
    }
}
