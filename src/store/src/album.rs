//! Smart albums: queries under a name.

use crate::TimeOrder;

/// A query under a name. Which photos belong to it is found when it is asked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Album {
    /// What people call it; no two albums of a library have the same. Compared byte by byte.
    pub name: String,
    /// The query, as it was typed.
    pub query: String,
    /// The order of its photos; `None`: the best first.
    pub order: Option<TimeOrder>,
    /// How many photos belong to it at the most where nobody can say how well they fit.
    pub most: u32,
}
