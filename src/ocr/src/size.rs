//! At which sizes a picture is looked at.

/// Pixels of the short side in which text is looked for.
const SHORT: f64 = 736.0;
/// Most pixels of the long side in which text is looked for.
const LONG: f64 = 2016.0;
/// The detector's edges are multiples of so many pixels.
const STEP: f64 = 32.0;
/// Most pixels of the long side from which text is read.
const READ_LONG: usize = 2000;
/// Pictures with fewer pixels on the short side hold no text.
const LEAST: usize = 8;

/// Width and height in which text is looked for; nothing for pictures too small for any.
pub(crate) fn to_search(width: usize, height: usize) -> Option<[usize; 2]> {
    let (short, long) = (width.min(height), width.max(height));
    if short < LEAST {
        return None;
    }
    let scale = (SHORT / short as f64).min(LONG / long as f64);
    Some([width, height].map(|length| {
        let steps = ((length as f64 * scale).floor() / STEP).round_ties_even().max(1.0);
        (steps * STEP) as usize
    }))
}

/// Width and height from which text is read.
pub(crate) fn to_read(width: usize, height: usize) -> [usize; 2] {
    let long = width.max(height);
    if long <= READ_LONG {
        return [width, height];
    }
    [width, height].map(|length| ((length as f64 * READ_LONG as f64 / long as f64) as usize).max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_short_side_is_736_unless_the_long_one_is_too_long() {
        assert_eq!(to_search(500, 375), Some([992, 736]));
        assert_eq!(to_search(3000, 4000), Some([736, 992]));
        assert_eq!(to_search(10, 10_000), Some([32, 2016]));
        assert_eq!(to_search(2016, 400), Some([2016, 384]));
        assert_eq!(to_search(usize::MAX / 8, 8), Some([2016, 32]));
        assert_eq!(to_search(7, 10_000), None);
        assert_eq!(to_search(0, 0), None);
    }

    #[test]
    fn large_pictures_are_read_smaller() {
        assert_eq!(to_read(4000, 3000), [2000, 1500]);
        assert_eq!(to_read(2000, 10), [2000, 10]);
        assert_eq!(to_read(1, 1_000_000), [1, 2000]);
    }
}
