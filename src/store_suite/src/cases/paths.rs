//! Files, failures and ids by their beginnings.

use seer_store::{Change, KnownFile, KnownState};
use seer_types::{LibraryPath, PhotoId};

use crate::Place;
use crate::compare::{files_under, ok};
use crate::make::{failure, file, id, link, path, photo};

/// Everything below a folder, whatever came of it; a name that only begins the same is not below.
pub fn files_are_listed_by_folder(place: &dyn Place) {
    let store = place.open();
    ok(store.apply(&[
        photo(1, "/p/a/1.jpg", vec![]),
        link(1, "/p/a/deep/er/2.jpg"),
        photo(2, "/p/ab/3.jpg", vec![]),
        photo(3, "/p/a", vec![]),
        photo(4, "/p/a.jpg", vec![]),
        Change::Failed(failure("/p/a/4.jpg", "torn")),
    ]));
    let under = |text: &str| -> Vec<String> {
        files_under(&*store, &path(text)).iter().map(|known| known.path.to_text()).collect()
    };
    let below = ["/p/a", "/p/a/1.jpg", "/p/a/4.jpg", "/p/a/deep/er/2.jpg"];
    assert_eq!(under("/p/a"), below);
    assert_eq!(under("/p/a/"), below, "a slash at the end says nothing");
    assert_eq!(under("/p/ab"), ["/p/ab/3.jpg"]);
    assert_eq!(under("/p/a/deep"), ["/p/a/deep/er/2.jpg"]);
    assert_eq!(under("/p/a/4.jpg"), ["/p/a/4.jpg"]);
    assert_eq!((under("/").len(), under("/p").len(), under("/q").len()), (6, 6, 0));
    assert_eq!(under("/p/A"), [""; 0], "paths are exact");
    assert_eq!(under("/p/%"), [""; 0]);
}

/// A known file has its root, its stamp and what came of it.
pub fn known_files_say_what_came_of_them(place: &dyn Place) {
    let store = place.open();
    let broken = failure("/p/b.jpg", "torn");
    ok(store.apply(&[photo(1, "/p/a.jpg", vec![]), Change::Failed(broken.clone())]));
    let good = file("/p/a.jpg");
    let right = [
        KnownFile {
            path: good.path,
            root: good.root,
            stamp: good.stamp,
            state: KnownState::Photo(id(1)),
        },
        KnownFile {
            path: broken.path,
            root: broken.root,
            stamp: broken.stamp,
            state: KnownState::Failed { decoders: 3 },
        },
    ];
    assert_eq!(files_under(&*store, &path("/p")), right);
}

/// Failures come by the bytes of their paths, wholly as they were told.
pub fn failures_are_sorted(place: &dyn Place) {
    let store = place.open();
    let told: Vec<_> = ["/p/b", "/p/a/z", "/p/Z", "/p/a-b", "/p/é", "/p/a"]
        .map(|text| failure(text, &format!("{text} is 'torn'\n")))
        .to_vec();
    ok(store.apply(&told.iter().cloned().map(Change::Failed).collect::<Vec<_>>()));
    let mut right = told;
    right.sort_by_cached_key(|failure| failure.path.to_bytes());
    assert_eq!(ok(store.failures()), right);
}

fn of_hex(hex: &str) -> PhotoId {
    match format!("{hex:0<64}").parse() {
        Ok(id) => id,
        Err(error) => panic!("{error}"),
    }
}

/// Ids are found by their first digits, an odd number of them too.
pub fn ids_are_found_by_their_first_digits(place: &dyn Place) {
    let store = place.open();
    let all = ["00", "0a1", "0a1f", "0a2", "abcdef", "ffff"].map(of_hex);
    for (n, id) in all.iter().enumerate() {
        let file = file(&format!("/p/{n}.jpg"));
        let facts = seer_types::PhotoFacts::default();
        ok(store.apply(&[Change::Photo { id: *id, size: 1, facts, file, points: vec![] }]));
    }
    ok(store.apply(&[Change::Unlink { path: path("/p/1.jpg") }]));
    let found = |hex: &str| ok(store.resolve_prefix(hex));
    assert_eq!(found("0a1"), all[1..3], "photos without files included");
    assert_eq!(found("0A"), all[1..4]);
    assert_eq!(
        (found("0"), found("f"), found("A")),
        (all[..4].to_vec(), vec![all[5]], vec![all[4]])
    );
    assert_eq!(found("0a1f0"), [all[2]]);
    assert_eq!(found(""), all, "every id begins with nothing");
    let whole = all[4].to_string();
    assert_eq!((found(&whole), found(&whole[..63])), (vec![all[4]], vec![all[4]]));
    let long = [whole.as_str(), "0"].concat();
    for garbage in [&long, "0x0a", "g", "0a ", " 0a", "+a", "-1", "%", "_", "0a1\0", "٠", "é", "a*"]
    {
        assert_eq!(found(garbage), [], "{garbage:?}");
    }
}

/// At most a hundred ids, the first ones.
pub fn a_prefix_has_a_hundred_answers_at_most(place: &dyn Place) {
    let store = place.open();
    let batch: Vec<Change> =
        (0..150).rev().map(|n| photo(n, &format!("/p/{n}.jpg"), vec![])).collect();
    ok(store.apply(&batch));
    let right: Vec<PhotoId> = (0..100).map(id).collect();
    assert_eq!(
        (ok(store.resolve_prefix("000000")), ok(store.resolve_prefix(""))),
        (right.clone(), right)
    );
    assert_eq!(ok(store.resolve_prefix("0000009")).len(), 6);
}

/// Paths that are no Unicode are kept exactly, and apart from each other.
#[cfg_attr(not(unix), allow(unused_variables, unreachable_code))]
pub fn paths_are_bytes(place: &dyn Place) {
    #[cfg(not(unix))]
    return;
    let store = place.open();
    let odd = |bytes: &[u8]| LibraryPath::from_bytes(bytes);
    let paths = [
        &b"/p/caf\xe9/1.jpg"[..],
        b"/p/caf\xe8/1.jpg",
        b"/p/caf\xef\xbf\xbd/1.jpg",
        b"/p/\xff\n'\"\\%_",
    ];
    for (n, bytes) in (1..).zip(paths) {
        let mut change = photo(n, "", vec![]);
        if let Change::Photo { file, .. } = &mut change {
            file.path = odd(bytes);
            file.root = odd(b"/p\xfe");
        }
        ok(store.apply(&[change]));
    }
    for (n, bytes) in (1..).zip(paths) {
        let files = super::record_of(&*store, id(n)).files;
        assert_eq!(
            (files[0].path.to_bytes(), files[0].root.to_bytes()),
            (bytes.to_vec(), b"/p\xfe".to_vec())
        );
        let known = files_under(&*store, &odd(bytes));
        assert_eq!(known.len(), 1);
        assert_eq!(known[0].state, KnownState::Photo(id(n)));
    }
    assert_eq!(files_under(&*store, &odd(b"/p/caf\xe9")).len(), 1);
    let mut broken = failure("", "torn");
    broken.path = odd(paths[0]);
    ok(store.apply(&[Change::Failed(broken.clone()), Change::Unlink { path: odd(paths[1]) }]));
    assert_eq!(ok(store.failures()), [broken]);
    assert_eq!(super::numbers(&crate::found(&*store, &seer_store::Filter::All(vec![]))), [3, 4]);
}
