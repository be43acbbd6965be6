//! The tensors of a checkpoint's weights files.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use safetensors::{Dtype, SafeTensors};
use seer_checkpoint::CheckpointError;
use seer_checkpoint::{Bytes, Checkpoint};
use seer_kernels::aside::set_aside;
use seer_kernels::panels::Scales;

use crate::weights::matrix::Matrix;
use crate::weights::numbers;
use crate::weights::pickle::Pickled;
use crate::weights::rows::{Numbers, StoredRows};

/// Names and shapes of the tensors that a model asked for.
#[cfg(test)]
pub(crate) type Asked = std::sync::Arc<std::sync::Mutex<Vec<(String, Vec<usize>)>>>;

/// All tensors, by name; each can be taken once.
#[derive(Default)]
pub struct Weights {
    files: Vec<Bytes>,
    pickled: Vec<Pickled>,
    entries: BTreeMap<String, Entry>,
    #[cfg(test)]
    invented: Option<Asked>,
}

struct Entry {
    shape: Vec<usize>,
    place: Place,
}

/// Where a tensor's numbers are.
enum Place {
    /// In a safetensors file.
    Plain { file: usize, dtype: Dtype, range: Range<usize> },
    /// In a file that `torch.save` wrote.
    Pickled { file: usize },
}

/// A tensor that was taken.
enum Stored {
    /// Read already.
    Values(Vec<f32>),
    /// Numbers of one kind.
    Plain { file: usize, dtype: Dtype, range: Range<usize> },
    /// 8-bit rows with a scale each.
    Rows { file: usize, range: Range<usize>, scales: Vec<f32> },
    /// 4-bit blocks with a scale each.
    Blocks { file: usize, range: Range<usize>, scales: Vec<f32> },
}

impl Weights {
    /// Opens the files and reads their tables of contents.
    pub fn open(checkpoint: &Checkpoint, files: &[String]) -> Result<Self, CheckpointError> {
        let mut weights = Self::default();
        for file in files {
            match checkpoint.path(file) {
                Some(path) if !file.ends_with(".safetensors") => {
                    weights.add_pickled(file, &path)?
                }
                _ => weights.add(file, checkpoint.bytes(file)?)?,
            }
        }
        Ok(weights)
    }

    fn add_pickled(&mut self, file: &str, path: &std::path::Path) -> Result<(), CheckpointError> {
        let damaged = |reason: String| CheckpointError::Weights { file: file.to_owned(), reason };
        let pickled = Pickled::open(path).map_err(damaged)?;
        for (name, shape) in pickled.contents() {
            // Training in parallel puts this before every name.
            let name = name.strip_prefix("module.").unwrap_or(name);
            let place = Place::Pickled { file: self.pickled.len() };
            let entry = Entry { shape: shape.to_vec(), place };
            if self.entries.insert(name.to_owned(), entry).is_some() {
                return Err(damaged(format!("the tensor {name} is there twice")));
            }
        }
        self.pickled.push(pickled);
        Ok(())
    }

