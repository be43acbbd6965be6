//! Facsimile codes (ITU T.4 and T.6) as TIFF has them: rows of runs, and rows that tell how they
//! differ from the one above. The tables of codes are those of the `fax` crate.

use std::convert::Infallible;
use std::iter;

use fax::maps::{Mode, black, mode, white};
use fax::{BitReader, ByteReader};

/// How rows follow each other.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// Rows of runs that begin at whole bytes.
    Runs,
    /// Rows behind marks; with `two_d`, a bit at each mark says whether the row is one of runs.
    Group3 { two_d: bool },
    /// Each row tells how it differs from the one above.
    Group4,
}

/// Zeros in a mark between rows.
const MARK: u32 = 11;

/// The rows as bits, 1 for black, each row in whole bytes: at most `rows` of `width` pixels, fewer
/// where the data ends or breaks.
pub(super) fn decode(bytes: &[u8], kind: Kind, width: usize, rows: usize) -> Vec<u8> {
    // Codes are looked up with more bits than they have: behind the data there are zeros.
    let padded = bytes.iter().copied().chain(iter::repeat_n(0, 8));
    let Ok(reader) = ByteReader::new(padded.map(Ok::<u8, Infallible>));
    let mut page = Page { reader, width: width as u32 };
    let (mut above, mut out) = (Vec::new(), Vec::new());
    let row_bytes = width.div_ceil(8);
    for _ in 0..rows {
        let Some(row) = page.row(kind, &above) else { break };
        out.resize(out.len() + row_bytes, 0);
        let begin = out.len() - row_bytes;
        paint(&row, width, &mut out[begin..]);
        above = row;
    }
    out
}

struct Page<R> {
    reader: ByteReader<R>,
    width: u32,
}

impl<R: Iterator<Item = Result<u8, Infallible>>> Page<R> {
    /// Where the colour changes in the next row, beginning with white. `None` at the end.
    fn row(&mut self, kind: Kind, above: &[u32]) -> Option<Vec<u32>> {
        match kind {
            Kind::Runs => {
                let row = self.runs()?;
                self.align();
                Some(row)
            }
            Kind::Group3 { two_d } => {
                self.skip_to_mark()?;
                let is_runs = !two_d || self.bit()? == 1;
                // Two marks in a row end the page; a broken row is followed by others.
                if is_runs && self.reader.peek(12) == Some(1) {
                    return None;
                }
                let row = if is_runs { self.runs() } else { self.differences(above) };
                Some(row.unwrap_or_else(|| above.to_vec()))
            }
            Kind::Group4 => self.differences(above),
        }
    }

    fn runs(&mut self) -> Option<Vec<u32>> {
        let (mut row, mut at, mut is_black) = (Vec::new(), 0, false);
        while at < self.width {
            at += self.run(is_black)?;
            row.push(at);
            is_black = !is_black;
            if self.is_full(&row) {
                return None;
            }
        }
        Some(row)
    }

    fn differences(&mut self, above: &[u32]) -> Option<Vec<u32>> {
        let (mut row, mut at, mut is_black) = (Vec::new(), 0u32, false);
        while at < self.width {
            let (below_change, next_change) = self.changes(above, at, row.is_empty(), is_black);
            match mode::decode(&mut self.reader)? {
                Mode::Pass => at = next_change,
                Mode::Vertical(shift) => {
                    at = below_change.checked_add_signed(shift.into())?.clamp(at, self.width);
                    row.push(at);
                    is_black = !is_black;
                }
                Mode::Horizontal => {
                    for colour in [is_black, !is_black] {
                        at += self.run(colour)?;
                        row.push(at);
                    }
                }
                Mode::Extension | Mode::EOF => return None,
            }
            if self.is_full(&row) {
                return None;
            }
        }
        Some(row)
    }

