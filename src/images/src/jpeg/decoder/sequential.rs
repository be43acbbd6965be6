//! A picture whose only scan has all components and all coefficients: blocks become pixels at
//! once.

use std::ops::Range;

use super::bits::{Bits, Segment};
use super::blocks::{self, Extent};
use super::canvas::Canvas;
use super::frame::Frame;
use super::headers::{Scan, Tables};
use super::huffman::{Broken, Huffman};
use super::intervals;
use super::zigzag::{ZIGZAG, last_place};
use crate::Stop;

/// What the blocks of a component are decoded with.
struct Source<'a> {
    dc: &'a Huffman,
    ac: &'a Huffman,
    /// Steps of the coefficients in zigzag order.
    steps: [i32; 64],
    /// The last coefficient that is needed, in zigzag order.
    last: usize,
    /// Blocks of an MCU across and down.
    across: usize,
    down: usize,
}

/// Decodes the scan to `points` of 8 pixels. `None` where the data breaks a rule or ends early,
/// and when it was stopped.
pub(super) fn decode(
    bytes: &[u8],
    frame: &Frame,
    tables: &Tables,
    scan: &Scan,
    points: usize,
    stop: &Stop,
) -> Option<Canvas> {
    let mut canvas = Canvas::new(frame, points)?;
    let mut sources = Vec::new();
    for (part, component) in scan.parts.iter().zip(&frame.components) {
        let kept = canvas.bands[sources.len()].points;
        sources.push(Source {
            dc: tables.dc.get(part.dc_table)?.as_ref()?,
            ac: tables.ac.get(part.ac_table)?.as_ref()?,
            steps: tables.steps_of(component)?,
            last: last_place(kept.0, kept.1),
            across: component.across,
            down: component.down,
        });
    }
    let (across, down) = frame.mcus();
    intervals::each(bytes, scan.begins, tables.restart_interval, across * down, |data, wanted| {
        run(&mut canvas, &sources, data, wanted, across, stop)
    })?;
    Some(canvas)
}

/// The MCUs of one restart interval.
fn run(
    canvas: &mut Canvas,
    sources: &[Source],
    data: &Segment,
    wanted: Range<usize>,
    across: usize,
    stop: &Stop,
) -> Result<(), Broken> {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2")
        && std::arch::is_x86_feature_detected!("bmi1")
        && std::arch::is_x86_feature_detected!("bmi2")
    {
        // Safety: the processor was just found to have all three.
        return unsafe { run_avx2(canvas, sources, data, wanted, across, stop) };
    }
    run_plain(canvas, sources, data, wanted, across, stop)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,bmi1,bmi2")]
fn run_avx2(
    canvas: &mut Canvas,
    sources: &[Source],
    data: &Segment,
    wanted: Range<usize>,
    across: usize,
    stop: &Stop,
) -> Result<(), Broken> {
    run_plain(canvas, sources, data, wanted, across, stop)
}

#[inline(always)]
fn run_plain(
    canvas: &mut Canvas,
    sources: &[Source],
    data: &Segment,
    wanted: Range<usize>,
    across: usize,
    stop: &Stop,
) -> Result<(), Broken> {
    let mut bits = data.bits();
    let mut levels = [0i32; 4];
    for mcu in wanted {
        let column = mcu % across;
        for (i, source) in sources.iter().enumerate() {
            let band = &mut canvas.bands[i];
            let points = band.points;
            for y in 0..source.down {
                for x in column * source.across..(column + 1) * source.across {
                    let (values, extent) = coefficients(&mut bits, source, &mut levels[i])?;
                    let (out, stride) = band.block(x, y);
                    blocks::pixels(&values, extent, points, out, stride);
                }
            }
        }
        if column + 1 == across {
            // A scan that ended early is not read on to the last of its claimed blocks.
            if bits.is_overdrawn() || stop.is_stopped() {
                return Err(Broken);
            }
            canvas.finish_mcus();
        }
    }
    if bits.is_overdrawn() { Err(Broken) } else { Ok(()) }
}

/// Reads a block's dequantised coefficients, and says which there are. `level` is the first
/// coefficient of the component's block before.
#[inline(always)]
fn coefficients(
    bits: &mut Bits,
    source: &Source,
    level: &mut i32,
) -> Result<([i32; 64], Extent), Broken> {
    let mut values = [0i32; 64];
    *level = level.wrapping_add(source.dc.difference(bits)?);
    values[0] = level.wrapping_mul(source.steps[0]);
    let mut last = 0;
    source.ac.coefficients(bits, source.last, |place, value| {
        last = place;
        values[usize::from(ZIGZAG[place & 63] & 63)] = value.wrapping_mul(source.steps[place & 63]);
    })?;
    Ok((values, Extent::up_to(last)))
}
