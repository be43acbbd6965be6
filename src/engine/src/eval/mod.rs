//! How good a model is, on data with known answers.

pub mod classify;
pub mod retrieval;
