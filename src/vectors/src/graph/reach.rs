//! Where walks through a graph begin, and which points no walk reaches.
//!
//! hnsw_rs links a new point to its neighbours and back, but a neighbour whose list is full drops
//! its farthest link, which can be the only way to somebody. On 12,000 CLIP vectors it loses
//! between none and eight; where pictures lie along a line (frames of a slow film) it can lose a
//! large part. Compaction takes links away too. A search would never show the lost points, so
//! they are known by name and compared one by one.

/// How many points are tried as the beginning of walks.
const TRIES: usize = 8;

/// The point from which walks begin, then the points that no walk from it reaches. The first of
/// `points` begins, unless others lead further and it leads to less than half.
pub(super) fn starts(offsets: &[u32], links: &[u32], points: &[u32]) -> Vec<u32> {
    let mut best = (0, Vec::new(), 0);
    for start in points.iter().take(TRIES) {
        let (count, reached) = reached_from(*start, offsets, links);
        if count > best.0 {
            best = (count, reached, *start);
        }
        if 2 * best.0 >= points.len() {
            break;
        }
    }
    let (count, reached, start) = best;
    let lost = points.iter().copied().filter(|point| !reached[*point as usize]);
    (count > 0).then_some(start).into_iter().chain(lost).collect()
}

/// How many points can be reached from `start`, itself included, and which.
fn reached_from(start: u32, offsets: &[u32], links: &[u32]) -> (usize, Vec<bool>) {
    let mut reached = vec![false; offsets.len() - 1];
    let (mut open, mut count) = (vec![start], 0);
    while let Some(point) = open.pop() {
        let point = point as usize;
        if !std::mem::replace(&mut reached[point], true) {
            count += 1;
            open.extend_from_slice(&links[offsets[point] as usize..offsets[point + 1] as usize]);
        }
    }
    (count, reached)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_not_reached_is_named() {
        // 0 -> 1 -> 2 -> 0, and 3 -> 0, which nobody leads to; 4 is no point.
        let (offsets, links) = ([0, 1, 2, 3, 4, 4], [1, 2, 0, 0]);
        assert_eq!(starts(&offsets, &links, &[0, 1, 2, 3]), [0, 3]);
        assert_eq!(starts(&offsets, &links, &[3, 0, 1, 2]), [3]);
    }

    #[test]
    fn a_start_that_leads_nowhere_is_passed_over() {
        // 0 is alone; 1, 2 and 3 know each other.
        let (offsets, links) = ([0, 0, 2, 4, 6], [2, 3, 1, 3, 1, 2]);
        assert_eq!(starts(&offsets, &links, &[0, 1, 2, 3]), [1, 0]);
    }

    #[test]
    fn no_points_no_start() {
        assert!(starts(&[0, 0], &[], &[]).is_empty());
        assert_eq!(starts(&[0, 0, 0], &[], &[0, 1]), [0, 1], "without links all but one are lost");
    }
}
