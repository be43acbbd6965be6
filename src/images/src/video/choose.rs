//! Which key frames are looked at.

/// Most frames of a video.
pub(crate) const MOST: usize = 8;

/// Frames for a length: one for each second, at most [`MOST`].
pub(crate) fn count(duration: f64) -> usize {
    (duration.ceil().clamp(1.0, MOST as f64) as usize).max(1)
}

/// Middles of equal parts of the length, in seconds.
pub(crate) fn targets(duration: f64) -> impl Iterator<Item = f64> {
    let count = count(duration);
    (0..count).map(move |part| (part as f64 + 0.5) * duration / count as f64)
}

/// Places in `seconds`, which are sorted: of each target the nearest one, each once, in their order.
/// All of them where there are no more than would be chosen.
pub(crate) fn spread(seconds: &[f64], duration: f64) -> Vec<usize> {
    if seconds.len() <= count(duration) {
        return (0..seconds.len()).collect();
    }
    let mut chosen: Vec<usize> = targets(duration).map(|at| nearest(seconds, at)).collect();
    chosen.dedup();
    chosen
}

/// The place of the value nearest to `target`; 0 where there is none.
fn nearest(seconds: &[f64], target: f64) -> usize {
    let after = seconds.partition_point(|second| *second < target);
    let before = after.saturating_sub(1);
    match seconds.get(after) {
        Some(next) if next - target < target - seconds[before] => after,
        Some(_) if after == 0 => 0,
        _ => before,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_spread_over_the_length() {
        let every = |step: f64, count: usize| -> Vec<f64> {
            (0..count).map(|frame| frame as f64 * step).collect()
        };
        assert_eq!(spread(&every(1.0, 80), 80.0), [5, 15, 25, 35, 45, 55, 65, 75]);
        assert_eq!(spread(&every(2.0, 3), 6.0), [0, 1, 2]);
        // Many frames of little time: one a second.
        assert_eq!(spread(&every(0.04, 75), 3.0), [12, 37, 62]);
        assert_eq!(spread(&[0.0], 600.0), [0]);
        assert_eq!(spread(&[], 600.0), [0usize; 0]);
        // Most of them in one corner.
        let corner: Vec<f64> = every(0.1, 20).into_iter().chain([90.0]).collect();
        assert_eq!(spread(&corner, 100.0), [19, 20]);
    }

    #[test]
    fn odd_lengths_have_frames_too() {
        for duration in [0.0, f64::NAN, -1.0, f64::INFINITY, 1e300] {
            assert!((1..=MOST).contains(&count(duration)), "{duration}");
            assert!(!spread(&[0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0], duration).is_empty());
        }
    }
}
