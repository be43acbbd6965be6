//! Rotary positions: channels of queries and keys turned by angles that grow with their place.

use crate::vectorised;

/// Cosines and sines of the angles, `[places, half]` each, where `half` is half a head's channels.
pub struct Angles {
    /// Cosines.
    pub cos: Vec<f32>,
    /// Sines.
    pub sin: Vec<f32>,
    /// Angles of one place.
    pub half: usize,
}

/// Turns the first `columns` values of every row of `rows` (`step` values each), head by head:
/// channels `i` and `half + i` of a head are a point in the plane, turned by angle `i` of the row's
/// place. Places follow one another from the row numbered `first` on, items one after the other.
/// On this thread alone. (Su and others: RoFormer, 2021.)
pub fn rotate(rows: &mut [f32], step: usize, columns: usize, first: usize, angles: &Angles) {
    let half = angles.half;
    let places = angles.cos.len() / half;
    vectorised(
        #[inline(always)]
        || {
            for (number, row) in rows.chunks_exact_mut(step).enumerate() {
                let start = (first + number) % places * half;
                let cos = &angles.cos[start..start + half];
                let sin = &angles.sin[start..start + half];
                for head in row[..columns].chunks_exact_mut(2 * half) {
                    turn(head, cos, sin);
                }
            }
        },
    );
}

#[inline(always)]
fn turn(head: &mut [f32], cos: &[f32], sin: &[f32]) {
    let (left, right) = head.split_at_mut(cos.len());
    for (((x, y), cos), sin) in left.iter_mut().zip(right).zip(cos).zip(sin) {
        (*x, *y) = (*x * cos - *y * sin, *y * cos + *x * sin);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_turned_by_the_angles_of_their_place() {
        // Two places: no turn, and a quarter turn of the first of two points.
        let cos = vec![1.0, 1.0, 0.0, 1.0];
        let angles = Angles { cos, sin: vec![0.0, 0.0, 1.0, 0.0], half: 2 };
        let mut rows = vec![1.0, 2.0, 3.0, 4.0, 9.0, 1.0, 2.0, 3.0, 4.0, 9.0];
        rotate(&mut rows, 5, 4, 2, &angles); // the first row is again at place 0
        assert_eq!(rows, [1.0, 2.0, 3.0, 4.0, 9.0, -3.0, 2.0, 1.0, 4.0, 9.0]);
    }
}
