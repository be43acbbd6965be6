//! Huffman codes as lookup tables (ITU T.81, annexes C and F).

use super::bits::Bits;

/// Bits looked up at once. Longer codes are rare by their nature.
const LOOK: u32 = 11;

/// Bits looked up at once where nothing but the end of a block is wanted.
const LEAP_LOOK: u32 = 12;

/// An end of block, as an entry's advance.
const END: u8 = 128;

/// Up to how many bits a value behind a code can have.
const MOST_EXTRA: u8 = 15;

/// One code of a table, and what stands behind it.
#[derive(Clone, Copy, Default)]
struct Code {
    /// Bits of the code itself; 0 where there is no code that short.
    length: u8,
    symbol: u8,
}

/// Code and value in one step.
#[derive(Clone, Copy, Default)]
struct Step {
    value: i16,
    /// Coefficients passed, with the one that has the value. [`END`] for an end of block.
    advance: u8,
    /// Bits of code and value; 0 where they do not fit into the looked-up bits.
    bits: u8,
}

/// As many whole symbols as fit, passed over: the bits to take (0 where the first code is too
/// long for the table), above them the coefficients passed, above them whether the block ends.
#[derive(Clone, Copy, Default)]
struct Leap(u16);

impl Leap {
    fn new(bits: u8, advance: u8, ends_block: bool) -> Self {
        Self(u16::from(bits) | u16::from(advance) << 6 | u16::from(ends_block) << 12)
    }

    /// At most 26.
    #[inline(always)]
    fn bits(self) -> u32 {
        u32::from(self.0 & 0x3f)
    }

    /// At most 63.
    #[inline(always)]
    fn advance(self) -> usize {
        usize::from(self.0 >> 6 & 0x3f)
    }

    #[inline(always)]
    fn ends_block(self) -> bool {
        self.0 >> 12 != 0
    }
}

/// A table of codes for coefficients.
pub(super) struct Huffman {
    codes: Box<[Code; 1 << LOOK]>,
    steps: Box<[Step; 1 << LOOK]>,
    leaps: Box<[Leap; 1 << LEAP_LOOK]>,
    /// For each length, the first 16-bit number above all codes of at most that length.
    limits: [u32; 17],
    /// For each length, what to add to a code of that length to find its symbol.
    offsets: [i32; 17],
    symbols: Vec<u8>,
}

/// The data breaks a rule.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Broken;

impl Huffman {
    /// `counts` of codes of 1 to 16 bits, and their symbols in order. `None` when the codes do not
    /// fit into their lengths.
    pub(super) fn new(counts: &[u8; 16], symbols: &[u8]) -> Option<Self> {
        let mut table = Self {
            codes: Box::new([Code::default(); 1 << LOOK]),
            steps: Box::new([Step::default(); 1 << LOOK]),
            leaps: Box::new([Leap::default(); 1 << LEAP_LOOK]),
            limits: [0; 17],
            offsets: [0; 17],
            symbols: symbols.to_vec(),
        };
        table.assign(counts)?;
        for index in 0..1 << LOOK {
            table.steps[index] = table.step_at(index as u32);
        }
        for index in 0..1 << LEAP_LOOK {
            table.leaps[index] = table.leap_at(index as u32);
        }
        Some(table)
    }

    /// Codes of a length are consecutive numbers; each length goes on where the last one ended.
    fn assign(&mut self, counts: &[u8; 16]) -> Option<()> {
        let (mut code, mut used) = (0u32, 0usize);
        for length in 1..=16u32 {
            let count = usize::from(counts[length as usize - 1]);
            self.offsets[length as usize] = used as i32 - code as i32;
            for symbol in self.symbols.get(used..used + count)? {
                if length <= LOOK {
                    let first = (code << (LOOK - length)) as usize;
                    let same = self.codes.get_mut(first..first + (1 << (LOOK - length)))?;
                    same.fill(Code { length: length as u8, symbol: *symbol });
                }
                code += 1;
            }
            used += count;
            if code > 1 << length {
                return None;
            }
            self.limits[length as usize] = code << (16 - length);
            code <<= 1;
        }
        Some(())
    }

    fn step_at(&self, index: u32) -> Step {
        let Code { length, symbol } = self.codes[index as usize];
        let (run, size) = (symbol >> 4, symbol & 15);
        let bits = length + size;
        if length == 0 || u32::from(bits) > LOOK {
            return Step::default();
        }
        let magnitude = (index >> (LOOK - u32::from(bits))) & ((1 << size) - 1);
        let advance = if symbol == 0 { END } else { run + 1 };
        Step { value: extended(magnitude, size) as i16, advance, bits }
    }

