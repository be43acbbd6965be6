//! The two passes of a convolution, along rows and along columns, and their order.

use std::ops::Range;

use seer_types::Interpolation;

use super::sums::{Part, sum_columns, sum_rows};
use super::taps::Taps;
use super::{Source, Target};

/// One axis of a resize: which positions are wanted, and how they are made.
struct Axis {
    wanted: Range<usize>,
    /// `None` where the length stays the same and pixels are only picked.
    taps: Option<Taps>,
}

impl Axis {
    fn new(
        input: u32,
        output: u64,
        wanted: &Range<u64>,
        interpolation: Interpolation,
        repeat: usize,
    ) -> Self {
        let differs = u64::from(input) != output;
        let taps = differs.then(|| Taps::new(input, output, wanted.clone(), interpolation, repeat));
        Self { wanted: wanted.start as usize..wanted.end as usize, taps }
    }

    /// The input positions that are needed.
    fn needed(&self) -> Range<usize> {
        self.taps.as_ref().map_or_else(|| self.wanted.clone(), Taps::span)
    }
}

/// Resizes with an averaging filter; see [`super::resize`].
pub(super) fn convolve<const N: usize>(
    source: Source,
    target: &Target,
    interpolation: Interpolation,
) -> Vec<u8> {
    let across = Axis::new(source.width, target.width, &target.columns, interpolation, N);
    let down = Axis::new(source.height, target.height, &target.rows, interpolation, 1);
    let whole = Part { data: source.data, stride: source.width as usize * N, top: 0, left: 0 };
    let (columns, rows) = (across.needed(), down.needed());
    if is_vertical_first(source, target) {
        let middle = vertical::<N>(whole, &down, &columns);
        let stride = columns.len() * N;
        let middle = Part { data: &middle, stride, top: down.wanted.start, left: columns.start };
        return horizontal::<N>(middle, &across, &down.wanted);
    }
    let middle = horizontal::<N>(whole, &across, &rows);
    let stride = across.wanted.len() * N;
    let middle = Part { data: &middle, stride, top: rows.start, left: across.wanted.start };
    vertical::<N>(middle, &down, &across.wanted)
}

/// Pillow 13 begins with the vertical pass where the height shrinks by more than twice as many
/// pixels as the width does (found by comparing 8,000 random sizes); before, it never did.
/// The order shows in the last bits, because values are rounded and clipped between the passes.
fn is_vertical_first(source: Source, target: &Target) -> bool {
    let shrink = |from: u32, to: u64| i128::from(from) - i128::from(to);
    let (narrower, lower) =
        (shrink(source.width, target.width), shrink(source.height, target.height));
    lower > 0 && lower > 2 * narrower
}

/// Makes the wanted columns, for `rows`.
fn horizontal<const N: usize>(part: Part, axis: &Axis, rows: &Range<usize>) -> Vec<u8> {
    let row_bytes = axis.wanted.len() * N;
    let mut out = vec![0u8; row_bytes * rows.len()];
    match &axis.taps {
        Some(taps) => sum_rows::<N>(part, taps, rows.start, &mut out),
        None => copy::<N>(part, &axis.wanted, rows, &mut out),
    }
    out
}

/// Makes the wanted rows, for `columns`.
fn vertical<const N: usize>(part: Part, axis: &Axis, columns: &Range<usize>) -> Vec<u8> {
    let row_bytes = columns.len() * N;
    let mut out = vec![0u8; row_bytes * axis.wanted.len()];
    match &axis.taps {
        Some(taps) => sum_columns::<N>(part, taps, columns.start, row_bytes, &mut out),
        None => copy::<N>(part, columns, &axis.wanted, &mut out),
    }
    out
}

fn copy<const N: usize>(part: Part, columns: &Range<usize>, rows: &Range<usize>, out: &mut [u8]) {
    let row_bytes = columns.len() * N;
    for (y, out) in rows.clone().zip(out.chunks_exact_mut(row_bytes)) {
        out.copy_from_slice(part.row(y, columns.start, N, row_bytes));
    }
}

#[cfg(test)]
mod tests {
    use super::super::sums::tests::noise;
    use super::*;

    #[test]
    fn a_part_equals_that_part_of_the_whole() {
        let data = noise(61 * 47 * 3);
        let source = Source { data: &data, width: 61, height: 47, channels: 3 };
        // 58 x 30 begins with the vertical pass; the last three keep a length.
        for (width, height) in [(29, 40), (58, 30), (61, 40), (29, 47), (61, 47)] {
            let whole = Target::whole(width, height);
            let all = convolve::<3>(source, &whole, Interpolation::Bicubic);
            let part = Target { columns: 5..22, rows: 11..13, ..whole };
            let part = convolve::<3>(source, &part, Interpolation::Bicubic);
            let row = |y: usize| &all[(y * width as usize + 5) * 3..][..17 * 3];
            assert_eq!(part, [row(11), row(12)].concat(), "{width} x {height}");
        }
    }

    #[test]
    fn tall_pictures_begin_with_the_vertical_pass() {
        let begins = |width, height, to_width, to_height| {
            let source = Source { data: &[], width, height, channels: 3 };
            is_vertical_first(source, &Target::whole(to_width, to_height))
        };
        assert!(begins(37, 110, 48, 48));
        assert!(begins(55, 71, 48, 48));
        assert!(!begins(62, 79, 29, 25));
        assert!(!begins(26, 36, 11, 6), "30 pixels lower, 15 narrower: a tie");
        assert!(!begins(5, 21, 49, 48), "it grows");
    }

    #[test]
    fn the_order_of_the_passes_shows_only_by_rounding() {
        let data = noise(40 * 90 * 3);
        let source = Source { data: &data, width: 40, height: 90, channels: 3 };
        let target = Target::whole(30, 20);
        assert!(is_vertical_first(source, &target));
        let ours = convolve::<3>(source, &target, Interpolation::Bilinear);
        let across = convolve::<3>(source, &Target::whole(30, 90), Interpolation::Bilinear);
        let narrowed = Source { data: &across, width: 30, height: 90, channels: 3 };
        let other = convolve::<3>(narrowed, &target, Interpolation::Bilinear);
        assert!(ours.iter().zip(&other).all(|(a, b)| a.abs_diff(*b) <= 1));
        assert_ne!(ours, other);
    }

    #[test]
    fn overshoot_is_clipped() {
        let data = [0, 0, 255, 255, 0, 0];
        let source = Source { data: &data, width: 6, height: 1, channels: 1 };
        let out = convolve::<1>(source, &Target::whole(12, 1), Interpolation::Lanczos);
        assert_eq!(out.iter().max(), Some(&255));
        assert_eq!(out.iter().min(), Some(&0));
    }
}
