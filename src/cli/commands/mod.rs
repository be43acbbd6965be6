//! One file per subcommand.

pub mod demo;
pub mod eval;
pub mod failures;
pub mod index;
pub mod models;
pub mod search;
pub mod serve;
pub mod similar;
pub mod status;