    fn leap_at(&self, index: u32) -> Leap {
        let (mut bits, mut advance) = (0, 0);
        while u32::from(bits) < LEAP_LOOK {
            let coming = index << bits & ((1 << LEAP_LOOK) - 1);
            let Code { length, symbol } = self.codes[(coming >> (LEAP_LOOK - LOOK)) as usize];
            let reached = advance + (symbol >> 4) + 1;
            let is_known = length > 0 && u32::from(bits + length) <= LEAP_LOOK;
            if !is_known || reached > 63 {
                break;
            }
            bits += length + (symbol & 15);
            if symbol == 0 {
                return Leap::new(bits, advance, true);
            }
            advance = reached;
        }
        Leap::new(bits, advance, false)
    }

    /// The next symbol of those made ready.
    #[inline(always)]
    pub(super) fn symbol(&self, bits: &mut Bits) -> Result<u8, Broken> {
        let code = self.codes[bits.peek(LOOK)];
        let code = if code.length > 0 { code } else { self.long_code(bits.peek(16) as u32)? };
        bits.take(u32::from(code.length));
        Ok(code.symbol)
    }

    /// The code at the beginning of the `coming` 16 bits, which is longer than the tables.
    #[cold]
    fn long_code(&self, coming: u32) -> Result<Code, Broken> {
        let is_this_long = |length: &u32| coming < self.limits[*length as usize];
        let length = (LOOK + 1..=16).find(is_this_long).ok_or(Broken)?;
        let index = (coming >> (16 - length)) as i32 + self.offsets[length as usize];
        let symbol = usize::try_from(index).ok().and_then(|i| self.symbols.get(i));
        Ok(Code { length: length as u8, symbol: *symbol.ok_or(Broken)? })
    }

    /// The difference of a block's first coefficient to that of the block before (T.81, F.2.2.1).
    #[inline(always)]
    pub(super) fn difference(&self, bits: &mut Bits) -> Result<i32, Broken> {
        bits.refill();
        let step = self.steps[bits.peek(LOOK)];
        // In this kind of table a symbol is a size alone; with a run, it is none.
        if step.bits > 0 && (step.advance == 1 || step.advance == END) {
            bits.take(u32::from(step.bits));
            return Ok(i32::from(step.value));
        }
        let size = self.symbol(bits)?;
        if size > MOST_EXTRA {
            return Err(Broken);
        }
        Ok(magnitude(bits, size))
    }

    /// Reads a block's other coefficients (T.81, F.2.2.2): hands those at places 1 to `last` of
    /// the zigzag order to `found`, and passes over the rest.
    #[inline(always)]
    pub(super) fn coefficients(
        &self,
        bits: &mut Bits,
        last: usize,
        mut found: impl FnMut(usize, i32),
    ) -> Result<(), Broken> {
        let mut place = 1;
        while place <= last {
            bits.refill();
            let step = self.steps[bits.peek(LOOK)];
            let value = if step.bits > 0 {
                bits.take(u32::from(step.bits));
                if step.advance == END {
                    return Ok(());
                }
                place += usize::from(step.advance);
                i32::from(step.value)
            } else {
                let symbol = self.symbol(bits)?;
                if symbol == 0 {
                    return Ok(());
                }
                place += usize::from(symbol >> 4) + 1;
                magnitude(bits, symbol & 15)
            };
            if place > 64 {
                return Err(Broken);
            }
            found(place - 1, value);
        }
        self.pass_over(bits, place)
    }

    /// Reads from `place` to the end of the block and forgets it.
    #[inline(always)]
    fn pass_over(&self, bits: &mut Bits, mut place: usize) -> Result<(), Broken> {
        while place < 64 {
            bits.refill();
            // Twice 26 bits at most: one refill is enough.
            for _ in 0..2 {
                let leap = self.leaps[bits.peek(LEAP_LOOK)];
                let reached = place + leap.advance();
                // A block that is full has no end symbol: what follows is the next block's.
                if leap.bits() == 0 || reached > 63 {
                    bits.refill();
                    let symbol = self.symbol(bits)?;
                    if symbol == 0 {
                        return Ok(());
                    }
                    bits.take(u32::from(symbol & 15));
                    place += usize::from(symbol >> 4) + 1;
                    break;
                }
                bits.take(leap.bits());
                if leap.ends_block() {
                    return Ok(());
                }
                place = reached;
            }
        }
        if place > 64 { Err(Broken) } else { Ok(()) }
    }
}

