//! The coefficients of a whole picture, for files that store them in several scans.

use super::blocks::{self, Extent};
use super::canvas::Canvas;
use super::frame::{Component, Frame};
use super::headers::{Scan, Tables};
use super::zigzag::ZIGZAG;
use crate::Stop;

/// A coefficient that no scan had yet.
const UNSEEN: u8 = u8::MAX;

/// Coefficients that must be complete. Where one of these first few is not, other decoders guess
/// it from the blocks around.
const NEEDED: usize = 10;

pub(super) type Block = [i16; 64];

/// One component's blocks.
pub(super) struct Coefficients {
    /// Whole MCUs, row by row; each block's coefficients 8 to a row.
    pub(super) blocks: Vec<Block>,
    /// Blocks in a row.
    pub(super) stride: usize,
    /// Steps in zigzag order, as they were when the component's first scan began.
    steps: Option<[i32; 64]>,
    /// Low bits that are missing, in zigzag order.
    missing: [u8; 64],
}

impl Coefficients {
    pub(super) fn new(component: &Component, frame: &Frame) -> Self {
        let (across, down) = frame.mcus();
        let stride = across * component.across;
        let blocks = vec![[0; 64]; stride * down * component.down];
        Self { blocks, stride, steps: None, missing: [UNSEEN; 64] }
    }

    /// Bytes that the coefficients of all components take.
    pub(super) fn memory(frame: &Frame) -> u64 {
        let (across, down) = frame.mcus();
        let blocks = frame.components.iter().map(|c| (c.across * c.down) as u64).sum::<u64>();
        (across * down) as u64 * blocks * size_of::<Block>() as u64
    }

    /// Notes what `scan` brings. `None` where it is not what is due.
    pub(super) fn announce(
        &mut self,
        scan: &Scan,
        tables: &Tables,
        component: &Component,
    ) -> Option<()> {
        if self.steps.is_none() {
            self.steps = Some(tables.steps_of(component)?);
        }
        let due = if scan.missing_before == 0 { UNSEEN } else { scan.missing_before };
        for missing in &mut self.missing[scan.first..=scan.last] {
            if *missing != due {
                return None;
            }
            *missing = scan.missing_after;
        }
        Some(())
    }

    fn is_complete(&self) -> bool {
        self.missing[..NEEDED].iter().all(|missing| *missing == 0)
    }

    /// Steps as the coefficients lie in a block.
    fn steps(&self) -> Option<[i32; 64]> {
        let stored = self.steps?;
        let mut steps = [0; 64];
        ZIGZAG.iter().zip(stored).for_each(|(at, step)| steps[usize::from(*at)] = step);
        Some(steps)
    }
}

/// Turns all blocks into `points` of 8 pixels. `None` when scans are missing, and when it was
/// stopped.
pub(super) fn paint(
    all: &[Coefficients],
    frame: &Frame,
    points: usize,
    stop: &Stop,
) -> Option<Canvas> {
    if !all.iter().all(Coefficients::is_complete) {
        return None;
    }
    let steps = all.iter().map(Coefficients::steps).collect::<Option<Vec<_>>>()?;
    let mut canvas = Canvas::new(frame, points)?;
    for row in 0..frame.mcus().1 {
        if stop.is_stopped() {
            return None;
        }
        let parts = all.iter().zip(&steps).zip(&frame.components);
        for (i, ((coefficients, steps), component)) in parts.enumerate() {
            for y in 0..component.down {
                let line = (row * component.down + y) * coefficients.stride;
                let line = &coefficients.blocks[line..][..coefficients.stride];
                paint_line(line, steps, &mut canvas, (i, y));
            }
        }
        canvas.finish_mcus();
    }
    Some(canvas)
}

/// Puts a line of blocks at line `at.1` of the present MCUs of component `at.0`.
fn paint_line(line: &[Block], steps: &[i32; 64], canvas: &mut Canvas, at: (usize, usize)) {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") {
        // Safety: the processor was just found to have AVX2.
        return unsafe { paint_line_avx2(line, steps, canvas, at) };
    }
    paint_line_plain(line, steps, canvas, at);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn paint_line_avx2(line: &[Block], steps: &[i32; 64], canvas: &mut Canvas, at: (usize, usize)) {
    paint_line_plain(line, steps, canvas, at);
}

#[inline(always)]
fn paint_line_plain(line: &[Block], steps: &[i32; 64], canvas: &mut Canvas, at: (usize, usize)) {
    let band = &mut canvas.bands[at.0];
    let points = band.points;
    for (x, block) in line.iter().enumerate() {
        let values = std::array::from_fn(|i| i32::from(block[i]).wrapping_mul(steps[i]));
        let (out, stride) = band.block(x, at.1);
        blocks::pixels(&values, Extent::of(block), points, out, stride);
    }
}
