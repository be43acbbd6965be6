//! Blocks become pixels, at full or at reduced size.

use super::{idct, reduced};

/// Which of a block's coefficients may differ from 0.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Extent {
    /// The first alone.
    Flat,
    /// The lowest 4 x 4.
    Corner,
    All,
}

impl Extent {
    /// For coefficients up to a place of the zigzag order.
    #[inline(always)]
    pub(super) fn up_to(place: usize) -> Self {
        match place {
            0 => Self::Flat,
            1..=9 => Self::Corner,
            _ => Self::All,
        }
    }

    /// Of coefficients that lie 8 to a row.
    #[inline(always)]
    pub(super) fn of(block: &[i16; 64]) -> Self {
        let (mut upper, mut lower) = ([0; 8], [0; 8]);
        for (v, row) in block.as_chunks::<8>().0.iter().enumerate() {
            let seen = if v < 4 { &mut upper } else { &mut lower };
            for u in 0..8 {
                seen[u] |= if (u, v) == (0, 0) { 0 } else { row[u] };
            }
        }
        let is_any = |values: &[i16]| values.iter().fold(0, |all, value| all | value) != 0;
        match is_any(&lower) || is_any(&upper[4..]) {
            true => Self::All,
            false if is_any(&upper[..4]) => Self::Corner,
            false => Self::Flat,
        }
    }
}

/// Turns dequantised coefficients (8 to a row) into `points` pixels across and down.
#[inline(always)]
pub(super) fn pixels(
    values: &[i32; 64],
    extent: Extent,
    points: (usize, usize),
    out: &mut [u8],
    stride: usize,
) {
    if extent == Extent::Flat {
        let pixel = (values[0].wrapping_add(128 * 8 + 4) >> 3).clamp(0, 255) as u8;
        for row in out.chunks_mut(stride).take(points.1) {
            row[..points.0].fill(pixel);
        }
        return;
    }
    match points {
        (1, 1) => reduced::inverse::<1, 1>(values, out, stride),
        (1, 2) => reduced::inverse::<1, 2>(values, out, stride),
        (1, 4) => reduced::inverse::<1, 4>(values, out, stride),
        (2, 1) => reduced::inverse::<2, 1>(values, out, stride),
        (2, 2) => reduced::inverse::<2, 2>(values, out, stride),
        (2, 4) => reduced::inverse::<2, 4>(values, out, stride),
        (2, 8) => reduced::inverse::<2, 8>(values, out, stride),
        (4, 1) => reduced::inverse::<4, 1>(values, out, stride),
        (4, 2) => reduced::inverse::<4, 2>(values, out, stride),
        (4, 4) => reduced::inverse::<4, 4>(values, out, stride),
        (4, 8) => reduced::inverse::<4, 8>(values, out, stride),
        (8, 2) => reduced::inverse::<8, 2>(values, out, stride),
        (8, 4) => reduced::inverse::<8, 4>(values, out, stride),
        _ if extent == Extent::Corner => idct::inverse::<4>(values, out, stride),
        _ => idct::inverse::<8>(values, out, stride),
    }
}

#[cfg(test)]
mod tests {
    use super::super::zigzag::ZIGZAG;
    use super::*;

    #[test]
    fn extents() {
        let of = |place: usize| {
            let mut block = [0; 64];
            block[usize::from(ZIGZAG[place])] = -1;
            Extent::of(&block)
        };
        assert_eq!([of(0), of(1), of(2)], [Extent::Flat, Extent::Corner, Extent::Corner]);
        for place in 0..64 {
            // A place stands for all before it.
            assert!(of(place) == Extent::up_to(place) || Extent::up_to(place) == Extent::All);
        }
        assert_eq!(of(24), Extent::Corner);
        assert_eq!(of(63), Extent::All);
    }
}
