//! The file beside a model's weights, in safetensors.
//!
//! `pictures` [n, dimensions]; `answer` [4, 10], `photo` [4, 6], `clear` [4], `bands` [4, 2: strong,
//! likely], a row for each kind of text; `likeness` [2: strong, likely], which may be missing; F16 or
//! F32. The metadata may name the model's fingerprint.

use std::collections::HashMap;

use half::f16;
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};
use seer_checkpoint::Checkpoint;
use seer_types::{Embedding, ModelFingerprint};

use super::{Judgement, LikenessBars, OF_ANSWER, OF_PHOTO, Relevance, TextKind};
use crate::error::LoadError;

/// Its name.
pub const RELEVANCE_FILE: &str = "relevance.safetensors";

/// Where the metadata says which model it belongs to.
const MODEL: &str = "model";

const LIKENESS: &str = "likeness";

const KINDS: usize = TextKind::ALL.len();

impl Relevance {
    /// What stands beside a checkpoint's weights; `None` where there is nothing.
    ///
    /// One that was made for another model, or for other numbers than the model computes in, is left
    /// alone, and a line in the log says so.
    ///
    /// # Errors
    /// `Relevance` when the file is not what it should be; `Checkpoint` when it cannot be read.
    pub(crate) fn read(
        checkpoint: &Checkpoint,
        model: ModelFingerprint,
        dim: usize,
    ) -> Result<Option<Self>, LoadError> {
        if !checkpoint.has(RELEVANCE_FILE) {
            return Ok(None);
        }
        let bytes = checkpoint.bytes(RELEVANCE_FILE)?;
        let wrong = |what| LoadError::Relevance { file: RELEVANCE_FILE, what };
        if made_for(&bytes).map_err(wrong)?.is_some_and(|other| other != model.to_string()) {
            log::warn!(
                "what fits is not judged: {RELEVANCE_FILE} was made for another version of the model {}, or for other \
                 numbers; next: seer eval relevance --fit",
                checkpoint.name()
            );
            return Ok(None);
        }
        Self::from_bytes(&bytes, model, dim).map(Some).map_err(wrong)
    }

    /// # Errors
    /// What is wrong with the bytes.
    fn from_bytes(bytes: &[u8], model: ModelFingerprint, dim: usize) -> Result<Self, String> {
        let tensors = SafeTensors::deserialize(bytes).map_err(|error| error.to_string())?;
        let rows = numbers(&tensors, "pictures")?;
        if rows.is_empty() || rows.len() % dim != 0 {
            return Err(format!("\"pictures\" has no rows of {dim} numbers"));
        }
        let picture = |row: &[f32]| Embedding::new(model, row.to_vec());
        let pictures = rows.chunks_exact(dim).map(picture).collect::<Result<_, _>>();
        let pictures = pictures.map_err(|error| error.to_string())?;
        let answer = of_kinds::<{ 1 + OF_ANSWER }>(&tensors, "answer")?;
        let photo = of_kinds::<{ 1 + OF_PHOTO }>(&tensors, "photo")?;
        let clear = of_kinds::<1>(&tensors, "clear")?;
        let bands = of_kinds::<2>(&tensors, "bands")?;
        let judgement = |kind: TextKind| {
            let row = kind as usize;
            let ([clear], [strong, likely]) = (clear[row], bands[row]);
            Judgement { answer: answer[row], photo: photo[row], clear, strong, likely }
        };
        let likeness = match tensors.names().contains(&LIKENESS) {
            true => match numbers(&tensors, LIKENESS)?[..] {
                [strong, likely] if strong.is_finite() && likely.is_finite() => {
                    Some(LikenessBars { strong, likely })
                }
                _ => return Err(format!("\"{LIKENESS}\" is not 2 numbers")),
            },
            false => None,
        };
        Ok(Self::new(pictures, TextKind::ALL.map(judgement), likeness))
    }

