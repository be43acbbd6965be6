//! The walk on real folders.

use std::fs;

use super::*;

struct Disk {
    _dir: tempfile::TempDir,
    base: PathBuf,
}

impl Disk {
    fn new(files: &[&str]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let base = dir.path().canonicalize().unwrap();
        let disk = Self { _dir: dir, base };
        for file in files {
            disk.write(file);
        }
        disk
    }

    fn write(&self, file: &str) {
        let path = self.base.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, file).unwrap();
    }

    #[cfg(unix)]
    fn link(&self, name: &str, target: &str) {
        std::os::unix::fs::symlink(self.base.join(target), self.base.join(name)).unwrap();
    }

    fn walk(&self, roots: &[&str], excludes: &[&str]) -> Walk {
        let globs: Vec<String> = excludes.iter().map(|g| (*g).to_owned()).collect();
        let given: Vec<PathBuf> = roots.iter().map(|r| self.base.join(r)).collect();
        let for_roots: Vec<(PathBuf, Vec<String>)> = look_at_all(&given)
            .iter()
            .map(|root| (root.path().to_path_buf(), globs.clone()))
            .collect();
        let rules = Rules::new(&for_roots).unwrap();
        let cancel = Cancel::new();
        let walker = Walker::new(&rules, &self.base.join("library"), &cancel, &|_| ());
        walker.walk(&look_at_all(&given))
    }

    fn names(&self, walk: &Walk) -> Vec<String> {
        let below = |f: &FoundFile| f.path.strip_prefix(&self.base).unwrap().to_path_buf();
        walk.files.iter().map(|f| below(f).to_string_lossy().into_owned()).collect()
    }
}

#[test]
fn pictures_are_found_and_the_rest_counted_or_skipped() {
    let disk = Disk::new(&[
        "p/a.jpg",
        "p/b/c.PNG",
        "p/notes.txt",
        "p/unknown",
        "p/.hidden/x.jpg",
        "p/@eaDir/x.jpg",
        "p/._a.jpg",
        "p/node_modules/x.png",
    ]);
    let walk = disk.walk(&["p"], &[]);
    assert_eq!(disk.names(&walk), ["p/a.jpg", "p/b/c.PNG", "p/unknown"]);
    assert_eq!(
        walk.files.iter().map(|f| f.surely_picture).collect::<Vec<_>>(),
        [true, true, false]
    );
    assert_eq!(walk.other, 1);
    assert_eq!(walk.files[0].stamp.size, 7);
    assert!(walk.files[0].stamp.modified_ns > 0);
}

#[test]
fn the_library_folder_and_excludes_are_left_out() {
    let disk = Disk::new(&["a.jpg", "library/thumbnail.jpg", "raw/b.jpg", "sub/raw/c.jpg"]);
    assert_eq!(disk.names(&disk.walk(&["."], &["raw"])), ["a.jpg"]);
    assert_eq!(disk.names(&disk.walk(&["."], &["sub/**"])), ["a.jpg", "raw/b.jpg"]);
}

#[test]
fn a_marked_folder_is_left_out_with_all_below_unless_it_was_named() {
    let disk =
        Disk::new(&["p/a.jpg", "p/m/.nomedia", "p/m/b.jpg", "p/m/deep/c.jpg", "p/n/.noimage"]);
    let walk = disk.walk(&["p"], &[]);
    assert_eq!(disk.names(&walk), ["p/a.jpg"]);
    let left: Vec<_> = walk.left_out.iter().map(|left| (left.path.as_path(), left.rule)).collect();
    let (m, n) = (disk.base.join("p/m"), disk.base.join("p/n"));
    assert_eq!(left, [(m.as_path(), SkipRule::Marked), (n.as_path(), SkipRule::Marked)]);
    let named = disk.walk(&["p/m"], &[]);
    assert_eq!(disk.names(&named), ["p/m/b.jpg", "p/m/deep/c.jpg"]);
    assert_eq!(named.marked_roots, [m]);
}

#[test]
fn sidecars_are_part_of_a_photo_s_stamp() {
    let disk = Disk::new(&[
        "p/a.jpg",
        "p/b.jpg",
        "p/b.jpg.xmp",
        "p/b.xmp",
        "p/c.jpg",
        "p/sub/c.jpg.json",
        "p/d.jpg",
        "p/d.jpg.xmp/no_file",
    ]);
    let stamps = || -> Vec<u64> {
        disk.walk(&["p"], &[]).files.iter().map(|file| file.stamp.sidecars).take(4).collect()
    };
    let before = stamps();
    assert_eq!((before[0], before[2], before[3]), (0, 0, 0));
    assert_ne!(before[1], 0);
    assert_eq!(before, stamps());
    let alone = disk.walk(&["p/b.jpg"], &[]);
    assert_eq!(alone.files[0].stamp.sidecars, before[1], "named alone");
    let excluded = disk.walk(&["p"], &["*.xmp"]);
    assert_eq!(excluded.files[1].stamp.sidecars, before[1], "excluded as a photo");
    fs::write(disk.base.join("p/b.xmp"), "longer than before").unwrap();
    let longer = stamps()[1];
    assert_ne!(longer, before[1]);
    fs::remove_file(disk.base.join("p/b.xmp")).unwrap();
    assert!(![0, longer, before[1]].contains(&stamps()[1]));
}

