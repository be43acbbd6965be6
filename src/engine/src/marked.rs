//! What the words of a query alone say of photos whose order was changed by marks.
//!
//! The words are the question, and say what fits it; marks change the order. So the bands of a marked
//! answer come from the cosines that its photos have without the marks.

use std::collections::HashSet;

use seer_store::Allowed;
use seer_types::{Embedding, PhotoId};

use crate::{EngineError, Library};

/// So many photos of a marked answer are looked at whatever the page: what fits comes first, and which
/// photos are on a page must not depend on how far the page before it looked.
pub(crate) const DEPTH: usize = 2000;

/// Photos by the words of a query alone.
pub(crate) struct ByWords {
    /// Those that were asked about with their cosines, the best first.
    pub(crate) photos: Vec<(PhotoId, f32)>,
    /// The cosines of the nearest of all that are allowed, the best first.
    pub(crate) near: Vec<f32>,
}

impl Library {
    /// # Errors
    /// When the store cannot be read.
    pub(crate) fn by_words(
        &self,
        words: &Embedding,
        photos: &[(PhotoId, f32)],
        allowed: Option<&Allowed>,
    ) -> Result<ByWords, EngineError> {
        let nearest = self.store.nearest(words, DEPTH, allowed)?.neighbours;
        let near = nearest.iter().map(|near| near.cosine).collect();
        let nearest: Vec<(PhotoId, f32)> =
            nearest.into_iter().map(|near| (near.id, near.cosine)).collect();
        let others = self.beyond(words, photos.iter().map(|(id, _)| *id), &nearest)?;
        let asked: HashSet<PhotoId> = photos.iter().map(|(id, _)| *id).collect();
        let mut photos = nearest;
        photos.retain(|(id, _)| asked.contains(id));
        photos.extend(others);
        photos.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        Ok(ByWords { photos, near })
    }
}
