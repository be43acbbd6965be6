//! What the file system says about a file without reading it.

use std::fs::{File, Metadata, OpenOptions};
use std::io;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use seer_types::{Device, FileStamp};

/// The state of the file at `path`, whose metadata (links followed) is given, without
/// its sidecars. A system without modification times gives 0.
pub fn stamp(path: &Path, metadata: &Metadata) -> FileStamp {
    FileStamp {
        size: metadata.len(),
        modified_ns: metadata.modified().map_or(0, nanoseconds),
        changed_ns: changed_ns(metadata),
        inode: inode(path, metadata),
        sidecars: 0,
    }
}

/// Opens a file for reading without waiting: a pipe put in its place would wait for its writer.
/// Look at the open file's metadata before reading it.
///
/// # Errors
/// What the system says.
pub fn open_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        let flags = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOCTTY;
        options.custom_flags(flags.bits().cast_signed());
    }
    options.open(path)
}

/// Since 1970, negative before; what is further away than 292 years is put there.
fn nanoseconds(time: SystemTime) -> i64 {
    match time.duration_since(UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_nanos()).unwrap_or(i64::MAX),
        Err(before) => i64::try_from(before.duration().as_nanos()).map_or(i64::MIN, |n| -n),
    }
}

/// Where the folder at `path`, whose metadata (links followed) is given, lies. `None` where the
/// system does not say.
#[cfg(unix)]
pub fn device(path: &Path, metadata: &Metadata) -> Option<Device> {
    use std::os::unix::fs::MetadataExt;
    let file_system = rustix::fs::statvfs(path).map_or(0, |found| found.f_fsid);
    Some(Device { number: metadata.dev(), file_system })
}

/// Where the folder at `path` lies. `None` where the system does not say.
#[cfg(not(unix))]
pub fn device(_path: &Path, _metadata: &Metadata) -> Option<Device> {
    None
}

#[cfg(unix)]
fn changed_ns(metadata: &Metadata) -> Option<i64> {
    use std::os::unix::fs::MetadataExt;
    metadata.ctime().checked_mul(1_000_000_000)?.checked_add(metadata.ctime_nsec())
}

#[cfg(not(unix))]
fn changed_ns(_metadata: &Metadata) -> Option<i64> {
    None
}

#[cfg(unix)]
fn inode(path: &Path, metadata: &Metadata) -> Option<u64> {
    use std::os::unix::fs::MetadataExt;
    lasting::numbers(path, metadata.dev()).then(|| metadata.ino())
}

#[cfg(not(unix))]
fn inode(_path: &Path, _metadata: &Metadata) -> Option<u64> {
    None
}

/// Some file systems make up their inode numbers anew each time they are mounted.
#[cfg(unix)]
mod lasting {
    use std::collections::HashMap;
    use std::path::Path;
    use std::sync::{Mutex, PoisonError};

    /// Kinds whose numbers do not last, or need not: FAT, exFAT, SMB (three kinds), FUSE, 9P.
    #[cfg(target_os = "linux")]
    const MADE_UP: [u64; 7] =
        [0x4d44, 0x2011_bab0, 0x517b, 0xff53_4d42, 0xfe53_4d42, 0x6573_5546, 0x0102_1997];

    /// Devices that were looked at, by number.
    static KNOWN: Mutex<Option<HashMap<u64, bool>>> = Mutex::new(None);

    /// Whether numbers on the device that `path` lies on last.
    pub(super) fn numbers(path: &Path, device: u64) -> bool {
        let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        *known.get_or_insert_default().entry(device).or_insert_with(|| look(path))
    }

    #[cfg(target_os = "linux")]
    fn look(path: &Path) -> bool {
        // The kinds are 32 bits, in a field that is signed on some machines.
        let kind = |found: rustix::fs::StatFs| found.f_type as u64 & 0xffff_ffff;
        rustix::fs::statfs(path).is_ok_and(|found| !MADE_UP.contains(&kind(found)))
    }

    #[cfg(not(target_os = "linux"))]
    fn look(_path: &Path) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use std::fs::{self, File};
    use std::time::Duration;

    use super::*;

    #[test]
    fn times_before_1970_and_far_away_are_times() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let set = |time| {
            File::options().write(true).open(file.path()).unwrap().set_modified(time).unwrap();
            stamp(file.path(), &fs::metadata(file.path()).unwrap()).modified_ns
        };
        assert_eq!(set(UNIX_EPOCH - Duration::from_secs(86_400)), -86_400_000_000_000);
        assert_eq!(set(UNIX_EPOCH), 0);
        assert_eq!(nanoseconds(UNIX_EPOCH - Duration::from_secs(1 << 36)), i64::MIN);
        assert_eq!(nanoseconds(UNIX_EPOCH + Duration::from_secs(1 << 36)), i64::MAX);
    }

    #[test]
    #[cfg(unix)]
    fn other_content_of_the_same_size_and_time_has_another_stamp() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a");
        fs::write(&path, b"one").unwrap();
        let time = UNIX_EPOCH + Duration::from_secs(1_000_000_000);
        let set = |path: &Path| {
            File::options().write(true).open(path).unwrap().set_modified(time).unwrap();
        };
        let look = || stamp(&path, &fs::metadata(&path).unwrap());
        set(&path);
        let before = look();
        assert!(before.agrees_with(&look()));
        std::thread::sleep(Duration::from_millis(20));
        fs::write(&path, b"two").unwrap();
        set(&path);
        let after = look();
        assert_eq!((before.size, before.modified_ns), (after.size, after.modified_ns));
        assert!(!before.agrees_with(&after), "{before:?} {after:?}");
        assert!(FileStamp::new(3, before.modified_ns).agrees_with(&after), "as earlier versions");
    }
}