#[test]
fn a_hidden_folder_named_by_the_user_is_walked() {
    let disk = Disk::new(&[".hidden/a.jpg"]);
    assert_eq!(disk.names(&disk.walk(&[".hidden"], &[])), [".hidden/a.jpg"]);
}

#[test]
fn overlapping_roots_find_each_file_once() {
    let disk = Disk::new(&["p/sub/a.jpg", "p/b.jpg"]);
    let walk = disk.walk(&["p/sub", "p", "p/b.jpg", "p/sub/a.jpg"], &[]);
    assert_eq!(disk.names(&walk), ["p/b.jpg", "p/sub/a.jpg"]);
    assert!(walk.files.iter().all(|f| f.root == 0), "the outermost root wins: {walk:?}");
}

#[test]
fn a_cancelled_walk_ends() {
    let disk = Disk::new(&["p/a.jpg"]);
    let (rules, cancel) = (Rules::default(), Cancel::new());
    cancel.cancel();
    let walker = Walker::new(&rules, Path::new("none"), &cancel, &|_| ());
    assert!(walker.walk(&look_at_all(&[disk.base.join("p")])).files.is_empty());
}

#[cfg(unix)]
mod links {
    use super::*;

    #[test]
    fn loops_end_and_each_file_is_found_once_by_its_real_path() {
        let disk = Disk::new(&["p/real/a.jpg"]);
        disk.link("p/a_link", "p/real");
        disk.link("p/real/loop", "p");
        disk.link("p/0.jpg", "p/real/a.jpg");
        disk.link("p/self", "p/self");
        let walk = disk.walk(&["p"], &[]);
        assert_eq!(disk.names(&walk), ["p/real/a.jpg"]);
        assert_eq!(walk.unread.len(), 1, "the link to itself: {:?}", walk.unread);
    }

    #[test]
    fn links_out_of_the_folder_are_followed_once() {
        let disk = Disk::new(&["p/a.jpg", "out/b.jpg", "out/deep/c.jpg"]);
        disk.link("p/x", "out");
        disk.link("p/y", "out");
        disk.link("p/z.jpg", "out/deep/c.jpg");
        let walk = disk.walk(&["p"], &[]);
        assert_eq!(disk.names(&walk), ["p/a.jpg", "p/x/b.jpg", "p/x/deep/c.jpg"]);
        assert_eq!(walk.linked_folders, [disk.base.join("p/x")]);
    }

    #[test]
    fn a_broken_link_is_told() {
        let disk = Disk::new(&["p/a.jpg"]);
        disk.link("p/gone", "nowhere");
        let walk = disk.walk(&["p"], &[]);
        assert_eq!(walk.unread[0].path, disk.base.join("p/gone"));
    }

    #[test]
    fn hard_links_are_two_files() {
        let disk = Disk::new(&["p/a.jpg"]);
        fs::hard_link(disk.base.join("p/a.jpg"), disk.base.join("p/b.jpg")).unwrap();
        assert_eq!(disk.names(&disk.walk(&["p"], &[])), ["p/a.jpg", "p/b.jpg"]);
    }

    #[test]
    fn a_socket_is_no_file() {
        let disk = Disk::new(&["p/a.jpg"]);
        let _socket = std::os::unix::net::UnixListener::bind(disk.base.join("p/s.jpg")).unwrap();
        assert_eq!(disk.names(&disk.walk(&["p"], &[])), ["p/a.jpg"]);
    }

    #[test]
    fn a_name_that_is_not_unicode_is_found() {
        use std::os::unix::ffi::OsStrExt;
        let disk = Disk::new(&["p/a.jpg"]);
        let name = std::ffi::OsStr::from_bytes(b"caf\xe9.jpg");
        if fs::write(disk.base.join("p").join(name), b"x").is_err() {
            eprintln!("skipped: this file system takes only Unicode names");
            return;
        }
        let walk = disk.walk(&["p"], &[]);
        assert_eq!(walk.files[1].path, disk.base.join("p").join(name));
    }

    #[test]
    fn a_folder_that_may_not_be_read_is_told() {
        use std::os::unix::fs::PermissionsExt;
        let disk = Disk::new(&["p/a.jpg", "p/closed/b.jpg"]);
        let closed = disk.base.join("p/closed");
        fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).unwrap();
        let readable = fs::read_dir(&closed).is_ok();
        let walk = disk.walk(&["p"], &[]);
        fs::set_permissions(&closed, fs::Permissions::from_mode(0o755)).unwrap();
        if readable {
            eprintln!("skipped: this user may read everything");
            return;
        }
        assert_eq!(disk.names(&walk), ["p/a.jpg"]);
        assert_eq!(walk.unread[0].path, closed);
    }
}
