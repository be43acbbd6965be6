//! How likely what lies within a box is text.

use super::corners::Quad;
use crate::net::Map;

/// The mean probability of the pixels within the box and on its sides; `map` holds values before the
/// sigmoid.
pub(super) fn score(map: &Map, quad: &Quad) -> f32 {
    let last = [map.width as f32 - 1.0, map.height as f32 - 1.0];
    let low = |axis: usize| quad.iter().map(|p| p[axis]).fold(f32::INFINITY, f32::min);
    let first = [0, 1].map(|axis| low(axis).floor().clamp(0.0, last[axis]));
    // Whole pixels, counted from the box's upper left one.
    let points =
        quad.map(|[x, y]| [(x - first[0]).trunc() + first[0], (y - first[1]).trunc() + first[1]]);
    let rows = points.iter().map(|p| p[1]);
    let top = rows.clone().fold(f32::INFINITY, f32::min).clamp(0.0, last[1]);
    let bottom = rows.fold(f32::NEG_INFINITY, f32::max).clamp(0.0, last[1]);
    let (mut sum, mut count) = (0f64, 0usize);
    for y in top as usize..=bottom as usize {
        let Some([left, right]) = span(&points, y as f32) else { continue };
        let [left, right] = [left, right].map(|x| x.round().clamp(0.0, last[0]) as usize);
        let values = &map.values[y * map.width + left..=y * map.width + right];
        sum += values.iter().map(|v| f64::from(1.0 / (1.0 + (-v).exp()))).sum::<f64>();
        count += values.len();
    }
    (sum / count.max(1) as f64) as f32
}

/// The leftmost and rightmost column of the polygon in a row.
fn span(points: &Quad, y: f32) -> Option<[f32; 2]> {
    let mut span: Option<[f32; 2]> = None;
    for side in 0..4 {
        let [from, to] = [points[side], points[(side + 1) % 4]];
        let [upper, lower] = if from[1] <= to[1] { [from, to] } else { [to, from] };
        if y < upper[1] || y > lower[1] {
            continue;
        }
        let ends = if upper[1] == lower[1] {
            [upper[0].min(lower[0]), upper[0].max(lower[0])]
        } else {
            [upper[0] + (lower[0] - upper[0]) * (y - upper[1]) / (lower[1] - upper[1]); 2]
        };
        span = Some(span.map_or(ends, |held| [held[0].min(ends[0]), held[1].max(ends[1])]));
    }
    span
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_within_counts() {
        let mut map = Map::new(8, 8, 1);
        map.values.fill(-100.0);
        for (x, y) in [(2, 2), (3, 2), (2, 3), (3, 3)] {
            map.values[y * 8 + x] = 100.0;
        }
        let quad = |l: f32, t: f32, r: f32, b: f32| [[l, t], [r, t], [r, b], [l, b]];
        assert_eq!(score(&map, &quad(2.0, 2.0, 3.0, 3.0)), 1.0);
        assert_eq!(score(&map, &quad(2.0, 2.0, 5.0, 3.0)), 0.5);
        assert_eq!(score(&map, &quad(-9.0, -9.0, 3.0, 3.0)), 0.25);
        assert_eq!(score(&map, &[[2.9, 0.0], [4.0, 2.0], [2.0, 4.5], [0.0, 2.0]]), 4.0 / 13.0);
    }
}
