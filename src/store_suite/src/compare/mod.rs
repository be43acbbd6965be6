//! A store beside the plain one.

mod nearest;
mod same;

use seer_store::{Filter, Store, StoreErrorKind, StoreResult};
use seer_types::PhotoId;

pub use nearest::check_nearest;
pub(crate) use nearest::{CLOSE, check_cosines, neighbours};
pub use same::check_same;
pub(crate) use same::{each_photo, each_point, ended, files_under};

/// What must not fail.
#[track_caller]
pub(crate) fn ok<T>(result: StoreResult<T>) -> T {
    match result {
        Ok(value) => value,
        Err(error) => panic!("{:?}: {error}", error.kind()),
    }
}

/// What must be refused.
#[track_caller]
pub(crate) fn check_refused<T>(result: StoreResult<T>, what: &str) {
    match result {
        Ok(_) => panic!("{what} was not refused"),
        Err(error) => assert_eq!(error.kind(), StoreErrorKind::Refused, "{what}: {error}"),
    }
}

/// The photos that a filter allows, by id, in the words of [`Store::allow`] and
/// [`Store::newest`], which have to agree.
///
/// # Panics
/// When they do not.
#[track_caller]
pub fn found(store: &dyn Store, filter: &Filter) -> Vec<PhotoId> {
    let allowed = ok(store.allow(filter));
    let mut ids = ok(store.newest(usize::MAX, Some(&allowed)));
    ids.sort_unstable();
    assert_eq!(ids.len() as u64, allowed.count, "photos and their count for {filter:?}");
    ids
}
