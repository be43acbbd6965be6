//! The checkpoints seer knows by name: data in `models.jsonl`, one a line, in OpenCLIP's order of architectures.
//!
//! `make/make_models.py` writes it from OpenCLIP's own tables (`pretrained.py` of release 3.3, its `docs/*.csv`) and
//! from what the publishers state. A figure nobody published is left out. Other checkpoints of a known kind work by
//! their hub id or from a folder; they need no entry here.

mod architectures;
mod captioners;
mod entry;
mod lookup;
mod overrides;
mod select;
#[cfg(test)]
mod tests;

use std::sync::LazyLock;

pub use architectures::settings;
pub use captioners::{Captioner, captioners, find_captioner};
pub use entry::{Entry, Published};
pub use lookup::{find, suggestions};
pub use overrides::Overrides;
pub use select::{Filter, SortBy, families, select};

/// Name of the model in the program.
pub const BUILTIN: &str = "builtin";

const DATA: &str = include_str!("models.jsonl");

static ENTRIES: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    let entries: Result<Vec<Entry>, _> = DATA.lines().map(serde_json::from_str).collect();
    // The data is part of the program and a test reads it.
    entries.unwrap_or_else(|e| unreachable!("models.jsonl: {e}"))
});

/// Every entry, the built-in model first.
pub fn all() -> &'static [Entry] {
    &ENTRIES
}