    fn add(&mut self, file: &str, bytes: Bytes) -> Result<(), CheckpointError> {
        let damaged = |reason: String| CheckpointError::Weights { file: file.to_owned(), reason };
        let start = bytes.as_ptr() as usize;
        let tensors = SafeTensors::deserialize(&bytes).map_err(|e| damaged(e.to_string()))?;
        for (name, view) in tensors.iter() {
            let begin = view.data().as_ptr() as usize - start;
            let place = Place::Plain {
                file: self.files.len(),
                dtype: view.dtype(),
                range: begin..begin + view.data().len(),
            };
            let entry = Entry { shape: view.shape().to_vec(), place };
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

    /// The shape of a tensor that is there and not yet taken.
    pub fn shape_of(&self, name: &str) -> Option<&[usize]> {
        self.entries.get(name).map(|entry| entry.shape.as_slice())
    }

    /// Takes a tensor as f32 values, row-major.
    ///
    /// A tensor `NAME` of I8 numbers comes with `NAME.scale`, F32: one factor per row, that is per
    /// place in the first dimension. One of U8 holds two 4-bit numbers a byte, `[rows, columns / 2]`,
    /// and comes with `NAME.scale` `[rows, columns / 32]`: see [`numbers::scaled_blocks`].
    ///
    /// # Errors
    /// `TensorMissing`, `TensorShape` or `TensorType`, each with the tensor's name.
    pub fn take(&mut self, name: &str, shape: &[usize]) -> Result<Vec<f32>, CheckpointError> {
        Ok(self.take_stored(name, shape)?.0)
    }

    /// Takes a matrix `[rows, width]` as f32 values, with what they are multiples of. See [`Self::take`].
    ///
    /// # Errors
    /// `TensorMissing`, `TensorShape` or `TensorType`, each with the tensor's name.
    pub(crate) fn take_matrix(
        &mut self,
        name: &str,
        [rows, width]: [usize; 2],
    ) -> Result<Matrix, CheckpointError> {
        let (values, scales) = self.take_stored(name, &[rows, width])?;
        Ok(Matrix::new(values, scales))
    }

    /// Takes a tensor as f32 values, with the scales it is stored with.
    fn take_stored(
        &mut self,
        name: &str,
        shape: &[usize],
    ) -> Result<(Vec<f32>, Option<Scales>), CheckpointError> {
        Ok(match self.stored(name, shape)? {
            Stored::Values(values) => (values, None),
            Stored::Plain { file, dtype, range } => {
                let values = numbers::to_f32(dtype, &self.files[file][range]);
                (values.ok_or_else(|| wrong_type(name, format!("{dtype:?}")))?, None)
            }
            Stored::Rows { file, range, scales } => {
                let block = (range.len() / scales.len().max(1)).max(1);
                let values = numbers::scaled_rows(&self.files[file][range], &scales);
                (values, Some(Scales { values: scales, block }))
            }
            Stored::Blocks { file, range, scales } => {
                let values = numbers::scaled_blocks(&self.files[file][range], &scales);
                (values, Some(Scales { values: scales, block: numbers::BLOCK }))
            }
        })
    }

    /// Takes a matrix `[rows, width]` of which few rows are asked for at a time: in the numbers it is
    /// stored in, and where it lies in the program, not copied. See [`Self::take`].
    ///
    /// # Errors
    /// `TensorMissing`, `TensorShape` or `TensorType`, each with the tensor's name.
    pub(crate) fn take_rows(
        &mut self,
        name: &str,
        [rows, width]: [usize; 2],
    ) -> Result<StoredRows, CheckpointError> {
        let numbers = match self.stored(name, &[rows, width])? {
            Stored::Values(values) => Numbers::F32(values),
            Stored::Plain { file, dtype: Dtype::F16, range } => {
                Numbers::F16(self.part(file, range))
            }
            Stored::Plain { file, dtype: Dtype::BF16, range } => {
                Numbers::Bf16(self.part(file, range))
            }
            Stored::Plain { file, dtype, range } => {
                let values = numbers::to_f32(dtype, &self.files[file][range]);
                Numbers::F32(values.ok_or_else(|| wrong_type(name, format!("{dtype:?}")))?)
            }
            Stored::Rows { file, range, scales } => Numbers::Rows(self.part(file, range), scales),
            Stored::Blocks { file, range, scales } => {
                Numbers::Blocks(self.part(file, range), scales)
            }
        };
        Ok(StoredRows::new(numbers, width))
    }

    /// A part of a file, copied unless it is in the program.
    fn part(&self, file: usize, range: Range<usize>) -> Cow<'static, [u8]> {
        match &self.files[file] {
            Bytes::Embedded(bytes) => Cow::Borrowed(&bytes[range]),
            other => Cow::Owned(other[range].to_vec()),
        }
    }

    /// Takes a tensor as it is stored, its shape checked, with its scales.
    fn stored(&mut self, name: &str, shape: &[usize]) -> Result<Stored, CheckpointError> {
        #[cfg(test)]
        if let Some(invented) = &self.invented {
            invented.lock().unwrap().push((name.to_owned(), shape.to_vec()));
            return Ok(Stored::Values(invent(name, shape.iter().product())));
        }
        let entry = self.entries.remove(name).ok_or_else(|| CheckpointError::TensorMissing {
            name: name.to_owned(),
            shape: shape.to_vec(),
        })?;
        if let (Place::Plain { file, dtype: Dtype::U8, range }, [rows, columns]) =
            (&entry.place, shape)
            && columns.is_multiple_of(numbers::BLOCK)
        {
            check_shape(name, &entry, &[*rows, columns / 2])?;
            let scales = &[*rows, columns / numbers::BLOCK];
            let scales = self.take(&format!("{name}.scale"), scales)?;
            return Ok(Stored::Blocks { file: *file, range: range.clone(), scales });
        }
        check_shape(name, &entry, shape)?;
        let (file, dtype, range) = match entry.place {
            Place::Plain { file, dtype, range } => (file, dtype, range),
            Place::Pickled { file } => return Ok(Stored::Values(self.take_pickled(file, name)?)),
        };
        if let (Dtype::I8, [rows, ..]) = (dtype, shape) {
            let scales = self.take(&format!("{name}.scale"), &[*rows])?;
            return Ok(Stored::Rows { file, range, scales });
        }
        Ok(Stored::Plain { file, dtype, range })
    }

    fn take_pickled(&self, file: usize, name: &str) -> Result<Vec<f32>, CheckpointError> {
        let pickled = &self.pickled[file];
        let prefixed = format!("module.{name}");
        let stored = pickled.contents().any(|(stored, _)| stored == name);
        let stored = if stored { name } else { &prefixed };
        let damaged =
            |reason| CheckpointError::Weights { file: "the pickled weights".to_owned(), reason };
        let values = pickled.take(stored).map_err(damaged)?;
        values.ok_or_else(|| wrong_type(name, pickled.kind(stored)))
    }

    /// Takes a single number, `[]` or `[1]`; `None` where the checkpoint has none of that name.
    ///
    /// # Errors
    /// As for [`Self::take`].
    pub fn scalar(&mut self, name: &str) -> Result<Option<f32>, CheckpointError> {
        let Some(entry) = self.entries.get(name) else { return Ok(None) };
        let shape: &[usize] = if entry.shape.is_empty() { &[] } else { &[1] };
        Ok(self.take(name, shape)?.first().copied())
    }

    /// Forgets tensors that towers do not need.
    pub fn ignore(&mut self, unneeded: impl Fn(&str) -> bool) {
        self.entries.retain(|name, _| !unneeded(name));
    }

    /// Ends loading. What was taken is laid out elsewhere by now: weights inside the program give back the memory that
    /// reading them took.
    ///
    /// # Errors
    /// `TensorsUnused` when something was neither taken nor ignored.
    pub fn finish(self) -> Result<(), CheckpointError> {
        for file in &self.files {
            if let Bytes::Embedded(bytes) = file {
                set_aside(bytes);
            }
        }
        match self.entries.into_keys().collect::<Vec<_>>() {
            names if names.is_empty() => Ok(()),
            names => {
                Err(CheckpointError::TensorsUnused { count: names.len(), first: names[0].clone() })
            }
        }
    }
}

fn check_shape(name: &str, entry: &Entry, expected: &[usize]) -> Result<(), CheckpointError> {
    if entry.shape == expected {
        return Ok(());
    }
    Err(CheckpointError::TensorShape {
        name: name.to_owned(),
        found: entry.shape.clone(),
        expected: expected.to_vec(),
    })
}

fn wrong_type(name: &str, found: String) -> CheckpointError {
    CheckpointError::TensorType { name: name.to_owned(), found }
}

#[cfg(test)]
impl Weights {
    /// Weights that hold whatever is asked for, in numbers that follow from the name, and write down what was.
    pub fn invented(asked: Asked) -> Self {
        Self { invented: Some(asked), ..Self::default() }
    }
}

/// `count` numbers between -0.1 and 0.1 that follow from a tensor's name; positive where it is a variance.
#[cfg(test)]
pub(crate) fn invent(name: &str, count: usize) -> Vec<f32> {
    let mut state = name
        .bytes()
        .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    let next = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        let value = (state >> 8) as f32 / (1 << 24) as f32;
        if name.ends_with("running_var") { 0.5 + value } else { 0.2 * value - 0.1 }
    };
    std::iter::repeat_with(next).take(count).collect()
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
        let mut weights = Weights::default();
        weights.add("model.safetensors", Bytes::Owned(bytes)).unwrap();
        weights
    }

    #[test]
    fn a_tensor_is_taken_once_and_checked() {
        let one = 1f32.to_le_bytes();
        let mut weights = open(&[("a", Dtype::F32, &[1], &one), ("b", Dtype::I32, &[1], &one)]);
        assert_eq!(weights.take("a", &[1]).unwrap(), [1.0]);
        assert!(matches!(weights.take("a", &[1]), Err(CheckpointError::TensorMissing { .. })));
        assert!(matches!(weights.take("b", &[1]), Err(CheckpointError::TensorType { .. })));
    }

    #[test]
    fn rows_in_their_own_numbers_are_those_of_the_whole() {
        const ROWS: usize = 3;
        const WIDTH: usize = 64;
        let bytes: Vec<u8> = (0..ROWS * WIDTH * 4).map(|n| (n * 37 % 61) as u8).collect();
        let scales: Vec<u8> =
            (1..=ROWS * WIDTH / 32).flat_map(|n| (n as f32 * 0.5).to_le_bytes()).collect();
        for (dtype, size, scale_shape) in [
            (Dtype::F32, ROWS * WIDTH * 4, None),
            (Dtype::F16, ROWS * WIDTH * 2, None),
            (Dtype::BF16, ROWS * WIDTH * 2, None),
            (Dtype::I8, ROWS * WIDTH, Some(vec![ROWS])),
            (Dtype::U8, ROWS * WIDTH / 2, Some(vec![ROWS, WIDTH / 32])),
        ] {
            let stored_width = if dtype == Dtype::U8 { WIDTH / 2 } else { WIDTH };
            let shape = [ROWS, stored_width];
            let scale_shape = scale_shape.unwrap_or_default();
            let scale_bytes = &scales[..4 * scale_shape.iter().product::<usize>()];
            let mut tensors = vec![("table", dtype, &shape[..], &bytes[..size])];
            if !scale_shape.is_empty() {
                tensors.push(("table.scale", Dtype::F32, &scale_shape, scale_bytes));
            }
            let whole = open(&tensors).take("table", &[ROWS, WIDTH]).unwrap();
            let matrix = open(&tensors).take_matrix("table", [ROWS, WIDTH]).unwrap();
            assert_eq!(matrix.values(), whole, "{dtype:?}");
            let per_row = scale_shape.get(1).unwrap_or(&1);
            let block = (!scale_shape.is_empty()).then(|| WIDTH / per_row);
            let found = matrix.scales().map(|scales| (scales.block, scales.values.len()));
            assert_eq!(found, block.map(|block| (block, ROWS * per_row)), "{dtype:?}");
            let rows = open(&tensors).take_rows("table", [ROWS, WIDTH]).unwrap();
            assert_eq!((rows.count(), rows.width()), (ROWS, WIDTH), "{dtype:?}");
            assert_eq!(rows.all(), whole, "{dtype:?}");
            let mut last = Vec::new();
            rows.read(ROWS - 1, &mut last);
            assert_eq!(last, whole[(ROWS - 1) * WIDTH..], "{dtype:?}");
        }
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
        assert!(matches!(weights.scalar("two"), Err(CheckpointError::TensorShape { .. })));
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
    fn four_bit_blocks_need_their_scales() {
        let scales = [0x00u8, 0x38]; // 0.5 in f16
        let matrix = ("w", Dtype::U8, &[1usize, 16][..], &[0x98u8; 16][..]);
        let mut weights = open(&[matrix, ("w.scale", Dtype::F16, &[1, 1], &scales)]);
        let values = weights.take("w", &[1, 32]).unwrap();
        assert!(values[..16].iter().all(|v| *v == 0.0) && values[16..].iter().all(|v| *v == 0.5));
        assert!(weights.finish().is_ok());
        let error = open(&[matrix]).take("w", &[1, 32]).unwrap_err().to_string();
        assert!(error.contains("lack the tensor w.scale"), "{error}");
        let error = open(&[matrix]).take("w", &[1, 64]).unwrap_err().to_string();
        assert!(error.contains("the tensor w has shape [1, 16]"), "{error}");
    }

    #[test]
    fn damage_is_an_error_that_names_the_file() {
        let mut weights = Weights::default();
        for bytes in [vec![], vec![255; 8], b"\x02\0\0\0\0\0\0\0{}junk".to_vec(), vec![0; 100]] {
            let error = weights.add("m.safetensors", Bytes::Owned(bytes)).unwrap_err().to_string();
            assert!(error.starts_with("m.safetensors is damaged"), "{error}");
        }
    }
}
