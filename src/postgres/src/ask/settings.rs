//! What people chose for the library as a whole.

use std::collections::BTreeMap;

use crate::connect::{Connection, Params, cell};
use crate::error::Result;

/// See [`seer_store::Store::settings`].
pub(crate) fn settings(connection: &Connection, prefix: &str) -> Result<BTreeMap<String, String>> {
    let mut params = Params::new();
    let begin = match after(prefix) {
        None => String::new(),
        Some(after) => {
            let from = params.bytes(prefix.as_bytes().to_vec());
            format!("where name >= {from} and name < {}", params.bytes(after))
        }
    };
    let rows = connection.rows(&format!("select name, value from setting {begin}"), &params)?;
    let text = |row, column| -> Result<String> {
        let bytes: Vec<u8> = cell(row, column)?;
        String::from_utf8(bytes).map_err(|_| connection.damaged("a setting is not Unicode"))
    };
    rows.iter().map(|row| Ok((text(row, 0)?, text(row, 1)?))).collect()
}

/// The first bytes behind all that begin with `prefix`; `None`: there are none.
fn after(prefix: &str) -> Option<Vec<u8>> {
    let mut bytes = prefix.as_bytes().to_vec();
    // No byte of UTF-8 is 255.
    *bytes.last_mut()? += 1;
    Some(bytes)
}

/// See [`seer_store::Store::set_settings`]. One statement: all of them or none.
pub(crate) fn set(connection: &Connection, chosen: &[(String, Option<String>)]) -> Result<()> {
    let (mut names, mut values, mut removed) = (Vec::new(), Vec::new(), Vec::new());
    for (name, value) in chosen {
        let name = name.as_bytes().to_vec();
        match value {
            None => removed.push(name),
            Some(value) => {
                names.push(name);
                values.push(value.as_bytes().to_vec());
            }
        }
    }
    let mut params = Params::new();
    let removed = params.all_bytes(removed);
    let (names, values) = (params.all_bytes(names), params.all_bytes(values));
    let statement = format!(
        "with gone as (delete from setting where name = any({removed})) \
         insert into setting (name, value) select name, value from unnest({names}, {values}) \
         as chosen(name, value) on conflict (name) do update set value = excluded.value"
    );
    connection.rows(&statement, &params).map(drop)
}
