//! Nothing leaves the library on weak evidence.

mod common;

use std::fs;

use common::{Desk, notices};
use seer_indexer::{Cancel, IndexError, IndexOptions, run};
use seer_types::IndexEvent;

fn prune() -> IndexOptions {
    IndexOptions { prune: true, ..IndexOptions::default() }
}

#[test]
fn an_emptied_root_keeps_its_photos_until_pruned() {
    let desk = Desk::with(3);
    desk.index();
    (0..3).for_each(|n| desk.delete(&format!("{n}.png")));
    let (result, events) = desk.run(desk.all(), &IndexOptions::default());
    let run = result.unwrap();
    assert_eq!((run.removed, run.photos, run.plan.gone), (0, 3, 0));
    assert!(notices(&events)[0].contains("--prune"), "{:?}", notices(&events));
    let run = desk.index_with(&prune());
    assert_eq!((run.removed, run.photos), (3, 0));
}

#[test]
fn a_missing_root_is_an_error_that_names_it() {
    let desk = Desk::with(2);
    desk.index();
    let elsewhere = desk.base.join("elsewhere");
    fs::rename(&desk.photos, &elsewhere).unwrap();
    let (result, _) = desk.run(desk.all(), &IndexOptions::default());
    let error = result.unwrap_err();
    assert!(matches!(&error, IndexError::Unavailable { path, .. } if *path == desk.photos));
    assert_eq!(desk.known().len(), 2);
    // It comes back as it was: nothing to do.
    fs::rename(&elsewhere, &desk.photos).unwrap();
    assert_eq!(desk.index().plan.unchanged, 2);
}

#[test]
fn other_roots_go_on_beside_a_missing_one() {
    let desk = Desk::with(2);
    desk.index();
    let moved = desk.base.join("moved");
    fs::rename(&desk.photos, &moved).unwrap();
    common::picture(&moved.join("new.png"), 50);
    let folders = [desk.photos.clone(), moved];
    let (result, events) = desk.run(&folders, &IndexOptions::default());
    let run = result.unwrap();
    assert_eq!((run.encoded, run.recognised, run.removed, run.photos), (1, 2, 0, 3));
    assert_eq!(run.unavailable.len(), 1);
    assert!(notices(&events).iter().any(|n| n.contains(desk.photos.to_str().unwrap())));
    assert_eq!(desk.known().len(), 2, "the missing root keeps its files");
}

#[test]
fn a_missing_root_can_be_pruned() {
    let desk = Desk::with(2);
    desk.index();
    fs::remove_dir_all(&desk.photos).unwrap();
    let run = desk.index_with(&prune());
    assert_eq!((run.removed, run.photos), (2, 0));
}

#[test]
fn an_emptied_folder_inside_is_a_deletion() {
    let desk = Desk::with(1);
    desk.picture("sub/a.png", 10);
    desk.index();
    desk.delete("sub/a.png");
    assert_eq!(desk.index().removed, 1);
}

#[test]
fn other_folders_are_left_alone() {
    let desk = Desk::new();
    desk.picture("a/1.png", 1);
    desk.picture("b/2.png", 2);
    desk.index();
    desk.delete("b/2.png");
    let (result, _) = desk.run(std::slice::from_ref(&desk.path("a")), &IndexOptions::default());
    assert_eq!(result.unwrap().plan.unchanged, 1);
    assert_eq!(desk.known(), ["a/1.png", "b/2.png"]);
}

#[test]
fn nothing_named_and_no_pattern_are_refused() {
    let desk = Desk::new();
    assert!(matches!(desk.run(&[], &prune()).0, Err(IndexError::NothingNamed)));
    let options = IndexOptions { excludes: vec!["[".to_owned()], ..IndexOptions::default() };
    let (result, _) = desk.run(desk.all(), &options);
    assert!(matches!(result, Err(IndexError::BadExclude { .. })));
}

#[test]
#[cfg(unix)]
fn an_unreadable_folder_keeps_its_photos() {
    use std::os::unix::fs::PermissionsExt;
    let desk = Desk::with(1);
    desk.picture("closed/a.png", 10);
    desk.index();
    let closed = desk.path("closed");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read_dir(&closed).is_ok() {
        eprintln!("skipped: this user may read everything");
        fs::set_permissions(&closed, fs::Permissions::from_mode(0o755)).unwrap();
        return;
    }
    let (result, events) = desk.run(desk.all(), &prune());
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!(result.unwrap().removed, 0);
    assert!(notices(&events)[0].contains("closed"));
    assert_eq!(desk.index().plan.unchanged, 2);
}

