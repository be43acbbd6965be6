//! Starting, watching and stopping indexing runs.

use seer_engine::Fault;

use super::harness::{Server, Wanted, over};
use crate::RunEnd;
use crate::wire::{self, IndexPhase};

#[test]
fn a_run_is_started_watched_and_stopped() {
    let server = Server::start();
    let folder = server.photos.clone();
    let state = server.client.start_index(&over(std::slice::from_ref(&folder), true)).unwrap();
    assert!(state.running && state.run == 1);
    assert_eq!(*server.index.runs.lock().unwrap(), [over(std::slice::from_ref(&folder), true)]);

    server.index.state.lock().unwrap().progress.done = 7;
    let status = server.client.status().unwrap().indexing;
    assert_eq!((status.progress.phase, status.progress.done), (IndexPhase::Scanning, 7));

    let again = server.client.start_index(&over(&[folder], false)).unwrap_err();
    assert_eq!((again.code(), again.to_string().as_str()), ("index_running", "a run is going on"));

    let stopped = server.client.cancel_index().unwrap();
    let last = stopped.last.unwrap();
    assert!(!stopped.running && last.run == 1);
    assert!(matches!(last.end, wire::RunEnd::Finished(summary) if summary.interrupted));
    assert!(!server.client.index_state().unwrap().running);
}

#[test]
fn a_failed_run_is_told_with_its_number_and_reason() {
    let server = Server::start();
    for run in 1..=2 {
        let started = server.client.start_index(&over(&[], false)).unwrap();
        assert_eq!(started.run, run);
        server.index.end(match run {
            1 => RunEnd::Finished(seer_types::IndexSummary::default()),
            _ => RunEnd::Failed { reason: "no drive".into(), fault: Fault::Environment },
        });
    }
    let state = server.client.status().unwrap().indexing;
    let last = state.last.unwrap();
    assert_eq!((state.run, state.running, last.run), (2, false, 2));
    let failed = wire::RunFailure { reason: "no drive".into(), fault: "environment".into() };
    assert_eq!(last.end, wire::RunEnd::Failed(failed));
}

#[test]
fn no_folders_means_those_indexed_before() {
    let server = Server::start();
    server.client.start_index(&over(&[], false)).unwrap();
    assert_eq!(
        *server.index.runs.lock().unwrap(),
        [over(std::slice::from_ref(&server.photos), false)]
    );

    let empty = Server::with(Wanted { pictures: false, ..Default::default() });
    assert_eq!(empty.client.start_index(&over(&[], false)).unwrap_err().code(), "bad_request");
}

#[test]
fn folders_must_be_absolute_and_there() {
    let server = Server::start();
    for folder in ["photos", "/no/such/folder/anywhere"] {
        let error = server.client.start_index(&over(&[folder.into()], false)).unwrap_err();
        assert_eq!(error.code(), "bad_request");
        assert!(error.to_string().contains(folder), "{error}");
    }
    assert!(server.index.runs.lock().unwrap().is_empty());
    let head = format!("Authorization: Bearer {}\r\n", super::harness::TOKEN);
    let answer = server.send("POST /api/index", &head, b"{}");
    assert_eq!(answer.error_code(), "unsupported_media");
}
