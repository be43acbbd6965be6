//! Products of an 8-bit query with many 8-bit codes, once per instruction set.
//!
//! The query has signed bytes, the codes unsigned ones, as the dot-product instructions of x86
//! want them. All sums are whole numbers, so every instruction set gives the same.

use std::sync::OnceLock;

mod portable;
#[cfg(target_arch = "x86_64")]
mod x86;

/// Query, codes row after row, and a sum for each row.
type DotRows = fn(&[i8], &[u8], &mut [i32]);

/// Every implementation this machine can run, fastest first, with its name.
fn available() -> Vec<(&'static str, DotRows)> {
    let mut found: Vec<(&'static str, DotRows)> = Vec::new();
    #[cfg(target_arch = "x86_64")]
    found.extend(x86::available());
    found.push(("portable", portable::dot_rows));
    found
}

/// The sum of products of `query` with each row of `codes`: `sums.len()` rows of `query.len()`.
///
/// With at most 65,000 numbers in a row no sum overflows. Codes that are missing leave their
/// sums as they were.
pub(crate) fn dot_rows(query: &[i8], codes: &[u8], sums: &mut [i32]) {
    static CHOSEN: OnceLock<DotRows> = OnceLock::new();
    CHOSEN.get_or_init(|| available()[0].1)(query, codes, sums);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    #[test]
    fn every_instruction_set_gives_the_same_sums() {
        let mut random = Random::new(1);
        for width in [1, 15, 16, 63, 64, 65, 128, 192, 512, 768, 1151] {
            let query: Vec<i8> = (0..width).map(|_| random.next() as i8).collect();
            for rows in [0, 1, 3, 4, 5, 9] {
                let codes: Vec<u8> = (0..width * rows).map(|_| random.next() as u8).collect();
                let sum = |row: &[u8]| -> i32 {
                    row.iter().zip(&query).map(|(c, q)| i32::from(*c) * i32::from(*q)).sum()
                };
                let expected: Vec<i32> = codes.chunks(width).map(sum).collect();
                for (name, dot_rows) in available() {
                    let mut sums = vec![0; rows];
                    dot_rows(&query, &codes, &mut sums);
                    assert_eq!(sums, expected, "{name}, {rows} rows of {width}");
                }
            }
        }
    }

    #[test]
    fn the_largest_values_do_not_saturate() {
        let (query, codes) = (vec![-128i8; 512], vec![255u8; 512]);
        for (name, dot_rows) in available() {
            let mut sums = [0];
            dot_rows(&query, &codes, &mut sums);
            assert_eq!(sums, [-128 * 255 * 512], "{name}");
        }
    }

    #[test]
    fn missing_codes_are_not_read() {
        for (name, dot_rows) in available() {
            let mut sums = [7; 6];
            dot_rows(&[1; 64], &[1; 64 * 5 + 63], &mut sums);
            assert_eq!(sums, [64, 64, 64, 64, 64, 7], "{name}");
        }
    }
}
