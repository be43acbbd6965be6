//! The smallest rectangle around a convex polygon: one of its sides lies along the polygon's.
//! (Freeman and Shapira: Determining the minimum-area encasing rectangle for an arbitrary closed
//! curve, 1975.)

use super::components::Point;
use super::corners::{Quad, begin_upper_left};

/// Rectangles whose areas differ by less are equally large.
const EQUAL: f64 = 1e-6;

/// The corners of the smallest rectangle, clockwise from the upper left one, and the length of its
/// short side; nothing for a polygon without area.
pub(super) fn around(hull: &[Point]) -> Option<(Quad, f64)> {
    if hull.len() < 3 {
        return None;
    }
    let mut best: Option<Rectangle> = None;
    for (number, from) in hull.iter().enumerate() {
        let to = hull[(number + 1) % hull.len()];
        let rectangle = Rectangle::along([to[0] - from[0], to[1] - from[1]], hull);
        if best.as_ref().is_none_or(|best| rectangle.area() < best.area() * (1.0 - EQUAL)) {
            best = Some(rectangle);
        }
    }
    best.map(|rectangle| (begin_upper_left(rectangle.corners()), rectangle.short()))
}

/// A rectangle in the directions `along` and at right angles to it.
struct Rectangle {
    along: [f64; 2],
    /// Lowest and highest place in each direction.
    reach: [[f64; 2]; 2],
}

impl Rectangle {
    fn along(side: Point, points: &[Point]) -> Self {
        let [x, y] = side.map(f64::from);
        let length = x.hypot(y);
        let along = [x / length, y / length];
        let mut reach = [[f64::INFINITY, f64::NEG_INFINITY]; 2];
        for point in points {
            let [x, y] = point.map(f64::from);
            let places = [x * along[0] + y * along[1], y * along[0] - x * along[1]];
            for (reach, place) in reach.iter_mut().zip(places) {
                *reach = [reach[0].min(place), reach[1].max(place)];
            }
        }
        Self { along, reach }
    }

    fn sides(&self) -> [f64; 2] {
        self.reach.map(|[low, high]| high - low)
    }

    fn area(&self) -> f64 {
        let [a, b] = self.sides();
        a * b
    }

    fn short(&self) -> f64 {
        let [a, b] = self.sides();
        a.min(b)
    }

    fn corners(&self) -> Quad {
        let [u, v] = self.reach;
        [[u[0], v[0]], [u[1], v[0]], [u[1], v[1]], [u[0], v[1]]].map(|[u, v]| {
            let [x, y] = self.along;
            [(u * x - v * y) as f32, (u * y + v * x) as f32]
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_rectangle_is_found() {
        let (quad, short) = around(&[[2, 1], [12, 1], [12, 5], [2, 5]]).unwrap();
        assert_eq!(quad, [[2.0, 1.0], [12.0, 1.0], [12.0, 5.0], [2.0, 5.0]]);
        assert_eq!(short, 4.0);
        let (quad, short) = around(&[[0, 3], [6, 0], [8, 4], [2, 7]]).unwrap();
        let expected = [[0.0, 3.0], [6.0, 0.0], [8.0, 4.0], [2.0, 7.0]];
        for (found, expected) in quad.as_flattened().iter().zip(expected.as_flattened()) {
            assert!((found - expected).abs() < 1e-5, "{quad:?}");
        }
        assert!((short - 20f64.sqrt()).abs() < 1e-9);
        assert!(around(&[[0, 0], [5, 5]]).is_none());
    }
}