#[test]
#[cfg(unix)]
fn a_link_that_leads_nowhere_keeps_what_was_behind_it() {
    let desk = Desk::with(1);
    let disk = desk.base.join("disk");
    fs::create_dir(&disk).unwrap();
    common::picture(&disk.join("far.png"), 9);
    std::os::unix::fs::symlink(&disk, desk.path("link")).unwrap();
    assert_eq!(desk.index().encoded, 2);
    fs::rename(&disk, desk.base.join("unplugged")).unwrap();
    assert_eq!(desk.index().removed, 0);
    // An empty mount point in its place is no proof either.
    fs::create_dir(&disk).unwrap();
    let (result, events) = desk.run(desk.all(), &IndexOptions::default());
    assert_eq!(result.unwrap().removed, 0);
    assert_eq!(notices(&events).len(), 1);
    assert_eq!(desk.known(), ["0.png", "link/far.png"]);
}

/// As if the folder lay on another drive: what is remembered of its own is another device's.
#[cfg(unix)]
fn on_another_drive(desk: &Desk) {
    let root = seer_types::LibraryPath::new(&desk.photos);
    let mut places = desk.library.places(&root).unwrap();
    assert_eq!(places.len(), 1, "the device is remembered: {places:?}");
    places[0].device.number ^= 1;
    places[0].device.file_system ^= 1 << 40;
    desk.library.set_places(&root, &places).unwrap();
}

#[test]
#[cfg(unix)]
fn an_unmounted_drive_with_a_stray_picture_removes_nothing() {
    let desk = Desk::with(4);
    desk.index();
    on_another_drive(&desk);
    (0..4).for_each(|n| desk.delete(&format!("{n}.png")));
    desk.picture("stray.png", 50);
    let (result, events) = desk.run(desk.all(), &IndexOptions::default());
    let run = result.unwrap();
    assert_eq!((run.encoded, run.removed, run.photos), (1, 0, 5));
    assert!(notices(&events)[0].contains("another drive"), "{:?}", notices(&events));
    assert_eq!(desk.index().removed, 0, "and again: the new device is not taken over");
    // It is connected again, under another number and with most of its photos: all is as ever.
    (0..3).for_each(|n| desk.picture(&format!("{n}.png"), n));
    assert_eq!(desk.index().removed, 1);
    desk.delete("0.png");
    desk.delete("1.png");
    assert_eq!(desk.index().removed, 2, "the device was taken over");
}

#[test]
#[cfg(unix)]
fn what_is_held_can_be_pruned() {
    let desk = Desk::with(4);
    desk.index();
    on_another_drive(&desk);
    (0..4).for_each(|n| desk.delete(&format!("{n}.png")));
    desk.picture("stray.png", 50);
    let run = desk.index_with(&prune());
    assert_eq!((run.removed, run.photos), (4, 1));
    assert_eq!(notices(&desk.run(desk.all(), &IndexOptions::default()).1), [""; 0]);
}

#[test]
fn a_folder_renamed_during_a_run_is_told() {
    let desk = Desk::with(1);
    (0..5).for_each(|n| desk.picture(&format!("sub/{n}.png"), 100 + n));
    let events = std::sync::Mutex::new(Vec::new());
    let listen = |event: IndexEvent| {
        if matches!(event, IndexEvent::Planned(_)) {
            desk.rename("sub", "renamed");
        }
        events.lock().unwrap().push(event);
    };
    let options = IndexOptions::default();
    let run = run(
        &desk.library,
        &desk.library.model().unwrap(),
        desk.all(),
        &options,
        &Cancel::new(),
        &listen,
    )
    .unwrap();
    assert_eq!((run.encoded, run.vanished, run.failed), (1, 5, 0));
    let events = events.into_inner().unwrap();
    let told = format!("5 files in {} went away", desk.path("sub").display());
    assert!(notices(&events).iter().any(|n| n.starts_with(&told)), "{:?}", notices(&events));
    assert_eq!(desk.index().encoded, 5);
}
