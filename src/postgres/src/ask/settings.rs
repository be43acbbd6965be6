//! What people chose for the library as a whole.

use std::collections::BTreeMap;

use crate::connect::{Connection, Params, cell};
use crate::error::Result;

/// See [`seer_store::Store::settings`].
pub(crate) fn settings(connection: &Connection) -> Result<BTreeMap<String, String>> {
    let rows = connection.rows("select name, value from setting", &Params::new())?;
    let text = |row, column| -> Result<String> {
        let bytes: Vec<u8> = cell(row, column)?;
        String::from_utf8(bytes).map_err(|_| connection.damaged("a setting is not Unicode"))
    };
    rows.iter().map(|row| Ok((text(row, 0)?, text(row, 1)?))).collect()
}

/// See [`seer_store::Store::set_setting`].
pub(crate) fn set(connection: &Connection, name: &str, value: Option<&str>) -> Result<()> {
    let mut params = Params::new();
    let name = params.bytes(name.as_bytes().to_vec());
    let statement = match value {
        None => format!("delete from setting where name = {name}"),
        Some(value) => {
            let value = params.bytes(value.as_bytes().to_vec());
            format!(
                "insert into setting (name, value) values ({name}, {value}) \
                 on conflict (name) do update set value = excluded.value"
            )
        }
    };
    connection.rows(&statement, &params).map(drop)
}
