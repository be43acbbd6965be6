//! The order in which lines are read.

use super::Corners;

/// Boxes whose upper left corners follow each other by less, downwards, in pixels, are side by side.
const SAME_LINE: f32 = 10.0;

/// From top to bottom, and from left to right where boxes are side by side.
pub(crate) fn in_reading_order(mut boxes: Vec<Corners>) -> Vec<Corners> {
    boxes.sort_by(|a, b| a[0][1].total_cmp(&b[0][1]));
    for line in boxes.chunk_by_mut(|a, b| b[0][1] - a[0][1] < SAME_LINE) {
        line.sort_by(|a, b| a[0][0].total_cmp(&b[0][0]));
    }
    boxes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_go_down_and_then_right() {
        let at = |x: f32, y: f32| [[x, y], [x + 9.0, y], [x + 9.0, y + 5.0], [x, y + 5.0]];
        let found = in_reading_order(vec![at(50.0, 2.0), at(1.0, 40.0), at(3.0, 9.0)]);
        assert_eq!(found, [at(3.0, 9.0), at(50.0, 2.0), at(1.0, 40.0)]);
    }
}
