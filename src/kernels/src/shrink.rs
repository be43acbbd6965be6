//! Pictures in 8 bits made smaller: each pixel is the mean of those it covers.

use crate::vectorised;

/// Parts that a pixel is cut into.
const PARTS: f64 = 16.0;
/// Most pixels that one is made of, each way: their sums have 16 bits.
const MOST: usize = 15;
/// Bytes of a pixel.
const BYTES: usize = 3;

/// `pixels`, `from` rows and columns of three bytes, at the smaller size `to`. Pixels that are covered
/// in part count in sixteenths; of more than 15 in a row or column only some are looked at. No length
/// is 0.
pub fn shrunk(pixels: &[u8], from: [usize; 2], to: [usize; 2]) -> Vec<u8> {
    let row = from[1] * BYTES;
    let (down, across) = (spans(from[0], to[0]), spans(from[1], to[1]));
    let mut out = vec![0; to[0] * to[1] * BYTES];
    let mut sums = vec![0u16; row + 1]; // one more, so that four can be read at the last pixel
    for (tall, out) in down.iter().zip(out.chunks_exact_mut(to[1] * BYTES)) {
        vectorised(
            #[inline(always)]
            || {
                sums.fill(0);
                for (y, weight) in tall.places() {
                    add(&mut sums[..row], &pixels[y * row..(y + 1) * row], weight);
                }
                along(&sums, tall, &across, out);
            },
        );
    }
    out
}

#[inline(always)]
fn add(sums: &mut [u16], line: &[u8], weight: u16) {
    for (sum, byte) in sums.iter_mut().zip(line) {
        *sum = sum.wrapping_add(weight.wrapping_mul(u16::from(*byte))); // they fit: MOST
    }
}

/// The means of a row of sums.
#[inline(always)]
fn along(sums: &[u16], tall: &Span, across: &[Span], out: &mut [u8]) {
    let high = f32::from(tall.total());
    for (wide, out) in across.iter().zip(out.as_chunks_mut::<BYTES>().0) {
        let mut sum = [0u32; 4];
        for (x, weight) in wide.places() {
            let [pixel] = sums[x * BYTES..x * BYTES + 4].as_chunks::<4>().0 else { continue };
            for (sum, value) in sum.iter_mut().zip(pixel) {
                *sum = sum.wrapping_add(u32::from(weight).wrapping_mul(u32::from(*value)));
            }
        }
        let part = 1.0 / (high * f32::from(wide.total()));
        let bytes = sum.map(|value| (value as f32 * part + 0.5) as u8);
        out.copy_from_slice(&bytes[..BYTES]);
    }
}

/// Pixels that one new pixel covers, every `step`-th of them; the first and the last in part.
struct Span {
    first: usize,
    count: usize,
    step: usize,
    ends: [u16; 2],
}

impl Span {
    #[inline(always)]
    fn places(&self) -> impl Iterator<Item = (usize, u16)> {
        (0..self.count).map(|place| {
            let weight = match place {
                0 => self.ends[0],
                _ if place + 1 == self.count => self.ends[1],
                _ => PARTS as u16,
            };
            (self.first + place * self.step, weight)
        })
    }

    #[inline(always)]
    fn total(&self) -> u16 {
        match self.count as u16 {
            1 => self.ends[0],
            count => self.ends[0] + self.ends[1] + (count - 2) * PARTS as u16,
        }
    }
}

fn spans(from: usize, to: usize) -> Vec<Span> {
    let scale = from as f64 / to as f64;
    let span = |place: usize| {
        let (start, end) = (place as f64 * scale, (place + 1) as f64 * scale);
        let first = (start as usize).min(from - 1);
        let last = ((end - 1e-9).max(0.0) as usize).clamp(first, from - 1);
        let step = (last - first) / MOST + 1;
        let part = |place: usize| {
            let covered = end.min(place as f64 + 1.0) - start.max(place as f64);
            (covered * PARTS).round().clamp(1.0, PARTS) as u16
        };
        let ends = if step == 1 { [part(first), part(last)] } else { [PARTS as u16; 2] };
        Span { first, count: (last - first) / step + 1, step, ends }
    };
    (0..to).map(span).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grey(values: &[u8]) -> Vec<u8> {
        values.iter().flat_map(|v| [*v; 3]).collect()
    }

    #[test]
    fn smaller_pixels_are_means() {
        let picture = grey(&[0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110]);
        assert_eq!(shrunk(&picture, [2, 6], [1, 3]), grey(&[35, 55, 75]));
        let parts = [3, 17, 33, 47, 63, 77, 93, 107];
        assert_eq!(shrunk(&picture, [2, 6], [2, 4]), grey(&parts));
        assert_eq!(shrunk(&picture, [2, 6], [2, 6]), picture);
        assert_eq!(shrunk(&grey(&[255; 40_000]), [40, 1000], [2, 3]), grey(&[255; 6]));
        assert_eq!(shrunk(&[1, 2, 3, 3, 4, 5], [1, 2], [1, 1]), [2, 3, 4]);
    }
}
