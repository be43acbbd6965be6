use seer_store::{Album, Change};
use seer_types::{
    FileStamp, LibraryPath, LocalTime, PhotoFacts, PhotoFile, PhotoId, Place, PlaceName,
};

use super::*;
use crate::OpenOptions;

fn at(year: i32) -> Option<seer_types::Taken> {
    LocalTime::from_civil(year, 7, 14, 16, 20, 0).map(Into::into)
}

fn name(english: &str) -> Option<PlaceName> {
    Some(PlaceName { english: english.into(), local: None })
}

fn facts(n: u8) -> PhotoFacts {
    let third = n.is_multiple_of(3);
    let country = name(if third { "Portugal" } else { "Narnia" });
    let city = name(if third { "Lisbon" } else { "Cair Paravel" });
    let quoted = "a \"real\" one?".to_owned();
    PhotoFacts {
        format: "jpeg".into(),
        taken: at(2000 + i32::from(n % 4)),
        camera_make: Some("Canon".into()),
        camera_model: Some(if third { "Canon EOS 5D" } else { "PowerShot-A60" }.into()),
        place: Some(Place { district: None, city, region: None, country }),
        tags: vec![if third { "sea" } else { "Été" }.into(), quoted],
        people: vec![if third { "Ann Smith" } else { "Zoë" }.into()],
        ..PhotoFacts::default()
    }
}

fn library() -> (tempfile::TempDir, Library) {
    let folder = tempfile::tempdir().unwrap();
    let library = Library::open(folder.path(), OpenOptions::default()).unwrap();
    let change = |n: u8| Change::Photo {
        id: PhotoId([n; 32]),
        size: 1,
        facts: facts(n),
        file: PhotoFile {
            path: LibraryPath::new(format!("/p/{n}.jpg")),
            root: LibraryPath::new("/p"),
            stamp: FileStamp::new(1, 1),
        },
        points: vec![],
    };
    library.store.apply(&(1..=12).map(change).collect::<Vec<_>>()).unwrap();
    (folder, library)
}

fn list(facets: &Facets, kind: FacetKind) -> &FacetList {
    facets.kinds.iter().find(|list| list.kind == kind).unwrap()
}

fn short(list: &FacetList) -> Vec<(&str, u64)> {
    list.values.iter().map(|one| (one.value.as_str(), one.photos.unwrap())).collect()
}

#[test]
fn each_kind_is_counted() {
    let (_folder, library) = library();
    let facets = library.facets("", "", 12).unwrap();
    let of = |kind| short(list(&facets, kind));
    assert_eq!(facets.photos, 12);
    assert_eq!(of(FacetKind::Year), [("2003", 3), ("2002", 3), ("2001", 3), ("2000", 3)]);
    assert_eq!(of(FacetKind::Country), [("Narnia", 8), ("Portugal", 4)]);
    assert_eq!(of(FacetKind::City), [("Cair Paravel, Narnia", 8), ("Lisbon, Portugal", 4)]);
    assert_eq!(of(FacetKind::Camera), [("Canon PowerShot-A60", 8), ("Canon EOS 5D", 4)]);
    assert_eq!(of(FacetKind::Type), [("jpeg", 12)]);
    assert_eq!(of(FacetKind::Tag), [("a \"real\" one?", 12), ("Été", 8), ("sea", 4)]);
    assert_eq!(of(FacetKind::Person), [("Zoë", 8), ("Ann Smith", 4)]);
    let two = library.facets("", "", 2).unwrap();
    assert_eq!(
        (list(&two, FacetKind::Year).values.len(), list(&two, FacetKind::Year).different),
        (2, 4)
    );
    assert_eq!(library.facets("", "", 0).unwrap_err().code(), "out_of_range");
    assert_eq!(library.facets("", "", 101).unwrap_err().code(), "out_of_range");
    assert_eq!(library.facets("camra:x", "", 12).unwrap_err().code(), "bad_query");
}

/// Whatever is asked already: each value's filter finds all that were counted.
#[test]
fn every_filter_finds_what_was_counted() {
    let (_folder, library) = library();
    for query in ["", "person:zoe", "year:2001 -person:zoe", "a red kite tag:sea"] {
        let facets = library.facets(query, "", 100).unwrap();
        let all = facets.kinds.iter().flat_map(|list| &list.values);
        let mut values = 0;
        for value in all {
            values += 1;
            let filter = value.filter.as_ref().unwrap();
            let narrowed = library.facets(&format!("{query} {filter}"), "", 1).unwrap();
            assert_eq!(Some(narrowed.photos), value.photos, "{filter} beside {query:?}");
        }
        assert!(values > 6, "{query:?}");
    }
}

#[test]
fn a_filter_that_is_asked_is_told() {
    let (_folder, library) = library();
    let asked = |query: &str| -> Vec<(String, String)> {
        let kinds = library.facets(query, "", 12).unwrap().kinds.into_iter();
        let values = kinds.flat_map(|list| list.values);
        values.filter_map(|one| Some((one.value, one.asked?))).collect()
    };
    let named = |value: &str, asked: &str| (value.to_owned(), asked.to_owned());
    let both = [named("2001", "date:2001"), named("Zoë", "person:\"Zoë\"")];
    assert_eq!(asked("person:\"Zoë\" date:2001"), both);
    assert_eq!(asked("person:zoë"), [], "another filter, though it finds the same");
    assert_eq!(asked("taken in 2001"), [], "nothing of this was typed");
}

#[test]
fn values_are_found_by_how_their_words_begin() {
    let (_folder, library) = library();
    let found = |find: &str| -> Vec<String> {
        let kinds = library.facets("", find, 12).unwrap().kinds.into_iter();
        kinds.flat_map(|list| list.values).map(|one| one.value).collect()
    };
    assert_eq!(found("ete"), ["Été"]);
    assert_eq!(found(" S"), ["sea", "Ann Smith"]);
    assert_eq!(found("canon eos"), ["Canon EOS 5D"]);
    assert_eq!(found("lisbon, p"), ["Lisbon, Portugal"]);
    assert_eq!(found("2001"), ["2001"]);
    assert_eq!(found("mith"), [""; 0]);
}

#[test]
fn albums_of_filters_are_counted() {
    let (_folder, library) = library();
    let album = |name: &str, query: &str| Album {
        name: name.into(),
        query: query.into(),
        order: None,
        most: 60,
    };
    for (name, query) in
        [("words", "kites year:2001"), ("sea", "tag:sea"), ("zoe", "person:zoe OR tag:sea")]
    {
        library.save_album(album(name, query)).unwrap();
    }
    let facets = library.facets("year:2001", "", 12).unwrap();
    let albums: Vec<_> = list(&facets, FacetKind::Album)
        .values
        .iter()
        .map(|one| (one.value.as_str(), one.filter.as_deref(), one.photos))
        .collect();
    assert_eq!(
        albums,
        [
            ("zoe", Some("(person:zoe OR tag:sea)"), Some(3)),
            ("sea", Some("(tag:sea)"), Some(1)),
            ("words", None, None),
        ]
    );
}
