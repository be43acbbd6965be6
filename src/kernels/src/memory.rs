//! Memory for weights.

use std::ops::{Deref, DerefMut, Range};

use memmap2::{MmapMut, MmapOptions};

/// Bytes of a large page.
const LARGE: usize = 2 << 20;

/// Numbers that stay for long and are read from end to end. They begin at a line of the cache, and
/// lie in large pages on Linux: products of few rows otherwise spend up to a sixth of their time on
/// finding out where the small ones are.
pub(super) struct Memory {
    map: MmapMut,
    /// The bytes of the values: whole ones, and aligned as they need.
    bytes: Range<usize>,
}

impl Memory {
    /// So many zeros.
    ///
    /// # Panics
    /// When the system has no memory left, or none that large.
    pub fn zeros(count: usize) -> Self {
        let length = count.checked_mul(size_of::<f32>());
        let length = length.unwrap_or_else(|| panic!("{count} values are more than memory holds"));
        let large = in_large_pages(length);
        let room = if large > 0 { length.max(large).saturating_add(LARGE) } else { length };
        let map = MmapOptions::new().len(room).map_anon();
        let map = map.unwrap_or_else(|error| panic!("{length} bytes of memory: {error}"));
        let skip = if large > 0 { map.as_ptr().align_offset(LARGE) } else { 0 };
        #[cfg(all(target_os = "linux", not(miri)))]
        if large > 0 {
            // Where the system has no large pages, small ones do.
            let _ = map.advise_range(memmap2::Advice::HugePage, skip, large);
        }
        Self { map, bytes: skip..skip + length }
    }
}

/// How many of so many bytes are to lie in large pages: whole ones, and a last one that is filled
/// up to three quarters.
fn in_large_pages(length: usize) -> usize {
    length.saturating_add(LARGE / 4) / LARGE * LARGE
}

impl Deref for Memory {
    type Target = [f32];

    fn deref(&self) -> &[f32] {
        bytemuck::cast_slice(&self.map[self.bytes.clone()])
    }
}

impl DerefMut for Memory {
    fn deref_mut(&mut self) -> &mut [f32] {
        bytemuck::cast_slice_mut(&mut self.map[self.bytes.clone()])
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
            assert_eq!(memory.as_ptr().align_offset(crate::LINE), 0, "{count}");
            assert!(memory.iter().all(|value| *value == 0.0));
            memory.fill(2.5);
            assert!(memory.iter().all(|value| *value == 2.5));
        }
    }

    #[test]
    #[should_panic(expected = "more than memory holds")]
    fn counts_whose_bytes_cannot_be_counted_are_refused() {
        Memory::zeros(usize::MAX / size_of::<f32>() + 2);
    }

    #[test]
    fn hardly_filled_large_pages_are_not_asked_for() {
        for (quarters, large) in [(2, 0), (3, 1), (4, 1), (6, 1), (7, 2)] {
            assert_eq!(in_large_pages(quarters * LARGE / 4), large * LARGE);
        }
    }
}
