//! Products of an 8-bit query with many 8-bit codes, once per instruction set.
//!
//! The query has signed bytes, the codes unsigned ones, as the dot-product instructions of x86
//! want them. All sums are whole numbers, so every instruction set gives the same.

use std::sync::OnceLock;

mod portable;
#[cfg(target_arch = "x86_64")]
mod x86;

/// One implementation.
struct Products {
    /// Query, codes row after row, and a sum for each row.
    rows: fn(&[i8], &[u8], &mut [i32]),
    /// Query, codes that lie anywhere, and a sum for each.
    each: fn(&[i8], &[&[u8]], &mut [i32]),
}

/// Every implementation this machine can run, fastest first, with its name.
fn available() -> Vec<(&'static str, Products)> {
    let mut found = Vec::new();
    #[cfg(target_arch = "x86_64")]
    found.extend(x86::available());
    found.push(("portable", Products { rows: portable::dot_rows, each: portable::dot_each }));
    found
}

fn chosen() -> &'static Products {
    static CHOSEN: OnceLock<Products> = OnceLock::new();
    CHOSEN.get_or_init(|| available().remove(0).1)
}

/// The sum of products of `query` with each row of `codes`: `sums.len()` rows of `query.len()`.
///
/// With at most 65,000 numbers in a row no sum overflows. Codes that are missing leave their
/// sums as they were.
pub(crate) fn dot_rows(query: &[i8], codes: &[u8], sums: &mut [i32]) {
    (chosen().rows)(query, codes, sums);
}

/// The same for codes that lie anywhere. Of a code and a query of different lengths, the longer is
/// cut to the shorter.
pub(crate) fn dot_each(query: &[i8], codes: &[&[u8]], sums: &mut [i32]) {
    (chosen().each)(query, codes, sums);
}

/// Asks the memory for what will soon be read, where the processor knows how to. Vectors that a
/// search compares lie far apart, and most of its time would go into waiting for each.
#[inline]
pub(crate) fn fetch<T>(values: &[T]) {
    #[cfg(target_arch = "x86_64")]
    x86::fetch(values);
    #[cfg(not(target_arch = "x86_64"))]
    let _ = values;
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
                for (name, Products { rows: dot_rows, .. }) in available() {
                    let mut sums = vec![0; rows];
                    dot_rows(&query, &codes, &mut sums);
                    assert_eq!(sums, expected, "{name}, {rows} rows of {width}");
                }
            }
        }
    }

    #[test]
    fn codes_anywhere_have_the_sums_they_have_in_rows() {
        let mut random = Random::new(2);
        for width in [1, 64, 100, 512] {
            let query: Vec<i8> = (0..width).map(|_| random.next() as i8).collect();
            let codes: Vec<u8> = (0..width * 50).map(|_| random.next() as u8).collect();
            let mut all = [0; 50];
            dot_rows(&query, &codes, &mut all);
            for count in [0, 1, 4, 7, 30] {
                let rows: Vec<usize> = (0..count).map(|_| random.below(50)).collect();
                let anywhere: Vec<&[u8]> =
                    rows.iter().map(|row| &codes[row * width..][..width]).collect();
                anywhere.iter().for_each(|code| fetch(code));
                let expected: Vec<i32> = rows.iter().map(|row| all[*row]).collect();
                for (name, Products { each, .. }) in available() {
                    let mut sums = vec![0; count];
                    each(&query, &anywhere, &mut sums);
                    assert_eq!(sums, expected, "{name}, {count} codes of {width}");
                }
            }
        }
    }

    #[test]
    fn the_largest_values_do_not_saturate() {
        let (query, codes) = (vec![-128i8; 512], vec![255u8; 512]);
        for (name, Products { rows: dot_rows, .. }) in available() {
            let mut sums = [0];
            dot_rows(&query, &codes, &mut sums);
            assert_eq!(sums, [-128 * 255 * 512], "{name}");
        }
    }

    #[test]
    fn missing_codes_are_not_read() {
        for (name, Products { rows: dot_rows, .. }) in available() {
            let mut sums = [7; 6];
            dot_rows(&[1; 64], &[1; 64 * 5 + 63], &mut sums);
            assert_eq!(sums, [64, 64, 64, 64, 64, 7], "{name}");
        }
    }

    #[test]
    fn codes_of_another_length_are_cut_not_overrun() {
        let query = [1i8; 100];
        for short in [0, 1, 15, 16, 31, 63, 64, 99] {
            for long in [100, 101, 116, 128, 200] {
                // Side by side: reading too far would find the next one's twos.
                let all: Vec<u8> = [vec![1; short], vec![2; long]].concat();
                let codes = [&all[..short], &all[short..], &all[..short], &[], &all[short..]];
                let expected = [short, 200, short, 0, 200].map(|sum| sum as i32);
                for (name, Products { each, .. }) in available() {
                    let mut sums = [7; 5];
                    each(&query, &codes, &mut sums);
                    assert_eq!(sums, expected, "{name}, {short} and {long} bytes");
                }
            }
        }
    }
}
