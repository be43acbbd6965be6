//! A picture's signature: its grey levels on a small grid.

use seer_types::Signature;

use crate::colour::cmyk_to_rgb;
use crate::raster::{Channels, Raster};

const SIDE: usize = Signature::SIDE;

/// At most about this many pixels across and down are looked at.
const SAMPLES: usize = 240;

/// Pictures whose levels differ by less, of 255, are flat: what remains is noise.
const LEAST_RANGE: f32 = 8.0;

/// See [`crate::Photo::signature`].
pub(crate) fn signature(raster: &Raster) -> Option<Signature> {
    let (area, width, height) = (raster.area, raster.width as usize, raster.height as usize);
    let columns = Taps::new(width, area.left, area.width);
    let rows = Taps::new(height, area.top, area.height);
    let row_bytes = width * raster.channels.count();
    let mut grid = [[0.0; SIDE]; SIDE];
    for row in &rows.taps {
        let Some(pixels) = raster.data.get(row.pixel * row_bytes..(row.pixel + 1) * row_bytes)
        else {
            continue;
        };
        let line = shrink(pixels, raster.channels, &columns);
        for (place, weight) in row.places.into_iter().zip(row.weights) {
            for (sum, level) in grid[place].iter_mut().zip(line) {
                *sum += weight * level;
            }
        }
    }
    for (row, sum) in grid.iter_mut().zip(rows.sums()) {
        row.iter_mut().for_each(|level| *level /= sum);
    }
    levels(grid.as_flattened()).map(|levels| Signature::new(&levels))
}

/// A row's grey levels, 0 to 255, at the places of the grid; what is transparent lies on white.
fn shrink(pixels: &[u8], channels: Channels, columns: &Taps) -> [f32; SIDE] {
    match channels {
        Channels::Grey => columns.shrink(pixels, |[light]| f32::from(light)),
        Channels::GreyAlpha => {
            columns.shrink(pixels, |[light, alpha]| on_white(f32::from(light), alpha))
        }
        Channels::Rgb => columns.shrink(pixels, luma),
        Channels::Rgba => {
            columns.shrink(pixels, |[r, g, b, alpha]| on_white(luma([r, g, b]), alpha))
        }
        Channels::Cmyk => columns.shrink(pixels, |ink| luma(cmyk_to_rgb(ink))),
    }
}

fn luma([r, g, b]: [u8; 3]) -> f32 {
    f32::from(r) * 0.299 + f32::from(g) * 0.587 + f32::from(b) * 0.114
}

fn on_white(light: f32, alpha: u8) -> f32 {
    let alpha = f32::from(alpha) / 255.0;
    light * alpha + 255.0 * (1.0 - alpha)
}

/// The shares of the levels' range; `None` for a flat picture.
fn levels(grid: &[f32]) -> Option<[u8; Signature::LEVELS]> {
    let darkest = grid.iter().copied().fold(f32::INFINITY, f32::min);
    let brightest = grid.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let range = brightest - darkest;
    let scale = f32::from(Signature::HIGHEST) / range;
    let level = |value: &f32| ((value - darkest) * scale).round() as u8;
    let levels: Vec<u8> = grid.iter().map(level).collect();
    (range >= LEAST_RANGE).then(|| levels.try_into().ok()).flatten()
}

/// Which pixels of a row (or column) are looked at, and where on the grid they count.
struct Taps {
    taps: Vec<Tap>,
}

/// One pixel: it counts at two neighbouring places of the grid, the more the nearer it is.
struct Tap {
    pixel: usize,
    places: [usize; 2],
    weights: [f32; 2],
}

impl Taps {
    /// Of `pixels`, among which the picture begins at `start` and is `length` long.
    fn new(pixels: usize, start: f64, length: f64) -> Self {
        let inside = length.ceil().max(1.0) as usize;
        // A picture with fewer pixels than the grid has places is looked at several times.
        let samples = inside.clamp(SIDE * 4, SAMPLES);
        let tap = |sample: usize| {
            let share = (sample as f64 + 0.5) / samples as f64;
            let pixel = ((start + share * length) as usize).min(pixels.saturating_sub(1));
            let place = (share * SIDE as f64 - 0.5).max(0.0);
            let first = (place as usize).min(SIDE - 1);
            let far = if first + 1 < SIDE { (place - first as f64) as f32 } else { 0.0 };
            let places = [first, (first + 1).min(SIDE - 1)];
            Tap { pixel, places, weights: [1.0 - far, far] }
        };
        Self { taps: (0..samples).map(tap).collect() }
    }

