//! Bits of entropy-coded data, highest first.

/// Zero bytes behind the data, so that a whole word can be read at its end.
const PADDING: usize = 16;

/// Bytes looked at together while stuffing is removed.
const CHUNK: usize = 16;

/// The data of one restart interval without its stuffing (a 0 behind every 255; T.81, B.1.1.5).
#[derive(Default)]
pub(super) struct Segment {
    padded: Vec<u8>,
    length: usize,
}

impl Segment {
    /// Takes the bytes up to the next marker and returns where that stands in `input`, or the
    /// input's length where there is none.
    pub(super) fn fill(&mut self, input: &[u8]) -> usize {
        self.padded.clear();
        let end = self.unstuff(input);
        self.length = self.padded.len();
        self.padded.resize(self.length + PADDING, 0);
        end
    }

    fn unstuff(&mut self, input: &[u8]) -> usize {
        let mut at = 0;
        while at < input.len() {
            while let Some(chunk) = input[at..].first_chunk::<CHUNK>()
                && !chunk.iter().fold(false, |found, byte| found | (*byte == 0xff))
            {
                self.padded.extend_from_slice(chunk);
                at += CHUNK;
            }
            let end = input.len().min(at + CHUNK);
            while at < end {
                match (input[at], input.get(at + 1)) {
                    (0xff, Some(0)) => {
                        self.padded.push(0xff);
                        at += 2;
                    }
                    // Fill bytes may stand before a marker.
                    (0xff, Some(0xff)) => at += 1,
                    (0xff, _) => return at,
                    (byte, _) => {
                        self.padded.push(byte);
                        at += 1;
                    }
                }
            }
        }
        input.len()
    }

    pub(super) fn bits(&self) -> Bits<'_> {
        Bits { padded: &self.padded, length: self.length, next: 0, window: 0, count: 0 }
    }
}

/// A reading position in a [`Segment`]. Behind its end come zeros; see [`Bits::is_overdrawn`].
pub(super) struct Bits<'a> {
    padded: &'a [u8],
    length: usize,
    /// The next byte to load.
    next: usize,
    /// The coming bits, the first one highest. Below `count` of them lie copies of later bits.
    window: u64,
    count: u32,
}

impl Bits<'_> {
    /// Makes at least 56 bits ready.
    #[inline(always)]
    pub(super) fn refill(&mut self) {
        let word = self.padded.get(self.next..).and_then(|rest| rest.first_chunk::<8>());
        self.window |= word.map_or(0, |word| u64::from_be_bytes(*word)) >> self.count;
        self.next += (63 - self.count as usize) >> 3;
        self.count |= 56;
    }

    /// The next `bits` (1 to 32) as a number, without taking them.
    #[inline(always)]
    pub(super) fn peek(&self, bits: u32) -> usize {
        (self.window >> (64 - bits)) as usize
    }

    /// Takes `bits` of those made ready.
    #[inline(always)]
    pub(super) fn take(&mut self, bits: u32) {
        self.window <<= bits;
        self.count -= bits;
    }

    /// Takes the next `size` (0 to 31) of the bits made ready, as a number.
    #[inline(always)]
    pub(super) fn number(&mut self, size: u8) -> u32 {
        // Two shifts, because a size of 0 would shift by all bits.
        let value = self.peek(32) as u32 >> 1 >> (31 - u32::from(size));
        self.take(u32::from(size));
        value
    }

    /// The next bit, ready or not.
    #[inline(always)]
    pub(super) fn bit(&mut self) -> bool {
        if self.count == 0 {
            self.refill();
        }
        self.number(1) == 1
    }

    /// Whether more bits were taken than there were.
    pub(super) fn is_overdrawn(&self) -> bool {
        self.next * 8 - self.count as usize > self.length * 8
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(input: &[u8]) -> (usize, Vec<u8>) {
        let mut segment = Segment::default();
        let end = segment.fill(input);
        (end, segment.padded[..segment.length].to_vec())
    }

    #[test]
    fn stuffing_goes_and_markers_end_the_data() {
        assert_eq!(filled(b"ab\xff\0c\xff\xd9rest"), (5, b"ab\xffc".to_vec()));
        assert_eq!(filled(b"a\xff\xff\xd0"), (2, b"a".to_vec()));
        assert_eq!(filled(b"a\xff"), (1, b"a".to_vec()));
        let long: Vec<u8> = (0..100).collect();
        let stuffed = [&long[..], b"\xff\0", &long].concat();
        assert_eq!(filled(&stuffed), (202, [&long[..], b"\xff", &long].concat()));
    }

    #[test]
    fn bits_come_highest_first_and_an_overdraft_is_seen() {
        let mut segment = Segment::default();
        segment.fill(&[0b1010_0000, 0x12, 0x34]);
        let mut bits = segment.bits();
        let mut read = |count| {
            bits.refill();
            let value = bits.peek(count);
            bits.take(count);
            (value, bits.is_overdrawn())
        };
        assert_eq!(read(3), (0b101, false));
        assert_eq!(read(5), (0, false));
        assert_eq!(read(16), (0x1234, false));
        assert_eq!(read(1), (0, true));
        for _ in 0..100 {
            assert_eq!(read(31), (0, true));
        }
    }
}
