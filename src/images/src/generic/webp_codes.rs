//! How much memory the prefix codes of a lossless WebP picture take (RFC 9649, section 3).
//!
//! A picture may have 65,536 groups of five codes, each a table of its own: a small file can ask for
//! a gigabyte. Their number stands in an image of its own, so that is read over, symbol by symbol,
//! and then the lengths of all codes are. Pixels are not decoded.

/// Bits that a decoder's table is looked up with; longer codes go on in a tree.
const TABLE_BITS: usize = 10;
/// Bytes of an entry of the table, and of a node of the tree with what allocating it wastes.
const ENTRY: u64 = 4;
const NODE: u64 = 16;
/// Bytes of a code besides.
const CODE: u64 = 128;

/// Longest code.
const LONGEST: usize = 15;
/// Symbols for lengths of copies.
const LENGTHS: usize = 24;
/// Symbols for distances of copies.
const DISTANCES: usize = 40;

/// In which order the lengths of the codes of lengths stand.
const ORDER: [usize; 19] = [17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

/// Bytes that the codes of a picture of `width` x `height` take; `stream` begins behind its header.
///
/// Where the data ends early or breaks a rule, a decoder stops too, with what it has until then.
pub(super) fn memory(stream: &[u8], (width, height): (u32, u32)) -> u64 {
    let mut taken = 0;
    // `None` is such an end.
    let _ = add_codes(stream, width, height, &mut taken);
    taken
}

fn add_codes(stream: &[u8], width: u32, height: u32, taken: &mut u64) -> Option<()> {
    let mut bits = Bits { bytes: stream, at: 0 };
    let mut width = width as usize;
    let height = height as usize;
    let mut seen = [false; 4];
    while bits.flag()? {
        let kind = bits.number(2)?;
        if std::mem::replace(&mut seen[kind], true) {
            return None;
        }
        match kind {
            0 | 1 => {
                let size = bits.number(3)? + 2;
                bits.read_over(in_blocks(width, size) * in_blocks(height, size))?;
            }
            3 => {
                let colours = bits.number(8)? + 1;
                bits.read_over(colours)?;
                // Few colours: several pixels are packed into one.
                width = in_blocks(width, packing(colours));
            }
            _ => {}
        }
    }
    let cache = bits.cache()?;
    let groups = match bits.flag()? {
        true => {
            let size = bits.number(3)? + 2;
            bits.read_over(in_blocks(width, size) * in_blocks(height, size))? + 1
        }
        false => 1,
    };
    for _ in 0..groups {
        *taken += bits.codes(cache)?.iter().map(Code::memory).sum::<u64>();
    }
    Some(())
}

/// How many times the width is halved for a picture of so many colours.
fn packing(colours: usize) -> usize {
    match colours {
        0..=2 => 3,
        3..=4 => 2,
        5..=16 => 1,
        _ => 0,
    }
}

/// How many blocks of `1 << size` cover a length.
fn in_blocks(length: usize, size: usize) -> usize {
    length.div_ceil(1 << size)
}

/// A prefix code: how many codes of each length there are, and their symbols in order.
struct Code {
    counts: [usize; LONGEST + 1],
    symbols: Vec<u16>,
}

impl Code {
    fn new(lengths: &[u8]) -> Option<Self> {
        let mut counts = [0; LONGEST + 1];
        lengths.iter().for_each(|length| counts[usize::from(*length)] += 1);
        counts[0] = 0;
        let mut symbols: Vec<u16> =
            (0..lengths.len() as u16).filter(|symbol| lengths[usize::from(*symbol)] > 0).collect();
        symbols.sort_by_key(|symbol| lengths[usize::from(*symbol)]);
        // A lone symbol takes no bits.
        if symbols.len() == 1 {
            counts = [0; LONGEST + 1];
        }
        (!symbols.is_empty()).then_some(Self { counts, symbols })
    }

    /// Bytes that a decoder's table and tree take.
    fn memory(&self) -> u64 {
        let longest = self.counts.iter().rposition(|count| *count > 0).unwrap_or(0);
        let table = if longest == 0 { 0 } else { 1u64 << longest.min(TABLE_BITS) };
        let beyond: usize = self.counts[TABLE_BITS + 1..].iter().sum();
        table * ENTRY + 2 * beyond as u64 * NODE + CODE
    }
}

/// Bits, lowest first.
struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Bits<'_> {
    fn flag(&mut self) -> Option<bool> {
        let bit = self.bytes.get(self.at / 8)? >> (self.at % 8) & 1;
        self.at += 1;
        Some(bit == 1)
    }

    fn number(&mut self, bits: usize) -> Option<usize> {
        (0..bits).try_fold(0, |number, i| Some(number | usize::from(self.flag()?) << i))
    }

    /// How many colours are cached.
    fn cache(&mut self) -> Option<usize> {
        match self.flag()? {
            true => Some(1 << self.number(4)?).filter(|size| *size <= 1 << 11),
            false => Some(0),
        }
    }

    /// Reads over an image without groups; gives the largest number of a group that it names.
    fn read_over(&mut self, pixels: usize) -> Option<usize> {
        let cache = self.cache()?;
        let [green, red, blue, alpha, distance] = &self.codes(cache)?;
        let (mut at, mut largest) = (0, 0);
        while at < pixels {
            match usize::from(self.symbol(green)?) {
                level @ 0..256 => {
                    let high = usize::from(self.symbol(red)?);
                    self.symbol(blue)?;
                    self.symbol(alpha)?;
                    largest = largest.max(high << 8 | level);
                    at += 1;
                }
                // A copy repeats what was there.
                symbol if symbol < 256 + LENGTHS => {
                    at += self.prefixed(symbol - 256)?;
                    let symbol = self.symbol(distance)?;
                    self.prefixed(symbol.into())?;
                }
                _ => at += 1,
            }
        }
        Some(largest)
    }

    /// A number whose size the symbol tells.
    fn prefixed(&mut self, symbol: usize) -> Option<usize> {
        if symbol < 4 {
            return Some(symbol + 1);
        }
        let extra = (symbol - 2) >> 1;
        Some(((2 + (symbol & 1)) << extra) + self.number(extra)? + 1)
    }

    fn symbol(&mut self, code: &Code) -> Option<u16> {
        if let [lone] = code.symbols[..] {
            return Some(lone);
        }
        let (mut bits, mut first, mut index) = (0, 0, 0);
        for count in &code.counts[1..] {
            bits |= usize::from(self.flag()?);
            if bits < first + count {
                return code.symbols.get(index + bits - first).copied();
            }
            index += count;
            first = (first + count) << 1;
            bits <<= 1;
        }
        None
    }

    /// The five codes of a group.
    fn codes(&mut self, cache: usize) -> Option<[Code; 5]> {
        Some([
            self.code(256 + LENGTHS + cache)?,
            self.code(256)?,
            self.code(256)?,
            self.code(256)?,
            self.code(DISTANCES)?,
        ])
    }

    fn code(&mut self, alphabet: usize) -> Option<Code> {
        let mut lengths = vec![0; alphabet];
        if self.flag()? {
            let has_two = self.flag()?;
            let bits = if self.flag()? { 8 } else { 1 };
            *lengths.get_mut(self.number(bits)?)? = 1;
            if has_two {
                *lengths.get_mut(self.number(8)?)? = 1;
            }
            return Code::new(&lengths);
        }
        let mut of_lengths = [0; 19];
        for place in &ORDER[..4 + self.number(4)?] {
            of_lengths[*place] = self.number(3)? as u8;
        }
        let of_lengths = Code::new(&of_lengths)?;
        let mut left = match self.flag()? {
            true => {
                let bits = 2 + 2 * self.number(3)?;
                2 + self.number(bits)?
            }
            false => alphabet,
        };
        let (mut at, mut before) = (0, 8);
        while at < alphabet && left > 0 {
            left -= 1;
            let (length, times) = match self.symbol(&of_lengths)? {
                16 => (before, 3 + self.number(2)?),
                17 => (0, 3 + self.number(3)?),
                18 => (0, 11 + self.number(7)?),
                length => (length as u8, 1),
            };
            before = if length > 0 { length } else { before };
            lengths.get_mut(at..at + times)?.fill(length);
            at += times;
        }
        Code::new(&lengths)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Writes bits, lowest first.
    #[derive(Default)]
    struct Writer(Vec<bool>);

    impl Writer {
        fn put(&mut self, number: usize, bits: usize) {
            self.0.extend((0..bits).map(|i| number >> i & 1 == 1));
        }

        /// A code of one symbol, which takes no bits.
        fn lone(&mut self, symbol: usize) {
            self.put(0b101, 3);
            self.put(symbol, 8);
        }

        /// Eleven symbols whose codes have 1 to 10 bits: a full table. 76 bits.
        fn long(&mut self) {
            // Lengths 1 to 10 have codes of 4 bits (ten of sixteen, and six more for lengths that
            // are not used), 0 and the repetitions none.
            self.put(0, 1);
            self.put(15, 4);
            for place in ORDER {
                self.put(if (0..16).contains(&place) { 4 } else { 0 }, 3);
            }
            // Twelve lengths: 2 and one number of 4 bits, which is 9.
            self.put(1, 1);
            self.put(1, 3);
            self.put(9, 4);
            for length in [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10] {
                // Codes are written highest bit first.
                (0..4).rev().for_each(|bit| self.put(length >> bit & 1, 1));
            }
        }

        fn bytes(self) -> Vec<u8> {
            let byte =
                |bits: &[bool]| bits.iter().rev().fold(0, |all, bit| all << 1 | u8::from(*bit));
            self.0.chunks(8).map(byte).collect()
        }
    }

    /// A picture of 512 x 512 pixels whose one group number is `last`, with as many groups.
    fn groups(last: usize) -> Vec<u8> {
        let mut bits = Writer::default();
        // No transform, no cache, groups for blocks of 4 x 4 pixels.
        bits.put(0b100, 3);
        bits.put(0, 3);
        // The image of group numbers: no cache, and one colour.
        bits.put(0, 1);
        bits.lone(last & 0xff);
        bits.lone(last >> 8);
        (0..3).for_each(|_| bits.lone(0));
        for _ in 0..(last + 1) * 5 {
            bits.long();
        }
        bits.bytes()
    }

    #[test]
    fn many_groups_of_large_tables_are_counted() {
        let bytes = groups(4999);
        let taken = memory(&bytes, (512, 512));
        assert_eq!(taken, 5000 * 5 * ((ENTRY << 10) + CODE));
        // Cut in the middle, half of them are there.
        let half = memory(&bytes[..bytes.len() / 2], (512, 512));
        assert!(half > taken * 2 / 5 && half < taken * 3 / 5, "{half} of {taken}");
    }

    #[test]
    fn one_group_takes_little() {
        let taken = memory(&groups(0), (512, 512));
        assert_eq!(taken, 5 * ((ENTRY << 10) + CODE));
        assert_eq!(memory(&[], (512, 512)), 0);
    }
}
