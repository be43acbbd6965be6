//! What a cosine of a model means: whether a photo shows what was asked for, and whether any does.
//!
//! A cosine says which of two photos is nearer, not whether it is near enough: texts differ in how
//! high all of their cosines are. So a query is compared with reference pictures first; where the
//! photos lie within that [`Spread`], and how likely a classifier takes them to show what the query
//! names, become log odds by logistic regression. The numbers were fitted on photos with known
//! answers (`training/RESULTS.md`) and stand beside the model's weights.

use half::f16;
use safetensors::{Dtype, SafeTensors, tensor::TensorView};
use seer_checkpoint::Checkpoint;
use seer_types::{Embedding, ModelFingerprint};

use crate::error::LoadError;

/// The file beside a model's weights.
const FILE: &str = "relevance.safetensors";

/// How many kinds of text there are.
const KINDS: usize = 4;
/// Numbers of one fit for an answer, and of one for a photo.
const OF_ANSWER: usize = 10;
const OF_PHOTO: usize = 6;

/// What a query asks for; each kind has its own fit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TextKind {
    /// The name of classes that the model tells apart.
    Named,
    /// The name of something that those classes are akin to.
    Akin,
    /// Few words that name none.
    Words,
    /// More words.
    Sentence,
}

/// How well a photo fits a query, the best first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Fit {
    /// It shows what was asked for.
    Strong,
    /// It probably shows it.
    Likely,
    /// It is only among the nearest.
    Weak,
}

/// The cosines of a query to pictures that were not asked for.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Spread {
    /// Their mean.
    pub mean: f32,
    /// Their standard deviation.
    pub deviation: f32,
    /// Nine of ten are below this,
    pub nine_tenths: f32,
    /// and 99 of 100 below this.
    pub ninety_nine_hundredths: f32,
}

impl Spread {
    /// Of a query's cosines to the reference pictures, in any order.
    pub fn of(mut cosines: Vec<f32>) -> Self {
        cosines.sort_unstable_by(f32::total_cmp);
        let (mean, deviation) = moments(&cosines);
        let below = |share: f32| {
            let place = (cosines.len() as f32 * share) as usize;
            cosines.get(place).or(cosines.last()).copied().unwrap_or(0.0)
        };
        Self { mean, deviation, nine_tenths: below(0.9), ninety_nine_hundredths: below(0.99) }
    }
}

/// The best photos of an answer, by what their model says of them.
#[derive(Clone, Copy, Debug)]
pub struct Best<'a> {
    /// The highest cosines, the highest first: one for each 50 photos that were compared, at least one
    /// and at most ten.
    pub cosines: &'a [f32],
    /// The highest probabilities of what the query names, at most three, the highest first.
    pub shown: &'a [f32],
    /// Photos that were compared.
    pub photos: u64,
}

/// How cosines of a model are read.
#[derive(Clone, PartialEq, Debug)]
pub struct Relevance {
    pictures: Vec<Embedding>,
    answer: Vec<f32>,
    photo: Vec<f32>,
    clear: Vec<f32>,
    bands: Vec<f32>,
}

impl Relevance {
    /// What stands beside a checkpoint's weights; `None` where there is nothing.
    ///
    /// # Errors
    /// `Relevance` when the file is not what it should be, `Checkpoint` when it cannot be read.
    pub(crate) fn read(
        checkpoint: &Checkpoint,
        model: ModelFingerprint,
        dim: usize,
    ) -> Result<Option<Self>, LoadError> {
        if !checkpoint.has(FILE) {
            return Ok(None);
        }
        let bytes = checkpoint.bytes(FILE)?;
        let wrong = |what: String| LoadError::Relevance { file: FILE, what };
        let tensors = SafeTensors::deserialize(&bytes).map_err(|error| wrong(error.to_string()))?;
        let rows = numbers(&tensors, "pictures").map_err(wrong)?;
        if rows.is_empty() || rows.len() % dim != 0 {
            return Err(wrong(format!("\"pictures\" has no rows of {dim} numbers")));
        }
        let picture = |row: &[f32]| Embedding::new(model, row.to_vec());
        let pictures = rows.chunks_exact(dim).map(picture).collect::<Result<_, _>>();
        let pictures = pictures.map_err(|error| wrong(error.to_string()))?;
        let fit = |name: &str, length: usize| {
            let found = numbers(&tensors, name)?;
            let expected = KINDS * length;
            match found.len() == expected && found.iter().all(|number| number.is_finite()) {
                true => Ok(found),
                false => Err(format!("\"{name}\" is not {expected} numbers")),
            }
        };
        let answer = fit("answer", OF_ANSWER).map_err(wrong)?;
        let photo = fit("photo", OF_PHOTO).map_err(wrong)?;
        let clear = fit("clear", 1).map_err(wrong)?;
        let bands = fit("bands", 2).map_err(wrong)?;
        Ok(Some(Self { pictures, answer, photo, clear, bands }))
    }

    /// The reference pictures: photos of many things, in the model's space.
    pub fn pictures(&self) -> &[Embedding] {
        &self.pictures
    }

    /// Whether the best photos of an answer clearly show what was asked for. Of queries whose answer
    /// is there about 92 of 100 are clear.
    pub fn is_clear(&self, kind: TextKind, spread: &Spread, best: Best<'_>) -> bool {
        let fit = &self.answer[kind as usize * OF_ANSWER..][..OF_ANSWER];
        let shown = best.shown.iter().sum::<f32>() / 3.0;
        let features = [
            best.cosines.first().copied().unwrap_or(-1.0),
            moments(best.cosines).0,
            spread.mean,
            spread.deviation,
            spread.nine_tenths,
            spread.ninety_nine_hundredths,
            in_thousands(best.photos),
            best.shown.first().copied().unwrap_or(0.0).sqrt(),
            shown.sqrt(),
        ];
        linear(fit, &features) >= self.clear[kind as usize]
    }

    /// How well one photo of a clear answer fits: by its cosine, by the probability of what the query
    /// names (0 to 1), and by how many photos were compared.
    pub fn of_photo(
        &self,
        kind: TextKind,
        spread: &Spread,
        cosine: f32,
        shown: f32,
        photos: u64,
    ) -> Fit {
        let fit = &self.photo[kind as usize * OF_PHOTO..][..OF_PHOTO];
        let features =
            [cosine, spread.mean, spread.deviation, in_thousands(photos), shown.max(0.0).sqrt()];
        let found = linear(fit, &features);
        match self.bands[kind as usize * 2..][..2] {
            [strong, _] if found >= strong => Fit::Strong,
            [_, likely] if found >= likely => Fit::Likely,
            _ => Fit::Weak,
        }
    }
}

/// The first number and the sum of the others, each times its feature.
fn linear(fit: &[f32], features: &[f32]) -> f32 {
    fit[0] + fit[1..].iter().zip(features).map(|(weight, feature)| weight * feature).sum::<f32>()
}

fn in_thousands(photos: u64) -> f32 {
    (photos.max(1) as f32 / 1000.0).ln()
}

/// Mean and standard deviation; zeros of nothing.
fn moments(values: &[f32]) -> (f32, f32) {
    let count = values.len().max(1) as f32;
    let mean = values.iter().sum::<f32>() / count;
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f32>() / count;
    (mean, variance.sqrt())
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
