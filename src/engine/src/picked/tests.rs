use seer_store::Change;
use seer_types::{FileStamp, LibraryPath, LocalTime, PhotoFacts, PhotoFile};

use super::*;

fn id(n: u8) -> PhotoId {
    PhotoId([n; 32])
}

/// Twelve photos, of 2000 to 2003 in turn.
fn library() -> (tempfile::TempDir, Library) {
    let folder = tempfile::tempdir().unwrap();
    let library = Library::open(folder.path(), crate::OpenOptions::default()).unwrap();
    let change = |n: u8| {
        let taken = LocalTime::from_civil(2000 + i32::from(n % 4), 7, 14, 16, 20, 0);
        Change::Photo {
            id: id(n),
            size: 1,
            facts: PhotoFacts { taken: taken.map(Into::into), ..PhotoFacts::default() },
            file: PhotoFile {
                path: LibraryPath::new(format!("/p/{n}.jpg")),
                root: LibraryPath::new("/p"),
                stamp: FileStamp::new(1, 1),
            },
            points: vec![],
        }
    };
    library.store.apply(&(1..=12).map(change).collect::<Vec<_>>()).unwrap();
    (folder, library)
}

fn count(library: &Library, query: &str) -> u64 {
    library.facets(query, "", 12).unwrap().photos
}

fn refused<T>(result: Result<T, EngineError>) -> &'static str {
    result.err().unwrap().code()
}

fn search(name: &str, query: &str) -> Album {
    Album { name: name.into(), query: query.into(), order: None, most: 60 }
}

#[test]
fn photos_are_put_in_and_taken_out() {
    let (_folder, library) = library();
    let picked = |changed, photos| Picked { changed, photos };
    let twice = [id(1), id(2), id(3), id(2)];
    assert_eq!(library.pick(" Our sea ", &twice, true).unwrap(), picked(3, 3));
    assert_eq!(library.pick("Our sea", &[id(3), id(4)], true).unwrap(), picked(1, 4));
    assert_eq!(library.pick("Our sea", &[id(1), id(9)], false).unwrap(), picked(1, 3));
    let album = library.album("Our sea").unwrap();
    assert_eq!(album.query, "album:\"Our sea\"");
    assert_eq!(album.order, Some(TimeOrder::NewestFirst));
    // One that is deleted is in its album again when it comes back.
    library.store.apply(&[Change::Unlink { path: LibraryPath::new("/p/2.jpg") }]).unwrap();
    assert_eq!(count(&library, &album.query), 2);
    assert_eq!(library.pick("Our sea", &[id(5)], true).unwrap(), picked(1, 4));
}

#[test]
fn an_album_is_a_filter_among_others() {
    let (_folder, library) = library();
    library.pick("sea", &[id(1), id(2), id(3)], true).unwrap();
    library.pick("Été/2", &[id(3), id(4)], true).unwrap();
    library.pick("sea/2", &[id(9)], true).unwrap();
    for (query, photos) in [
        ("album:sea", 3),
        ("album:SEA album:\"ete/2\"", 1),
        ("album:sea OR album:\"Été/2\"", 4),
        ("-album:sea", 9),
        ("album:sea year:2001", 1),
        // Words that are read as a time are taken out, and the rest is read again.
        ("in 2001 album:sea", 1),
    ] {
        assert_eq!(count(&library, query), photos, "{query}");
    }
    // The name as it is written goes before one that differs in case.
    library.pick("Sea", &[id(12)], true).unwrap();
    assert_eq!((count(&library, "album:sea"), count(&library, "album:Sea")), (3, 1));
    library.save_album(search("dogs", "year:2001")).unwrap();
    for query in ["album:nothing", "album:dogs", "album:se*", "album:\"\""] {
        assert_eq!(refused(library.facets(query, "", 12)), "bad_query", "{query}");
    }
    assert!(
        crate::parse_query("album:nothing").is_ok(),
        "which albums there are takes the library"
    );
}

#[test]
fn its_photos_go_where_it_goes() {
    let (_folder, library) = library();
    library.pick("sea", &[id(1), id(2)], true).unwrap();
    let renamed = library.rename_album("sea", "Meer").unwrap();
    assert_eq!(renamed.query, "album:\"Meer\"");
    assert_eq!(count(&library, "album:Meer"), 2);
    assert_eq!(refused(library.rename_album("Meer", "a \"sea\"")), "bad_album_name");
    library.remove_album("Meer").unwrap();
    library.pick("Meer", &[], true).unwrap();
    assert_eq!(count(&library, "album:Meer"), 0);
    // A search never takes the place of what was picked.
    library.pick("Meer", &[id(1)], true).unwrap();
    assert_eq!(refused(library.save_album(search("Meer", "year:2001"))), "album_exists");
    assert_eq!(count(&library, "album:Meer"), 1);
    library.remove_album("Meer").unwrap();
    assert!(library.store.settings("picked:").unwrap().is_empty());
}

#[test]
fn what_cannot_be_picked_for_is_refused() {
    let (_folder, library) = library();
    for name in ["", "a \"sea\"", "se*", "s?a", "a\nb", "\"", "( )"] {
        let picked = library.pick(name, &[id(1)], true);
        assert_eq!(picked.map_err(|error| error.code()), Err("bad_album_name"), "{name}");
    }
    assert!(library.pick("“Sea”, the 2nd (blue) OR -x: '19!", &[id(1)], true).is_ok());
    library.save_album(search("dogs", "dogs")).unwrap();
    assert_eq!(refused(library.pick("dogs", &[id(1)], true)), "album_exists");
    assert_eq!(refused(library.pick("sea", &[id(1)], false)), "no_album");
    let many: Vec<PhotoId> = (0..=MOST_PICKED as u32)
        .map(|n| {
            let mut id = [0; 32];
            id[..4].copy_from_slice(&n.to_le_bytes());
            PhotoId(id)
        })
        .collect();
    assert_eq!(refused(library.pick("sea", &many, true)), "out_of_range");
    assert_eq!(library.pick("sea", &many[1..], true).unwrap().photos, MOST_PICKED);
    assert_eq!(refused(library.pick("sea", &many[..1], true)), "out_of_range");
    assert_eq!(library.pick("sea", &many, false).unwrap().photos, 0);
}
