//! Pictures brought to another size.

use seer_kernels::shrink::shrunk;

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

/// The whole picture at a smaller `width` x `height`: each pixel is the mean of those it covers.
pub(crate) fn reduced(picture: Picture, width: usize, height: usize) -> Rgb {
    let pixels = shrunk(picture.pixels, [picture.height, picture.width], [height, width]);
    Rgb { pixels, width, height }
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
}
