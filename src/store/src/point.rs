//! Where a photo lies in a model's space.

use seer_types::{Embedding, PhotoId};

/// Which part of a photo a point stands for.
///
/// 0 is the whole picture. Others are what an analysis took out of it: a frame of a video, a
/// region, a face.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Part(pub u32);

impl Part {
    /// The whole picture.
    pub const WHOLE: Self = Self(0);
}

/// One of a photo's places in a model's space.
#[derive(Clone, PartialEq, Debug)]
pub struct Point {
    /// What it stands for; a photo has at most one point for each part in a space.
    pub part: Part,
    /// The place; it names the space's model.
    pub embedding: Embedding,
}

impl Point {
    /// The whole picture's.
    pub fn whole(embedding: Embedding) -> Self {
        Self { part: Part::WHOLE, embedding }
    }
}

/// A photo near a query.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Neighbour {
    /// The photo.
    pub id: PhotoId,
    /// Its part with the highest cosine; of equal ones the lowest.
    pub part: Part,
    /// Cosine between the query and that part, -1 to 1.
    pub cosine: f32,
}

/// The photos nearest to a query, and how they were found.
#[derive(Clone, PartialEq, Debug)]
pub struct Nearest {
    /// Best cosine first; of equal ones the lowest id.
    pub neighbours: Vec<Neighbour>,
    /// `exact`, `ivf` or `hnsw`.
    pub method: &'static str,
    /// Whether every allowed photo was compared, so that no nearer one can be missing.
    pub exact: bool,
}
