//! One file per subcommand.

pub mod album;
pub mod backup;
pub mod check;
pub mod classify;
pub mod completions;
pub mod demo;
pub mod duplicates;
pub mod embed;
pub mod eval;
pub mod failures;
pub mod forget;
pub mod health;
pub mod index;
pub mod man;
pub mod models;
pub mod rank;
pub mod restore;
pub mod roots;
pub mod score;
pub mod search;
pub mod serve;
pub mod similar;
pub mod status;
pub mod store;
pub mod watch;
