//! Which input pixels make an output pixel, and with which weights.

use std::ops::Range;

use seer_types::Interpolation;

/// Fractional bits of a weight: 8 bits of value and 2 of headroom leave 22 of 32.
pub(super) const FRACTION_BITS: u32 = 32 - 8 - 2;

/// One axis of what is resized: `extent` pixels from `start` on, of `length` that there are.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Input {
    pub(super) length: u32,
    pub(super) start: f64,
    pub(super) extent: f64,
}

impl Input {
    pub(super) fn whole(length: u32) -> Self {
        Self { length, start: 0.0, extent: length.into() }
    }
}

/// Weights along one axis for a range of output positions.
pub(super) struct Taps {
    /// First input position of each output position.
    starts: Vec<usize>,
    /// Where each output position's weights end in `weights`.
    ends: Vec<usize>,
    weights: Vec<i32>,
}

impl Taps {
    /// Weights for the output positions `wanted` when the extent of `input` becomes `output` pixels.
    pub(super) fn new(
        input: Input,
        output: u64,
        wanted: Range<u64>,
        interpolation: Interpolation,
    ) -> Self {
        let scale = input.extent / output as f64;
        let stretch = scale.max(1.0);
        let reach = support(interpolation) * stretch;
        let mut taps = Self { starts: Vec::new(), ends: Vec::new(), weights: Vec::new() };
        let mut exact = Vec::new();
        for position in wanted {
            let center = input.start + (position as f64 + 0.5) * scale;
            let first = (center - reach + 0.5).max(0.0) as u32;
            let last = ((center + reach + 0.5).max(0.0) as u32).min(input.length);
            exact.clear();
            exact.extend(
                (first..last).map(|i| {
                    kernel(interpolation, (f64::from(i) - center + 0.5) * (1.0 / stretch))
                }),
            );
            taps.push(first as usize, &exact);
        }
        taps
    }

    fn push(&mut self, start: usize, exact: &[f64]) {
        let sum: f64 = exact.iter().sum();
        self.starts.push(start);
        for weight in exact {
            let share = if sum == 0.0 { *weight } else { weight / sum };
            self.weights.push(fixed_point(share));
        }
        self.ends.push(self.weights.len());
    }

    /// Output positions.
    pub(super) fn len(&self) -> usize {
        self.starts.len()
    }

    /// First input pixel and the weights of output position `i` (counted from the first wanted).
    pub(super) fn at(&self, i: usize) -> (usize, &[i32]) {
        let begin = if i == 0 { 0 } else { self.ends[i - 1] };
        (self.starts[i], &self.weights[begin..self.ends[i]])
    }

    /// The input positions that any output position needs.
    pub(super) fn span(&self) -> Range<usize> {
        let reach = (0..self.len()).map(|i| {
            let (start, weights) = self.at(i);
            (start, start + weights.len())
        });
        reach.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))).map_or(0..0, |(a, b)| a..b)
    }
}

/// Rounds half away from zero.
fn fixed_point(weight: f64) -> i32 {
    let scaled = weight * f64::from(1u32 << FRACTION_BITS);
    (if scaled < 0.0 { scaled - 0.5 } else { scaled + 0.5 }) as i32
}

/// How far a kernel reaches, in input pixels when not shrinking.
fn support(interpolation: Interpolation) -> f64 {
    match interpolation {
        Interpolation::Nearest => 0.5,
        Interpolation::Bilinear => 1.0,
        Interpolation::Bicubic => 2.0,
        Interpolation::Lanczos => 3.0,
    }
}

fn kernel(interpolation: Interpolation, x: f64) -> f64 {
    match interpolation {
        Interpolation::Nearest => f64::from(u8::from((-0.5..0.5).contains(&x))),
        Interpolation::Bilinear => (1.0 - x.abs()).max(0.0),
        Interpolation::Bicubic => bicubic(x.abs()),
        Interpolation::Lanczos if (-3.0..3.0).contains(&x) => sinc(x) * sinc(x / 3.0),
        Interpolation::Lanczos => 0.0,
    }
}

/// Keys' cubic with a = -0.5 (Catmull-Rom), for x >= 0.
fn bicubic(x: f64) -> f64 {
    const A: f64 = -0.5;
    if x < 1.0 {
        ((A + 2.0) * x - (A + 3.0)) * x * x + 1.0
    } else if x < 2.0 {
        (((x - 5.0) * x + 8.0) * x - 4.0) * A
    } else {
        0.0
    }
}

fn sinc(x: f64) -> f64 {
    if x == 0.0 {
        return 1.0;
    }
    let angle = x * std::f64::consts::PI;
    angle.sin() / angle
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: i32 = 1 << FRACTION_BITS;

    #[test]
    fn same_size_is_the_identity() {
        for interpolation in
            [Interpolation::Bilinear, Interpolation::Bicubic, Interpolation::Lanczos]
        {
            let taps = Taps::new(Input::whole(5), 5, 0..5, interpolation);
            for i in 0..5 {
                let (start, weights) = taps.at(i);
                for (j, weight) in weights.iter().enumerate() {
                    assert_eq!(*weight, if start + j == i { ONE } else { 0 });
                }
            }
        }
    }

    #[test]
    fn halving_with_the_triangle_filter() {
        // 4 pixels to 2: centre 1.0, reach 2, distances 0.25, 0.25, 0.75 -> 3:3:1 of 7.
        let taps = Taps::new(Input::whole(4), 2, 0..2, Interpolation::Bilinear);
        let (start, weights) = taps.at(0);
        assert_eq!(start, 0);
        let seventh = f64::from(ONE) / 7.0;
        let expected = [3.0, 3.0, 1.0].map(|n| (n * seventh).round() as i32);
        assert_eq!(weights, expected);
        assert_eq!(taps.span(), 0..4);
    }

    #[test]
    fn doubling_with_the_cubic_filter() {
        // Output 2 of 8 from 4: centre 1.25, distances 0.75, 0.25 and 1.25; the fourth pixel
        // is out of reach. The raw weights sum to 1.0234375.
        let taps = Taps::new(Input::whole(4), 8, 2..3, Interpolation::Bicubic);
        let (start, weights) = taps.at(0);
        assert_eq!(start, 0);
        let raw = [0.226_562_5, 0.867_187_5, -0.070_312_5];
        let expected = raw.map(|w: f64| (w / 1.023_437_5 * f64::from(ONE)).round() as i32);
        assert_eq!(weights, expected);
    }
}
