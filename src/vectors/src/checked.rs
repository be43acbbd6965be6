//! A mapped file whose blocks are compared with their checksums when they are first looked at.
//!
//! Opening a large file takes no time then, and what is never needed is never read. What has been
//! found as it was written is not compared again.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use bytemuck::Pod;
use memmap2::Mmap;

/// Bytes per checksum: enough for BLAKE3 to use the widest registers, and few enough that looking
/// at one vector costs some microseconds.
pub(crate) const BLOCK: usize = 16 << 10;

/// See the module's description.
pub(crate) struct Checked {
    map: Mmap,
    sums: Vec<u64>,
    /// A bit for each block that is as it was written.
    sound: Box<[AtomicU64]>,
    damaged: AtomicBool,
}

impl Checked {
    /// `None` when there is not a sum for each block.
    pub(crate) fn new(map: Mmap, sums: Vec<u64>) -> Option<Self> {
        let words = sums.len().div_ceil(64);
        let sound = (0..words).map(|_| AtomicU64::new(0)).collect();
        (sums.len() == map.len().div_ceil(BLOCK)).then_some(Self {
            map,
            sums,
            sound,
            damaged: AtomicBool::new(false),
        })
    }

    /// Bytes of the file.
    pub(crate) fn len(&self) -> usize {
        self.map.len()
    }

    /// Whether these bytes are a whole number of `T`, where a `T` may lie.
    pub(crate) fn holds<T: Pod>(&self, bytes: Range<usize>) -> bool {
        self.map.get(bytes).is_some_and(|bytes| bytemuck::try_cast_slice::<u8, T>(bytes).is_ok())
    }

    /// Numbers of the file; none where it does not hold them. When a block of theirs is damaged
    /// they are anything, and [`Checked::is_damaged`] says so from then on.
    pub(crate) fn numbers<T: Pod>(&self, bytes: Range<usize>) -> &[T] {
        let found = self.map.get(bytes.clone()).unwrap_or(&[]);
        if !found.is_empty() {
            self.look_at(bytes.start / BLOCK..=(bytes.end - 1) / BLOCK);
        }
        bytemuck::try_cast_slice(found).unwrap_or(&[])
    }

    /// Whether anything that was looked at is not as it was written.
    pub(crate) fn is_damaged(&self) -> bool {
        self.damaged.load(Ordering::Acquire)
    }

    fn look_at(&self, blocks: std::ops::RangeInclusive<usize>) {
        for block in blocks {
            let bit = 1 << (block % 64);
            if self.sound[block / 64].load(Ordering::Relaxed) & bit == 0 {
                self.compare(block, bit);
            }
        }
    }

    #[cold]
    fn compare(&self, block: usize, bit: u64) {
        let start = block * BLOCK;
        let bytes = &self.map[start..(start + BLOCK).min(self.map.len())];
        if first_bytes(&blake3::hash(bytes)) == self.sums[block] {
            self.sound[block / 64].fetch_or(bit, Ordering::Relaxed);
        } else {
            self.damaged.store(true, Ordering::Release);
        }
    }
}

/// Takes the sums of what is written, block by block.
#[derive(Default)]
pub(crate) struct Sums {
    block: blake3::Hasher,
    filled: usize,
    done: Vec<u64>,
}

impl Sums {
    pub(crate) fn update(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let (now, later) = bytes.split_at((BLOCK - self.filled).min(bytes.len()));
            self.block.update(now);
            self.filled += now.len();
            if self.filled == BLOCK {
                self.end_block();
            }
            bytes = later;
        }
    }

    /// The sum of each block; the last one may be shorter.
    pub(crate) fn finish(mut self) -> Vec<u64> {
        if self.filled > 0 {
            self.end_block();
        }
        self.done
    }

    fn end_block(&mut self) {
        self.done.push(first_bytes(&self.block.finalize()));
        self.block.reset();
        self.filled = 0;
    }
}

/// 8 bytes of 32 are enough: they guard against accidents, not against forgers.
fn first_bytes(hash: &blake3::Hash) -> u64 {
    let mut first = [0; 8];
    first.copy_from_slice(&hash.as_bytes()[..8]);
    u64::from_le_bytes(first)
}

/// A mapped file with these contents, for tests.
#[cfg(test)]
pub(crate) fn mapped(bytes: &[u8]) -> std::sync::Arc<Checked> {
    let mut sums = Sums::default();
    sums.update(bytes);
    std::sync::Arc::new(Checked::new(tests::map(bytes), sums.finish()).unwrap())
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    pub(super) fn map(bytes: &[u8]) -> Mmap {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        // SAFETY: nobody else knows the file.
        unsafe { Mmap::map(&file) }.unwrap()
    }

    fn contents() -> Vec<u8> {
        (0..2 * BLOCK + 100).map(|i| (i * 31 % 251) as u8).collect()
    }

    fn sums(bytes: &[u8], piece: usize) -> Vec<u64> {
        let mut sums = Sums::default();
        bytes.chunks(piece).for_each(|piece| sums.update(piece));
        sums.finish()
    }

    #[test]
    fn sums_do_not_depend_on_how_it_was_written() {
        let bytes = contents();
        let expected: Vec<u64> =
            bytes.chunks(BLOCK).map(|block| first_bytes(&blake3::hash(block))).collect();
        for piece in [7, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK] {
            assert_eq!(sums(&bytes, piece), expected, "{piece}");
        }
        assert!(sums(&[], 1).is_empty());
    }

    #[test]
    fn damage_is_noticed_where_it_is_looked_at() {
        let bytes = contents();
        let mut other = bytes.clone();
        other[2 * BLOCK - 1] ^= 1;
        let checked = Checked::new(map(&other), sums(&bytes, BLOCK)).unwrap();
        assert_eq!(checked.numbers::<u8>(0..BLOCK), &bytes[..BLOCK]);
        assert_eq!(checked.numbers::<u8>(2 * BLOCK..2 * BLOCK + 100), &bytes[2 * BLOCK..]);
        assert!(!checked.is_damaged());
        assert_eq!(checked.numbers::<u8>(BLOCK - 1..BLOCK + 1).len(), 2);
        assert!(checked.is_damaged(), "its block is another one's");
    }

    #[test]
    fn what_is_not_there_is_empty() {
        let checked = mapped(&[1, 0, 0, 0, 2, 0, 0, 0, 3]);
        assert_eq!(checked.numbers::<u32>(4..8), [2]);
        assert!(checked.numbers::<u32>(4..9).is_empty());
        assert!(checked.numbers::<u32>(8..12).is_empty());
        assert!(checked.holds::<u32>(0..8) && !checked.holds::<u32>(1..5));
        assert!(!checked.is_damaged());
        assert!(Checked::new(map(&[1, 2]), Vec::new()).is_none(), "no sum");
    }
}
