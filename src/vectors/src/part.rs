//! A column of numbers that lies in memory or in a mapped file.

use std::ops::Range;
use std::sync::Arc;

use bytemuck::Pod;

use crate::checked::Checked;

/// Read alike wherever it lies; copied into memory when it is first changed.
pub(crate) enum Part<T> {
    /// In memory.
    Owned(Vec<T>),
    /// These bytes of a file.
    Mapped {
        map: Arc<Checked>,
        /// Within the file, and aligned for `T`.
        bytes: Range<usize>,
    },
}

impl<T: Pod> Part<T> {
    /// `count` numbers from byte `start` of the file on; `None` when the file does not hold them
    /// there, aligned.
    pub(crate) fn mapped(map: &Arc<Checked>, start: usize, count: usize) -> Option<Self> {
        let end = count.checked_mul(size_of::<T>())?.checked_add(start)?;
        let bytes = start..end;
        map.holds::<T>(bytes.clone()).then(|| Part::Mapped { map: Arc::clone(map), bytes })
    }

    pub(crate) fn values(&self) -> &[T] {
        match self {
            Part::Owned(values) => values,
            Part::Mapped { map, bytes } => map.numbers(bytes.clone()),
        }
    }

    /// How many numbers there are.
    pub(crate) fn len(&self) -> usize {
        match self {
            Part::Owned(values) => values.len(),
            Part::Mapped { bytes, .. } => bytes.len() / size_of::<T>(),
        }
    }

    /// The numbers in memory, to be changed.
    pub(crate) fn to_mut(&mut self) -> &mut Vec<T> {
        if let Part::Mapped { .. } = self {
            *self = Part::Owned(self.values().to_vec());
        }
        match self {
            Part::Owned(values) => values,
            Part::Mapped { .. } => unreachable!("it was just copied"),
        }
    }

    /// Makes room for `more`, with an eighth of what there is to spare: doubling, as a vector
    /// does by itself, would waste a quarter of the memory on average.
    pub(crate) fn reserve(&mut self, more: usize) {
        let values = self.to_mut();
        if values.capacity() - values.len() < more {
            values.reserve_exact(more + values.len() / 8);
        }
    }

    /// Bytes it takes, in memory or in the file.
    pub(crate) fn bytes(&self) -> usize {
        self.memory().max(self.len() * size_of::<T>())
    }

    /// Bytes of memory it takes, beside the file.
    pub(crate) fn memory(&self) -> usize {
        match self {
            Part::Owned(values) => values.capacity() * size_of::<T>(),
            Part::Mapped { .. } => 0,
        }
    }
}

impl<T> Default for Part<T> {
    fn default() -> Self {
        Part::Owned(Vec::new())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checked::mapped;

    #[test]
    fn a_mapped_part_is_copied_when_it_changes() {
        let map = mapped(&[1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0]);
        let mut part: Part<u32> = Part::mapped(&map, 4, 2).unwrap();
        assert_eq!((part.values(), part.memory()), (&[2, 3][..], 0));
        assert_eq!((part.len(), part.bytes()), (2, 8));
        part.to_mut().push(9);
        assert_eq!(part.values(), [2, 3, 9]);
        assert!(part.memory() >= 12);
        assert_eq!(map.numbers::<u8>(4..5), [2], "the file stays as it was");
    }

    #[test]
    fn what_the_file_does_not_hold_is_refused() {
        let map = mapped(&[0; 12]);
        assert!(Part::<u32>::mapped(&map, 4, 3).is_none(), "too long");
        assert!(Part::<u32>::mapped(&map, 2, 1).is_none(), "not aligned");
        assert!(Part::<u32>::mapped(&map, 4, usize::MAX).is_none(), "more than there can be");
        assert!(Part::<u32>::mapped(&map, 12, 0).is_some(), "nothing is always there");
    }

    #[test]
    fn room_is_made_sparingly() {
        let mut part = Part::Owned(vec![0u8; 800]);
        part.reserve(1);
        assert!((801..=1000).contains(&part.memory()), "{}", part.memory());
    }
}
