//! A box cut out of a picture and straightened.

use crate::find::{Corners, length};
use crate::picture::{Picture, Rgb};

/// Boxes so many times higher than wide are text that runs up or down.
const UPRIGHT: f32 = 1.5;
/// Pixels of a line's height that are enough: lines of twice as many and more are cut out smaller.
const HIGH: usize = 96;
/// Sharpness of the cubic curve between pixels.
const CUBIC: f32 = -0.75;
/// Places between two pixels that are told apart.
const FRACTIONS: i64 = 32;

/// A line of text, straightened.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    /// Its pixels.
    pub pixels: Rgb,
    /// Its corners in the picture, clockwise from the upper left one of `pixels`.
    pub corners: Corners,
    /// Whether the box stood upright.
    pub upright: bool,
}

/// The box as a picture of its own, turned by a quarter against the clock where the box is upright;
/// nothing for one without an inside.
pub(crate) fn crop(picture: Picture, corners: &Corners) -> Option<Line> {
    let [a, b, c, d] = *corners;
    let width = length(a, b).max(length(c, d)) as usize;
    let height = length(a, d).max(length(b, c)) as usize;
    if width == 0 || height == 0 {
        return None;
    }
    let straight = a[1] == b[1] && c[1] == d[1] && a[0] == d[0] && b[0] == c[0];
    let smaller = (width.min(height) / HIGH).max(1);
    let pixels = match straight && smaller == 1 {
        true => copied(picture, a.map(|v| v as usize), width, height),
        false => warped(picture, corners, width / smaller, height / smaller),
    };
    Some(match height as f32 >= UPRIGHT * width as f32 {
        true => Line { pixels: turned(&pixels), corners: [b, c, d, a], upright: true },
        false => Line { pixels, corners: *corners, upright: false },
    })
}

impl Line {
    /// The same line upside down.
    pub fn upside_down(&self) -> Self {
        let [a, b, c, d] = self.corners;
        let pixels = self.pixels.pixels.as_chunks::<3>().0.iter().rev().flatten().copied();
        let pixels = Rgb { pixels: pixels.collect(), ..self.pixels };
        Self { pixels, corners: [c, d, a, b], ..*self }
    }
}

fn copied(picture: Picture, [left, top]: [usize; 2], width: usize, height: usize) -> Rgb {
    let mut pixels = Vec::with_capacity(width * height * 3);
    for y in top..top + height {
        pixels.extend_from_slice(&picture.pixels[(y * picture.width + left) * 3..][..width * 3]);
    }
    Rgb { pixels, width, height }
}

/// A quarter turn against the clock.
fn turned(picture: &Rgb) -> Rgb {
    let (width, height) = (picture.height, picture.width);
    let mut pixels = Vec::with_capacity(picture.pixels.len());
    for y in 0..height {
        for x in 0..width {
            let from = (x * picture.width + picture.width - 1 - y) * 3;
            pixels.extend_from_slice(&picture.pixels[from..from + 3]);
        }
    }
    Rgb { pixels, width, height }
}

fn warped(picture: Picture, corners: &Corners, width: usize, height: usize) -> Rgb {
    let view = View::new(corners, width as f64, height as f64);
    let curve: Vec<[f32; 4]> =
        (0..FRACTIONS).map(|f| weights(f as f32 / FRACTIONS as f32)).collect();
    let mut pixels = Vec::with_capacity(width * height * 3);
    for y in 0..height {
        for x in 0..width {
            pixels.extend(cubic(picture, &curve, view.place(x as f64, y as f64)));
        }
    }
    Rgb { pixels, width, height }
}

/// Where in the picture a place of the straightened box is. (Heckbert: Fundamentals of Texture
/// Mapping and Image Warping, 1989: from a square to any four corners.)
struct View {
    across: [f64; 3],
    down: [f64; 3],
    depth: [f64; 3],
}

impl View {
    fn new(corners: &Corners, width: f64, height: f64) -> Self {
        let [a, b, c, d] = corners.map(|p| p.map(f64::from));
        let sum = [a[0] - b[0] + c[0] - d[0], a[1] - b[1] + c[1] - d[1]];
        let (right, below) = ([b[0] - c[0], b[1] - c[1]], [d[0] - c[0], d[1] - c[1]]);
        let area = right[0] * below[1] - below[0] * right[1];
        let part = |p: [f64; 2], q: [f64; 2]| {
            if area == 0.0 { 0.0 } else { (p[0] * q[1] - q[0] * p[1]) / area }
        };
        let (g, h) = (part(sum, below), part(right, sum));
        let row = |axis: usize| {
            let across = b[axis] - a[axis] + g * b[axis];
            let down = d[axis] - a[axis] + h * d[axis];
            [across / width, down / height, a[axis]]
        };
        Self { across: row(0), down: row(1), depth: [g / width, h / height, 1.0] }
    }

    fn place(&self, x: f64, y: f64) -> [f32; 2] {
        let at = |row: &[f64; 3]| row[0] * x + row[1] * y + row[2];
        let depth = at(&self.depth);
        let near = if depth == 0.0 { 0.0 } else { 1.0 / depth };
        [(at(&self.across) * near) as f32, (at(&self.down) * near) as f32]
    }
}

