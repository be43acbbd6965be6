//! One bad file is news, not the end.

mod common;

use std::fs;

use common::Desk;
use seer_indexer::IndexOptions;
use seer_types::{FailureKind, IndexEvent};

fn bad_jpeg(desk: &Desk, name: &str) {
    let mut bytes = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0".to_vec();
    bytes.extend_from_slice(&[7; 300]);
    fs::write(desk.path(name), bytes).unwrap();
}

#[test]
fn bad_files_are_listed_with_reasons_and_the_rest_is_indexed() {
    let desk = Desk::with(4);
    bad_jpeg(&desk, "bad.jpg");
    fs::write(desk.path("empty.png"), b"").unwrap();
    fs::write(desk.path("phone.xcf"), b"gimp xcf v011\0").unwrap();
    fs::write(desk.path("text.jpg"), b"this is no picture").unwrap();
    let (result, events) = desk.run(desk.all(), &IndexOptions::default());
    let run = result.unwrap();
    assert_eq!((run.encoded, run.failed, run.photos), (4, 4, 4));
    let told = events.iter().filter(|e| matches!(e, IndexEvent::Failed { .. })).count();
    assert_eq!(told, 4);
    let failures = desk.failures();
    let kinds: Vec<FailureKind> = failures.iter().map(|f| f.kind).collect();
    use FailureKind::{Damaged, Unsupported};
    assert_eq!(kinds, [Damaged, Damaged, Unsupported, Unsupported]);
    assert!(failures.iter().all(|f| !f.reason.is_empty() && !f.reason.contains('\n')));
}

#[test]
fn a_failure_is_not_tried_again_until_asked_or_changed() {
    let desk = Desk::with(1);
    bad_jpeg(&desk, "bad.jpg");
    desk.index();
    let run = desk.index();
    assert_eq!((run.plan.known_failures, run.plan.to_read, run.failed), (1, 0, 0));
    let again = IndexOptions { retry_failures: true, ..IndexOptions::default() };
    assert_eq!(desk.index_with(&again).failed, 1);
    desk.picture("bad.jpg", 3);
    let run = desk.index();
    assert_eq!((run.encoded, run.failed, desk.failures().len()), (1, 0, 0));
}

#[test]
fn a_failure_of_older_decoders_is_tried_again_by_itself() {
    let desk = Desk::with(1);
    bad_jpeg(&desk, "bad.jpg");
    desk.index();
    let mut failure = desk.failures().remove(0);
    failure.decoders = seer_images::DECODERS - 1;
    desk.library.apply(vec![seer_engine::Change::Failed(failure)]).unwrap();
    let run = desk.index();
    assert_eq!((run.plan.known_failures, run.plan.to_read, run.failed), (0, 1, 1));
    assert_eq!(desk.failures()[0].decoders, seer_images::DECODERS);
    assert_eq!(desk.index().plan.known_failures, 1);
}

#[test]
fn copies_of_a_bad_file_fail_like_it() {
    let desk = Desk::with(1);
    (0..5).for_each(|n| bad_jpeg(&desk, &format!("bad{n}.jpg")));
    assert_eq!(desk.index().failed, 5);
    assert_eq!(desk.failures().len(), 5);
}

#[test]
fn a_deleted_failure_is_forgotten() {
    let desk = Desk::with(1);
    bad_jpeg(&desk, "bad.jpg");
    desk.index();
    desk.delete("bad.jpg");
    assert_eq!(desk.index().removed, 0, "it never was a photo");
    assert!(desk.failures().is_empty());
}

#[test]
fn a_good_file_that_becomes_bad_leaves_the_results() {
    let desk = Desk::with(2);
    desk.index();
    fs::write(desk.path("0.png"), b"\x89PNG\r\n\x1a\n and then nothing").unwrap();
    let run = desk.index();
    assert_eq!((run.failed, run.photos), (1, 1));
    assert_eq!(desk.known(), ["1.png"]);
}

#[test]
fn limits_are_kept() {
    let desk = Desk::with(1);
    fs::write(desk.path("long.jpg"), vec![0; 5000]).unwrap();
    image::RgbImage::new(200, 2).save(desk.path("wide.png")).unwrap();
    let mut options = IndexOptions::default();
    options.limits.max_file_bytes = 4000;
    options.limits.max_pixels = 399;
    let run = desk.index_with(&options);
    assert_eq!((run.encoded, run.failed), (1, 2));
    assert!(desk.failures().iter().all(|f| f.kind == FailureKind::TooLarge));
}

#[test]
#[cfg(unix)]
fn an_unreadable_file_is_tried_in_every_run() {
    use std::os::unix::fs::PermissionsExt;
    let desk = Desk::with(2);
    let closed = desk.path("0.png");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::File::open(&closed).is_ok() {
        eprintln!("skipped: this user may read everything");
        return;
    }
    assert_eq!(desk.index().failed, 1);
    assert_eq!(desk.failures()[0].kind, FailureKind::Unreadable);
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o644)).unwrap();
    assert_eq!(desk.index().encoded, 1);
    assert!(desk.failures().is_empty());
}
