//! A stopped run gives up the picture that it is decoding.

mod common;
#[path = "../../tests/hostile_files/mod.rs"]
mod hostile_files;

use std::sync::atomic::{AtomicBool, Ordering};

use common::Desk;
use seer_images::MemoryBudget;
use seer_indexer::{Cancel, IndexOptions, run};

#[test]
fn a_picture_that_is_being_decoded_is_given_up() {
    let desk = Desk::new();
    // Legal, and much work: 30 passes over 640,000 blocks.
    std::fs::write(desk.path("slow.jpg"), hostile_files::scans(6400, 30)).unwrap();
    let (cancel, is_done) = (Cancel::new(), AtomicBool::new(false));
    let summary = std::thread::scope(|scope| {
        scope.spawn(|| {
            while MemoryBudget::pixels().lent() == 0 && !is_done.load(Ordering::Relaxed) {
                std::thread::yield_now();
            }
            cancel.cancel();
        });
        let options = IndexOptions::default();
        let summary = run(
            &desk.library,
            &desk.library.model().unwrap(),
            desk.all(),
            &options,
            &cancel,
            &|_| {},
        )
        .unwrap();
        is_done.store(true, Ordering::Relaxed);
        summary
    });
    // Had it been decoded to its end, it would be a photo; had the stop been taken for its fault,
    // a failure.
    assert!(summary.interrupted, "{summary:?}");
    assert_eq!((summary.encoded, summary.failed), (0, 0));
    assert_eq!(MemoryBudget::pixels().lent() + MemoryBudget::files().lent(), 0);
    let again = desk.index();
    assert_eq!((again.encoded, again.failed), (1, 0));
}
