//! Resampling that gives Pillow's `Image.resize` to the bit.
//!
//! Absent on purpose: threads, other pixel types than 8 bit, areas with nearest neighbour.

mod nearest;
mod passes;
mod rows;
mod sums;
mod taps;
mod view;

pub(crate) use view::View;

use std::ops::Range;

use seer_types::Interpolation;

use crate::raster::Area;

/// A picture to read from: rows of `width * channels` bytes.
#[derive(Clone, Copy)]
pub(crate) struct Source<'a> {
    pub(crate) data: &'a [u8],
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) channels: usize,
    /// What its pixels are resized as.
    pub(crate) view: View,
    /// The part of it that is resized; pixels beside it are not looked at, those across its edge
    /// are.
    pub(crate) area: Area,
}

/// The size a picture is resized to, and the part of the result that is wanted.
///
/// Only that part is computed; its pixels are those of the full result.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Target {
    pub(crate) width: u64,
    pub(crate) height: u64,
    pub(crate) columns: Range<u64>,
    pub(crate) rows: Range<u64>,
}

impl Target {
    /// The full result.
    pub(crate) fn whole(width: u32, height: u32) -> Self {
        let (width, height) = (u64::from(width), u64::from(height));
        Self { width, height, columns: 0..width, rows: 0..height }
    }
}

/// Most bytes that [`resize`] takes besides its source of `size` pixels, and converting the result
/// to RGB after it. A source that was decoded at a fraction of its size takes less.
pub(crate) fn memory((width, height): (u32, u32), channels: u64, target: &Target) -> u64 {
    let (columns, rows) =
        (target.columns.end - target.columns.start, target.rows.end - target.rows.start);
    let between = match passes::is_vertical_first(width, height, target) {
        true => u64::from(width) * rows,
        false => columns * u64::from(height),
    };
    let weights = (u64::from(width) + u64::from(height) + columns + rows) * 64;
    between * channels + columns * rows * (channels + 6) + weights + view::BAND_BYTES as u64
}

/// Resizes to `target` and returns the wanted part, row by row.
///
/// Every channel is treated alike; premultiply alpha before. Convolution in fixed point with
/// 22 fractional bits, rounded and clipped to 8 bits after each of the two passes (Pillow 13,
/// `src/libImaging/Resample.c`, has the same arithmetic; it decides on the order of the passes).
pub(crate) fn resize(source: Source, target: &Target, interpolation: Interpolation) -> Vec<u8> {
    if interpolation == Interpolation::Nearest {
        let picked = nearest::resize(source, target);
        let mut seen = Vec::with_capacity(picked.len());
        source.view.append(source.channels, &picked, &mut seen);
        return seen;
    }
    match source.view.channels(source.channels) {
        1 => passes::convolve::<1>(source, target, interpolation),
        2 => passes::convolve::<2>(source, target, interpolation),
        3 => passes::convolve::<3>(source, target, interpolation),
        _ => passes::convolve::<4>(source, target, interpolation),
    }
}