    /// The first change of the row above to the right of `at` into the other colour, and the one
    /// behind it. At the beginning of a row the change may lie at `at` itself.
    fn changes(&self, above: &[u32], at: u32, is_first: bool, is_black: bool) -> (u32, u32) {
        let is_behind = |change: &u32| *change < at || *change == at && !(is_first && at == 0);
        let mut first = above.partition_point(is_behind);
        // Changes into black have even places.
        first += usize::from(first % 2 == usize::from(!is_black));
        let change = |place: usize| above.get(place).map_or(self.width, |at| (*at).min(self.width));
        (change(first), change(first + 1))
    }

    /// A run of pixels: parts of 64 and more, then one of less.
    fn run(&mut self, is_black: bool) -> Option<u32> {
        let mut sum = 0u32;
        loop {
            let part = match is_black {
                true => black::decode(&mut self.reader)?,
                false => white::decode(&mut self.reader)?,
            };
            sum += u32::from(part);
            if sum > self.width {
                return None;
            }
            if part < 64 {
                return Some(sum);
            }
        }
    }

    /// Goes behind the next mark: at least eleven zeros and a one.
    fn skip_to_mark(&mut self) -> Option<()> {
        let mut zeros = 0;
        loop {
            match self.bit()? {
                0 => zeros += 1,
                _ if zeros >= MARK => return Some(()),
                _ => zeros = 0,
            }
        }
    }

    fn bit(&mut self) -> Option<u16> {
        let bit = self.reader.peek(1)?;
        let Ok(()) = self.reader.consume(1);
        Some(bit)
    }

    /// Goes on to the next whole byte.
    fn align(&mut self) {
        let spare = self.reader.bits_to_byte_boundary();
        let Ok(()) = self.reader.consume(spare);
    }

    /// Runs may be empty, but no row has more of them than pixels.
    fn is_full(&self, row: &[u32]) -> bool {
        row.len() > self.width as usize + 2
    }
}

/// Sets the bits of the black runs.
fn paint(row: &[u32], width: usize, out: &mut [u8]) {
    let end = |at: Option<&u32>| at.map_or(width, |at| (*at as usize).min(width));
    for run in row.chunks(2) {
        for x in end(run.first())..end(run.get(1)) {
            out[x / 8] |= 0x80 >> (x % 8);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packed(bits: &str) -> Vec<u8> {
        let bits: Vec<u8> = bits.bytes().filter(|b| *b != b' ').map(|b| b - b'0').collect();
        let byte =
            |bits: &[u8]| bits.iter().fold(0, |byte, bit| byte << 1 | bit) << (8 - bits.len());
        bits.chunks(8).map(byte).collect()
    }

    const MARK: &str = "000000000001";

    #[test]
    fn rows_of_runs_begin_at_whole_bytes() {
        // White 2, black 3, white 3; then black 8 behind no white.
        let bytes = packed("0111 10 1000 000000 00110101 000101 00");
        assert_eq!(decode(&bytes, Kind::Runs, 8, 9), [0b0011_1000, 0xff]);
    }

    #[test]
    fn marks_stand_before_rows_and_two_end_the_page() {
        let bits = format!("0000{MARK} 0111 10 1000 {MARK} 10011 {MARK}{MARK}{MARK} 10011");
        let rows = decode(&packed(&bits), Kind::Group3 { two_d: false }, 8, 9);
        assert_eq!(rows, [0b0011_1000, 0]);
    }

    #[test]
    fn differences_are_laid_on_the_row_above() {
        // Horizontal: white 2, black 3, and to the end; then one to the right, straight, straight.
        let bits = "001 0111 10 1 011 1 1 000000000001000000000001";
        let rows = decode(&packed(bits), Kind::Group4, 8, 9);
        assert_eq!(rows, [0b0011_1000, 0b0001_1000]);
    }

    #[test]
    fn noise_ends() {
        let mut state = 1u32;
        let noise: Vec<u8> = std::iter::repeat_with(|| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        })
        .take(5000)
        .collect();
        for kind in [Kind::Runs, Kind::Group3 { two_d: true }, Kind::Group4] {
            for length in (0..5000).step_by(97) {
                assert!(decode(&noise[length..], kind, 300, 200).len() <= 38 * 200);
            }
        }
    }
}
