//! A signature as a picture that can be moved: levels, and how they rise across and down.

use seer_types::Signature;

pub(super) const SIDE: usize = Signature::SIDE;

/// One number for each place, row by row.
pub(super) type Plane = [f32; Signature::LEVELS];

/// A picture, sharp and soft; of mean 0 and variance 1.
pub(super) struct Grey {
    pub(super) sharp: Slopes,
    pub(super) soft: Slopes,
}

/// Levels, and how much they rise across and down, in one picture's width and height.
pub(super) struct Slopes {
    pub(super) levels: Plane,
    pub(super) across: Plane,
    pub(super) down: Plane,
}

impl Grey {
    pub(super) fn new(signature: &Signature) -> Self {
        let levels = normal(signature.levels().map(f32::from));
        let soft = blurred(&blurred(&levels));
        Self { sharp: Slopes::new(levels), soft: Slopes::new(soft) }
    }
}

impl Slopes {
    fn new(levels: Plane) -> Self {
        let slope = |step: usize, place: usize, index: usize| {
            let (before, after) = (place.min(1), (SIDE - 1 - place).min(1));
            let rise = levels[index + after * step] - levels[index - before * step];
            rise / (before + after) as f32 * SIDE as f32
        };
        let across = std::array::from_fn(|i| slope(1, i % SIDE, i));
        let down = std::array::from_fn(|i| slope(SIDE, i / SIDE, i));
        Self { levels, across, down }
    }
}

fn normal(levels: Plane) -> Plane {
    let mean = levels.iter().sum::<f32>() / levels.len() as f32;
    let variance = levels.iter().map(|v| (v - mean) * (v - mean)).sum::<f32>();
    let deviation = (variance / levels.len() as f32).sqrt().max(1e-3);
    levels.map(|level| (level - mean) / deviation)
}

/// Each place a quarter of both neighbours and a half of itself, across and down.
fn blurred(levels: &Plane) -> Plane {
    let along = |from: &Plane, step: usize, place: fn(usize) -> usize| -> Plane {
        std::array::from_fn(|i| {
            let (before, after) = (place(i).min(1), (SIDE - 1 - place(i)).min(1));
            (from[i - before * step] + 2.0 * from[i] + from[i + after * step]) / 4.0
        })
    };
    let down = along(levels, SIDE, |i| i / SIDE);
    along(&down, 1, |i| i % SIDE)
}
