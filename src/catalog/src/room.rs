//! How much room the disk has, and how much of it must stay free.
//!
//! A disk that is full to the last byte is what breaks databases. Nothing is begun, therefore,
//! that could fill it: batches are refused while less than a reserve is free.

use std::io;
use std::path::Path;

/// Bytes that must be free before anything is added to a library.
const RESERVE: u64 = 64 << 20;

/// The room of one file system, in bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Room {
    /// What this user may still write.
    pub free: u64,
    /// All of it.
    pub size: u64,
}

impl Room {
    /// The room where `folder` lies; `None` where the system does not say.
    pub fn of(folder: &Path) -> Option<Self> {
        room_of(folder).filter(|room| room.size > 0)
    }

    /// Bytes that must stay free: 64 MiB, on a file system below 640 MiB a tenth of it.
    pub fn reserve(self) -> u64 {
        RESERVE.min(self.size / 10)
    }

    /// Whether `bytes` more leave the reserve untouched.
    pub fn has(self, bytes: u64) -> bool {
        self.free >= self.reserve().saturating_add(bytes)
    }
}

/// Whether `bytes` more fit and leave the reserve untouched; true where the system does not say.
pub(crate) fn fits(folder: &Path, bytes: u64) -> bool {
    Room::of(folder).is_none_or(|room| room.has(bytes))
}

/// Whether the system refused for lack of room.
pub fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

#[cfg(unix)]
fn room_of(folder: &Path) -> Option<Room> {
    let found = rustix::fs::statvfs(folder).ok()?;
    let block = found.f_frsize.max(1);
    let bytes = |blocks: u64| blocks.saturating_mul(block);
    Some(Room { free: bytes(found.f_bavail), size: bytes(found.f_blocks) })
}

#[cfg(not(unix))]
fn room_of(_: &Path) -> Option<Room> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_disk_has_a_small_reserve() {
        let room = |free, size| Room { free, size };
        assert_eq!(room(0, 1 << 40).reserve(), 64 << 20);
        assert_eq!(room(0, 12 << 20).reserve(), (12 << 20) / 10);
        assert!(room(64 << 20, 1 << 40).has(0) && !room(64 << 20, 1 << 40).has(1));
        assert!(!room((64 << 20) - 1, 1 << 40).has(0));
    }

    #[test]
    #[cfg(unix)]
    fn a_real_folder_has_some_room() {
        let folder = tempfile::tempdir().unwrap();
        let room = Room::of(folder.path()).unwrap();
        assert!(room.size > 0 && room.free <= room.size, "{room:?}");
    }
}
