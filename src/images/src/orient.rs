//! Turning pixels upright: the eight EXIF orientations.

use crate::raster::{Area, Raster};

/// Side of the square tiles a turn is done in, so that reads and writes both stay in cache.
const TILE: usize = 32;

/// Turns `raster` as EXIF orientation 1 to 8 asks; any other number leaves it as it is.
///
/// The number says where the stored top row lies in the upright picture: 1 top, 2 mirrored,
/// 3 upside down, 4 upside down and mirrored, 5 to 8 on a side (EXIF 2.32, tag 0x0112).
pub(crate) fn turn_upright(raster: &mut Raster, orientation: u16) {
    match raster.channels.count() {
        1 => turn::<1>(raster, orientation),
        2 => turn::<2>(raster, orientation),
        3 => turn::<3>(raster, orientation),
        _ => turn::<4>(raster, orientation),
    }
    if matches!(orientation, 5..=8) {
        raster.full = (raster.full.1, raster.full.0);
    }
}

/// The orientation that does what `first` does and then what `then` does.
pub(crate) fn composed(first: u16, then: u16) -> u16 {
    let (a, b) = (matrix(first), matrix(then));
    let product = [
        b[0] * a[0] + b[1] * a[2],
        b[0] * a[1] + b[1] * a[3],
        b[2] * a[0] + b[3] * a[2],
        b[2] * a[1] + b[3] * a[3],
    ];
    (1..=8).find(|orientation| matrix(*orientation) == product).unwrap_or(1)
}

/// The orientation that turns as these rows of a matrix do, whatever their scale, y going down; 1 for
/// those between.
pub(crate) fn of_steps(rows: [i32; 4]) -> u16 {
    let most = rows.iter().map(|step| step.unsigned_abs()).max().unwrap_or(0);
    let direction = |step: i32| match step.unsigned_abs() > most / 2 {
        true => step.signum() as i8,
        false => 0,
    };
    let rows = rows.map(direction);
    (1..=8).find(|orientation| matrix(*orientation) == rows).unwrap_or(1)
}

/// Where steps to the right and down lead: rows of a matrix, y going down.
fn matrix(orientation: u16) -> [i8; 4] {
    match orientation {
        2 => [-1, 0, 0, 1],
        3 => [-1, 0, 0, -1],
        4 => [1, 0, 0, -1],
        5 => [0, 1, 1, 0],
        6 => [0, -1, 1, 0],
        7 => [0, -1, -1, 0],
        8 => [0, 1, -1, 0],
        _ => [1, 0, 0, 1],
    }
}

/// Where `area` comes to lie when a raster of `width` x `height` is turned.
fn turned_area(area: Area, width: f64, height: f64, orientation: u16) -> Area {
    let from_right = width - area.left - area.width;
    let from_below = height - area.top - area.height;
    let left = if matches!(orientation, 2 | 3 | 7 | 8) { from_right } else { area.left };
    let top = if matches!(orientation, 3 | 4 | 6 | 7) { from_below } else { area.top };
    match orientation {
        5..=8 => Area { left: top, top: left, width: area.height, height: area.width },
        _ => Area { left, top, ..area },
    }
}

fn turn<const N: usize>(raster: &mut Raster, orientation: u16) {
    let width = raster.width as usize;
    let (across, down) = (f64::from(raster.width), f64::from(raster.height));
    raster.area = turned_area(raster.area, across, down, orientation);
    let pixels = raster.data.as_chunks_mut::<N>().0;
    match orientation {
        2 => pixels.chunks_exact_mut(width).for_each(<[_]>::reverse),
        3 => pixels.reverse(),
        4 => flip_rows(pixels, width),
        5..=8 => {
            raster.data = turn_on_side(pixels, width, orientation);
            std::mem::swap(&mut raster.width, &mut raster.height);
        }
        _ => {}
    }
}

fn flip_rows<T>(pixels: &mut [T], width: usize) {
    let rows = pixels.len() / width;
    for y in 0..rows / 2 {
        let (above, below) = pixels.split_at_mut((rows - 1 - y) * width);
        above[y * width..][..width].swap_with_slice(&mut below[..width]);
    }
}

