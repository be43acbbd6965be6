//! A library kept in a PostgreSQL with pgvector: many machines fill it and ask it at once.
//!
//! [`PostgresStore`] answers as every other [`seer_store::Store`] does. What photos are found by is
//! [`seer_store::Derived`], computed here; the server compares these values, and its dictionaries
//! and its ranking are never asked.
//!
//! Entry points: `store.rs` (the store), `schema` (the tables), `filter` (from a filter to SQL),
//! `apply` (writing), `nearest` (vectors), `work_list` (work that many indexers
//! share).
//!
//! Calls wait on the calling thread; the connections live on threads of their own. Each wait has
//! an end.
#![forbid(unsafe_code)]

mod apply;
mod ask;
mod config;
mod connect;
mod error;
mod filter;
mod index;
mod maintain;
mod nearest;
mod schema;
mod spaces;
mod store;
mod text;
mod value;
mod work_list;

pub use config::{InitOptions, PostgresConfig};
pub use error::PostgresError;
pub use store::PostgresStore;
