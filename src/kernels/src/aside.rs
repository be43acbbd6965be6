//! Parts of the program's file that are not needed for now.

/// Gives back the memory that a part of the program's own file takes, such as weights after they were laid out
/// elsewhere: it is read from the file again when it is needed. Does nothing to any other memory, and nothing
/// where the system is not Linux.
pub fn set_aside(bytes: &'static [u8]) {
    #[cfg(all(target_os = "linux", not(miri)))]
    linux::set_aside(bytes);
    #[cfg(any(not(target_os = "linux"), miri))]
    let _ = bytes;
}

#[cfg(all(target_os = "linux", not(miri)))]
mod linux {
    use std::ops::Range;

    use rustix::mm::{Advice, madvise};

    pub(super) fn set_aside(bytes: &'static [u8]) {
        let page = rustix::param::page_size();
        let (start, end) = (bytes.as_ptr().addr(), bytes.as_ptr().addr() + bytes.len());
        let pages = start.next_multiple_of(page)..end / page * page;
        let Ok(maps) = std::fs::read_to_string("/proc/self/maps") else { return };
        if pages.is_empty() || !maps.lines().any(|line| is_unchanged_file(line, &pages)) {
            return;
        }
        let first = bytes.as_ptr().wrapping_add(pages.start - start).cast_mut().cast();
        // SAFETY: the pages are a private mapping of a file that nobody may write to, and hold plain bytes, which
        // no loader changes: they are what the file holds, and that is what they are after this too.
        let _ = unsafe { madvise(first, pages.len(), Advice::LinuxDontNeed) };
    }

    /// Whether a line of `/proc/self/maps` is of a file that is mapped to be read alone, with all of these
    /// addresses: `55d0-55e0 r--p 00000000 fe:00 1234   /usr/bin/seer`.
    pub(super) fn is_unchanged_file(line: &str, pages: &Range<usize>) -> bool {
        let mut words = line.split_ascii_whitespace();
        let range = words.next().and_then(|range| range.split_once('-'));
        let address = |text: &str| usize::from_str_radix(text, 16).ok();
        let Some((Some(start), Some(end))) = range.map(|(a, b)| (address(a), address(b))) else {
            return false;
        };
        let is_file =
            words.next() == Some("r--p") && words.nth(2).is_some_and(|inode| inode != "0");
        is_file && start <= pages.start && pages.end <= end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Several pages of the tests' own file.
    static OWN: [u8; 40_000] = [7; 40_000];

    #[test]
    fn nothing_changes() {
        let leaked: &'static [u8] = Box::leak(vec![9u8; 1 << 20].into_boxed_slice());
        set_aside(leaked);
        assert!(leaked.iter().all(|byte| *byte == 9), "memory of no file is left alone");
        for bytes in [&OWN[..], &OWN[1..100], &[]] {
            set_aside(bytes);
            assert!(bytes.iter().all(|byte| *byte == 7));
        }
    }

    #[cfg(all(target_os = "linux", not(miri)))]
    #[test]
    fn what_was_set_aside_takes_no_memory_until_it_is_read() {
        use std::os::unix::fs::FileExt;
        /// So large that what is read beside it hardly counts.
        static LARGE: [u8; 1 << 20] = [3; 1 << 20];
        let page = rustix::param::page_size();
        let resident = || {
            let mut entries = vec![0; LARGE.len() / page * 8];
            let map = std::fs::File::open("/proc/self/pagemap").expect("the pages of this process");
            map.read_exact_at(&mut entries, (LARGE.as_ptr().addr() / page * 8) as u64)
                .expect("them");
            // The highest bit of 64 says that a page is in memory.
            entries.as_chunks::<8>().0.iter().filter(|entry| entry[7] & 0x80 != 0).count()
        };
        assert!(LARGE.iter().all(|byte| *byte == 3));
        let before = resident();
        assert!(before >= LARGE.len() / page - 1);
        set_aside(&LARGE);
        assert!(resident() < before / 2, "{} of {before}", resident());
        assert!(LARGE.iter().all(|byte| *byte == 3));
    }

    #[cfg(all(target_os = "linux", not(miri)))]
    #[test]
    fn only_what_is_mapped_from_a_file_to_be_read_counts() {
        use linux::is_unchanged_file;
        let inside = |line| is_unchanged_file(line, &(0x2000..0x4000));
        assert!(inside("2000-5000 r--p 00000000 fe:00 1234                /usr/bin/seer"));
        assert!(!inside("3000-5000 r--p 00000000 fe:00 1234               /usr/bin/seer"));
        assert!(!inside("2000-3000 r--p 00000000 fe:00 1234               /usr/bin/seer"));
        assert!(!inside("2000-5000 rw-p 00000000 fe:00 1234               /usr/bin/seer"));
        assert!(!inside("2000-5000 r--s 00000000 fe:00 1234               /usr/bin/seer"));
        assert!(!inside("2000-5000 r--p 00000000 00:00 0"));
        assert!(!inside(""));
    }
}
