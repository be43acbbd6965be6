//! Starting, watching and stopping indexing runs.

use super::harness::{Server, Wanted};
use crate::wire::IndexPhase;

#[test]
fn a_run_is_started_watched_and_stopped() {
    let server = Server::start();
    let folder = server.photos.clone();
    let state = server.client.start_index(std::slice::from_ref(&folder), true).unwrap();
    assert!(state.running);
    assert_eq!(*server.index.runs.lock().unwrap(), [(vec![folder.clone()], true)]);

    server.index.progress.lock().unwrap().done = 7;
    let status = server.client.status().unwrap().indexing;
    assert_eq!((status.progress.phase, status.progress.done), (IndexPhase::Scanning, 7));

    let again = server.client.start_index(&[folder], false).unwrap_err();
    assert_eq!((again.code(), again.to_string().as_str()), ("index_running", "a run is going on"));

    let stopped = server.client.cancel_index().unwrap();
    assert!(!stopped.running && stopped.last.unwrap().interrupted);
    assert!(!server.client.index_state().unwrap().running);
}

#[test]
fn no_folders_means_those_indexed_before() {
    let server = Server::start();
    server.client.start_index(&[], false).unwrap();
    assert_eq!(*server.index.runs.lock().unwrap(), [(vec![server.photos.clone()], false)]);

    let empty = Server::with(Wanted { pictures: false, ..Default::default() });
    assert_eq!(empty.client.start_index(&[], false).unwrap_err().code(), "bad_request");
}

#[test]
fn folders_must_be_absolute_and_there() {
    let server = Server::start();
    for folder in ["photos", "/no/such/folder/anywhere"] {
        let error = server.client.start_index(&[folder.into()], false).unwrap_err();
        assert_eq!(error.code(), "bad_request");
        assert!(error.to_string().contains(folder), "{error}");
    }
    assert!(server.index.runs.lock().unwrap().is_empty());
    let head = format!("Authorization: Bearer {}\r\n", super::harness::TOKEN);
    let answer = server.send("POST /api/index", &head, b"{}");
    assert_eq!(answer.error_code(), "unsupported_media");
}
