//! Ranks and the field's recall@k.

use serde::Serialize;

/// Shares from 0 to 1.
#[derive(Clone, Copy, PartialEq, Debug, Default, Serialize)]
pub struct Recall {
    /// The right one is first.
    pub at_1: f64,
    /// It is among the first five.
    pub at_5: f64,
    /// It is among the first ten.
    pub at_10: f64,
}

/// How many come before the best of the right ones; ties in favour of the earlier.
pub(super) fn rank(cosines: &[f32], right: &[usize]) -> usize {
    let better = |a: &usize, b: &usize| cosines[*a].total_cmp(&cosines[*b]).then(b.cmp(a));
    let Some(best) = right.iter().copied().max_by(better) else { return usize::MAX };
    let own = cosines[best];
    let before = |(i, c): &(usize, &f32)| **c > own || (**c == own && *i < best);
    cosines.iter().enumerate().filter(before).count()
}

pub(super) fn recall(ranks: &[usize]) -> Recall {
    let share = |k: usize| {
        ranks.iter().filter(|rank| **rank < k).count() as f64 / ranks.len().max(1) as f64
    };
    Recall { at_1: share(1), at_5: share(5), at_10: share(10) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_count_what_comes_before() {
        assert_eq!(rank(&[0.1, 0.9, 0.5], &[1]), 0);
        assert_eq!(rank(&[0.1, 0.9, 0.5], &[0]), 2);
        assert_eq!(rank(&[0.1, 0.9, 0.5], &[0, 2]), 1, "the best of the right ones counts");
        assert_eq!(rank(&[0.5, 0.5], &[0]), 0);
        assert_eq!(rank(&[0.5, 0.5], &[1]), 1, "the earlier of equals comes first");
        assert_eq!(rank(&[0.5, 0.9, 0.5], &[2, 0]), 1, "and so among the right ones");
        assert_eq!(rank(&[0.5], &[]), usize::MAX);
    }
}
