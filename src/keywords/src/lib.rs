//! Words, dates, places and tags: exact filters, and a ranking by words.
//!
//! A filter becomes the exact set of rows it allows, whatever their number: no scoring, no limit,
//! no approximation. The ranking is BM25 over names, folders, tags, captions and cameras. Both
//! read what the last [`Keywords::commit`] made visible.
//!
//! Absent on purpose: no query syntax (the engine parses), no vectors, no truth. Everything here
//! can be rebuilt from the catalog; an index that is damaged or of another format is refused with
//! an error whose remedy is [`Keywords::create`]. tantivy's types do not leave this crate.

#![forbid(unsafe_code)]

mod contents;
mod document;
mod error;
mod evaluate;
mod filter;
mod fold;
mod geometry;
mod guard;
mod index;
mod newest;
mod payload;
mod ranking;
mod schema;
mod terms;
mod unmapped;
mod words;

#[cfg(test)]
mod tests;

pub use error::KeywordsError;
pub use filter::{Filter, Orientation};
pub use index::Keywords;
pub use ranking::{Ranked, is_stop_word};

/// The format of the index; another one is rebuilt.
pub const FORMAT: u32 = 2;
