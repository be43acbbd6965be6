//! Copies from store to store.

use seer_store::{Album, Analysis, Change, CopyStep, Point, Store, copy, summary};
use seer_types::{IndexKind, ModelFingerprint, PhotoId};

use crate::compare::{check_nearest, check_same, found, ok};
use crate::make::{A, B, chosen, failure, id, path, photo, unlink};
use crate::random::{DIM_A, DIM_B, Random, random_embedding, random_filter, random_library};
use crate::{Place, PlainStore};

const SEED: u64 = 47;

/// A library of every kind of thing that is copied.
fn filled(random: &mut Random) -> PlainStore {
    let plain = PlainStore::new();
    ok(plain.add_space(A, "a", DIM_A));
    ok(plain.add_space(B, "b", DIM_B));
    ok(plain.use_space(B));
    ok(plain.set_index(A, IndexKind::Lists));
    ok(plain.add_root(&path("/home/me/Pictures")));
    ok(plain.set_excludes(&path("/home/me/Pictures"), &["private".to_owned()]));
    ok(plain.put_album(&album("sea", "the sea -fog")));
    ok(plain.set_settings(&[chosen("text", Some("off"))]));
    for batch in random_library(150, random).batches {
        ok(plain.apply(&batch));
    }
    ok(plain.apply(&[Change::Failed(failure("/home/me/Pictures/torn.jpg", "torn"))]));
    for n in 0..20 {
        ok(plain.apply(&[Change::FirstSeen { id: id(n), added: i64::from(n % 4) }]));
    }
    // A photo without a file stays behind.
    ok(plain.purge());
    plain
}

fn album(name: &str, query: &str) -> Album {
    Album { name: name.into(), query: query.into(), order: None, most: 60 }
}

fn copied(from: &dyn Store, to: &dyn Store) {
    let copied = ok(copy(from, to, &mut |_| {}));
    assert_eq!(copied.from, copied.to);
    assert_eq!(ok(summary(to)), copied.to);
}

/// Into the store and back into another one: the same records, points, filters, neighbours, order.
pub fn a_copy_there_and_back_answers_the_same(place: &dyn Place) {
    let random = &mut Random::new(SEED);
    let (plain, back, store) = (filled(random), PlainStore::new(), place.open());
    let ids = ok(plain.newest(usize::MAX, None));
    let classes = Analysis::classes_of(A);
    let noted =
        ids.iter().step_by(3).map(|id| Change::Analysed { id: *id, analysis: classes.clone() });
    ok(plain.apply(&noted.collect::<Vec<_>>()));
    let embedded = ok(plain.analysed(&Analysis::Embedding(A), &ids));
    let both = ok(plain.analysed(&classes, &ids)).into_iter().zip(embedded);
    let both: Vec<bool> = both.map(|(classes, embedded)| classes && embedded).collect();
    assert!(both.contains(&true) && both.contains(&false));
    copied(&plain, &*store);
    copied(&*store, &back);
    for copy in [&*store, &back] {
        check_same(copy, &plain, &[], "a copy");
        assert_eq!(ok(copy.analysed(&classes, &ids)), both, "classes come with embeddings");
        assert_eq!(ok(copy.newest(usize::MAX, None)), ok(plain.newest(usize::MAX, None)));
        for round in 0..30 {
            let filter = random_filter(2, random);
            assert_eq!(found(copy, &filter), found(&plain, &filter), "{filter:?}");
            let (model, dim) = if round % 2 == 0 { (A, DIM_A) } else { (B, DIM_B) };
            let query = random_embedding(model, dim, random);
            check_nearest(copy, &plain, &query, 12, None, "a copy");
        }
    }
}

/// A second copy makes the store follow: what left leaves, what is new comes, all is counted.
pub fn a_copy_is_repeated_and_follows(place: &dyn Place) {
    let random = &mut Random::new(SEED);
    let (plain, store) = (filled(random), place.open());
    ok(store.apply(&[
        photo(900, "/elsewhere/own.jpg", vec![]),
        Change::Failed(failure("/x.jpg", "odd")),
    ]));
    ok(store.add_root(&path("/elsewhere")));
    ok(store.put_album(&album("own", "dogs")));
    ok(store.set_settings(&[chosen("captions", Some("by nothing that is known"))]));
    ok(store.put_album(&album("sea", "older")));
    let own = ModelFingerprint([9; 16]);
    let point =
        |model, dim, random: &mut Random| vec![Point::whole(random_embedding(model, dim, random))];
    let points = point(own, 3, random);
    ok(store.apply(&[Change::Points { id: id(900), points }]));
    copied(&plain, &*store);
    ok(plain.apply(&[photo(901, "/home/me/Pictures/new.jpg", vec![])]));
    let gone: Vec<_> = ok(plain.photos(&[id(1)])).into_iter().flatten().collect();
    let paths = gone.iter().flat_map(|record| &record.files);
    let unlinked: Vec<Change> = paths.map(|file| unlink(&file.path.to_text())).collect();
    ok(plain.apply(&unlinked));
    let mut steps = Vec::new();
    let told = ok(copy(&plain, &*store, &mut |step| steps.push(step)));
    assert_eq!(told.from, told.to);
    assert_eq!(ok(store.roots()), ok(plain.roots()));
    assert_eq!(ok(store.excludes(&path("/home/me/Pictures"))), ["private"]);
    assert_eq!(ok(store.albums()), [album("sea", "the sea -fog")]);
    assert_eq!(ok(store.settings("")), ok(plain.settings("")));
    assert_eq!(ok(store.spaces()).len(), 2, "a space of its own is gone");

    let known: Vec<PhotoId> = ok(store.newest(usize::MAX, None));
    for id in known {
        let points = point(B, DIM_B, random);
        ok(store.apply(&[Change::Points { id, points }]));
    }
    copied(&plain, &*store);
    let photos = ok(plain.counts()).photos;
    assert!(steps.contains(&CopyStep::Photos { done: photos, of: photos }), "{steps:?}");
    assert!(steps.iter().any(|step| matches!(step, CopyStep::Points { model: A, .. })));
    assert_eq!(steps.last(), Some(&CopyStep::Finishing));
}

/// The earliest time counts, whatever comes first.
pub fn a_photo_may_have_been_seen_earlier(place: &dyn Place) {
    let store = place.open();
    ok(store.apply(&[photo(1, "/p/a.jpg", vec![]), photo(2, "/p/b.jpg", vec![])]));
    let seen = |n, added| Change::FirstSeen { id: id(n), added };
    ok(store.apply(&[seen(1, 50), seen(2, 60)]));
    ok(store.apply(&[seen(1, 70), seen(2, i64::MAX)]));
    let added = |n| ok(store.photos(&[id(n)]))[0].as_ref().map(|record| record.added);
    assert_eq!((added(1), added(2)), (Some(50), Some(60)));
    assert_eq!(ok(store.newest(2, None)), [id(2), id(1)], "added last comes first");
    assert!(store.apply(&[seen(9, 1)]).is_err(), "an unknown photo");
}
