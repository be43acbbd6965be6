//! Undoing the predictors (TIFF 6.0, section 14, and Adobe's note 3 for floating-point numbers).

use super::ifd::Order;

/// Adds to each sample the one before it in its row: the same one of the pixel to the left.
///
/// `rows` are rows of `row_bytes`, `samples` stand together in a pixel, each of `bits` (8, 16, 32 or
/// 64).
pub(super) fn undo_differences(
    rows: &mut [u8],
    row_bytes: usize,
    samples: usize,
    bits: u32,
    order: Order,
) {
    for row in rows.chunks_mut(row_bytes.max(1)) {
        match bits {
            8 => (samples..row.len()).for_each(|i| row[i] = row[i].wrapping_add(row[i - samples])),
            16 => add::<2>(row, samples, |a, b| {
                let sum = order.u16(a).wrapping_add(order.u16(b));
                if order.is_little { sum.to_le_bytes() } else { sum.to_be_bytes() }
            }),
            32 => add::<4>(row, samples, |a, b| {
                let sum = order.u32(a).wrapping_add(order.u32(b));
                if order.is_little { sum.to_le_bytes() } else { sum.to_be_bytes() }
            }),
            _ => add::<8>(row, samples, |a, b| {
                let sum = order.u64(a).wrapping_add(order.u64(b));
                if order.is_little { sum.to_le_bytes() } else { sum.to_be_bytes() }
            }),
        }
    }
}

fn add<const N: usize>(row: &mut [u8], samples: usize, sum: impl Fn([u8; N], [u8; N]) -> [u8; N]) {
    let values = row.as_chunks_mut::<N>().0;
    for i in samples..values.len() {
        values[i] = sum(values[i], values[i - samples]);
    }
}

/// Adds byte after byte, then puts the bytes of a row's numbers, which stand by their weight, the
/// highest of all first, together again in the file's order.
pub(super) fn undo_float_planes(
    rows: &mut [u8],
    row_bytes: usize,
    samples: usize,
    bits: u32,
    order: Order,
) {
    let size = bits as usize / 8;
    for row in rows.chunks_exact_mut(row_bytes.max(1)) {
        (samples..row.len()).for_each(|i| row[i] = row[i].wrapping_add(row[i - samples]));
        let planes = row.to_vec();
        let count = row.len() / size;
        for (i, value) in row.chunks_exact_mut(size).enumerate() {
            for (place, byte) in value.iter_mut().enumerate() {
                let weight = if order.is_little { size - 1 - place } else { place };
                *byte = planes[weight * count + i];
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tiff::ifd::Structure;

    fn order(mark: &[u8; 4]) -> Order {
        Structure::parse(&[&mark[..], &[0; 4]].concat()).unwrap().order
    }

    #[test]
    fn each_sample_is_added_to_its_own_kind() {
        let mut rows = [1, 2, 3, 4, 1, 1, 1, 1, 10, 20, 30, 40, 1, 1, 1, 255];
        undo_differences(&mut rows, 8, 4, 8, order(b"II*\0"));
        assert_eq!(rows, [1, 2, 3, 4, 2, 3, 4, 5, 10, 20, 30, 40, 11, 21, 31, 39]);
        let mut wide = [0, 255, 0, 1, 1, 0];
        undo_differences(&mut wide, 6, 1, 16, order(b"MM\0*"));
        assert_eq!(wide, [0, 255, 1, 0, 2, 0]);
    }

    #[test]
    fn the_bytes_of_numbers_are_put_together() {
        let mut planes = [1, 1, 3, 0xff];
        undo_float_planes(&mut planes, 4, 1, 16, order(b"MM\0*"));
        assert_eq!(planes, [1, 5, 2, 4]);
        let mut planes = [1, 1, 3, 0xff];
        undo_float_planes(&mut planes, 4, 1, 16, order(b"II*\0"));
        assert_eq!(planes, [5, 1, 4, 2]);
    }
}
