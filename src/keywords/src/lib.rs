//! Words, dates, places and tags: exact filters.
//!
//! A filter becomes the exact set of rows it allows, whatever their number: no scoring, no limit,
//! no approximation. It reads what the last [`Keywords::commit`] made visible. What a photo is
//! found by, and what a filter means, is said in `seer-store`.
//!
//! Absent on purpose: no query syntax (the engine parses), no ranking, no vectors, no truth. Everything here
//! can be rebuilt from the catalog; an index that is damaged or of another format is refused with
//! an error whose remedy is [`Keywords::create`]. tantivy's types do not leave this crate.

#![forbid(unsafe_code)]

mod any;
mod by_place;
mod by_time;
mod contents;
mod document;
mod error;
mod evaluate;
mod facets;
mod guard;
mod index;
mod known_any;
mod pairs;
mod payload;
mod schema;
mod showing;
mod texts;
mod unmapped;

#[cfg(test)]
mod tests;

pub use error::KeywordsError;
pub use index::Keywords;

/// The format of the index; another one is rebuilt.
pub const FORMAT: u32 = 9;
