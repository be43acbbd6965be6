//! How good each kind of index is on the vectors of a space.

use seer_types::{IndexKind, ModelFingerprint};
use seer_vectors::{CompareStep, ComparedKind, Comparison, compare_kinds};

use crate::{EmbeddedError, EmbeddedStore};

/// Photos that are asked for as queries.
const SAMPLED: usize = 200;

/// The kinds that are compared; `auto` is one of these.
const KINDS: [IndexKind; 3] = [IndexKind::Exact, IndexKind::Lists, IndexKind::Hnsw];

impl EmbeddedStore {
    /// Compares what each kind of index finds with what the exact scan finds: photos of the space,
    /// evenly sampled, look for the photos most like them, themselves left out. Kinds that the space
    /// does not have are built for it and thrown away. `None` for an unknown or empty space, and
    /// where `progress` says that it is not to go on.
    ///
    /// Changes of the library wait until it is done.
    ///
    /// # Errors
    /// When the catalog cannot be read, or the index is damaged.
    pub fn compare_indexes(
        &self,
        model: ModelFingerprint,
        progress: &mut dyn FnMut(CompareStep) -> bool,
    ) -> std::result::Result<Option<Vec<ComparedKind>>, EmbeddedError> {
        let Some(space) = self.space(model)? else { return Ok(None) };
        let comparison = Comparison { kinds: &KINDS, sampled: SAMPLED, queries: &[] };
        Ok(compare_kinds(&space.held().index, &comparison, progress)?)
    }
}
