//! From a detector's map to boxes around lines of text.

mod components;
mod corners;
mod grow;
mod hull;
mod order;
mod rectangle;
mod score;

pub(crate) use order::in_reading_order;

use crate::net::Map;
use corners::Quad;

/// Values above this are text: the logarithm of the odds of 0.3.
const TEXT: f32 = -0.847_297_85;
/// The lowest mean probability within a box.
const LOWEST_SCORE: f32 = 0.5;
/// Most regions that are looked at.
const MOST_REGIONS: usize = 1000;
/// Pixels of the map that the short side of a region, and of a box, has at least.
const SHORTEST: [f64; 2] = [3.0, 5.0];
/// Pixels of the picture that a box is wider and higher than.
const SMALLEST_BOX: f32 = 3.0;

/// Boxes that are higher than this part of the picture's short side and hold no row of letters, being
/// less than so many times as long, show a thing and no text. Of 618 boxes in 515 photos 187 were
/// such, four of them read as something that was believed: none of it was there.
const THING: [f32; 2] = [0.5, 2.0];

/// A line of text: corners in pixels of the picture, clockwise from the upper left one.
pub(crate) type Corners = [[f32; 2]; 4];

/// The boxes around text in `map` (values before the sigmoid), in pixels of a picture of
/// `width` x `height`.
pub(crate) fn boxes(map: &Map, width: usize, height: usize) -> Vec<Corners> {
    let regions = components::regions(&components::mask(&map.values, map.width, TEXT), map.width);
    let found = regions.iter().take(MOST_REGIONS).filter_map(|points| {
        let (quad, short) = rectangle::around(&hull::hull(points))?;
        if short < SHORTEST[0] || score::score(map, &quad) < LOWEST_SCORE {
            return None;
        }
        let (quad, short) = rectangle::around(&hull::hull(&grow::grown(&quad)))?;
        (short >= SHORTEST[1]).then(|| scaled(&quad, [map.width, map.height], [width, height]))
    });
    found
        .filter_map(|quad| corners::tidy(&quad, [width, height]))
        .filter(|corners| large(corners) && !is_thing(corners, [width, height]))
        .collect()
}

/// A box of the map in whole pixels of the picture.
fn scaled(quad: &Quad, from: [usize; 2], to: [usize; 2]) -> Quad {
    quad.map(|point| {
        std::array::from_fn(|axis| {
            let place = point[axis] / from[axis] as f32 * to[axis] as f32;
            place.round_ties_even().clamp(0.0, to[axis] as f32)
        })
    })
}

fn large(corners: &Corners) -> bool {
    let side = |a: usize, b: usize| length(corners[a], corners[b]).trunc();
    side(0, 1) > SMALLEST_BOX && side(0, 3) > SMALLEST_BOX
}

fn is_thing(corners: &Corners, size: [usize; 2]) -> bool {
    let sides = [length(corners[0], corners[1]), length(corners[1], corners[2])];
    let (short, long) = (sides[0].min(sides[1]), sides[0].max(sides[1]));
    short > THING[0] * size[0].min(size[1]) as f32 && long < THING[1] * short
}

/// The distance of two points.
pub(crate) fn length(a: [f32; 2], b: [f32; 2]) -> f32 {
    ((a[0] - b[0]).powi(2) + (a[1] - b[1]).powi(2)).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fills_the_picture_is_no_line_unless_it_is_long() {
        let of = |wide: f32, high: f32| [[1.0, 1.0], [wide, 1.0], [wide, high], [1.0, high]];
        assert!(is_thing(&of(100.0, 120.0), [200, 180]) && is_thing(&of(150.0, 180.0), [200, 180]));
        assert!(!is_thing(&of(80.0, 120.0), [200, 180]) && !is_thing(&of(199.0, 95.0), [200, 180]));
    }
}
