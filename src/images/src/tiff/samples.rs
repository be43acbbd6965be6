//! Samples of any depth become levels from 0 to 255.

use super::ifd::Order;
use crate::colour::srgb_from_linear;

/// What a row's samples are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Numbers {
    /// Whole numbers, the largest of which is full light.
    Whole,
    /// Whole numbers of at most 8 bits that stand for something else: they are kept.
    Indices,
    /// Floating-point numbers: linear light.
    Light,
}

/// Whether samples of so many bits can be read.
pub(super) fn can_read(numbers: Numbers, bits: u32) -> bool {
    match numbers {
        Numbers::Whole => matches!(bits, 1..=16 | 24 | 32),
        Numbers::Indices => matches!(bits, 1..=8),
        Numbers::Light => matches!(bits, 16 | 32 | 64),
    }
}

/// Appends the levels of the first `count` samples of a row, fewer where it is shorter.
pub(super) fn append_levels(
    row: &[u8],
    count: usize,
    (numbers, bits): (Numbers, u32),
    order: Order,
    out: &mut Vec<u8>,
) {
    match (numbers, bits) {
        (Numbers::Light, 16) => {
            let values = row.as_chunks::<2>().0.iter().take(count);
            out.extend(values.map(|value| srgb_from_linear(from_half(order.u16(*value)))));
        }
        (Numbers::Light, 32) => {
            let values = row.as_chunks::<4>().0.iter().take(count);
            out.extend(values.map(|value| srgb_from_linear(f32::from_bits(order.u32(*value)))));
        }
        (Numbers::Light, _) => {
            let values = row.as_chunks::<8>().0.iter().take(count);
            let light = |value: &[u8; 8]| f64::from_bits(order.u64(*value)) as f32;
            out.extend(values.map(|value| srgb_from_linear(light(value))));
        }
        (_, 8) => out.extend(row.iter().take(count)),
        // The highest byte.
        (_, 16 | 24 | 32) => {
            let size = bits as usize / 8;
            let place = if order.is_little { size - 1 } else { 0 };
            out.extend(row.chunks_exact(size).take(count).map(|value| value[place]));
        }
        (Numbers::Indices, _) => packed(row, count, bits, out, |value| value as u8),
        (_, 9..) => packed(row, count, bits, out, |value| (value >> (bits - 8)) as u8),
        (_, _) => {
            let most = (1 << bits) - 1;
            packed(row, count, bits, out, |value| ((value * 255 + most / 2) / most) as u8);
        }
    }
}

/// Samples of up to 16 bits, the highest bit first, without gaps.
fn packed(row: &[u8], count: usize, bits: u32, out: &mut Vec<u8>, level: impl Fn(u32) -> u8) {
    let (mut held, mut ready) = (0u32, 0u32);
    let mut bytes = row.iter();
    for _ in 0..count {
        while ready < bits {
            let Some(byte) = bytes.next() else { return };
            held = held << 8 | u32::from(*byte);
            ready += 8;
        }
        ready -= bits;
        out.push(level(held >> ready & ((1 << bits) - 1)));
    }
}

/// A floating-point number of 16 bits (IEEE 754).
fn from_half(bits: u16) -> f32 {
    let (exponent, fraction) = (i32::from(bits >> 10 & 31), f32::from(bits & 1023) / 1024.0);
    let value = match exponent {
        0 => fraction * 2f32.powi(-14),
        31 if fraction == 0.0 => f32::INFINITY,
        31 => f32::NAN,
        _ => (1.0 + fraction) * 2f32.powi(exponent - 15),
    };
    if bits >> 15 == 1 { -value } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tiff::ifd::Structure;

    fn levels(row: &[u8], count: usize, numbers: Numbers, bits: u32) -> Vec<u8> {
        let order = Structure::parse(b"II*\0\0\0\0\0").unwrap().order;
        let mut out = Vec::new();
        append_levels(row, count, (numbers, bits), order, &mut out);
        out
    }

    #[test]
    fn every_depth_reaches_from_black_to_white() {
        assert_eq!(levels(&[0b1010_0000], 3, Numbers::Whole, 1), [255, 0, 255]);
        assert_eq!(levels(&[0b0001_1011], 4, Numbers::Whole, 2), [0, 85, 170, 255]);
        assert_eq!(levels(&[0x0f, 0x80], 3, Numbers::Whole, 4), [0, 255, 136]);
        assert_eq!(levels(&[0xff, 0xf8, 0x00], 2, Numbers::Whole, 12), [255, 128]);
        assert_eq!(levels(&[1, 200, 0, 255], 2, Numbers::Whole, 16), [200, 255]);
        assert_eq!(levels(&[0x0f, 0x80], 3, Numbers::Indices, 4), [0, 15, 8]);
        assert_eq!(levels(&[7], 9, Numbers::Whole, 8), [7]);
    }

    #[test]
    fn light_goes_through_the_curve() {
        let one_and_half = [0x00, 0x3c, 0x00, 0x38, 0x00, 0xfc, 0x00, 0x7e];
        assert_eq!(levels(&one_and_half, 4, Numbers::Light, 16), [255, 188, 0, 0]);
        assert_eq!(levels(&0.5f32.to_le_bytes(), 1, Numbers::Light, 32), [188]);
        assert_eq!(levels(&0.5f64.to_le_bytes(), 1, Numbers::Light, 64), [188]);
    }
}
