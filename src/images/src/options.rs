//! What decoding is bound by.

use crate::{Limits, Stop};

/// How large a picture may be, and a flag by which decoding it is given up.
#[derive(Clone, Debug, Default)]
pub struct DecodeOptions {
    /// Sizes above which a picture is refused.
    pub limits: Limits,
    /// Looked at while decoding, and while waiting for memory.
    pub stop: Stop,
}

impl From<&Limits> for DecodeOptions {
    /// These limits, and a flag that nobody sets.
    fn from(limits: &Limits) -> Self {
        Self { limits: *limits, stop: Stop::new() }
    }
}
