//! All that two stores hold.

use std::cmp::Reverse;

use seer_store::{Analysis, Derived, KnownFile, Point, Store, StoreError, StoreErrorKind};
use seer_types::{LibraryPath, ModelFingerprint, PhotoId, PhotoRecord};

use super::{CLOSE, ok};

/// Compares all that two stores hold, but for the moments at which photos were added.
///
/// # Panics
/// At the first difference. `told` goes into the message: which seed, which round.
#[track_caller]
pub fn check_same(store: &dyn Store, plain: &dyn Store, analyses: &[Analysis], told: &str) {
    let (records, right) = (each_photo(store), each_photo(plain));
    let plainly = |records: &[PhotoRecord]| -> Vec<PhotoRecord> {
        records.iter().map(|record| PhotoRecord { added: 0, ..record.clone() }).collect()
    };
    assert_eq!(plainly(&records), plainly(&right), "records by id: {told}");
    let ids: Vec<PhotoId> = records.iter().map(|record| record.id).collect();
    let by_id = ok(store.photos(&ids)).into_iter().flatten().collect::<Vec<_>>();
    assert_eq!(by_id, records, "records one by one: {told}");
    assert_eq!(ok(store.counts()), ok(plain.counts()), "counts: {told}");
    check_files(store, plain, told);
    check_newest(store, &records, told);
    check_spaces(store, plain, &ids, told);
    for what in analyses {
        check_analysis(store, plain, what, &ids, told);
    }
}

#[track_caller]
fn check_files(store: &dyn Store, plain: &dyn Store, told: &str) {
    let top = LibraryPath::new("/");
    assert_eq!(files_under(store, &top), files_under(plain, &top), "files: {told}");
    assert_eq!(ok(store.failures()), ok(plain.failures()), "failures: {told}");
    assert_eq!(ok(store.albums()), ok(plain.albums()), "albums: {told}");
    assert_eq!(ok(store.settings("")), ok(plain.settings("")), "settings: {told}");
    let roots = ok(store.roots());
    assert_eq!(roots, ok(plain.roots()), "roots: {told}");
    for root in roots {
        assert_eq!(ok(store.places(&root)), ok(plain.places(&root)), "of {root}: {told}");
        assert_eq!(ok(store.excludes(&root)), ok(plain.excludes(&root)), "of {root}: {told}");
    }
}

/// The order of the newest photos follows from the store's own records.
#[track_caller]
fn check_newest(store: &dyn Store, records: &[PhotoRecord], told: &str) {
    let mut living: Vec<&PhotoRecord> =
        records.iter().filter(|record| !record.files.is_empty()).collect();
    living.sort_by_cached_key(|record| {
        (Reverse(Derived::of(record).time), Reverse(record.added), record.id)
    });
    let right: Vec<PhotoId> = living.iter().map(|record| record.id).collect();
    assert_eq!(ok(store.newest(usize::MAX, None)), right, "the newest photos: {told}");
}

#[track_caller]
fn check_spaces(store: &dyn Store, plain: &dyn Store, ids: &[PhotoId], told: &str) {
    let spaces = ok(store.spaces());
    assert_eq!(spaces, ok(plain.spaces()), "spaces: {told}");
    assert_eq!(ok(store.current_space()), ok(plain.current_space()), "space in use: {told}");
    for space in spaces {
        let model = space.model;
        let (found, right) =
            (ok(store.report(model)).searchable, ok(plain.report(model)).searchable);
        assert_eq!(found, right, "searchable in {model}: {told}");
        let points = each_point(store, model);
        check_points(&points, &each_point(plain, model), told);
        for id in ids {
            let own = points.iter().filter(|(of, _)| of == id);
            let own: Vec<Point> = own.map(|(_, point)| point.clone()).collect();
            assert_eq!(ok(store.points(model, *id)), own, "points of {id}: {told}");
        }
        check_analysis(store, plain, &Analysis::Embedding(model), ids, told);
    }
}

#[track_caller]
fn check_points(found: &[(PhotoId, Point)], right: &[(PhotoId, Point)], told: &str) {
    let keys = |points: &[(PhotoId, Point)]| -> Vec<_> {
        points.iter().map(|(id, point)| (*id, point.part)).collect()
    };
    assert_eq!(keys(found), keys(right), "points by photo and part: {told}");
    for ((id, found), (_, right)) in found.iter().zip(right) {
        let (found, right) = (&found.embedding, &right.embedding);
        assert_eq!((found.model(), found.dim()), (right.model(), right.dim()), "{told}");
        let mut pairs = found.values().iter().zip(right.values());
        assert!(pairs.all(|(x, y)| (x - y).abs() <= CLOSE), "a point of {id}: {told}");
    }
}

#[track_caller]
fn check_analysis(
    store: &dyn Store,
    plain: &dyn Store,
    what: &Analysis,
    ids: &[PhotoId],
    told: &str,
) {
    let (found, right) = (ok(store.analysed(what, ids)), ok(plain.analysed(what, ids)));
    assert_eq!(found, right, "{what:?}: {told}");
    let lacking = |store: &dyn Store| ok(store.lacking(what, None, usize::MAX));
    assert_eq!(lacking(store), lacking(plain), "lacking {what:?}: {told}");
}

pub(crate) fn each_photo(store: &dyn Store) -> Vec<PhotoRecord> {
    let mut records = Vec::new();
    ok(store.each_photo(&mut |record| {
        records.push(record);
        Ok(())
    }));
    records
}

pub(crate) fn each_point(store: &dyn Store, model: ModelFingerprint) -> Vec<(PhotoId, Point)> {
    let mut points = Vec::new();
    ok(store.each_point(model, &mut |id, point| {
        points.push((id, point));
        Ok(())
    }));
    points
}

/// By the bytes of their paths.
pub(crate) fn files_under(store: &dyn Store, folder: &LibraryPath) -> Vec<KnownFile> {
    let mut files = Vec::new();
    ok(store.files_under(folder, &mut |file| files.push(file)));
    files.sort_by_cached_key(|file| file.path.to_bytes());
    files
}

/// An error by which an `each` ends what calls it, and which has to be handed on.
pub(crate) fn ended() -> StoreError {
    StoreError::new(StoreErrorKind::Full, "enough")
}