/// Reads a value of `size` bits.
#[inline(always)]
pub(super) fn magnitude(bits: &mut Bits, size: u8) -> i32 {
    extended(bits.number(size), size)
}

/// Numbers whose first bit is 0 are negative (T.81, F.2.2.1, EXTEND).
#[inline(always)]
fn extended(value: u32, size: u8) -> i32 {
    let value = value as i32;
    let is_negative = size > 0 && value >> (size - 1) == 0;
    if is_negative { value - (1 << size) + 1 } else { value }
}

#[cfg(test)]
mod tests {
    use super::super::bits::Segment;
    use super::*;

    /// Codes 0, 10, 110, 1110 for: end of block, one bit, run 2 and three bits, 16 zeros; and a
    /// code of 16 bits (1111 and twelve zeros) for ten bits.
    fn small() -> Huffman {
        let mut counts = [0; 16];
        counts[..4].fill(1);
        counts[15] = 1;
        Huffman::new(&counts, &[0x00, 0x01, 0x23, 0xf0, 0x0a]).unwrap()
    }

    /// The digits as a segment, with stuffing.
    fn segment(text: &str) -> Segment {
        let digits: Vec<u8> = text.bytes().filter(|b| *b != b' ').map(|b| b - b'0').collect();
        let byte = |d: &[u8]| d.iter().enumerate().fold(0, |byte, (i, d)| byte | (d << (7 - i)));
        let stuffed = |byte: u8| if byte == 0xff { vec![0xff, 0] } else { vec![byte] };
        let bytes: Vec<u8> = digits.chunks(8).map(byte).flat_map(stuffed).collect();
        let mut segment = Segment::default();
        segment.fill(&bytes);
        segment
    }

    fn read(table: &Huffman, text: &str, last: usize) -> (Result<(), Broken>, Vec<(usize, i32)>) {
        let mut found = Vec::new();
        let result = table.coefficients(&mut segment(text).bits(), last, |place, value| {
            found.push((place, value));
        });
        found.retain(|(_, value)| *value != 0);
        (result, found)
    }

    #[test]
    fn values_by_hand() {
        // 1, -1, two zeros and -5 (010), sixteen zeros, 7 after two zeros, end.
        let text = "101 100 110010 1110 110111 0";
        let all = vec![(1, 1), (2, -1), (5, -5), (24, 7)];
        assert_eq!(read(&small(), text, 63), (Ok(()), all.clone()));
        for (last, kept) in [(0, 0), (1, 1), (2, 2), (6, 3), (30, 4)] {
            assert_eq!(read(&small(), text, last), (Ok(()), all[..kept].to_vec()), "{last}");
        }
    }

    #[test]
    fn long_codes_and_long_values() {
        let long = "1111000000000000";
        assert_eq!(read(&small(), &format!("{long}1000000001 0"), 63).1, [(1, 513)]);
        assert_eq!(read(&small(), &format!("{long}0111111111 0"), 63).1, [(1, -512)]);
        assert_eq!(read(&small(), &format!("{long}0111111111 101 0"), 0).0, Ok(()));
        assert_eq!(read(&small(), "11110000000000010", 63).0, Err(Broken));
        assert_eq!(read(&small(), "11110000000000010", 0).0, Err(Broken));
    }

    #[test]
    fn a_full_block_has_no_end_and_more_is_broken() {
        let zeros = "1110 1110 1110 "; // places 1 to 48
        let rest = "101 ".repeat(15); // places 49 to 63
        let full = format!("{zeros}{rest}");
        for last in [0, 63] {
            let segment = segment(&full);
            let mut bits = segment.bits();
            small().coefficients(&mut bits, last, |_, _| {}).unwrap();
            // 57 bits are taken: the padding is left.
            assert!(!bits.is_overdrawn());
            bits.refill();
            bits.take(8);
            assert!(bits.is_overdrawn());
            assert_eq!(read(&small(), &format!("{zeros}1110 0"), last).0, Err(Broken));
        }
    }

    #[test]
    fn codes_that_do_not_fit_are_refused() {
        let mut counts = [0; 16];
        counts[0] = 3;
        assert!(Huffman::new(&counts, &[0, 1, 2]).is_none());
        counts[0] = 2;
        assert!(Huffman::new(&counts, &[0, 1]).is_some());
        assert!(Huffman::new(&counts, &[0]).is_none(), "a symbol is missing");
    }

    #[test]
    fn first_bits_tell_the_sign() {
        assert_eq!([extended(0, 0), extended(0, 1), extended(1, 1)], [0, -1, 1]);
        assert_eq!([extended(0, 3), extended(3, 3), extended(4, 3)], [-7, -4, 4]);
    }
}
