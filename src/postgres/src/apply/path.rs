//! Keys of paths.

pub(crate) use seer_store::paths::{below, exact};

/// The key of a path's row, from its exact bytes: paths may be longer than an index allows.
pub(crate) fn key(exact: &[u8]) -> Vec<u8> {
    blake3::hash(exact).as_bytes().to_vec()
}