    /// The means around the places, of pixels of `N` bytes.
    fn shrink<const N: usize>(&self, pixels: &[u8], light: impl Fn([u8; N]) -> f32) -> [f32; SIDE] {
        let pixels = pixels.as_chunks::<N>().0;
        let mut line = [0.0; SIDE + 1];
        for Tap { pixel, places: [first, _], weights: [near, far] } in &self.taps {
            let Some(pixel) = pixels.get(*pixel) else { continue };
            let light = light(*pixel);
            line[*first] += near * light;
            line[first + 1] += far * light;
        }
        let sums = self.sums();
        std::array::from_fn(|place| line[place] / sums[place])
    }

    /// The weights of each place.
    fn sums(&self) -> [f32; SIDE] {
        let mut sums = [0.0; SIDE];
        for tap in &self.taps {
            for (place, weight) in tap.places.into_iter().zip(tap.weights) {
                sums[place] += weight;
            }
        }
        sums
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raster::Storage;

    fn raster(
        (width, height): (u32, u32),
        channels: Channels,
        pixel: impl Fn(u32, u32) -> Vec<u8>,
    ) -> Raster {
        let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        let data = places.flat_map(|(x, y)| pixel(x, y)).collect();
        Raster::new(width, height, channels, Storage::Direct, data)
    }

    fn levels_of(raster: &Raster) -> [u8; 400] {
        signature(raster).unwrap().levels()
    }

    #[test]
    fn a_ramp_is_a_ramp_at_any_size() {
        for width in [20, 33, 90, 256, 1000] {
            let ramp = raster((width, 40), Channels::Grey, |x, _| vec![(x * 255 / width) as u8]);
            let levels = levels_of(&ramp);
            for (column, level) in levels[..20].iter().enumerate() {
                let wanted = column as f32 / 19.0 * 63.0;
                assert!((f32::from(*level) - wanted).abs() <= 2.0, "{width} {column}: {level}");
            }
            assert_eq!(levels[..20], levels[380..]);
        }
    }

    #[test]
    fn brightness_and_contrast_make_no_difference() {
        let picture = |scale: u32, add: u32| {
            raster((64, 48), Channels::Grey, move |x, y| {
                vec![((x * y * 7 + x * 3) % 60 * scale + add) as u8]
            })
        };
        let (plain, other) = (levels_of(&picture(1, 0)), levels_of(&picture(3, 40)));
        assert!(plain.iter().zip(other).all(|(a, b)| a.abs_diff(b) <= 1));
    }

    #[test]
    fn every_kind_of_pixel_has_a_brightness() {
        let grey = levels_of(&raster((40, 40), Channels::Grey, |x, y| vec![(x + y) as u8 * 3]));
        type Pixel = fn(u8) -> Vec<u8>;
        let kinds: [(Channels, Pixel); 4] = [
            (Channels::Rgb, |v| vec![v, v, v]),
            (Channels::Rgba, |v| vec![v, v, v, 255]),
            (Channels::GreyAlpha, |v| vec![0, 255 - v]),
            (Channels::Cmyk, |v| vec![0, 0, 0, 255 - v]),
        ];
        for (channels, pixel) in kinds {
            let picture = raster((40, 40), channels, |x, y| pixel((x + y) as u8 * 3));
            let same = grey.iter().zip(levels_of(&picture)).all(|(a, b)| a.abs_diff(b) <= 1);
            assert!(same, "{channels:?}");
        }
    }

    #[test]
    fn a_flat_picture_has_none_and_a_tiny_one_has_one() {
        assert_eq!(signature(&raster((50, 50), Channels::Grey, |x, _| vec![(x % 7) as u8])), None);
        let dots = raster((2, 1), Channels::Grey, |x, _| vec![x as u8 * 255]);
        let levels = levels_of(&dots);
        assert_eq!((levels[0], levels[19], levels[380]), (0, 63, 0));
    }

    #[test]
    fn only_the_picture_within_the_raster_counts() {
        let mut cut = raster((41, 40), Channels::Grey, |x, y| {
            vec![if x == 40 { 255 } else { (x * y % 200) as u8 }]
        });
        cut.area.width = 40.0;
        let whole = raster((40, 40), Channels::Grey, |x, y| vec![(x * y % 200) as u8]);
        assert_eq!(levels_of(&cut), levels_of(&whole));
    }
}
