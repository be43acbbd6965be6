//! The tensors of a checkpoint's weights files.

use std::collections::BTreeMap;

use safetensors::{Dtype, SafeTensors};

use crate::checkpoint::{Bytes, Checkpoint};
use crate::error::LoadError;
use crate::weights::numbers;

/// All tensors, by name; each can be taken once.
pub(crate) struct Weights {
    files: Vec<Bytes>,
    entries: BTreeMap<String, Entry>,
}

struct Entry {
    file: usize,
    dtype: Dtype,
    shape: Vec<usize>,
    range: std::ops::Range<usize>,
}

impl Weights {
    /// Opens the files and reads their tables of contents.
    pub fn open(checkpoint: &Checkpoint, files: &[String]) -> Result<Self, LoadError> {
        let mut weights = Self { files: Vec::new(), entries: BTreeMap::new() };
        for file in files {
            weights.add(file, checkpoint.bytes(file)?)?;
        }
        Ok(weights)
    }

    fn add(&mut self, file: &str, bytes: Bytes) -> Result<(), LoadError> {
        let damaged = |reason: String| LoadError::Weights { file: file.to_owned(), reason };
        let start = bytes.as_ptr() as usize;
        let tensors = SafeTensors::deserialize(&bytes).map_err(|e| damaged(e.to_string()))?;
        for (name, view) in tensors.iter() {
            let begin = view.data().as_ptr() as usize - start;
            let entry = Entry {
                file: self.files.len(),
                dtype: view.dtype(),
                shape: view.shape().to_vec(),
                range: begin..begin + view.data().len(),
            };
            if self.entries.insert(name.to_owned(), entry).is_some() {
                return Err(damaged(format!("the tensor {name} is in two files")));
            }
        }
        self.files.push(bytes);
        Ok(())
    }

    /// The shape of a tensor that was not yet taken.
    pub fn shape(&self, name: &str) -> Option<&[usize]> {
        self.entries.get(name).map(|entry| entry.shape.as_slice())
    }

    /// Whether a tensor of this name is there and not yet taken.
    pub fn has(&self, name: &str) -> bool {
        self.entries.contains_key(name)
    }

    /// Takes a tensor as f32 values, row-major.
    ///
    /// A tensor `NAME` of I8 numbers comes with `NAME.scale`, F32: one factor per row, that is per
    /// place in the first dimension.
    ///
    /// # Errors
    /// `TensorMissing`, `TensorShape` or `TensorType`, each with the tensor's name.
    pub fn take(&mut self, name: &str, shape: &[usize]) -> Result<Vec<f32>, LoadError> {
        let entry = self.entries.remove(name).ok_or_else(|| LoadError::TensorMissing {
            name: name.to_owned(),
            shape: shape.to_vec(),
        })?;
        check_shape(name, &entry, shape)?;
        if let (Dtype::I8, [rows, ..]) = (entry.dtype, shape) {
            let scales = self.take(&format!("{name}.scale"), &[*rows])?;
            return Ok(numbers::scaled_rows(&self.files[entry.file][entry.range], &scales));
        }
        let bytes = &self.files[entry.file][entry.range.clone()];
        numbers::to_f32(entry.dtype, bytes).ok_or_else(|| wrong_type(name, &entry))
    }

    /// Takes a single number, `[]` or `[1]`; `None` where the checkpoint has none of that name.
    ///
    /// # Errors
    /// As for [`Self::take`].
    pub fn scalar(&mut self, name: &str) -> Result<Option<f32>, LoadError> {
        let Some(entry) = self.entries.get(name) else { return Ok(None) };
        let shape: &[usize] = if entry.shape.is_empty() { &[] } else { &[1] };
        Ok(self.take(name, shape)?.first().copied())
    }

    /// Forgets tensors that towers do not need.
    pub fn ignore(&mut self, unneeded: impl Fn(&str) -> bool) {
        self.entries.retain(|name, _| !unneeded(name));
    }

    /// # Errors
    /// `TensorsUnused` when something was neither taken nor ignored.
    pub fn finish(self) -> Result<(), LoadError> {
        match self.entries.into_keys().collect::<Vec<_>>() {
            names if names.is_empty() => Ok(()),
            names => Err(LoadError::TensorsUnused { count: names.len(), first: names[0].clone() }),
        }
    }
}

