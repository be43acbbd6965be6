//! Random points.

use seer_store::{Part, Point};
use seer_types::{Embedding, ModelFingerprint};

use super::Random;
use crate::make::embedding;

/// A direction in a space of so many numbers.
pub fn random_embedding(model: ModelFingerprint, dim: usize, random: &mut Random) -> Embedding {
    let mut number = || random.below(2_000_001) as f32 / 1_000_000.0 - 1.0;
    let mut values: Vec<f32> = (0..dim).map(|_| number()).collect();
    values[0] += f32::from(u8::from(values.iter().all(|value| *value == 0.0)));
    embedding(model, &values)
}

/// A photo's points: the whole picture, now and then with other parts.
pub(super) fn random_points(
    model: ModelFingerprint,
    dim: usize,
    random: &mut Random,
) -> Vec<Point> {
    let parts = if random.chance(30) { 1 + random.below(4) as u32 } else { 1 };
    let part = |part| Point { part: Part(part), embedding: random_embedding(model, dim, random) };
    (0..parts).map(part).collect()
}
