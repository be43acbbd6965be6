//! Lines as the recogniser takes them.

use crate::net::Map;
use crate::net::recogniser::LINE_HEIGHT;
use crate::picture::Rgb;
use crate::resize::bilinear;

/// Lines are filled up to so many times their height.
pub(crate) const SHORTEST: f64 = 320.0 / 48.0;
/// Longer lines are pressed together: as long as a line of the smallest letters across the longest
/// picture.
pub(crate) const LONGEST: f64 = 100.0;

/// Width over height.
pub(crate) fn ratio(line: &Rgb) -> f64 {
    line.width as f64 / line.height.max(1) as f64
}

/// Values from -1 to 1, [`LINE_HEIGHT`] rows high and `widest` times as wide, zeros to the right of
/// the line.
pub(crate) fn prepared(line: &Rgb, widest: f64) -> Map {
    let width = ((LINE_HEIGHT as f64 * widest) as usize).max(1);
    let own = ((LINE_HEIGHT as f64 * ratio(line)).ceil() as usize).clamp(1, width);
    let small = bilinear(line, own, LINE_HEIGHT);
    let mut map = Map::new(LINE_HEIGHT, width, 3);
    for (out, row) in map.values.chunks_exact_mut(width * 3).zip(small.pixels.chunks_exact(own * 3))
    {
        out.iter_mut().zip(row).for_each(|(out, byte)| *out = f32::from(*byte) / 127.5 - 1.0);
    }
    map
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_keeps_its_shape_and_is_filled_up() {
        let line = Rgb { pixels: vec![255; 96 * 24 * 3], width: 96, height: 24 };
        let map = prepared(&line, SHORTEST);
        assert_eq!((map.height, map.width), (48, 320));
        assert_eq!((map.values[191 * 3], map.values[192 * 3]), (1.0, 0.0));
        assert_eq!(prepared(&line, 1.0).width, 48);
    }
}
