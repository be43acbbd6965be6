//! The scan: all blocks, each component onto its own plane.

use super::bits::{Bits, Segment};
use super::frame::{Component, Frame};
use super::huffman::{Broken, Huffman};
use super::transform::{ZIGZAG, inverse, last_place};

/// One component's pixels at the size they are decoded to.
pub(super) struct Plane {
    pub(super) data: Vec<u8>,
    pub(super) stride: usize,
    /// How often each pixel is to be repeated across and down to fit the finest plane.
    pub(super) repeat: (usize, usize),
    /// Pixels that a block becomes, across and down.
    points: (usize, usize),
    /// The last coefficient that is needed, in zigzag order.
    last: usize,
}

impl Plane {
    /// `points` of 8 remain of the blocks of the finest component; coarser ones keep more.
    fn new(component: &Component, frame: &Frame, points: usize) -> Option<Self> {
        let (most_across, most_down) = sampling(frame);
        let factor = |most: usize, own: usize| most.is_multiple_of(own).then_some(most / own);
        let across = factor(most_across, component.across)? * points;
        let down = factor(most_down, component.down)? * points;
        let kept = (across.min(8), down.min(8));
        let (mcus_across, mcus_down) = mcus(frame);
        let stride = mcus_across * component.across * kept.0;
        let rows = mcus_down * component.down * kept.1;
        Some(Self {
            data: vec![0; stride * rows],
            stride,
            repeat: (across / kept.0, down / kept.1),
            points: kept,
            last: last_place(kept.0, kept.1),
        })
    }
}

fn sampling(frame: &Frame) -> (usize, usize) {
    let most = |of: fn(&Component) -> usize| frame.components.iter().map(of).max().unwrap_or(1);
    (most(|c| c.across), most(|c| c.down))
}

fn mcus(frame: &Frame) -> (usize, usize) {
    let (across, down) = sampling(frame);
    (frame.width.div_ceil(8 * across), frame.height.div_ceil(8 * down))
}

/// Bytes that all planes take.
pub(super) fn memory(frame: &Frame, points: usize) -> u64 {
    let (across, down) = mcus(frame);
    let (most_across, most_down) = sampling(frame);
    let largest = (across * most_across * points) as u64 * (down * most_down * points) as u64;
    largest * frame.components.len() as u64
}

/// Decodes the scan. `None` where the data breaks a rule or ends early.
pub(super) fn decode(frame: &Frame, bytes: &[u8], points: usize) -> Option<Vec<Plane>> {
    let planes = frame.components.iter().map(|c| Plane::new(c, frame, points));
    let mut planes = planes.collect::<Option<Vec<_>>>()?;
    let (across, down) = mcus(frame);
    let interval = if frame.restart_interval == 0 { across * down } else { frame.restart_interval };
    let mut segment = Segment::default();
    let mut at = frame.data_begins;
    let mut first = 0;
    for number in (0..8).cycle() {
        at += segment.fill(bytes.get(at..)?);
        let wanted = first..(first + interval).min(across * down);
        first = wanted.end;
        mcu_run(frame, &mut planes, &segment, wanted, across).ok()?;
        if first == across * down {
            break;
        }
        if bytes.get(at..at + 2)? != [0xff, 0xd0 + number] {
            return None;
        }
        at += 2;
    }
    Some(planes)
}

/// The MCUs of one restart interval.
fn mcu_run(
    frame: &Frame,
    planes: &mut [Plane],
    segment: &Segment,
    wanted: std::ops::Range<usize>,
    across: usize,
) -> Result<(), Broken> {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") && std::arch::is_x86_feature_detected!("bmi2") {
        // Safety: the processor was just found to have both.
        return unsafe { mcu_run_avx2(frame, planes, segment, wanted, across) };
    }
    mcu_run_plain(frame, planes, segment, wanted, across)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,bmi1,bmi2")]
fn mcu_run_avx2(
    frame: &Frame,
    planes: &mut [Plane],
    segment: &Segment,
    wanted: std::ops::Range<usize>,
    across: usize,
) -> Result<(), Broken> {
    mcu_run_plain(frame, planes, segment, wanted, across)
}

#[inline(always)]
fn mcu_run_plain(
    frame: &Frame,
    planes: &mut [Plane],
    segment: &Segment,
    wanted: std::ops::Range<usize>,
    across: usize,
) -> Result<(), Broken> {
    let mut bits = segment.bits();
    let mut levels = [0i32; 4];
    for mcu in wanted {
        let (column, row) = (mcu % across, mcu / across);
        // A scan that ended early is not read on to the last of its claimed blocks.
        if column == 0 && bits.is_overdrawn() {
            return Err(Broken);
        }
        let parts = frame.components.iter().zip(planes.iter_mut()).zip(&mut levels);
        for ((component, plane), level) in parts {
            let (Some(dc), Some(ac)) =
                (&frame.dc_tables[component.dc_table], &frame.ac_tables[component.ac_table])
            else {
                return Err(Broken);
            };
            for y in row * component.down..(row + 1) * component.down {
                for x in column * component.across..(column + 1) * component.across {
                    block(&mut bits, (dc, ac), component, plane, (x, y), level)?;
                }
            }
        }
    }
    if bits.is_overdrawn() { Err(Broken) } else { Ok(()) }
}

/// Reads the block at column and row `at` of its plane and puts its pixels there.
#[inline(always)]
fn block(
    bits: &mut Bits,
    (dc, ac): (&Huffman, &Huffman),
    component: &Component,
    plane: &mut Plane,
    at: (usize, usize),
    level: &mut i32,
) -> Result<(), Broken> {
    let mut values = [0i32; 64];
    *level = level.wrapping_add(dc.difference(bits)?);
    values[0] = level.wrapping_mul(component.steps[0]);
    let mut is_flat = true;
    ac.coefficients(bits, plane.last, |place, value| {
        is_flat = false;
        values[usize::from(ZIGZAG[place & 63] & 63)] =
            value.wrapping_mul(component.steps[place & 63]);
    })?;
    let (across, down) = plane.points;
    let out = &mut plane.data[at.1 * down * plane.stride + at.0 * across..];
    if is_flat {
        let pixel = (values[0].wrapping_add(128 * 8 + 4) >> 3).clamp(0, 255) as u8;
        for row in out.chunks_mut(plane.stride).take(down) {
            row[..across].fill(pixel);
        }
        return Ok(());
    }
    match plane.points {
        (1, 1) => inverse::<1, 1>(&values, out, plane.stride),
        (1, 2) => inverse::<1, 2>(&values, out, plane.stride),
        (1, 4) => inverse::<1, 4>(&values, out, plane.stride),
        (2, 1) => inverse::<2, 1>(&values, out, plane.stride),
        (2, 2) => inverse::<2, 2>(&values, out, plane.stride),
        (2, 4) => inverse::<2, 4>(&values, out, plane.stride),
        (2, 8) => inverse::<2, 8>(&values, out, plane.stride),
        (4, 1) => inverse::<4, 1>(&values, out, plane.stride),
        (4, 2) => inverse::<4, 2>(&values, out, plane.stride),
        (4, 4) => inverse::<4, 4>(&values, out, plane.stride),
        (4, 8) => inverse::<4, 8>(&values, out, plane.stride),
        (8, 2) => inverse::<8, 2>(&values, out, plane.stride),
        (8, 4) => inverse::<8, 4>(&values, out, plane.stride),
        _ => inverse::<8, 8>(&values, out, plane.stride),
    }
    Ok(())
}
