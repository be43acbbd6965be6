//! What is asked of every store. Each function is a case of [`crate::store_suite`].

pub mod albums;
pub mod analyses;
pub mod changes;
pub mod copies;
pub mod counted;
pub mod files;
pub mod filters;
pub mod many;
pub mod nearest;
pub mod odd;
pub mod order;
pub mod paths;
pub mod places;
pub mod purge;
pub mod random;
pub mod refusals;
pub mod reopen;
pub mod settings;
pub mod showing;
pub mod spaces;
pub mod texts;
pub mod threads;
pub mod within;
pub mod words;

use seer_store::{Change, Filter, Store};
use seer_types::{PhotoFacts, PhotoId, PhotoRecord};

use crate::compare::ok;
use crate::make::{changes_of, number, record};
use crate::{Place, PlainStore};

/// A new store that holds these photos.
#[track_caller]
fn with(place: &dyn Place, records: &[PhotoRecord]) -> Box<dyn Store> {
    let store = place.open();
    let changes: Vec<Change> = records.iter().flat_map(|one| changes_of(one, vec![])).collect();
    ok(store.apply(&changes));
    store
}

/// The record of a photo that is there.
#[track_caller]
fn record_of(store: &dyn Store, id: PhotoId) -> PhotoRecord {
    match ok(store.photos(&[id])).remove(0) {
        Some(record) => record,
        None => panic!("photo {id} is not there"),
    }
}

fn facts() -> PhotoFacts {
    PhotoFacts::default()
}

/// A photo in one file of which nothing is known.
fn plain(n: u32, path: &str) -> PhotoRecord {
    record(n, &[path], facts())
}

/// The numbers of the photos that a filter allows.
#[track_caller]
fn numbers_found(store: &dyn Store, filter: &Filter) -> Vec<u32> {
    numbers(&crate::found(store, filter))
}

fn numbers(ids: &[PhotoId]) -> Vec<u32> {
    ids.iter().map(|id| number(*id)).collect()
}

fn paths_of(record: &PhotoRecord) -> Vec<String> {
    record.files.iter().map(|file| file.path.to_text()).collect()
}

/// A store and the plain one, given the same changes.
struct Both {
    store: Box<dyn Store>,
    plain: PlainStore,
}

impl Both {
    fn new(place: &dyn Place) -> Self {
        Self { store: place.open(), plain: PlainStore::new() }
    }

    /// Both take the batch, or both refuse it; says which.
    #[track_caller]
    fn apply(&self, batch: &[Change], told: &str) -> bool {
        match (self.store.apply(batch), self.plain.apply(batch)) {
            (Ok(()), Ok(())) => true,
            (Err(found), Err(right)) => {
                assert_eq!(found.kind(), right.kind(), "{found}, not {right}: {told}");
                false
            }
            (found, right) => panic!("{found:?}, not {right:?}, for {batch:?}: {told}"),
        }
    }
}
