//! What a library keeps and is asked, whatever keeps it: changes, filters, and what a photo is
//! found by.
//!
//! [`Derived`] is made of a record once; every store writes these same values down in its own way
//! and compares them with what the functions beside it ([`words`], [`terms`], [`fold`],
//! [`geometry`]) make of a [`Filter`], so that a filter means the same set of photos everywhere.
//!
//! Absent on purpose: no query syntax, no file, no database.
#![forbid(unsafe_code)]

mod change;
mod derived;
mod filter;
pub mod fold;
pub mod geometry;
pub mod terms;
pub mod words;

pub use change::{Change, Counts, KnownFile, KnownState};
pub use derived::{Derived, DerivedFile, DerivedText, TextKind};
pub use filter::{Filter, Orientation};
