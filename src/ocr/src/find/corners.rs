//! Which corner of a box is which.

use super::Corners;

/// Four corners.
pub(super) type Quad = [[f32; 2]; 4];

/// The corners clockwise from the upper left one: of the two left ones and the two right ones the
/// upper one each.
pub(super) fn begin_upper_left(mut quad: Quad) -> Quad {
    quad.sort_by(|a, b| a[0].total_cmp(&b[0]));
    let [a, b, c, d] = quad;
    let (upper_left, lower_left) = if b[1] > a[1] { (a, b) } else { (b, a) };
    let (upper_right, lower_right) = if d[1] > c[1] { (c, d) } else { (d, c) };
    [upper_left, upper_right, lower_right, lower_left]
}

/// A box in whole pixels of a picture of this size, its corners in order and within the picture;
/// nothing when a corner is not a number.
pub(super) fn tidy(quad: &Quad, size: [usize; 2]) -> Option<Corners> {
    if !quad.as_flattened().iter().all(|value| value.is_finite()) {
        return None;
    }
    let mut sorted = *quad;
    sorted.sort_by(|a, b| a[0].total_cmp(&b[0]));
    let [mut left, mut right] = [[sorted[0], sorted[1]], [sorted[2], sorted[3]]];
    left.sort_by(|a, b| a[1].total_cmp(&b[1]));
    right.sort_by(|a, b| a[1].total_cmp(&b[1]));
    let ordered = [left[0], right[0], right[1], left[1]];
    let most = size.map(|length| length.saturating_sub(1) as f32);
    Some(ordered.map(|[x, y]| [x.clamp(0.0, most[0]).trunc(), y.clamp(0.0, most[1]).trunc()]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn corners_go_round_from_the_upper_left() {
        let quad = [[8.0, 4.0], [0.0, 3.0], [2.0, 7.0], [6.0, 0.0]];
        assert_eq!(begin_upper_left(quad), [[0.0, 3.0], [6.0, 0.0], [8.0, 4.0], [2.0, 7.0]]);
        let tidied = tidy(&quad, [8, 7]).unwrap();
        assert_eq!(tidied, [[0.0, 3.0], [6.0, 0.0], [7.0, 4.0], [2.0, 6.0]]);
        assert!(tidy(&[[f32::NAN; 2]; 4], [8, 7]).is_none());
    }
}