/// Orientations 5 to 8: the stored columns become rows.
fn turn_on_side<const N: usize>(stored: &[[u8; N]], width: usize, orientation: u16) -> Vec<u8> {
    let height = stored.len() / width;
    let mut upright = vec![0u8; stored.len() * N];
    let out = upright.as_chunks_mut::<N>().0;
    let from_right = matches!(orientation, 7 | 8);
    let from_below = matches!(orientation, 6 | 7);
    for top in (0..height).step_by(TILE) {
        for left in (0..width).step_by(TILE) {
            for x in left..width.min(left + TILE) {
                let row = if from_right { width - 1 - x } else { x };
                for y in top..height.min(top + TILE) {
                    let column = if from_below { height - 1 - y } else { y };
                    out[row * height + column] = stored[y * width + x];
                }
            }
        }
    }
    upright
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raster::{Channels, Storage};

    /// The letters a to f as two rows of three, turned.
    fn turned(orientation: u16) -> (u32, u32, String) {
        let data = b"abcdef".to_vec();
        let mut raster = Raster::new(3, 2, Channels::Grey, Storage::Direct, data);
        turn_upright(&mut raster, orientation);
        (raster.width, raster.height, String::from_utf8(raster.data).unwrap())
    }

    #[test]
    fn all_eight_orientations() {
        let expected = [
            (0, 3, 2, "abcdef"),
            (1, 3, 2, "abcdef"),
            (2, 3, 2, "cbafed"),
            (3, 3, 2, "fedcba"),
            (4, 3, 2, "defabc"),
            (5, 2, 3, "adbecf"),
            (6, 2, 3, "daebfc"),
            (7, 2, 3, "fcebda"),
            (8, 2, 3, "cfbead"),
            (9, 3, 2, "abcdef"),
        ];
        for (orientation, width, height, letters) in expected {
            assert_eq!(
                turned(orientation),
                (width, height, letters.to_owned()),
                "orientation {orientation}"
            );
        }
    }

    #[test]
    fn steps_of_any_scale_are_an_orientation() {
        assert_eq!(of_steps([1 << 16, 0, 0, 1 << 16]), 1);
        assert_eq!(of_steps([0, -(1 << 16), 1 << 16, 0]), 6);
        assert_eq!(of_steps([-2, 0, 0, -2]), 3);
        assert_eq!(of_steps([0; 4]), 1);
        assert_eq!(of_steps([i32::MIN, 0, 0, i32::MIN]), 3);
    }

    #[test]
    fn two_turns_are_one() {
        for first in 1..=8 {
            for then in 1..=8 {
                let data: Vec<u8> = (0..6).collect();
                let mut twice = Raster::new(3, 2, Channels::Grey, Storage::Direct, data.clone());
                turn_upright(&mut twice, first);
                turn_upright(&mut twice, then);
                let mut once = Raster::new(3, 2, Channels::Grey, Storage::Direct, data);
                turn_upright(&mut once, composed(first, then));
                assert_eq!((once.width, once.data), (twice.width, twice.data), "{first} {then}");
            }
        }
    }

    #[test]
    fn the_area_turns_with_the_pixels() {
        // Of 3 x 2 pixels, 2.75 x 1.5 are the picture: the right and the lower edge are spare.
        let area = Area { left: 0.0, top: 0.0, width: 2.75, height: 1.5 };
        let turned = |orientation| {
            let Area { left, top, width, height } = turned_area(area, 3.0, 2.0, orientation);
            (left, top, width, height)
        };
        assert_eq!(turned(1), (0.0, 0.0, 2.75, 1.5));
        assert_eq!(turned(2), (0.25, 0.0, 2.75, 1.5));
        assert_eq!(turned(3), (0.25, 0.5, 2.75, 1.5));
        assert_eq!(turned(4), (0.0, 0.5, 2.75, 1.5));
        assert_eq!(turned(5), (0.0, 0.0, 1.5, 2.75));
        assert_eq!(turned(6), (0.5, 0.0, 1.5, 2.75));
        assert_eq!(turned(7), (0.5, 0.25, 1.5, 2.75));
        assert_eq!(turned(8), (0.0, 0.25, 1.5, 2.75));
    }

    #[test]
    fn tiles_cover_everything() {
        let (width, height) = (70u32, 45u32);
        let data: Vec<u8> = (0..width * height * 3).map(|i| (i % 251) as u8).collect();
        let mut raster = Raster::new(width, height, Channels::Rgb, Storage::Direct, data.clone());
        turn_upright(&mut raster, 6);
        assert_eq!((raster.width, raster.height), (45, 70));
        turn_upright(&mut raster, 8);
        assert_eq!(raster.data, data);
    }
}
