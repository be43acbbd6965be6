//! All that is wrong with an open catalog, entry by entry.

use seer_types::ModelFingerprint;

use crate::check;
use crate::database::Database;
use crate::error::Result;
use crate::keys::{self, Table};
use crate::open::Catalog;
use crate::value::{BadValue, StoredFailure, StoredFile, album, chosen, decode_record, root::Root};
use crate::{analyses, embedding_store, journal, rows, spaces};

/// Entries named one by one; the rest is counted.
const NAMED: usize = 100;

impl Catalog {
    /// Reads every entry and compares all with each other: what is wrong, in words; empty when
    /// nothing is. No batch is applied meanwhile.
    ///
    /// # Errors
    /// When the catalog cannot be opened.
    pub fn findings(&self) -> Result<Vec<String>> {
        let _writer = self.writer();
        let store = self.store()?;
        let state = self.state();
        let mut found = Found::default();
        for table in Table::ALL.into_iter().filter(|table| *table != Table::Meta) {
            entries(&store, table, &mut found);
        }
        if found.lines.is_empty() {
            let compared = check::sums(&store, &state).and_then(|()| check::links(&store, &state));
            found.lines.extend(compared.err().map(|error| check::what(&error)));
        }
        Ok(found.told())
    }
}

#[derive(Default)]
struct Found {
    lines: Vec<String>,
    more: usize,
}

impl Found {
    fn add(&mut self, line: String) {
        if self.lines.len() < NAMED { self.lines.push(line) } else { self.more += 1 }
    }

    fn told(mut self) -> Vec<String> {
        if self.more > 0 {
            self.lines.push(format!("and {} more", self.more));
        }
        self.lines
    }
}

fn entries(store: &Database, table: Table, found: &mut Found) {
    let whole = store.each_readable(table, &mut |key, value| {
        if let Err(error) = read(table, &key, &value) {
            found.add(format!("{}: {}", table.name(), error.0));
        }
    });
    if !whole {
        found.add(format!("{}: some entries cannot be read", table.name()));
    }
}

/// Whether an entry can be understood.
fn read(table: Table, key: &[u8], value: &[u8]) -> std::result::Result<(), BadValue> {
    let bad_key = || BadValue("a key is none".into());
    match table {
        Table::Photos => {
            let id = keys::photo_id(key).ok_or_else(bad_key)?;
            decode_record(id, value).map(drop)
        }
        Table::Rows => rows::understood(key, value),
        Table::Files => StoredFile::decode(value).map(drop),
        Table::Failures => StoredFailure::decode(value).and_then(|f| f.into_failure(key)).map(drop),
        Table::Embeddings => {
            let model = key.get(..16).and_then(|model| <[u8; 16]>::try_from(model).ok());
            let model = ModelFingerprint(model.ok_or_else(bad_key)?);
            embedding_store::decode(model, value).map(drop)
        }
        Table::Changes => journal::list(key, value).map(drop),
        Table::Models => spaces::understood(value),
        Table::Roots => Root::decode(value).map(drop),
        Table::Albums => album::decode(key, value).map(drop),
        Table::Settings => chosen::decode(key, value).map(drop),
        Table::Parts => {
            let model = key.get(..16).and_then(|model| <[u8; 16]>::try_from(model).ok());
            let model = ModelFingerprint(model.ok_or_else(bad_key)?);
            embedding_store::decode_part(model, key, value).map(drop)
        }
        Table::Analyses => {
            keys::analysed(key).ok_or_else(bad_key)?;
            analyses::understood(value).map(drop)
        }
        Table::Meta => Ok(()),
    }
}
