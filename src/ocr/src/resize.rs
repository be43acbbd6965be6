//! Pictures brought to another size.

use crate::picture::{Picture, Rgb};

/// The whole picture at `width` x `height`, by straight lines between pixels. In the whole numbers of
/// OpenCV's `resize`, so that networks see what they were trained and tested on.
pub(crate) fn bilinear(picture: &Rgb, width: usize, height: usize) -> Rgb {
    enlarged(picture.borrowed(), width, height)
}

/// The same for pixels that are borrowed.
pub(crate) fn enlarged(picture: Picture, width: usize, height: usize) -> Rgb {
    let (across, down) = (taps(picture.width, width), taps(picture.height, height));
    let row = picture.width * 3;
    let mut held: [(usize, Vec<i32>); 2] = [(usize::MAX, Vec::new()), (usize::MAX, Vec::new())];
    let mut pixels = vec![0; width * height * 3];
    for (out, tap) in pixels.chunks_exact_mut((width * 3).max(1)).zip(&down) {
        for (place, wanted) in [tap.first, tap.second].into_iter().enumerate() {
            if place == 0 && held[0].0 != wanted && held[1].0 == wanted {
                held.swap(0, 1);
            }
            if held[place].0 != wanted {
                held[place].0 = wanted;
                let line = &picture.pixels[wanted * row..(wanted + 1) * row];
                along(line, &across, &mut held[place].1);
            }
        }
        let [a, b] = tap.weights;
        for ((out, upper), lower) in out.iter_mut().zip(&held[0].1).zip(&held[1].1) {
            let sum = ((a * (upper >> 4)) >> 16) + ((b * (lower >> 4)) >> 16);
            *out = ((sum + 2) >> 2).clamp(0, 255) as u8;
        }
    }
    Rgb { pixels, width, height }
}

/// Two places and their weights, which sum to 2048.
struct Tap {
    first: usize,
    second: usize,
    weights: [i32; 2],
}

fn taps(from: usize, to: usize) -> Vec<Tap> {
    let scale = from as f64 / to as f64;
    let last = from - 1;
    let tap = |place: usize| {
        let at = ((place as f64 + 0.5) * scale - 0.5) as f32;
        let first = at.floor();
        let part = if first < 0.0 || first as usize >= last { 0.0 } else { at - first };
        let first = (first.max(0.0) as usize).min(last);
        let weight = |part: f32| (part * 2048.0).round_ties_even() as i32;
        let second = (first + 1).min(last);
        Tap { first, second, weights: [weight(1.0 - part), weight(part)] }
    };
    (0..to).map(tap).collect()
}

fn along(line: &[u8], taps: &[Tap], out: &mut Vec<i32>) {
    out.clear();
    let pixels = line.as_chunks::<3>().0;
    for tap in taps {
        let (a, b) = (pixels[tap.first], pixels[tap.second]);
        let mixed = |c: usize| i32::from(a[c]) * tap.weights[0] + i32::from(b[c]) * tap.weights[1];
        out.extend([mixed(0), mixed(1), mixed(2)]);
    }
}

/// The whole picture at a smaller `width` x `height`: each pixel is the mean of those it covers, where
/// parts of pixels are counted in [`PARTS`].
pub(crate) fn reduced(picture: Picture, width: usize, height: usize) -> Rgb {
    let row = picture.width * 3;
    let (across, down) = (spans(picture.width, width), spans(picture.height, height));
    let mut pixels = Vec::with_capacity(width * height * 3);
    let mut sums = vec![0u16; row];
    for tall in &down {
        sums.fill(0);
        for (y, weight) in tall.places() {
            let line = &picture.pixels[y * row..(y + 1) * row];
            for (sum, byte) in sums.iter_mut().zip(line) {
                *sum = sum.wrapping_add(weight.wrapping_mul(u16::from(*byte))); // they fit: MOST
            }
        }
        let columns = sums.as_chunks::<3>().0;
        for wide in &across {
            let mut sum = [0u32; 3];
            for (x, weight) in wide.places() {
                for (sum, value) in sum.iter_mut().zip(columns[x]) {
                    *sum = sum.wrapping_add(u32::from(weight).wrapping_mul(u32::from(value)));
                }
            }
            let whole = (u32::from(tall.total()) * u32::from(wide.total())) as f32;
            pixels.extend(sum.map(|value| (value as f32 / whole + 0.5) as u8));
        }
    }
    Rgb { pixels, width, height }
}

/// Parts that a pixel is cut into.
const PARTS: f64 = 16.0;
/// Most pixels that one is made of, each way: their sums have 16 bits.
const MOST: usize = 15;

/// Pixels that one new pixel covers, every `step`-th of them; the first and the last in part.
struct Span {
    first: usize,
    count: usize,
    step: usize,
    ends: [u16; 2],
}

impl Span {
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

    fn total(&self) -> u16 {
        self.places().map(|(_, weight)| weight).sum()
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

    fn grey(values: &[u8], width: usize) -> Rgb {
        let pixels = values.iter().flat_map(|v| [*v; 3]).collect();
        Rgb { pixels, width, height: values.len() / width }
    }

    #[test]
    fn lines_between_pixels_are_straight() {
        // As OpenCV's resize: 0 and 200 over four pixels, and a column of 0, 100 over three.
        let wide = bilinear(&grey(&[0, 200], 2), 4, 1);
        assert_eq!(wide, grey(&[0, 50, 150, 200], 4));
        let high = bilinear(&grey(&[0, 100], 1), 1, 3);
        assert_eq!(high, grey(&[0, 50, 100], 1));
        assert_eq!(bilinear(&grey(&[7], 1), 3, 2), grey(&[7; 6], 3));
        let rows = bilinear(&grey(&[0, 100, 200], 1), 1, 6);
        assert_eq!(rows, grey(&[0, 25, 75, 125, 175, 200], 1));
        assert_eq!(bilinear(&grey(&[1, 2, 3, 4, 5, 6], 3), 3, 2), grey(&[1, 2, 3, 4, 5, 6], 3));
    }

    #[test]
    fn smaller_pixels_are_means() {
        let picture = grey(&[0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110], 6);
        assert_eq!(reduced(picture.borrowed(), 3, 1), grey(&[35, 55, 75], 3));
        assert_eq!(reduced(picture.borrowed(), 4, 2), grey(&[3, 17, 33, 47, 63, 77, 93, 107], 4));
        assert_eq!(reduced(picture.borrowed(), 6, 2), picture);
        let white = Rgb { pixels: vec![255; 1000 * 40 * 3], width: 1000, height: 40 };
        assert_eq!(reduced(white.borrowed(), 3, 2), grey(&[255; 6], 3));
    }
}
