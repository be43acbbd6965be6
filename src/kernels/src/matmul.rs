//! What products have in common.

/// How many threads one product may use.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Threads {
    /// The calling one: the caller runs in parallel already.
    One,
    /// All of rayon's.
    All,
}
