//! Scans that bring a part of the coefficients each (ITU T.81, annex G), and scans of single
//! components.

use std::ops::Range;

use super::bits::{Bits, Segment};
use super::canvas::Canvas;
use super::coefficients::{Block, Coefficients, paint};
use super::frame::Frame;
use super::headers::{Headers, Next, Scan, Tables};
use super::huffman::{Broken, Huffman, magnitude};
use super::intervals;
use super::zigzag::ZIGZAG;
use crate::Stop;

/// Most scans of a picture. The scripts in use have about ten.
pub(crate) const MAX_SCANS: usize = 100;

/// How often each block may be visited on average: with one scan for every coefficient and few
/// blocks that is never reached,
const VISITS: usize = 32;

/// and small pictures may have this many visits whatever their size.
const FREE_VISITS: usize = 1 << 22;

/// Most visits to blocks in all scans of a picture of `blocks`, so that the work is bound by its
/// size.
pub(crate) fn most_visits(blocks: usize) -> usize {
    blocks.saturating_mul(VISITS).saturating_add(FREE_VISITS)
}

/// Reads `scan` and all that follow. `None` where data breaks a rule, ends early or is not enough,
/// for too many scans, and when it was stopped.
pub(super) fn decode(
    bytes: &[u8],
    mut headers: Headers,
    scan: Scan,
    points: usize,
    stop: &Stop,
) -> Option<Canvas> {
    let frame = headers.frame()?;
    let mut all: Vec<_> = frame.components.iter().map(|c| Coefficients::new(c, frame)).collect();
    let mut scans = 0;
    let mut visits = most_visits(all.iter().map(|of| of.blocks.len()).sum());
    let mut next = Next::Scan(scan);
    while let Next::Scan(scan) = next {
        scans += 1;
        let of_scan = scan.parts.iter().map(|part| all[part.component].blocks.len()).sum();
        visits = visits.checked_sub(of_scan).filter(|_| scans <= MAX_SCANS)?;
        let end = read(bytes, headers.frame()?, &headers.tables, &scan, &mut all, stop)?;
        headers.resume(end);
        next = headers.next()?;
    }
    paint(&all, headers.frame()?, points, stop)
}

