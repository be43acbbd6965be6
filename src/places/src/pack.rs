//! The pack of all places. Two parts, each: its size unpacked and packed (u32, little-endian), then
//! a zlib stream of sections, each behind its size.
//!
//! | part | sections |
//! |---|---|
//! | places | countries, regions (lines of fields with tabs between), steps from each city's square degree to the next one's, place in the square in 256ths (rows, columns), populations (14 times their logarithm), numbers of regions (low and high bytes), names (English, tab, local), parts of cities (steps, number of the city), borders |
//! | words | further names of cities (step, how many names in all, names), keys of ordinary words, keys of doubtful words |

use miniz_oxide::inflate::decompress_to_vec_zlib_with_limit;

static PACK: &[u8] = include_bytes!("../data/places.bin");

/// The part with the places.
pub(crate) fn places() -> Sections {
    Sections::unpacked(PACK)
}

/// The part with further names and words.
pub(crate) fn words() -> Sections {
    let (_, packed) = sizes(PACK);
    Sections::unpacked(&PACK[8 + packed..])
}

fn sizes(part: &[u8]) -> (usize, usize) {
    let size = |at: usize| u32::from_le_bytes([part[at], part[at + 1], part[at + 2], part[at + 3]]);
    (size(0) as usize, size(4) as usize)
}

/// A part, section by section.
pub(crate) struct Sections {
    bytes: Vec<u8>,
    at: usize,
}

impl Sections {
    /// The pack is part of the program; a test reads all of it.
    fn unpacked(part: &[u8]) -> Sections {
        let (size, packed) = sizes(part);
        let bytes = decompress_to_vec_zlib_with_limit(&part[8..8 + packed], size)
            .expect("the places in the program are whole");
        Sections { bytes, at: 0 }
    }

    /// The next section.
    pub(crate) fn next(&mut self) -> &[u8] {
        let head = &self.bytes[self.at..self.at + 4];
        let size = u32::from_le_bytes([head[0], head[1], head[2], head[3]]) as usize;
        let start = self.at + 4;
        self.at = start + size;
        &self.bytes[start..self.at]
    }

    /// The next section, which is text.
    pub(crate) fn text(&mut self) -> &str {
        str::from_utf8(self.next()).expect("the places in the program are text")
    }
}

/// Numbers of seven bits a byte, the low ones first.
pub(crate) struct Numbers<'a>(pub(crate) &'a [u8]);

impl Iterator for Numbers<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        let mut value = 0;
        for shift in (0..32).step_by(7) {
            let (&byte, rest) = self.0.split_first()?;
            self.0 = rest;
            value |= u32::from(byte & 127) << shift;
            if byte < 128 {
                break;
            }
        }
        Some(value)
    }
}
