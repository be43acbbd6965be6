//! Values of the catalog.

/// The first byte chooses the kind of the value.
pub fn value(bytes: &[u8]) -> bool {
    let Some((kind, value)) = bytes.split_first() else { return false };
    seer_catalog::fuzzing::value(*kind, value)
}
