//! Memory for weights.

use std::ops::{Deref, DerefMut};

use memmap2::{MmapMut, MmapOptions};

/// Bytes of a large page.
const LARGE: usize = 2 << 20;

/// Numbers that stay for long and are read from end to end. They begin at a line of the cache, and
/// lie in large pages on Linux: products of few rows otherwise spend up to a sixth of their time on
/// finding out where the small ones are.
pub(super) struct Memory {
    map: MmapMut,
    /// Bytes before the first value.
    skip: usize,
    count: usize,
}

impl Memory {
    /// So many zeros.
    ///
    /// # Panics
    /// When the system has no memory left.
    pub fn zeros(count: usize) -> Self {
        let length = count * size_of::<f32>();
        let large = in_large_pages(length);
        let room = if large > 0 { length.max(large) + LARGE } else { length };
        let map = MmapOptions::new().len(room).map_anon();
        let map = map.unwrap_or_else(|error| panic!("{length} bytes of memory: {error}"));
        let skip = if large > 0 { map.as_ptr().align_offset(LARGE) } else { 0 };
        #[cfg(target_os = "linux")]
        if large > 0 {
            // Where the system has no large pages, small ones do.
            let _ = map.advise_range(memmap2::Advice::HugePage, skip, large);
        }
        Self { map, skip, count }
    }
}

/// How many of so many bytes are to lie in large pages: whole ones, and a last one that is filled
/// up to three quarters.
fn in_large_pages(length: usize) -> usize {
    (length + LARGE / 4) / LARGE * LARGE
}

impl Deref for Memory {
    type Target = [f32];

    fn deref(&self) -> &[f32] {
        let first = self.map[self.skip..].as_ptr().cast();
        // SAFETY: behind `skip` the map has room for `count` values, which any bytes are; it begins
        // at a page, and `skip` is nothing or goes up to a large page, so they are aligned.
        unsafe { std::slice::from_raw_parts(first, self.count) }
    }
}

impl DerefMut for Memory {
    fn deref_mut(&mut self) -> &mut [f32] {
        let first = self.map[self.skip..].as_mut_ptr().cast();
        // SAFETY: as above, and `self` is borrowed for as long.
        unsafe { std::slice::from_raw_parts_mut(first, self.count) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values of a quarter of a large page.
    const QUARTER: usize = LARGE / 4 / size_of::<f32>();

    #[test]
    fn values_are_aligned_zeros_that_can_be_changed() {
        for count in [0, 1, 1000, 3 * QUARTER, 4 * QUARTER + 1, 9 * QUARTER] {
            let mut memory = Memory::zeros(count);
            assert_eq!(memory.len(), count);
            assert_eq!(memory.as_ptr().align_offset(crate::kernels::LINE), 0, "{count}");
            assert!(memory.iter().all(|value| *value == 0.0));
            memory.fill(2.5);
            assert!(memory.iter().all(|value| *value == 2.5));
        }
    }

    #[test]
    fn hardly_filled_large_pages_are_not_asked_for() {
        for (quarters, large) in [(2, 0), (3, 1), (4, 1), (6, 1), (7, 2)] {
            assert_eq!(in_large_pages(quarters * LARGE / 4), large * LARGE);
        }
    }
}
