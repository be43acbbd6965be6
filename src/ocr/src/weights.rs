//! The tensors of one safetensors file.

use std::collections::BTreeMap;

use half::f16;
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};
use seer_checkpoint::CheckpointError;

/// All tensors of a file, by name; each is taken once.
pub struct Weights<'a> {
    tensors: BTreeMap<String, TensorView<'a>>,
    notes: std::collections::HashMap<String, String>,
}

impl<'a> Weights<'a> {
    /// Reads the table of contents of `bytes`, which are the file `name`.
    ///
    /// # Errors
    /// `Weights`, with the file's name, when they are no safetensors file.
    pub fn open(name: &str, bytes: &'a [u8]) -> Result<Self, CheckpointError> {
        let damaged = |error: safetensors::SafeTensorError| CheckpointError::Weights {
            file: name.to_owned(),
            reason: error.to_string(),
        };
        let (_, head) = SafeTensors::read_metadata(bytes).map_err(damaged)?;
        let tensors = SafeTensors::deserialize(bytes).map_err(damaged)?;
        let notes = head.metadata().clone().unwrap_or_default();
        Ok(Self { tensors: tensors.tensors().into_iter().collect(), notes })
    }

    /// What the file notes under `key`.
    pub fn note(&self, key: &str) -> Option<&str> {
        self.notes.get(key).map(String::as_str)
    }

    /// Takes a tensor as f32 values, row-major. One of I8 numbers comes with `NAME.scale`: one
    /// factor for each place in its first dimension.
    ///
    /// # Errors
    /// `TensorMissing`, `TensorShape` or `TensorType`, each with the tensor's name.
    pub fn take(&mut self, name: &str, shape: &[usize]) -> Result<Vec<f32>, CheckpointError> {
        let view = self.tensors.remove(name).ok_or_else(|| CheckpointError::TensorMissing {
            name: name.to_owned(),
            shape: shape.to_vec(),
        })?;
        if view.shape() != shape {
            return Err(CheckpointError::TensorShape {
                name: name.to_owned(),
                found: view.shape().to_vec(),
                expected: shape.to_vec(),
            });
        }
        let bytes = view.data();
        match view.dtype() {
            Dtype::F32 => Ok(bytes.as_chunks().0.iter().map(|b| f32::from_le_bytes(*b)).collect()),
            Dtype::F16 => {
                Ok(bytes.as_chunks().0.iter().map(|b| f16::from_le_bytes(*b).to_f32()).collect())
            }
            Dtype::I8 => {
                let rows = shape.first().copied().unwrap_or(1);
                let scales = self.take(&format!("{name}.scale"), &[rows])?;
                let row = (bytes.len() / rows.max(1)).max(1);
                let scaled = bytes.chunks(row).zip(scales).flat_map(|(row, scale)| {
                    row.iter().map(move |byte| f32::from(byte.cast_signed()) * scale)
                });
                Ok(scaled.collect())
            }
            other => Err(CheckpointError::TensorType {
                name: name.to_owned(),
                found: format!("{other:?}"),
            }),
        }
    }

    /// # Errors
    /// `TensorsUnused` when a tensor was not taken.
    pub fn finish(self) -> Result<(), CheckpointError> {
        match self.tensors.keys().next() {
            None => Ok(()),
            Some(first) => Err(CheckpointError::TensorsUnused {
                first: first.clone(),
                count: self.tensors.len(),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(tensors: &[(&str, Dtype, &[usize], &[u8])]) -> Vec<u8> {
        let views = tensors.iter().map(|(name, dtype, shape, data)| {
            (name.to_string(), TensorView::new(*dtype, shape.to_vec(), data).unwrap())
        });
        safetensors::serialize(views, None).unwrap()
    }

    #[test]
    fn a_tensor_is_taken_once_and_checked() {
        let one = 1f32.to_le_bytes();
        let bytes = file(&[
            ("a", Dtype::F32, &[1], &one),
            ("b", Dtype::I32, &[1], &one),
            ("h", Dtype::F16, &[2], &[0, 0x3c, 0, 0xc0]),
        ]);
        let mut weights = Weights::open("w", &bytes).unwrap();
        assert_eq!(weights.take("a", &[1]).unwrap(), [1.0]);
        assert_eq!(weights.take("h", &[2]).unwrap(), [1.0, -2.0]);
        assert!(matches!(weights.take("a", &[1]), Err(CheckpointError::TensorMissing { .. })));
        let weights_again = Weights::open("w", &bytes).unwrap();
        assert!(matches!(weights.take("b", &[1]), Err(CheckpointError::TensorType { .. })));
        let error = weights_again.finish().unwrap_err().to_string();
        assert!(error.contains("3 tensors") && error.contains("such as a"), "{error}");
        assert!(weights.finish().is_ok());
    }

    #[test]
    fn rows_of_8_bits_come_with_their_factors() {
        let scales: Vec<u8> = [0.5f32, 2.0].iter().flat_map(|v| v.to_le_bytes()).collect();
        let matrix = ("w", Dtype::I8, &[2usize, 2][..], &[1u8, 255, 3, 4][..]);
        let bytes = file(&[matrix, ("w.scale", Dtype::F32, &[2], &scales)]);
        let mut weights = Weights::open("w", &bytes).unwrap();
        assert_eq!(weights.take("w", &[2, 2]).unwrap(), [0.5, -0.5, 6.0, 8.0]);
        let bytes = file(&[matrix]);
        let error = Weights::open("w", &bytes).unwrap().take("w", &[2, 2]).unwrap_err();
        assert!(error.to_string().contains("lack the tensor w.scale"), "{error}");
        let error = Weights::open("w", &bytes).unwrap().take("w", &[4]).unwrap_err();
        assert!(error.to_string().contains("shape [2, 2]"), "{error}");
    }

    #[test]
    fn damage_names_the_file() {
        for bytes in [vec![], vec![255; 8], b"\x02\0\0\0\0\0\0\0{}junk".to_vec(), vec![0; 100]] {
            let error = Weights::open("d.safetensors", &bytes).err().unwrap().to_string();
            assert!(error.starts_with("d.safetensors is damaged"), "{error}");
        }
    }
}
