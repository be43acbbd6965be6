//! The two passes of a convolution, along rows and along columns, and their order.

use std::ops::Range;

use seer_types::Interpolation;

use super::rows::sum_rows;
use super::sums::{Part, sum_columns};
use super::taps::{Input, Taps};
use super::view::{self, View};
use super::{Source, Target};
use crate::raster::Area;

/// One axis of a resize: which positions are wanted, and how they are made.
struct Axis {
    wanted: Range<usize>,
    /// `None` where the length stays the same and pixels are only picked.
    taps: Option<Taps>,
}

impl Axis {
    fn new(input: Input, output: u64, wanted: &Range<u64>, interpolation: Interpolation) -> Self {
        let differs = input != Input::whole(input.length) || u64::from(input.length) != output;
        let taps = differs.then(|| Taps::new(input, output, wanted.clone(), interpolation));
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
    let Area { left, top, width, height } = source.area;
    let (across, down) = (
        Input { length: source.width, start: left, extent: width },
        Input { length: source.height, start: top, extent: height },
    );
    let across = Axis::new(across, target.width, &target.columns, interpolation);
    let down = Axis::new(down, target.height, &target.rows, interpolation);
    let (columns, rows) = (across.needed(), down.needed());
    if is_vertical_first(source.width, source.height, target) {
        let middle = first_vertical::<N>(&source, &down, &columns, &rows);
        let stride = columns.len() * N;
        let middle = Part { data: &middle, stride, top: down.wanted.start, left: columns.start };
        return horizontal::<N>(middle, &across, &down.wanted);
    }
    let middle = first_horizontal::<N>(&source, &across, &columns, &rows);
    let stride = across.wanted.len() * N;
    let middle = Part { data: &middle, stride, top: rows.start, left: across.wanted.start };
    vertical::<N>(middle, &down, &across.wanted)
}

/// The horizontal pass over the source itself: at once, or in bands of rows that are changed.
fn first_horizontal<const N: usize>(
    source: &Source,
    across: &Axis,
    columns: &Range<usize>,
    rows: &Range<usize>,
) -> Vec<u8> {
    if source.view == View::Stored {
        return horizontal::<N>(whole(source), across, rows);
    }
    let mut out = Vec::with_capacity(across.wanted.len() * rows.len() * N);
    let mut buffer = Vec::new();
    for band in view::bands(rows, columns.len() * N) {
        let part = view::part(source, columns, &band, &mut buffer);
        out.append(&mut horizontal::<N>(part, across, &band));
    }
    out
}

/// The vertical pass over the source itself: at once, or in bands of columns that are changed.
fn first_vertical<const N: usize>(
    source: &Source,
    down: &Axis,
    columns: &Range<usize>,
    rows: &Range<usize>,
) -> Vec<u8> {
    if source.view == View::Stored {
        return vertical::<N>(whole(source), down, columns);
    }
    let row_bytes = columns.len() * N;
    let mut out = vec![0; row_bytes * down.wanted.len()];
    let mut buffer = Vec::new();
    for band in view::bands(columns, rows.len() * N) {
        let part = view::part(source, &band, rows, &mut buffer);
        let strip = vertical::<N>(part, down, &band);
        let (begin, bytes) = ((band.start - columns.start) * N, band.len() * N);
        for (out, row) in out.chunks_exact_mut(row_bytes).zip(strip.chunks_exact(bytes)) {
            out[begin..][..bytes].copy_from_slice(row);
        }
    }
    out
}

fn whole<'a>(source: &Source<'a>) -> Part<'a> {
    let stride = source.width as usize * source.channels;
    Part { data: source.data, stride, top: 0, left: 0 }
}

/// Pillow 13 begins with the vertical pass where the height shrinks by more than twice as many
/// pixels as the width does (found by comparing 8,000 random sizes); before, it never did.
/// The order shows in the last bits, because values are rounded and clipped between the passes.
pub(super) fn is_vertical_first(width: u32, height: u32, target: &Target) -> bool {
    let shrink = |from: u32, to: u64| i128::from(from) - i128::from(to);
    let (narrower, lower) = (shrink(width, target.width), shrink(height, target.height));
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

    fn source(data: &[u8], width: u32, height: u32, channels: usize) -> Source<'_> {
        let (view, area) = (View::Stored, Area::whole(width, height));
        Source { data, width, height, channels, view, area }
    }

    #[test]
    fn a_part_equals_that_part_of_the_whole() {
        let data = noise(61 * 47 * 3);
        let source = source(&data, 61, 47, 3);
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
            is_vertical_first(width, height, &Target::whole(to_width, to_height))
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
        let whole = source(&data, 40, 90, 3);
        let target = Target::whole(30, 20);
        assert!(is_vertical_first(40, 90, &target));
        let ours = convolve::<3>(whole, &target, Interpolation::Bilinear);
        let across = convolve::<3>(whole, &Target::whole(30, 90), Interpolation::Bilinear);
        let narrowed = source(&across, 30, 90, 3);
        let other = convolve::<3>(narrowed, &target, Interpolation::Bilinear);
        assert!(ours.iter().zip(&other).all(|(a, b)| a.abs_diff(*b) <= 1));
        assert_ne!(ours, other);
    }

    #[test]
    fn an_area_of_whole_pixels_is_that_picture_but_for_its_edges() {
        let data = noise(64 * 48);
        let mut part = source(&data, 64, 48, 1);
        part.area = Area { left: 8.0, top: 4.0, width: 32.0, height: 40.0 };
        let cut: Vec<u8> =
            data.chunks(64).skip(4).take(40).flat_map(|r| &r[8..40]).copied().collect();
        let target = Target::whole(8, 10);
        let ours = convolve::<1>(part, &target, Interpolation::Bilinear);
        let alone = convolve::<1>(source(&cut, 32, 40, 1), &target, Interpolation::Bilinear);
        for y in 1..9 {
            assert_eq!(ours[y * 8 + 1..y * 8 + 7], alone[y * 8 + 1..y * 8 + 7], "row {y}");
        }
    }

    #[test]
    fn changed_pixels_give_what_a_changed_copy_gives() {
        // Wide, and tall enough for the vertical pass to come first; more than one band each.
        for (width, height) in [(900, 700), (300, 2500)] {
            let data = noise(width as usize * height as usize * 4);
            for view in [View::OverWhite, View::Premultiplied, View::Light] {
                let mut copy = Vec::new();
                view.append(4, &data, &mut copy);
                let target = Target { columns: 3..40, rows: 2..31, ..Target::whole(50, 37) };
                let seen = Source { view, ..source(&data, width, height, 4) };
                let copied = source(&copy, width, height, view.channels(4));
                for interpolation in [Interpolation::Bicubic, Interpolation::Nearest] {
                    let ours = super::super::resize(seen, &target, interpolation);
                    let expected = super::super::resize(copied, &target, interpolation);
                    assert_eq!(ours, expected, "{width} x {height} {view:?}");
                }
            }
        }
    }

    #[test]
    fn overshoot_is_clipped() {
        let data = [0, 0, 255, 255, 0, 0];
        let source = source(&data, 6, 1, 1);
        let out = convolve::<1>(source, &Target::whole(12, 1), Interpolation::Lanczos);
        assert_eq!(out.iter().max(), Some(&255));
        assert_eq!(out.iter().min(), Some(&0));
    }
}
