//! The query service: routes, limits, the page, and a client for the command line.
//!
//! `docs/HTTP.md` describes the interface. Absent on purpose: no ranking, no decoding, no model,
//! no walking of folders; every answer comes from [`seer_engine::Library`], and indexing runs are
//! started through [`IndexControl`]. No path ever comes in through a URL: photos are named by id,
//! and only files the catalog knows are opened.

#![forbid(unsafe_code)]

mod access;
mod assets;
mod bodies;
pub mod client;
mod descriptors;
mod errors;
mod gate;
mod guard;
mod index_control;
mod metrics;
mod openapi;
mod options;
mod proof;
mod routes;
mod serve;
mod server_file;
mod shutdown;
mod state;
pub mod wire;

#[cfg(test)]
mod tests;

pub use access::{Token, TokenError};
pub use errors::{ERROR_CODES, ErrorCode};
pub use index_control::{
    EndedRun, IndexControl, IndexOrder, RunEnd, RunState, Watched, Watching, Way,
};
pub use metrics::resident_memory;
pub use options::{Limits, ServeOptions};
#[doc(hidden)]
pub use routes::fuzzing;
pub use serve::{Ready, ServeError, serve};
pub use server_file::ServerFile;
pub use shutdown::Shutdown;
