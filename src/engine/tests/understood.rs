//! Words that are read as filters, in a library with dates, places, cameras and tags.

mod common;

use common::{fill, names, open, pictures, search};
use seer_engine::{Change, Library, SearchAnswer};
use seer_types::{Coordinates, FileStamp, LibraryPath, LocalTime, PhotoFacts, PhotoFile, PhotoId};

/// A photo without a point, at a time and a latitude.
fn photo(n: u8, path: &str, taken: &str, latitude: f64) -> Change {
    let facts = PhotoFacts {
        format: "jpeg".into(),
        taken: (!taken.is_empty()).then(|| taken.parse::<LocalTime>().unwrap().into()),
        position: Some(Coordinates { latitude, longitude: 10.0 }),
        camera_make: Some("Canon".into()),
        camera_model: Some("Canon EOS R6".into()),
        tags: vec!["Beach".into()],
        ..PhotoFacts::default()
    };
    let file = PhotoFile {
        path: LibraryPath::new(path),
        root: LibraryPath::new("/photos"),
        stamp: FileStamp::new(1, 1),
    };
    Change::Photo { id: PhotoId([n; 32]), size: 1, facts, file, points: vec![] }
}

fn library(folder: &std::path::Path, latitude: f64) -> Library {
    let library = open(folder);
    let changes = vec![
        photo(1, "/photos/Grandma/june.jpg", "2019-06-10T12:00:00", latitude),
        photo(2, "/photos/Grandma/later.jpg", "2019-06-11T23:30:00", latitude),
        photo(3, "/photos/january.jpg", "2019-01-10T12:00:00", latitude),
        photo(4, "/photos/sunday.jpg", "2020-03-01T12:00:00", -latitude),
        photo(5, "/photos/undated.jpg", "", latitude),
    ];
    library.apply(changes).unwrap();
    library
}

/// What was read, as what, and whether it was applied.
fn read(answer: &SearchAnswer) -> Vec<(&str, &str, bool)> {
    let readings = answer.understood.iter();
    readings.map(|one| (one.read.as_str(), one.filters.as_str(), one.applied)).collect()
}

#[test]
fn where_only_a_date_is_left_the_newest_come_first() {
    let temp = tempfile::tempdir().unwrap();
    let library = library(temp.path(), 50.0);
    let answer = search(&library, "photos from June 2019", vec![]);
    assert_eq!(names(&answer), ["later.jpg", "june.jpg"]);
    assert_eq!(read(&answer), [("from June 2019", "date:2019-06", true)]);
    assert_eq!((answer.words.as_str(), answer.filters.len(), answer.matching), ("", 0, 2));
    assert_eq!(answer.plan.method, "filter");
    assert_eq!(names(&search(&library, "on sundays", vec![])), ["sunday.jpg"]);
    assert_eq!(names(&search(&library, "taken at night", vec![])), ["later.jpg"]);
    let back = &search(&library, "-ext:png in 2019", vec![]).understood[0].query;
    assert_eq!(back, "-ext:png words:\"in 2019\"");
}

#[test]
fn seasons_are_those_of_the_hemisphere_of_most_photos() {
    for (latitude, summer, expected) in [
        (50.0, "month:6..8", vec!["later.jpg", "june.jpg"]),
        (-30.0, "month:12..2", vec!["january.jpg"]),
    ] {
        let temp = tempfile::tempdir().unwrap();
        let library = library(temp.path(), latitude);
        let answer = search(&library, "every summer", vec![]);
        assert_eq!(read(&answer), [("every summer", summer, true)]);
        assert_eq!(names(&answer), expected);
    }
}

#[test]
fn names_that_the_library_knows_are_read() {
    let temp = tempfile::tempdir().unwrap();
    let library = library(temp.path(), 50.0);
    // Without an encoded photo nothing could be compared.
    fill(&library);
    let answer = search(&library, "photos from my Canon EOS R6 in 2020", vec![]);
    assert_eq!(
        read(&answer),
        [("from my Canon EOS R6", "camera:\"Canon EOS R6\"", true), ("in 2020", "year:2020", true)]
    );
    assert_eq!(names(&answer), ["sunday.jpg"]);
    assert_eq!(read(&search(&library, "photos from my Canon EOS R5", vec![])), []);
    let answer = search(&library, "Grandma on the beach", vec![]);
    assert_eq!(
        read(&answer),
        [("Grandma", "folder:Grandma", false), ("beach", "tag:beach", false)]
    );
    let all = 5 + pictures().len() as u64;
    assert_eq!((answer.words.as_str(), answer.matching), ("Grandma on the beach", all));
    let taken_up = &answer.understood[0].query;
    assert_eq!(search(&library, taken_up, vec![]).matching, 2);
}
