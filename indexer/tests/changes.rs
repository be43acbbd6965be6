//! New, changed, moved, copied, deleted: what a run makes of each.

mod common;

use std::fs;

use common::Desk;
use seer_indexer::IndexOptions;
use seer_types::{IndexEvent, IndexPhase};

#[test]
fn a_first_run_encodes_and_a_second_does_nothing() {
    let desk = Desk::with(5);
    desk.picture("sub/deep/p.jpg", 77);
    fs::write(desk.path("notes.txt"), b"no picture").unwrap();
    let first = desk.index();
    assert_eq!((first.plan.found, first.plan.other, first.plan.to_read), (6, 1, 6));
    assert_eq!((first.encoded, first.recognised, first.failed, first.removed), (6, 0, 0, 0));
    assert_eq!((first.photos, first.interrupted), (6, false));
    let second = desk.index();
    assert_eq!((second.plan.unchanged, second.plan.to_read), (6, 0));
    assert_eq!((second.encoded, second.recognised, second.photos), (0, 0, 6));
}

#[test]
fn facts_stamp_and_root_are_recorded() {
    let desk = Desk::with(1);
    desk.index();
    let record = desk.record("0.png");
    assert_eq!((record.facts.width, record.facts.height), (24, 16));
    assert_eq!(record.facts.format, "png");
    assert_eq!(record.size, fs::metadata(desk.path("0.png")).unwrap().len());
    assert_eq!(record.files[0].stamp.size, record.size);
    assert_eq!(record.files[0].root.as_path(), desk.photos);
    assert_eq!(desk.library.roots().unwrap()[0].as_path(), desk.photos);
}

#[test]
fn a_changed_file_becomes_another_photo() {
    let desk = Desk::with(3);
    desk.index();
    desk.delete("1.png");
    desk.picture("1.png", 1000);
    let run = desk.index();
    assert_eq!((run.encoded, run.recognised, run.photos), (1, 0, 3));
    assert_eq!(run.plan.unchanged, 2);
    assert_eq!(desk.record("1.png").files.len(), 1);
}

#[test]
fn a_touched_file_is_read_but_not_encoded() {
    let desk = Desk::with(2);
    desk.index();
    let file = fs::File::options().write(true).open(desk.path("0.png")).unwrap();
    file.set_modified(std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000)).unwrap();
    let run = desk.index();
    assert_eq!((run.plan.to_read, run.encoded, run.recognised), (1, 0, 1));
    assert_eq!(desk.index().plan.unchanged, 2);
}

#[test]
fn moved_and_renamed_files_are_recognised() {
    let desk = Desk::with(4);
    desk.index();
    desk.rename("0.png", "holiday/renamed.png");
    desk.rename("1.png", "x.png");
    let run = desk.index();
    assert_eq!((run.encoded, run.recognised, run.removed, run.photos), (0, 2, 0, 4));
    assert_eq!(run.plan.gone, 2);
    assert_eq!(desk.known(), ["2.png", "3.png", "holiday/renamed.png", "x.png"]);
    assert_eq!(desk.record("x.png").files.len(), 1);
}

#[test]
fn a_copy_is_the_same_photo_with_two_files() {
    let desk = Desk::with(2);
    desk.index();
    fs::copy(desk.path("0.png"), desk.path("copy.png")).unwrap();
    let run = desk.index();
    assert_eq!((run.encoded, run.recognised, run.photos), (0, 1, 2));
    assert_eq!(desk.record("0.png").files.len(), 2);
}

#[test]
fn the_same_content_many_times_in_one_run_is_encoded_once() {
    let desk = Desk::new();
    (0..20).for_each(|n| desk.picture(&format!("{n}.png"), 5));
    let run = desk.index();
    assert_eq!((run.encoded, run.recognised, run.photos), (1, 19, 1));
    assert_eq!(desk.record("0.png").files.len(), 20);
}

#[test]
fn deleted_files_leave_and_come_back_without_encoding() {
    let desk = Desk::with(3);
    desk.index();
    let bytes = fs::read(desk.path("0.png")).unwrap();
    desk.delete("0.png");
    let run = desk.index();
    assert_eq!((run.removed, run.photos, run.encoded), (1, 2, 0));
    assert_eq!(desk.known(), ["1.png", "2.png"]);
    fs::write(desk.path("back.png"), bytes).unwrap();
    let run = desk.index();
    assert_eq!((run.recognised, run.encoded, run.photos), (1, 0, 3));
}

#[test]
fn three_hundred_files() {
    let desk = Desk::with(300);
    let (result, events) = desk.run(desk.all(), &IndexOptions::default());
    let run = result.unwrap();
    assert_eq!((run.encoded, run.photos, run.failed), (300, 300, 0));
    let mut progress = events.iter().rev().filter_map(|event| match event {
        IndexEvent::Progress(p) if p.phase == IndexPhase::Encoding => Some(p),
        _ => None,
    });
    let last = progress.next().unwrap();
    assert_eq!((last.total, last.done, last.encoded), (300, 300, 300));
    assert!((0.0..=1.0).contains(&last.decode_share) && (0.0..=1.0).contains(&last.encode_share));
    assert!(matches!(events.last(), Some(IndexEvent::Finished(summary)) if *summary == run));
    assert_eq!(desk.index().plan.unchanged, 300);
}

#[test]
fn the_library_survives_being_opened_again() {
    let desk = Desk::with(10);
    desk.index();
    let desk = desk.reopened();
    let run = desk.index();
    assert_eq!((run.plan.unchanged, run.plan.to_read, run.photos), (10, 0, 10));
}

#[test]
#[cfg(unix)]
fn other_content_of_the_same_size_and_time_is_noticed() {
    let desk = Desk::with(2);
    desk.picture("a.bmp", 10);
    desk.index();
    let file = desk.path("a.bmp");
    let (was, old) = (fs::metadata(&file).unwrap(), desk.record("a.bmp").id);
    std::thread::sleep(std::time::Duration::from_millis(20));
    desk.picture("a.bmp", 11);
    let open = fs::File::options().write(true).open(&file).unwrap();
    open.set_modified(was.modified().unwrap()).unwrap();
    let is = fs::metadata(&file).unwrap();
    assert_eq!((is.len(), is.modified().unwrap()), (was.len(), was.modified().unwrap()));
    let run = desk.index();
    assert_eq!((run.plan.to_read, run.encoded), (1, 1));
    assert!(desk.library.photo(old).unwrap().is_none(), "it is not sent under the old hash");

    // New rights change nothing: it is read, and recognised.
    std::thread::sleep(std::time::Duration::from_millis(20));
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(desk.path("1.png"), fs::Permissions::from_mode(0o600)).unwrap();
    let run = desk.index();
    assert_eq!((run.plan.to_read, run.recognised, run.encoded), (1, 1, 0));
    assert_eq!(desk.index().plan.unchanged, 3);
}
