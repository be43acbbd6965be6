//! From a box to the text in it.

pub(crate) mod crop;
pub(crate) mod decode;
pub(crate) mod line;
