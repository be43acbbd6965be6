//! What kind of place it is.

/// What a name is the name of.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Kind {
    /// A town, a village, or a part of a city that has a name.
    City,
    /// The first level below a country: a state, a province.
    Region,
    /// A country or a territory with a code of its own.
    Country,
}
