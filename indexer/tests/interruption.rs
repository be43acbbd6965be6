//! A stopped run keeps what it has done and is taken up again.

mod common;

use std::sync::Mutex;

use common::Desk;
use seer_indexer::{Cancel, IndexOptions, run};
use seer_types::{IndexEvent, IndexPhase, IndexSummary};

/// Runs and cancels as soon as `when` says so.
fn cancelled(desk: &Desk, when: impl Fn(&IndexEvent) -> bool + Sync) -> IndexSummary {
    let cancel = Cancel::new();
    let last = Mutex::new(None);
    let listen = |event: IndexEvent| {
        if when(&event) {
            cancel.cancel();
        }
        *last.lock().unwrap() = Some(event);
    };
    // One picture per call of the model: slow enough to be stopped on the way.
    let options =
        IndexOptions { batch: Some(1), decode_threads: Some(1), ..IndexOptions::default() };
    let summary =
        run(&desk.library, &desk.library.model().unwrap(), desk.all(), &options, &cancel, &listen)
            .unwrap();
    let last = last.into_inner().unwrap();
    assert!(matches!(last, Some(IndexEvent::Finished(s)) if s == summary));
    summary
}

#[test]
fn a_cancelled_run_keeps_what_is_encoded_and_the_next_goes_on() {
    // More files than the queues hold come after the one that stops the run: however the threads
    // take turns, it cannot be over by then.
    let desk = Desk::with(700);
    // Files are read in order of name: this one is the 170th.
    std::fs::write(desk.path("250.jpg"), b"no picture").unwrap();
    let first = cancelled(&desk, |event| matches!(event, IndexEvent::Failed { .. }));
    assert!(first.interrupted);
    assert_eq!(first.encoded, first.photos, "what is encoded is committed");
    assert!((100..600).contains(&first.encoded), "{first:?}");
    let second = desk.index();
    assert!(!second.interrupted);
    assert_eq!(second.plan.unchanged, first.encoded, "nothing is encoded twice");
    assert_eq!((second.encoded, second.photos), (700 - first.encoded, 700));
}

#[test]
fn a_cancel_after_the_last_file_interrupts_nothing() {
    let desk = Desk::with(3);
    let done = |event: &IndexEvent| matches!(event, IndexEvent::Progress(p) if p.done == 3);
    let run = cancelled(&desk, done);
    assert_eq!((run.interrupted, run.encoded, run.photos), (false, 3, 3));
}

#[test]
fn a_run_cancelled_while_walking_changes_nothing() {
    let desk = Desk::with(3);
    desk.index();
    desk.delete("0.png");
    let scanning = |event: &IndexEvent| matches!(event, IndexEvent::Progress(p) if p.phase == IndexPhase::Scanning);
    let summary = cancelled(&desk, scanning);
    assert_eq!((summary.interrupted, summary.removed, summary.photos), (true, 0, 3));
    assert_eq!(desk.index().removed, 1);
}

#[test]
fn a_cancelled_run_lets_no_possible_move_go() {
    let desk = Desk::with(3);
    desk.index();
    desk.rename("0.png", "moved.png");
    let planned = |event: &IndexEvent| matches!(event, IndexEvent::Planned(_));
    let summary = cancelled(&desk, planned);
    assert_eq!((summary.interrupted, summary.photos, summary.removed), (true, 3, 0));
    let run = desk.index();
    assert_eq!((run.encoded, run.recognised, run.photos), (0, 1, 3));
}
