//! Boxes made larger on all sides: the detector marks the middle of a line of text only.
//! (Vatti: A generic solution to polygon clipping, 1992, is where the distance comes from. Corners
//! are rounded off and all coordinates whole numbers, as in Johnson's Clipper library.)

use std::f64::consts::PI;

use super::components::Point;
use super::corners::Quad;

/// Share of the area over the circumference by which sides move outwards.
const RATIO: f64 = 1.6;
/// How far a polygon may run within the round corner, in pixels, and in shares of its radius.
const TOLERANCE: f64 = 0.25;

/// The corners of the larger polygon.
pub(super) fn grown(quad: &Quad) -> Vec<Point> {
    let Some(distance) = distance(quad) else { return Vec::new() };
    let mut points: Vec<[f64; 2]> = Vec::with_capacity(4);
    for point in quad {
        let whole = point.map(|value| f64::from(value.trunc()));
        if points.last() != Some(&whole) {
            points.push(whole);
        }
    }
    if points.len() > 1 && points.first() == points.last() {
        points.pop();
    }
    if points.len() < 3 {
        return Vec::new();
    }
    let count = points.len();
    let normals: Vec<[f64; 2]> =
        (0..count).map(|side| normal(points[side], points[(side + 1) % count])).collect();
    let steps = Steps::new(distance);
    let mut out = Vec::new();
    for corner in 0..count {
        let before = normals[(corner + count - 1) % count];
        around(points[corner], [before, normals[corner]], distance, &steps, &mut out);
    }
    out
}

fn distance(quad: &Quad) -> Option<f64> {
    let (mut area, mut around) = (0.0, 0.0);
    for side in 0..4 {
        let [[ax, ay], [bx, by]] = [quad[side], quad[(side + 1) % 4]].map(|p| p.map(f64::from));
        area += (ax * by - ay * bx) / 2.0;
        around += (bx - ax).hypot(by - ay);
    }
    let distance = area.abs() * RATIO / around;
    (distance.is_finite() && distance > 0.0).then_some(distance)
}

/// The direction outwards of a side; corners go round clockwise on a screen.
fn normal(from: [f64; 2], to: [f64; 2]) -> [f64; 2] {
    let [x, y] = [to[0] - from[0], to[1] - from[1]];
    let length = x.hypot(y);
    [y / length, -x / length]
}

/// How round corners are cut into straight pieces.
struct Steps {
    per_radian: f64,
    sine: f64,
    cosine: f64,
}

impl Steps {
    fn new(distance: f64) -> Self {
        let tolerance = TOLERANCE.min(distance * TOLERANCE);
        let round = (PI / (1.0 - tolerance / distance).acos()).min(distance * PI);
        let (sine, cosine) = (2.0 * PI / round).sin_cos();
        Self { per_radian: round / (2.0 * PI), sine, cosine }
    }
}

/// The points around one corner, between the directions of the sides before and after it.
fn around(
    corner: [f64; 2],
    [before, after]: [[f64; 2]; 2],
    distance: f64,
    steps: &Steps,
    out: &mut Vec<Point>,
) {
    let sine = before[0] * after[1] - after[0] * before[1];
    let cosine = before[0] * after[0] + before[1] * after[1];
    let mut put = |direction: [f64; 2]| {
        let place = |axis: usize| (corner[axis] + direction[axis] * distance).round() as i32;
        out.push([place(0), place(1)]);
    };
    if (sine * distance).abs() < 1.0 && cosine > 0.0 {
        return put(before); // nearly straight
    }
    let turn = sine.clamp(-1.0, 1.0).atan2(cosine);
    let count = ((steps.per_radian * turn.abs()).round() as usize).max(1);
    let mut direction = before;
    for _ in 0..count {
        put(direction);
        let [x, y] = direction;
        direction = [x * steps.cosine - steps.sine * y, x * steps.sine + y * steps.cosine];
    }
    put(after);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_grows_by_its_area_over_its_circumference() {
        // As pyclipper 1.4 has it, with round joints.
        let quad = [[10.0, 10.0], [50.0, 10.0], [50.0, 20.0], [10.0, 20.0]];
        let points = grown(&quad); // 400 * 1.6 / 100 = 6.4
        let reach = |axis: usize| {
            let places = points.iter().map(|p| p[axis]);
            (places.clone().min().unwrap(), places.max().unwrap())
        };
        assert_eq!((reach(0), reach(1)), ((4, 56), (4, 26)));
        assert!(points.iter().all(|p| !(p[0] < 6 && p[1] < 6)), "round corners: {points:?}");
    }

    #[test]
    fn boxes_without_area_grow_to_nothing() {
        assert!(grown(&[[3.0, 3.0]; 4]).is_empty());
        assert!(grown(&[[0.0, 0.0], [5.0, 0.0], [9.0, 0.0], [1.0, 0.0]]).is_empty());
        assert!(grown(&[[f32::NAN; 2]; 4]).is_empty());
        assert!(grown(&[[0.1, 0.1], [0.9, 0.1], [0.9, 0.9], [0.1, 0.9]]).is_empty());
    }
}
