//! How cosines spread over a model's reference pictures, and what two of them share.

use seer_encoders::Relevance;
use seer_types::Embedding;

/// Whether the reference pictures are in the space of this part.
pub(crate) fn fits(relevance: &Relevance, part: &Embedding) -> bool {
    relevance.pictures().iter().all(|picture| picture.model() == part.model())
}

/// How one part's cosines follow another's.
pub(crate) struct Slope {
    /// The spread of the other's, as a multiple of its own.
    pub(crate) spread: f32,
    /// How much it rises where the other rises by 1.
    pub(crate) shared: f32,
}

/// Of a part's cosines to the reference pictures against those of what is wanted.
pub(crate) fn slope(part: &[f32], wanted: &[f32]) -> Slope {
    let (mean_part, mean_wanted) = (mean(part), mean(wanted));
    let both = part.iter().zip(wanted).map(|(p, w)| (p - mean_part) * (w - mean_wanted));
    let together = both.sum::<f32>() / part.len().max(1) as f32;
    let (own, other) = (deviation(part).max(f32::EPSILON), deviation(wanted).max(f32::EPSILON));
    Slope { spread: other / own, shared: together / (other * other) }
}

fn mean(values: &[f32]) -> f32 {
    values.iter().sum::<f32>() / values.len().max(1) as f32
}

/// The standard deviation.
pub(crate) fn deviation(values: &[f32]) -> f32 {
    let mean = mean(values);
    let squares = values.iter().map(|value| (value - mean).powi(2)).sum::<f32>();
    (squares / values.len().max(1) as f32).sqrt()
}
