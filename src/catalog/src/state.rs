//! The counters of a catalog: one small value, rewritten with every batch.

use seer_types::ModelFingerprint;
use serde::{Deserialize, Serialize};

use seer_store::Counts;

/// Kept in memory and, as of the last batch, under "state" in the meta tree.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct State {
    /// Format of the whole catalog, as in the head file.
    pub(crate) format: u32,
    /// Program that wrote it last.
    pub(crate) written_by: String,
    /// Batches applied so far.
    pub(crate) watermark: u64,
    /// The row number the next new photo gets.
    pub(crate) next_row: u32,
    /// Photos with at least one file.
    pub(crate) photos: u64,
    /// Files of photos.
    pub(crate) files: u64,
    /// Failures.
    pub(crate) failures: u64,
    /// Embeddings per model, sorted by fingerprint.
    pub(crate) embedded: Vec<([u8; 16], u64)>,
    /// The model in use.
    pub(crate) current_model: Option<[u8; 16]>,
    /// The change lists up to this watermark have been dropped.
    pub(crate) changes_from: u64,
    /// Row numbers in all change lists that are kept.
    pub(crate) changes_kept: u64,
    /// Sum, modulo 2^64, of the digests of all entries of the other trees.
    pub(crate) digest: u64,
}

impl State {
    pub(crate) fn new() -> Self {
        Self {
            format: crate::FORMAT,
            written_by: crate::head::this_program(),
            watermark: 0,
            next_row: 0,
            photos: 0,
            files: 0,
            failures: 0,
            embedded: Vec::new(),
            current_model: None,
            changes_from: 0,
            changes_kept: 0,
            digest: 0,
        }
    }

    pub(crate) fn counts(&self) -> Counts {
        Counts {
            photos: self.photos,
            files: self.files,
            failures: self.failures,
            rows: u64::from(self.next_row),
        }
    }

    pub(crate) fn embedded(&self, model: ModelFingerprint) -> u64 {
        match self.embedded.binary_search_by_key(&model.0, |entry| entry.0) {
            Ok(place) => self.embedded[place].1,
            Err(_) => 0,
        }
    }

    /// The number of embeddings of `model`, to be changed.
    pub(crate) fn embedded_mut(&mut self, model: ModelFingerprint) -> &mut u64 {
        let place = match self.embedded.binary_search_by_key(&model.0, |entry| entry.0) {
            Ok(place) => place,
            Err(place) => {
                self.embedded.insert(place, (model.0, 0));
                place
            }
        };
        &mut self.embedded[place].1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn embeddings_are_counted_per_model() {
        let mut state = State::new();
        *state.embedded_mut(ModelFingerprint([9; 16])) += 2;
        *state.embedded_mut(ModelFingerprint([3; 16])) += 1;
        *state.embedded_mut(ModelFingerprint([9; 16])) -= 1;
        assert_eq!(state.embedded, [([3; 16], 1), ([9; 16], 1)]);
        assert_eq!(state.embedded(ModelFingerprint([4; 16])), 0);
    }
}
