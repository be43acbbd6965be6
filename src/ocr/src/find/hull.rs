//! Convex hulls. (Andrew: Another efficient algorithm for convex hulls in two dimensions, 1979.)

use super::components::Point;

/// The corners of the smallest convex polygon around the points, in one direction; points on its
/// sides are left out.
pub(super) fn hull(points: &[Point]) -> Vec<Point> {
    let mut sorted = points.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    if sorted.len() < 3 {
        return sorted;
    }
    let mut out = half(sorted.iter());
    out.extend(half(sorted.iter().rev()));
    out
}

/// One side of the hull without its last point.
fn half<'a>(points: impl Iterator<Item = &'a Point>) -> Vec<Point> {
    let mut out: Vec<Point> = Vec::new();
    for point in points {
        while let [.., a, b] = out[..]
            && turn(a, b, *point) <= 0
        {
            out.pop();
        }
        out.push(*point);
    }
    out.pop();
    out
}

/// Above zero when the way from `a` by `b` to `c` turns towards growing columns and rows.
fn turn(a: Point, b: Point, c: Point) -> i64 {
    let difference =
        |from: Point, to: Point, axis: usize| i64::from(to[axis]) - i64::from(from[axis]);
    difference(a, b, 0) * difference(a, c, 1) - difference(a, b, 1) * difference(a, c, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_corners_are_kept() {
        let square: Vec<Point> = (0..25).map(|i| [i % 5, i / 5]).collect();
        assert_eq!(hull(&square), [[0, 0], [4, 0], [4, 4], [0, 4]]);
        assert_eq!(hull(&[[0, 0], [1, 1], [2, 2]]), [[0, 0], [2, 2]]);
        assert_eq!(hull(&[[3, 4], [3, 4]]), [[3, 4]]);
        assert!(hull(&[]).is_empty());
    }
}