/// The pixel at a place between pixels, by a cubic curve through the four nearest each way; beyond
/// the edge the edge goes on. (Keys: Cubic convolution interpolation for digital image processing,
/// 1981.)
fn cubic(picture: Picture, curve: &[[f32; 4]], place: [f32; 2]) -> [u8; 3] {
    let most = 1e6; // far outside of any picture
    let [x, y] = place.map(|v| (v.clamp(-most, most) * FRACTIONS as f32).round_ties_even() as i64);
    let part = |v: i64| curve[v.rem_euclid(FRACTIONS) as usize];
    let (across, down) = (part(x), part(y));
    let near = |v: i64, length: usize| -> [usize; 4] {
        let first = v.div_euclid(FRACTIONS) - 1;
        std::array::from_fn(|tap| (first + tap as i64).clamp(0, length as i64 - 1) as usize)
    };
    let (columns, rows) = (near(x, picture.width), near(y, picture.height));
    let pixels = picture.pixels.as_chunks::<3>().0;
    let mut sum = [0f32; 3];
    for (row, down) in rows.into_iter().zip(down) {
        let row = &pixels[row * picture.width..][..picture.width];
        for (column, across) in columns.into_iter().zip(across) {
            let weight = down * across;
            let pixel = row[column];
            sum.iter_mut().zip(pixel).for_each(|(sum, value)| *sum += weight * f32::from(value));
        }
    }
    sum.map(|value| (value + 0.5) as u8)
}

/// Weights of the pixel before, the two around and the one after a place.
fn weights(x: f32) -> [f32; 4] {
    let near = |x: f32| ((CUBIC + 2.0) * x - (CUBIC + 3.0)) * x * x + 1.0;
    let far = |x: f32| ((CUBIC * x - 5.0 * CUBIC) * x + 8.0 * CUBIC) * x - 4.0 * CUBIC;
    let (before, here, next) = (far(x + 1.0), near(x), near(1.0 - x));
    [before, here, next, 1.0 - before - here - next]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbered(width: usize, height: usize) -> Rgb {
        let pixels = (0..width * height).flat_map(|i| [i as u8, 2 * i as u8, 7]).collect();
        Rgb { pixels, width, height }
    }

    fn first(picture: &Rgb) -> Vec<u8> {
        picture.pixels.chunks(3).map(|p| p[0]).collect()
    }

    #[test]
    fn a_straight_box_is_copied_and_an_upright_one_turned() {
        let picture = numbered(5, 4);
        let of = |corners| crop(picture.borrowed(), &corners).unwrap();
        let cut = of([[1.0, 1.0], [4.0, 1.0], [4.0, 3.0], [1.0, 3.0]]);
        let size = |line: &Line| (line.pixels.width, line.pixels.height);
        assert_eq!((size(&cut), first(&cut.pixels)), ((3, 2), vec![6, 7, 8, 11, 12, 13]));
        assert!(!cut.upright && cut.corners[0] == [1.0, 1.0]);
        let narrow = of([[1.0, 0.0], [2.0, 0.0], [2.0, 3.0], [1.0, 3.0]]);
        assert_eq!((size(&narrow), first(&narrow.pixels)), ((3, 1), vec![1, 6, 11]));
        let wide = of([[1.0, 0.0], [3.0, 0.0], [3.0, 3.0], [1.0, 3.0]]);
        assert_eq!((size(&wide), first(&wide.pixels)), ((3, 2), vec![2, 7, 12, 1, 6, 11]));
        assert!(wide.upright);
        assert_eq!(wide.corners, [[3.0, 0.0], [3.0, 3.0], [1.0, 3.0], [1.0, 0.0]]);
        let turned = wide.upside_down();
        assert_eq!(first(&turned.pixels), [11, 6, 1, 12, 7, 2]);
        assert_eq!(turned.corners, [[1.0, 3.0], [1.0, 0.0], [3.0, 0.0], [3.0, 3.0]]);
        assert!(crop(picture.borrowed(), &[[1.0, 1.0]; 4]).is_none());
    }

    #[test]
    fn warping_along_the_axes_is_copying() {
        let picture = numbered(6, 5);
        let corners = [[1.0, 1.0], [5.0, 1.0], [5.0, 4.0], [1.0, 4.0]];
        let warped = warped(picture.borrowed(), &corners, 4, 3);
        assert_eq!(first(&warped), first(&crop(picture.borrowed(), &corners).unwrap().pixels));
    }

    #[test]
    fn corners_of_any_quad_are_met() {
        let corners = [[2.0, 3.0], [60.0, 9.0], [55.0, 30.0], [4.0, 22.0]];
        let view = View::new(&corners, 58.0, 20.0);
        let ends = [(0.0, 0.0), (58.0, 0.0), (58.0, 20.0), (0.0, 20.0)];
        for ((x, y), corner) in ends.into_iter().zip(corners) {
            assert!(length(view.place(x, y), corner) < 1e-4);
        }
        // Corners that make no area, and places far outside.
        for corners in [[[0.0; 2]; 4], [[0.0, 0.0], [9.0, 9.0], [0.0, 9.0], [9.0, 0.0]]] {
            warped(numbered(4, 4).borrowed(), &corners, 7, 5);
        }
    }
}
