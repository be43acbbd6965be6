//! The trait every index implements, and the nouns of a search.

use roaring::RoaringBitmap;
use seer_types::RowId;

use crate::VectorError;

/// One found vector.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Neighbour {
    /// Whose vector.
    pub row: RowId,
    /// Cosine with the query, from -1 to 1.
    pub cosine: f32,
}

/// What to search for beside the query vector.
#[derive(Clone, Copy, Debug, Default)]
pub struct SearchParams<'a> {
    /// How many neighbours to return at most.
    pub k: usize,
    /// Rows that may be returned; `None` allows all. Rows without a vector are ignored.
    pub filter: Option<&'a RoaringBitmap>,
    /// How much to look at where an answer is not exact: lists to read, or candidates to keep in
    /// a graph. `None` is the default, raised with `k` and for filters. More finds more and takes
    /// longer.
    pub effort: Option<usize>,
}

/// How an answer was found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Method {
    /// Every allowed vector was compared.
    Exact,
    /// A walk through the graphs.
    Hnsw,
    /// The nearest inverted lists, under a filter all that may hold one of the best, re-scored
    /// exactly.
    Ivf,
}

impl Method {
    /// "exact", "hnsw" or "ivf", as in answers and snapshot manifests.
    pub fn name(self) -> &'static str {
        match self {
            Method::Exact => "exact",
            Method::Hnsw => "hnsw",
            Method::Ivf => "ivf",
        }
    }
}

/// The answer to a search.
#[derive(Clone, PartialEq, Debug)]
pub struct Found {
    /// Cosine descending, equal cosines by row ascending. Always as many as asked for, or as many
    /// as there are allowed rows with a vector, whichever is less.
    pub neighbours: Vec<Neighbour>,
    /// How they were found.
    pub method: Method,
    /// Whether these are certainly the best ones.
    pub exact: bool,
}

/// Unit vectors by row, searched by cosine.
///
/// Promises, whatever the implementation (`tests/suite.rs` runs on all of them):
/// - one vector per row; inserting a row again replaces its vector;
/// - after `insert` or `insert_batch` returns, the very next search sees the vectors;
/// - cosines and the order of equal ones are those of the exact scan;
/// - a refused vector or query changes nothing;
/// - nothing is written to disk and nothing is printed.
pub trait VectorIndex: Send + Sync {
    /// Numbers per vector.
    fn dim(&self) -> usize;

    /// The rows that have a vector.
    fn rows(&self) -> &RoaringBitmap;

    /// How many rows have a vector.
    fn len(&self) -> usize {
        self.rows().len() as usize
    }

    /// Whether no row has a vector.
    fn is_empty(&self) -> bool {
        self.rows().is_empty()
    }

    /// The vector of `row`: the one that was inserted, rounded to half precision and scaled to
    /// unit length again.
    fn get(&self, row: RowId) -> Option<Vec<f32>>;

    /// Adds or replaces many vectors at once, in parallel where that helps. Of a row named twice,
    /// the last vector counts.
    ///
    /// # Errors
    /// Of the first vector that is refused: a wrong length, a value that is not a number, a
    /// Euclidean length other than 1 (within 1e-3), a reserved row (`u32::MAX`), or no place.
    /// Then none of the batch is added.
    fn insert_batch(&mut self, batch: &[(RowId, &[f32])]) -> Result<(), VectorError>;

    /// Adds or replaces the vector of `row`.
    ///
    /// # Errors
    /// As [`insert_batch`](VectorIndex::insert_batch).
    fn insert(&mut self, row: RowId, vector: &[f32]) -> Result<(), VectorError> {
        self.insert_batch(&[(row, vector)])
    }

    /// Forgets the vector of `row`; whether there was one.
    fn remove(&mut self, row: RowId) -> bool;

    /// The neighbours of `query`, a unit vector.
    ///
    /// # Errors
    /// When the query is not a unit vector of [`dim`](VectorIndex::dim) finite numbers.
    fn search(&self, query: &[f32], params: &SearchParams) -> Result<Found, VectorError>;
}