    /// As a file for the model whose fingerprint the reference pictures carry.
    ///
    /// # Errors
    /// What safetensors says of the shapes.
    pub fn to_bytes(&self) -> Result<Vec<u8>, String> {
        let dim = self.pictures.first().map_or(0, |picture| picture.values().len());
        let pictures: Vec<u8> = self
            .pictures
            .iter()
            .flat_map(|picture| picture.values())
            .flat_map(|value| f16::from_f32(*value).to_le_bytes())
            .collect();
        let of = |numbers: fn(&Judgement) -> &[f32]| -> Vec<u8> {
            self.judgements.iter().flat_map(numbers).flat_map(|v| v.to_le_bytes()).collect()
        };
        let (answer, photo) = (of(|j| &j.answer), of(|j| &j.photo));
        let clear = of(|j| std::slice::from_ref(&j.clear));
        let bands: Vec<u8> = self
            .judgements
            .iter()
            .flat_map(|j| [j.strong, j.likely])
            .flat_map(f32::to_le_bytes)
            .collect();
        let bars =
            self.likeness.map(|bars| [bars.strong, bars.likely].map(f32::to_le_bytes).concat());
        let view = |dtype, shape: Vec<usize>, data| TensorView::new(dtype, shape, data);
        let mut tensors = vec![
            ("pictures", view(Dtype::F16, vec![self.pictures.len(), dim], &pictures)),
            ("answer", view(Dtype::F32, vec![KINDS, 1 + OF_ANSWER], &answer)),
            ("photo", view(Dtype::F32, vec![KINDS, 1 + OF_PHOTO], &photo)),
            ("clear", view(Dtype::F32, vec![KINDS], &clear)),
            ("bands", view(Dtype::F32, vec![KINDS, 2], &bands)),
        ];
        if let Some(bars) = &bars {
            tensors.push((LIKENESS, view(Dtype::F32, vec![2], bars)));
        }
        let tensors: Vec<(&str, TensorView<'_>)> = tensors
            .into_iter()
            .map(|(name, view)| Ok((name, view.map_err(|error| error.to_string())?)))
            .collect::<Result<_, String>>()?;
        let model = self.pictures.first().map(|picture| picture.model().to_string());
        let metadata = model.map(|model| HashMap::from([(MODEL.to_owned(), model)]));
        safetensors::serialize(tensors, metadata).map_err(|error| error.to_string())
    }
}

/// The fingerprint in the metadata.
fn made_for(bytes: &[u8]) -> Result<Option<String>, String> {
    let (_, header) = SafeTensors::read_metadata(bytes).map_err(|error| error.to_string())?;
    Ok(header.metadata().as_ref().and_then(|metadata| metadata.get(MODEL)).cloned())
}

/// A row of numbers for each kind.
fn of_kinds<const N: usize>(
    tensors: &SafeTensors<'_>,
    name: &str,
) -> Result<[[f32; N]; KINDS], String> {
    let found = numbers(tensors, name)?;
    let expected = KINDS * N;
    if found.len() != expected || !found.iter().all(|number| number.is_finite()) {
        return Err(format!("\"{name}\" is not {expected} numbers"));
    }
    let mut rows = [[0.0; N]; KINDS];
    rows.iter_mut().zip(found.chunks_exact(N)).for_each(|(row, found)| row.copy_from_slice(found));
    Ok(rows)
}

/// The numbers of a tensor in 16 or 32 bits.
fn numbers(tensors: &SafeTensors<'_>, name: &str) -> Result<Vec<f32>, String> {
    let tensor = tensors.tensor(name).map_err(|_| format!("there is no \"{name}\""))?;
    let data = TensorView::data(&tensor);
    match tensor.dtype() {
        Dtype::F32 => Ok(data.as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b)).collect()),
        Dtype::F16 => {
            Ok(data.as_chunks::<2>().0.iter().map(|b| f16::from_le_bytes(*b).to_f32()).collect())
        }
        other => Err(format!("\"{name}\" is in {other:?}; known are F16 and F32")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MODEL: ModelFingerprint = ModelFingerprint([3; 16]);

    fn example(likeness: Option<LikenessBars>) -> Relevance {
        let judgement = |kind: TextKind| {
            let mut answer = [0.5; 1 + OF_ANSWER];
            answer[0] = kind as usize as f32;
            Judgement { answer, clear: 0.1, photo: [0.25; 1 + OF_PHOTO], strong: 1.0, likely: -1.0 }
        };
        let picture = Embedding::new(MODEL, vec![0.0, 1.0]).unwrap();
        Relevance::new(vec![picture; 3], TextKind::ALL.map(judgement), likeness)
    }

    #[test]
    fn what_was_written_is_read() {
        for likeness in [None, Some(LikenessBars { strong: 0.75, likely: 0.5 })] {
            let written = example(likeness);
            let bytes = written.to_bytes().unwrap();
            assert_eq!(Relevance::from_bytes(&bytes, MODEL, 2).unwrap(), written);
        }
    }

    #[test]
    fn a_file_of_another_shape_is_refused() {
        let bytes = example(None).to_bytes().unwrap();
        assert_eq!(made_for(&bytes).unwrap(), Some(MODEL.to_string()));
        assert!(Relevance::from_bytes(&bytes, MODEL, 4).unwrap_err().contains("rows of 4"));
        for damaged in [&bytes[..bytes.len() - 1], &bytes[..4], b""] {
            assert!(Relevance::from_bytes(damaged, MODEL, 2).is_err());
        }
    }
}
