//! How the vectors of a space are indexed.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// How nearest neighbours are found among the vectors of a space.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IndexKind {
    /// What measures best for the number of vectors.
    #[default]
    Auto,
    /// Every vector is compared.
    Exact,
    /// Inverted lists: the nearest lists' vectors are compared.
    Lists,
    /// A navigable graph (HNSW).
    Hnsw,
}

impl IndexKind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Auto, Self::Exact, Self::Lists, Self::Hnsw];

    /// Its name: `auto`, `exact`, `lists` or `hnsw`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Exact => "exact",
            Self::Lists => "lists",
            Self::Hnsw => "hnsw",
        }
    }
}

impl fmt::Display for IndexKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for IndexKind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let kind = Self::ALL.into_iter().find(|kind| kind.name() == text);
        kind.ok_or_else(|| {
            format!("\"{text}\" is no kind of index: write auto, exact, lists or hnsw")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back_and_others_refused() {
        for kind in IndexKind::ALL {
            assert_eq!(kind.to_string().parse(), Ok(kind));
        }
        assert!("HNSW".parse::<IndexKind>().unwrap_err().contains("lists"));
    }
}
