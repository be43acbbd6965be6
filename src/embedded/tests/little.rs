//! What changes little writes little: the snapshot of all vectors stays, and the catalog says what
//! came after it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use seer_embedded::EmbeddedStore;
use seer_store::{Change, Point, Store};
use seer_store_suite::{embedding, photo};
use seer_types::ModelFingerprint;

const MODEL: ModelFingerprint = ModelFingerprint([7; 16]);

fn numbered(n: u32) -> Change {
    let angle = n as f32 * 0.01;
    let vector = embedding(MODEL, &[angle.cos(), angle.sin(), 0.1]);
    photo(n, &format!("/p/{n}.jpg"), vec![Point::whole(vector)])
}

fn add(store: &EmbeddedStore, numbers: std::ops::Range<u32>) {
    let batch: Vec<Change> = numbers.map(numbered).collect();
    store.apply(&batch).expect("applied");
    store.maintain(&mut |_, _| true).expect("maintained");
}

/// The files of the snapshot; a new one has other names.
fn snapshot(folder: &Path) -> BTreeSet<String> {
    let folder = folder.join("vectors").join(MODEL.to_string());
    let names = fs::read_dir(folder).into_iter().flatten().flatten();
    names.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

fn count(store: &EmbeddedStore) -> usize {
    let query = embedding(MODEL, &[1.0, 0.0, 0.1]);
    store.nearest(&query, 10_000, None).expect("nearest").neighbours.len()
}

#[test]
fn a_snapshot_is_written_again_when_enough_has_changed_and_nothing_is_lost_between() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let open = || EmbeddedStore::open(folder.path()).expect("opened");
    let store = open();
    store.add_space(MODEL, "a model", 3).expect("added");
    store.open_space(MODEL).expect("opened");
    add(&store, 0..1000);
    let first = snapshot(folder.path());
    assert!(!first.is_empty());

    add(&store, 1000..1001);
    store
        .apply(&[Change::Unlink { path: seer_types::LibraryPath::new("/p/0.jpg") }])
        .expect("gone");
    store.maintain(&mut |_, _| true).expect("maintained");
    assert_eq!(snapshot(folder.path()), first, "two changes write no snapshot");
    assert_eq!(count(&store), 1000);
    drop(store);

    let store = open();
    assert_eq!(count(&store), 1000, "they are read from the catalog");
    add(&store, 1001..1002);
    assert_eq!(snapshot(folder.path()), first);
    add(&store, 1002..1300);
    assert_ne!(snapshot(folder.path()), first, "many changes do");
    drop(store);
    assert_eq!(count(&open()), 1300 - 1);
}
