//! How good a model is, on data with known answers.

pub mod classify;
mod rank;
pub mod retrieval;

pub use rank::Recall;
