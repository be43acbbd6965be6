//! Memory that takes room only where it was written: the place of a large file's bytes.

use std::io;
use std::ops::Range;

use memmap2::MmapMut;

/// Zeros at first, from a page's beginning on. Shared between threads; who may read and write
/// which bytes is the owner's to decide.
pub(crate) struct Region {
    /// Owns the memory; never looked at again.
    _memory: MmapMut,
    base: *mut u8,
    length: usize,
}

// SAFETY: the memory belongs to the region, not to a thread; every access goes through unsafe
// functions whose callers keep readers and writers apart.
unsafe impl Send for Region {}
// SAFETY: as above.
unsafe impl Sync for Region {}

impl Region {
    /// `length` bytes, at least 1.
    ///
    /// # Errors
    /// When the system does not give them.
    pub(crate) fn new(length: usize) -> io::Result<Self> {
        let mut memory = MmapMut::map_anon(length.max(1))?;
        let base = memory.as_mut_ptr();
        Ok(Self { _memory: memory, base, length })
    }

    /// How many bytes there are.
    pub(crate) fn len(&self) -> usize {
        self.length
    }

    /// # Safety
    /// Nobody writes these bytes while the slice lives.
    ///
    /// # Panics
    /// When the region does not have them.
    pub(crate) unsafe fn bytes(&self, place: Range<usize>) -> &[u8] {
        assert!(place.start <= place.end && place.end <= self.length);
        // SAFETY: within the region, which lives as long as `self`; the caller keeps writers away.
        unsafe { std::slice::from_raw_parts(self.base.add(place.start), place.len()) }
    }

    /// # Safety
    /// Nobody reads or writes these bytes by another way while the slice lives.
    ///
    /// # Panics
    /// When the region does not have them.
    #[expect(clippy::mut_from_ref, reason = "the caller keeps readers and writers apart")]
    pub(crate) unsafe fn bytes_mut(&self, place: Range<usize>) -> &mut [u8] {
        assert!(place.start <= place.end && place.end <= self.length);
        // SAFETY: within the region, which lives as long as `self`; the caller keeps others away.
        unsafe { std::slice::from_raw_parts_mut(self.base.add(place.start), place.len()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_holds_what_was_written_and_zeros_elsewhere() {
        let region = Region::new(10_000).unwrap();
        // SAFETY: one thread, one slice at a time.
        unsafe {
            region.bytes_mut(5_000..5_003).copy_from_slice(&[1, 2, 3]);
            assert_eq!(region.bytes(4_999..5_004), [0, 1, 2, 3, 0]);
        }
        assert_eq!(region.len(), 10_000);
    }
}
