//! Memory that is asked for before it is needed.

use super::LINE;

/// Numbers on their way into the second-level cache, bit by bit, while others are worked on: the
/// processor foresees where a loop reads on, but neither past the end of a page nor what the next
/// loop begins with.
pub(super) struct Ahead<'a> {
    lines: &'a [[u8; LINE]],
    per_step: usize,
}

impl<'a> Ahead<'a> {
    /// Asks for `lines` in at most so many steps.
    #[inline(always)]
    pub fn new(lines: &'a [[u8; LINE]], steps: usize) -> Self {
        Self { lines, per_step: lines.len().div_ceil(steps.max(1)) }
    }

    /// The next few lines.
    #[inline(always)]
    pub fn step(&mut self) {
        let (now, later) = self.lines.split_at(self.per_step.min(self.lines.len()));
        now.iter().for_each(fetch);
        self.lines = later;
    }
}

/// Other processors' instructions for this are not to be had in stable Rust.
#[inline(always)]
fn fetch(line: &[u8; LINE]) {
    #[cfg(target_arch = "x86_64")]
    {
        use std::arch::x86_64::{_MM_HINT_T1, _mm_prefetch};
        // SAFETY: every x86-64 processor has SSE; prefetching reads nothing.
        unsafe { _mm_prefetch::<_MM_HINT_T1>(line.as_ptr().cast()) }
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = line;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_lines_are_asked_for_within_the_steps() {
        let lines = [[0; LINE]; 37];
        for steps in [0, 1, 5, 36, 37, 100] {
            let mut ahead = Ahead::new(&lines, steps);
            assert_eq!(ahead.lines.len(), 37);
            (0..steps.max(1)).for_each(|_| ahead.step());
            assert_eq!(ahead.lines.len(), 0, "{steps} steps");
            ahead.step();
        }
    }
}
