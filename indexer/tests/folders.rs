//! Which files a run sees: excludes, overlaps, single files, links, odd names.

mod common;

use std::fs;

use common::Desk;
use seer_indexer::{Cancel, IndexOptions, SkipRule, explain_skips};

#[test]
fn overlapping_folders_are_one() {
    let desk = Desk::with(2);
    desk.picture("sub/a.png", 10);
    let folders = [desk.path("sub"), desk.photos.clone(), desk.path("0.png")];
    let (result, _) = desk.run(&folders, &IndexOptions::default());
    let run = result.unwrap();
    assert_eq!((run.plan.found, run.encoded, run.photos), (3, 3, 3));
    assert_eq!(desk.library.roots().unwrap().len(), 1);
    // A part of an indexed folder is no folder of its own.
    let (result, _) = desk.run(&[desk.path("sub")], &IndexOptions::default());
    assert_eq!(result.unwrap().plan.unchanged, 1);
    assert_eq!(desk.library.roots().unwrap().len(), 1);
    assert_eq!(desk.known().len(), 3);
}

#[test]
fn a_single_file_is_indexed_without_its_folder() {
    let desk = Desk::with(3);
    let (result, _) = desk.run(&[desk.path("1.png")], &IndexOptions::default());
    let run = result.unwrap();
    assert_eq!((run.encoded, run.photos, run.plan.found), (1, 1, 1));
    assert!(desk.library.roots().unwrap().is_empty());
    assert_eq!(desk.index().encoded, 2);
    let (result, _) = desk.run(&[desk.path("1.png")], &IndexOptions::default());
    assert_eq!(result.unwrap().plan.unchanged, 1);
}

#[test]
fn a_hidden_folder_stays_when_its_parent_is_indexed() {
    let desk = Desk::with(1);
    desk.picture(".hidden/a.png", 10);
    let (result, _) = desk.run(&[desk.path(".hidden")], &IndexOptions::default());
    assert_eq!(result.unwrap().encoded, 1);
    let run = desk.index();
    assert_eq!((run.encoded, run.removed, run.photos), (1, 0, 2));
}

#[test]
fn a_file_without_an_extension_is_told_by_its_content() {
    let desk = Desk::with(1);
    fs::rename(desk.path("0.png"), desk.path("picture")).unwrap();
    fs::write(desk.path("data"), b"some words").unwrap();
    let run = desk.index();
    assert_eq!((run.encoded, run.failed, run.plan.other), (1, 0, 1));
    assert_eq!(desk.index().plan.unchanged, 1);
}

#[test]
fn the_library_inside_the_photos_is_not_indexed() {
    let desk = Desk::with(1);
    let inside = desk.base.join("library/thumbnails-of-old");
    fs::create_dir_all(&inside).unwrap();
    common::picture(&inside.join("x.png"), 3);
    let (result, _) = desk.run(std::slice::from_ref(&desk.base), &IndexOptions::default());
    assert_eq!(result.unwrap().plan.found, 1);
    let base = std::slice::from_ref(&desk.base);
    let (options, cancel) = (IndexOptions::default(), Cancel::new());
    let skipped = explain_skips(base, desk.library.folder(), Vec::new(), &options, &cancel);
    let told: Vec<_> = skipped.unwrap().into_iter().map(|one| (one.path, one.rule)).collect();
    assert_eq!(told, [(desk.base.join("library"), SkipRule::Library)]);
}

#[test]
fn photo_folders_are_never_written_to() {
    let desk = Desk::with(3);
    let list = || {
        let entries = fs::read_dir(&desk.photos).unwrap().map(|e| e.unwrap());
        let mut names: Vec<_> =
            entries.map(|e| (e.file_name(), e.metadata().unwrap().modified().unwrap())).collect();
        names.sort();
        names
    };
    let before = list();
    desk.index();
    assert_eq!(list(), before);
}

#[test]
#[cfg(unix)]
fn link_loops_end() {
    let desk = Desk::with(2);
    desk.picture("sub/a.png", 10);
    std::os::unix::fs::symlink(&desk.photos, desk.path("sub/up")).unwrap();
    std::os::unix::fs::symlink(desk.path("0.png"), desk.path("again.png")).unwrap();
    let run = desk.index();
    assert_eq!((run.encoded, run.recognised, run.photos), (3, 0, 3));
    assert_eq!(desk.known(), ["0.png", "1.png", "sub/a.png"]);
}

#[test]
#[cfg(unix)]
fn a_name_that_is_not_unicode_is_indexed_and_recognised() {
    use std::os::unix::ffi::OsStrExt;
    let desk = Desk::with(2);
    let odd = desk.photos.join(std::ffi::OsStr::from_bytes(b"caf\xe9.png"));
    if fs::rename(desk.path("0.png"), &odd).is_err() {
        eprintln!("skipped: this file system takes only Unicode names");
        return;
    }
    assert_eq!(desk.index().encoded, 2);
    assert_eq!(desk.index().plan.unchanged, 2);
    fs::rename(&odd, desk.path("cafe.png")).unwrap();
    let run = desk.index();
    assert_eq!((run.encoded, run.recognised, run.removed), (0, 1, 0));
    assert_eq!(desk.known(), ["1.png", "cafe.png"]);
}