/// What a scan does to the blocks.
#[derive(Clone, Copy)]
enum Pass<'a> {
    /// All coefficients at once.
    Whole(&'a Huffman, &'a Huffman),
    /// The first coefficient, but for its low bits.
    First(&'a Huffman),
    /// One more bit of the first coefficient.
    FirstBit,
    /// A band of the others, but for their low bits.
    Others(&'a Huffman),
    /// One more bit of a band.
    OthersBit(&'a Huffman),
}

impl<'a> Pass<'a> {
    fn new(
        scan: &Scan,
        is_progressive: bool,
        dc: Option<&'a Huffman>,
        ac: Option<&'a Huffman>,
    ) -> Option<Self> {
        let (begins, refines) = (scan.first == 0, scan.missing_before > 0);
        if scan.last > 63 || scan.first > scan.last || scan.missing_after > 13 {
            return None;
        }
        if refines && scan.missing_before != scan.missing_after + 1 {
            return None;
        }
        if !is_progressive {
            let is_whole = begins && scan.last == 63 && !refines && scan.missing_after == 0;
            return if is_whole { Some(Self::Whole(dc?, ac?)) } else { None };
        }
        match (begins, refines) {
            (true, _) if scan.last > 0 => None,
            (false, _) if scan.parts.len() > 1 => None,
            (true, false) => Some(Self::First(dc?)),
            (true, true) => Some(Self::FirstBit),
            (false, false) => Some(Self::Others(ac?)),
            (false, true) => Some(Self::OthersBit(ac?)),
        }
    }
}

/// A component of a scan and what is done to it.
struct Target<'a> {
    pass: Pass<'a>,
    component: usize,
    /// Blocks of an MCU across and down.
    across: usize,
    down: usize,
}

/// Reads a scan's data and returns where it ends.
fn read(
    bytes: &[u8],
    frame: &Frame,
    tables: &Tables,
    scan: &Scan,
    all: &mut [Coefficients],
    stop: &Stop,
) -> Option<usize> {
    let mut targets = Vec::new();
    for part in &scan.parts {
        let component = &frame.components[part.component];
        let dc = tables.dc.get(part.dc_table)?.as_ref();
        let ac = tables.ac.get(part.ac_table)?.as_ref();
        let pass = Pass::new(scan, frame.is_progressive, dc, ac)?;
        all[part.component].announce(scan, tables, component)?;
        let (across, down) = (component.across, component.down);
        targets.push(Target { pass, component: part.component, across, down });
    }
    let (across, down) = match &mut targets[..] {
        // The blocks of a lone component stand one by one, and only those with samples.
        [lone] => {
            (lone.across, lone.down) = (1, 1);
            frame.blocks(&frame.components[lone.component])
        }
        _ => frame.mcus(),
    };
    let interval = tables.restart_interval;
    intervals::each(bytes, scan.begins, interval, across * down, |data, wanted| {
        run(scan, &targets, all, data, wanted, across, stop)
    })
}

/// The MCUs of one restart interval.
fn run(
    scan: &Scan,
    targets: &[Target],
    all: &mut [Coefficients],
    data: &Segment,
    wanted: Range<usize>,
    across: usize,
    stop: &Stop,
) -> Result<(), Broken> {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("bmi1") && std::arch::is_x86_feature_detected!("bmi2") {
        // Safety: the processor was just found to have both.
        return unsafe { run_bmi2(scan, targets, all, data, wanted, across, stop) };
    }
    run_plain(scan, targets, all, data, wanted, across, stop)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "bmi1,bmi2")]
fn run_bmi2(
    scan: &Scan,
    targets: &[Target],
    all: &mut [Coefficients],
    data: &Segment,
    wanted: Range<usize>,
    across: usize,
    stop: &Stop,
) -> Result<(), Broken> {
    run_plain(scan, targets, all, data, wanted, across, stop)
}

#[inline(always)]
fn run_plain(
    scan: &Scan,
    targets: &[Target],
    all: &mut [Coefficients],
    data: &Segment,
    wanted: Range<usize>,
    across: usize,
    stop: &Stop,
) -> Result<(), Broken> {
    let mut reading = Reading {
        bits: data.bits(),
        levels: [0; 4],
        empty: 0,
        first: scan.first,
        last: scan.last,
        shift: scan.missing_after.into(),
    };
    for mcu in wanted {
        let (column, row) = (mcu % across, mcu / across);
        for (i, target) in targets.iter().enumerate() {
            let coefficients = &mut all[target.component];
            for y in row * target.down..(row + 1) * target.down {
                let begin = y * coefficients.stride + column * target.across;
                for block in &mut coefficients.blocks[begin..][..target.across] {
                    reading.block(target.pass, i, block)?;
                }
            }
        }
        // A scan that ended early is not read on to the last of its claimed blocks.
        if column + 1 == across && (reading.bits.is_overdrawn() || stop.is_stopped()) {
            return Err(Broken);
        }
    }
    if reading.bits.is_overdrawn() { Err(Broken) } else { Ok(()) }
}

/// A place in an interval's data.
struct Reading<'a> {
    bits: Bits<'a>,
    /// The first coefficient of each component's block before.
    levels: [i32; 4],
    /// Blocks to come that bring nothing new.
    empty: u32,
    first: usize,
    last: usize,
    /// Low bits that the scan leaves out.
    shift: u32,
}

