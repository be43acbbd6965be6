//! A file whose blocks are read, and compared with their checksums, when they are first looked at.
//!
//! Opening a large file takes no time then, and what is never needed is never read. What has been
//! found as it was written is not compared again. The file is read, not mapped: a mapped file that
//! shrinks, or a disk that cannot read it, would end the process (SIGBUS); here it is damage.

use std::fs::File;
use std::io;
use std::ops::{Range, RangeInclusive};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use bytemuck::Pod;

use crate::region::Region;

/// Bytes per checksum: enough for BLAKE3 to use the widest registers, and few enough that looking
/// at one vector costs some microseconds.
pub(crate) const BLOCK: usize = 16 << 10;

/// Threads that fill blocks at the same time wait for each other only when these numbers agree.
const LOCKS: usize = 64;

/// See the module's description.
pub(crate) struct Checked {
    file: File,
    /// The file's bytes, as far as they were looked at.
    memory: Region,
    sums: Vec<u64>,
    /// A bit for each block that was read; its bytes never change again.
    filled: Box<[AtomicU64]>,
    filling: [Mutex<()>; LOCKS],
    damaged: AtomicBool,
}

impl Checked {
    /// A file of `length` bytes; nothing of it is read yet. `None` when there is not a sum for
    /// each block.
    ///
    /// # Errors
    /// When the system has no room for `length` addresses.
    pub(crate) fn new(file: File, length: usize, sums: Vec<u64>) -> io::Result<Option<Self>> {
        if sums.len() != length.div_ceil(BLOCK) {
            return Ok(None);
        }
        let words = sums.len().div_ceil(64);
        Ok(Some(Self {
            file,
            memory: Region::new(length)?,
            sums,
            filled: (0..words).map(|_| AtomicU64::new(0)).collect(),
            filling: [const { Mutex::new(()) }; LOCKS],
            damaged: AtomicBool::new(false),
        }))
    }

    /// Bytes of the file.
    pub(crate) fn len(&self) -> usize {
        self.memory.len()
    }

    /// Whether these bytes are a whole number of `T`, where a `T` may lie.
    pub(crate) fn holds<T: Pod>(&self, bytes: Range<usize>) -> bool {
        // The memory begins at a page, so that places in the file are aligned as in memory.
        bytes.start <= bytes.end
            && bytes.end <= self.len()
            && bytes.start.is_multiple_of(align_of::<T>())
            && bytes.len().is_multiple_of(size_of::<T>())
    }

    /// Numbers of the file; none where it does not hold them. When a block of theirs is damaged
    /// they are anything, and [`Checked::is_damaged`] says so from then on.
    pub(crate) fn numbers<T: Pod>(&self, bytes: Range<usize>) -> &[T] {
        if bytes.is_empty() || !self.holds::<T>(bytes.clone()) {
            return &[];
        }
        self.look_at(bytes.start / BLOCK..=(bytes.end - 1) / BLOCK);
        // SAFETY: all blocks of these bytes are filled, and a filled block is never written again.
        let found = unsafe { self.memory.bytes(bytes) };
        bytemuck::try_cast_slice(found).unwrap_or(&[])
    }

    /// Whether anything that was looked at is not as it was written, or could not be read.
    pub(crate) fn is_damaged(&self) -> bool {
        self.damaged.load(Ordering::Acquire)
    }

    fn look_at(&self, blocks: RangeInclusive<usize>) {
        for block in blocks {
            if !self.is_filled(block) {
                self.fill(block);
            }
        }
    }

    fn is_filled(&self, block: usize) -> bool {
        self.filled[block / 64].load(Ordering::Acquire) & 1 << (block % 64) != 0
    }

    #[cold]
    fn fill(&self, block: usize) {
        let lock = &self.filling[block % LOCKS];
        let _filling = lock.lock().unwrap_or_else(PoisonError::into_inner);
        if self.is_filled(block) {
            return;
        }
        let start = block * BLOCK;
        let place = start..(start + BLOCK).min(self.len());
        // SAFETY: the block is not filled, so that nobody reads it; its lock is held, so that
        // nobody else writes it.
        let bytes = unsafe { self.memory.bytes_mut(place) };
        let read = read_at(&self.file, bytes, start as u64);
        if read.is_err() || first_bytes(&blake3::hash(bytes)) != self.sums[block] {
            self.damaged.store(true, Ordering::Release);
        }
        self.filled[block / 64].fetch_or(1 << (block % 64), Ordering::Release);
    }
}

#[cfg(unix)]
fn read_at(file: &File, bytes: &mut [u8], start: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, start)
}

#[cfg(windows)]
fn read_at(file: &File, mut bytes: &mut [u8], mut start: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        match std::os::windows::fs::FileExt::seek_read(file, bytes, start)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            read => {
                bytes = &mut bytes[read..];
                start += read as u64;
            }
        }
    }
    Ok(())
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

/// A file with these contents, for tests.
#[cfg(test)]
pub(crate) fn mapped(bytes: &[u8]) -> std::sync::Arc<Checked> {
    let mut sums = Sums::default();
    sums.update(bytes);
    std::sync::Arc::new(tests::over(bytes, sums.finish()).unwrap())
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    pub(super) fn over(bytes: &[u8], sums: Vec<u64>) -> Option<Checked> {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        Checked::new(file, bytes.len(), sums).unwrap()
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
        let checked = over(&other, sums(&bytes, BLOCK)).unwrap();
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
        assert!(over(&[1, 2], Vec::new()).is_none(), "no sum");
    }

    #[test]
    fn a_file_that_shrinks_is_damaged_and_what_was_read_stays() {
        let bytes = contents();
        let checked = over(&bytes, sums(&bytes, BLOCK)).unwrap();
        let first = checked.numbers::<u8>(0..BLOCK);
        checked.file.set_len(10).unwrap();
        assert_eq!(first, &bytes[..BLOCK]);
        assert_eq!(checked.numbers::<u8>(5..100), &bytes[5..100], "it was read before");
        assert!(!checked.is_damaged());
        assert_eq!(checked.numbers::<u8>(BLOCK..BLOCK + 1).len(), 1);
        assert!(checked.is_damaged());
    }

    #[test]
    fn threads_that_look_at_once_see_the_same() {
        let bytes = contents();
        for _ in 0..20 {
            let checked = over(&bytes, sums(&bytes, BLOCK)).unwrap();
            std::thread::scope(|scope| {
                for _ in 0..4 {
                    scope.spawn(|| {
                        assert_eq!(checked.numbers::<u8>(0..bytes.len()), bytes);
                    });
                }
            });
            assert!(!checked.is_damaged());
        }
    }
}