fn check_shape(name: &str, entry: &Entry, expected: &[usize]) -> Result<(), LoadError> {
    if entry.shape == expected {
        return Ok(());
    }
    Err(LoadError::TensorShape {
        name: name.to_owned(),
        found: entry.shape.clone(),
        expected: expected.to_vec(),
    })
}

fn wrong_type(name: &str, entry: &Entry) -> LoadError {
    LoadError::TensorType { name: name.to_owned(), found: format!("{:?}", entry.dtype) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use safetensors::tensor::TensorView;

    fn open(tensors: &[(&str, Dtype, &[usize], &[u8])]) -> Weights {
        let views = tensors.iter().map(|(name, dtype, shape, data)| {
            (name.to_string(), TensorView::new(*dtype, shape.to_vec(), data).unwrap())
        });
        let bytes = safetensors::serialize(views, None).unwrap();
        let mut weights = Weights { files: Vec::new(), entries: BTreeMap::new() };
        weights.add("model.safetensors", Bytes::Owned(bytes)).unwrap();
        weights
    }

    #[test]
    fn a_tensor_is_taken_once_and_checked() {
        let one = 1f32.to_le_bytes();
        let mut weights = open(&[("a", Dtype::F32, &[1], &one), ("b", Dtype::I32, &[1], &one)]);
        assert_eq!(weights.take("a", &[1]).unwrap(), [1.0]);
        assert!(matches!(weights.take("a", &[1]), Err(LoadError::TensorMissing { .. })));
        assert!(matches!(weights.take("b", &[1]), Err(LoadError::TensorType { .. })));
    }

    #[test]
    fn a_number_may_be_missing_but_not_a_list() {
        let two: Vec<u8> = [1f32, 2.0].iter().flat_map(|v| v.to_le_bytes()).collect();
        let one = 2.5f32.to_le_bytes();
        let mut weights = open(&[
            ("none", Dtype::F32, &[], &one),
            ("one", Dtype::F32, &[1], &one),
            ("two", Dtype::F32, &[2], &two),
        ]);
        assert_eq!(weights.scalar("none").unwrap(), Some(2.5));
        assert_eq!(weights.scalar("one").unwrap(), Some(2.5));
        assert_eq!(weights.scalar("absent").unwrap(), None);
        assert!(matches!(weights.scalar("two"), Err(LoadError::TensorShape { .. })));
    }

    #[test]
    fn wrong_shapes_and_leftovers_are_named() {
        let one = 1f32.to_le_bytes();
        let mut weights = open(&[("a", Dtype::F32, &[1], &one), ("b", Dtype::F32, &[1], &one)]);
        let error = weights.take("a", &[1, 1]).unwrap_err().to_string();
        assert!(error.contains("the tensor a has shape [1], but"), "{error}");
        let error = weights.finish().unwrap_err().to_string();
        assert!(error.contains("1 tensors") && error.contains("such as b"), "{error}");
    }

    #[test]
    fn what_is_ignored_is_not_left_over() {
        let one = 1f32.to_le_bytes();
        let mut weights = open(&[("x.position_ids", Dtype::F32, &[1], &one)]);
        weights.ignore(|name| name.ends_with("position_ids"));
        assert!(weights.finish().is_ok());
    }

    #[test]
    fn eight_bit_rows_need_their_scales() {
        let scales: Vec<u8> = [0.5f32, 2.0].iter().flat_map(|v| v.to_le_bytes()).collect();
        let matrix = ("w", Dtype::I8, &[2usize, 2][..], &[1u8, 255, 3, 4][..]);
        let mut weights = open(&[matrix, ("w.scale", Dtype::F32, &[2], &scales)]);
        assert_eq!(weights.take("w", &[2, 2]).unwrap(), [0.5, -0.5, 6.0, 8.0]);
        assert!(weights.finish().is_ok());
        let error = open(&[matrix]).take("w", &[2, 2]).unwrap_err().to_string();
        assert!(error.contains("lack the tensor w.scale"), "{error}");
    }

    #[test]
    fn damage_is_an_error_that_names_the_file() {
        let mut weights = Weights { files: Vec::new(), entries: BTreeMap::new() };
        for bytes in [vec![], vec![255; 8], b"\x02\0\0\0\0\0\0\0{}junk".to_vec(), vec![0; 100]] {
            let error = weights.add("m.safetensors", Bytes::Owned(bytes)).unwrap_err().to_string();
            assert!(error.starts_with("m.safetensors is damaged"), "{error}");
        }
    }
}