impl Reading<'_> {
    #[inline(always)]
    fn block(&mut self, pass: Pass, component: usize, block: &mut Block) -> Result<(), Broken> {
        match pass {
            Pass::Whole(dc, ac) => {
                self.difference(dc, component, block)?;
                ac.coefficients(&mut self.bits, 63, |place, value| {
                    *at(block, place) = value as i16;
                })
            }
            Pass::First(dc) => self.difference(dc, component, block),
            Pass::FirstBit => {
                block[0] |= i16::from(self.bits.bit()) << self.shift;
                Ok(())
            }
            Pass::Others(ac) => self.others(ac, block),
            Pass::OthersBit(ac) => self.others_bit(ac, block),
        }
    }

    #[inline(always)]
    fn difference(
        &mut self,
        dc: &Huffman,
        component: usize,
        block: &mut Block,
    ) -> Result<(), Broken> {
        let level = &mut self.levels[component];
        *level = level.wrapping_add(dc.difference(&mut self.bits)?);
        block[0] = (*level << self.shift) as i16;
        Ok(())
    }

    #[inline(always)]
    fn others(&mut self, ac: &Huffman, block: &mut Block) -> Result<(), Broken> {
        if self.empty > 0 {
            self.empty -= 1;
            return Ok(());
        }
        let mut place = self.first;
        while place <= self.last {
            match run_and_size(ac, &mut self.bits)? {
                (run @ 0..=14, 0) => {
                    self.empty = self.run_of_blocks(run) - 1;
                    return Ok(());
                }
                (run, size) => {
                    place += usize::from(run);
                    if place > self.last {
                        return Err(Broken);
                    }
                    let value = magnitude(&mut self.bits, size) << self.shift;
                    *at(block, place) = value as i16;
                    place += 1;
                }
            }
        }
        Ok(())
    }

    /// How many blocks, this one included, have nothing more.
    #[inline(always)]
    fn run_of_blocks(&mut self, bits: u8) -> u32 {
        (1 << bits) + self.bits.number(bits)
    }

    #[inline(always)]
    fn others_bit(&mut self, ac: &Huffman, block: &mut Block) -> Result<(), Broken> {
        let mut place = self.first;
        while self.empty == 0 && place <= self.last {
            let (run, size) = run_and_size(ac, &mut self.bits)?;
            let value = match (run, size) {
                (15, 0) => 0,
                (_, 0) => {
                    self.empty = self.run_of_blocks(run);
                    break;
                }
                (_, 1) if self.bits.bit() => 1 << self.shift,
                (_, 1) => -1 << self.shift,
                _ => return Err(Broken),
            };
            place = self.pass_zeros(block, place, run);
            if place <= self.last {
                *at(block, place) = value;
            } else if value != 0 {
                return Err(Broken);
            }
            place += 1;
        }
        if self.empty > 0 {
            self.pass_zeros(block, place, u8::MAX);
            self.empty -= 1;
        }
        Ok(())
    }

    /// Goes past `zeros` zeros to the next one, or past the last coefficient. Every other
    /// coefficient on the way has its next bit here.
    #[inline(always)]
    fn pass_zeros(&mut self, block: &mut Block, mut place: usize, mut zeros: u8) -> usize {
        while place <= self.last {
            let value = at(block, place);
            if *value != 0 {
                if self.bits.bit() {
                    *value = value.wrapping_add(value.signum() << self.shift);
                }
            } else if zeros == 0 {
                break;
            } else {
                zeros -= 1;
            }
            place += 1;
        }
        place
    }
}

/// The next symbol: how many zeros come first, and how many bits the value behind it has.
#[inline(always)]
fn run_and_size(table: &Huffman, bits: &mut Bits) -> Result<(u8, u8), Broken> {
    bits.refill();
    let symbol = table.symbol(bits)?;
    Ok((symbol >> 4, symbol & 15))
}

/// The coefficient at a place of the zigzag order.
#[inline(always)]
fn at(block: &mut Block, place: usize) -> &mut i16 {
    &mut block[usize::from(ZIGZAG[place & 63] & 63)]
}
