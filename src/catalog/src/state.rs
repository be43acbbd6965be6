//! The counters of a catalog: one small value, rewritten with every batch.

use seer_types::ModelFingerprint;
use serde::{Deserialize, Serialize};

use seer_store::Counts;

use crate::value::{BadValue, V1, V2, decode_as, encode_as};

/// Kept in memory and, as of the last batch, under "state" in the meta tree.
///
/// In postcard the fields up to the digest are those of the first version.
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
    /// Photos with a point per model, sorted by fingerprint.
    pub(crate) embedded: Vec<([u8; 16], u64)>,
    /// The model in use.
    pub(crate) current_model: Option<[u8; 16]>,
    /// The change lists up to this watermark have been dropped.
    pub(crate) changes_from: u64,
    /// Row numbers in all change lists that are kept.
    pub(crate) changes_kept: u64,
    /// Sum, modulo 2^64, of the digests of all entries of the other trees.
    pub(crate) digest: u64,
    /// Points of other parts than the whole picture, of all models.
    pub(crate) parts: u64,
    /// Photos that each named analysis has looked at, sorted by name.
    pub(crate) analysed: Vec<(String, u64)>,
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
            parts: 0,
            analysed: Vec::new(),
        }
    }

    pub(crate) fn encode(&self) -> Result<Vec<u8>, BadValue> {
        encode_as(V2, self)
    }

    /// From bytes of any version so far.
    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, BadValue> {
        match bytes.split_first() {
            // The first version is a second one without its last two fields: nothing of either.
            Some((&V1, rest)) => decode_as(V2, "state", &[&[V2], rest, &[0, 0]].concat()),
            _ => decode_as(V2, "state", bytes),
        }
    }

    /// The format and the program in bytes of any version, later ones included.
    pub(crate) fn written(bytes: &[u8]) -> Option<(u32, String)> {
        let (_version, fields) = bytes.split_first()?;
        postcard::take_from_bytes(fields).ok().map(|(written, _)| written)
    }

    pub(crate) fn counts(&self) -> Counts {
        Counts { photos: self.photos, files: self.files, failures: self.failures }
    }

    pub(crate) fn embedded(&self, model: ModelFingerprint) -> u64 {
        match self.embedded.binary_search_by_key(&model.0, |entry| entry.0) {
            Ok(place) => self.embedded[place].1,
            Err(_) => 0,
        }
    }

    /// The number of photos that a named analysis has looked at, to be changed.
    pub(crate) fn analysed_mut(&mut self, name: &str) -> &mut u64 {
        let found = self.analysed.binary_search_by(|entry| entry.0.as_str().cmp(name));
        let place = found.unwrap_or_else(|place| {
            self.analysed.insert(place, (name.to_owned(), 0));
            place
        });
        &mut self.analysed[place].1
    }

    /// The number of photos with a point of `model`, to be changed.
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
    fn the_first_version_is_read() {
        let mut state = State::new();
        state.embedded = vec![([3; 16], 1)];
        state.digest = u64::MAX;
        let second = state.encode().unwrap();
        assert_eq!(State::decode(&second), Ok(state.clone()));
        let (fields, new) = second.split_at(second.len() - 2);
        assert_eq!(new, [0, 0]);
        let first = [&[V1], &fields[1..]].concat();
        assert_eq!(State::decode(&first), Ok(state));
    }

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
