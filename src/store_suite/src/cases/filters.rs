//! Each filter on photos made for it.

use seer_store::{Filter, Orientation, Recurring};
use seer_types::{LibraryPath, LocalTime, PhotoFacts};

use super::{facts, numbers_found as found, plain, with};
use crate::Place;
use crate::make::{class, place as at, record, time};

/// A path is found by any part of it.
pub fn a_path_is_found_by_any_part_of_it(place: &dyn Place) {
    let store = with(
        place,
        &[
            plain(0, "/home/me/Pictures/Holiday 2019/x.jpg"),
            plain(1, "/home/me/Pictures/holidays/y.JPG"),
            plain(2, "/home/me/Pictures/Große Straße/z.jpg"),
            record(3, &["/home/me/Pictures/a/1.jpg", "/home/me/Pictures/b/Holi.jpg"], facts()),
        ],
    );
    let path = |text: &str| found(&*store, &Filter::Path(text.into()));
    assert_eq!(path("holiday"), [0, 1]);
    assert_eq!(path("Y 2019/X.j"), [0]);
    assert_eq!(path("/b/holi"), [3]);
    assert_eq!(path("a/1.jpg/home"), [0; 0], "two files are two paths");
    assert_eq!(path("GROSSE STRASSE"), [2]);
    assert_eq!(path("grose"), [0; 0]);
    assert_eq!(path(""), [0; 0]);
}

/// A path that is no Unicode is looked for as text.
pub fn a_path_that_is_not_unicode_has_a_text(place: &dyn Place) {
    let mut odd = plain(0, "");
    odd.files[0].path = LibraryPath::from_bytes(b"/home/me/Pictures/caf\xe9/Bar.jpg");
    let store = with(place, &[odd]);
    assert_eq!(found(&*store, &Filter::Path("/CAF\u{fffd}/bar".into())), [0]);
    assert_eq!(found(&*store, &Filter::Name("bar".into())), [0]);
}

/// A folder is a whole name, or several that follow each other.
pub fn a_folder_is_a_whole_name(place: &dyn Place) {
    let store = with(
        place,
        &[
            plain(0, "/home/me/Pictures/Holiday 2019/Rome/x.jpg"),
            plain(1, "/home/me/Pictures/Holiday/x.jpg"),
            plain(2, "/home/me/Pictures/x/Holiday"),
        ],
    );
    let folder = |text: &str| found(&*store, &Filter::Folder(text.into()));
    assert_eq!(folder("holiday"), [1]);
    assert_eq!(folder("HOLIDAY 2019"), [0]);
    assert_eq!(folder("holiday 2019/rome"), [0]);
    assert_eq!(folder("/Rome/"), [0]);
    assert_eq!(folder("pictures/rome"), [0; 0]);
    assert_eq!(folder("home"), [0, 1, 2]);
    assert_eq!(folder("x.jpg"), [0; 0], "the file is no folder");
    assert_eq!(folder(" "), [0; 0]);
    assert_eq!(folder("/"), [0; 0]);
}

/// Names are found by their words, in either reading.
pub fn names_are_found_by_their_words(place: &dyn Place) {
    let store = with(
        place,
        &[
            plain(0, "/p/IMG_1234.JPG"),
            plain(1, "/p/BeachParty2019.png"),
            record(2, &["/p/beach.jpg", "/q/copy of Zürich.jpg"], facts()),
            plain(3, "/beach/other.jpg"),
        ],
    );
    let name = |text: &str| found(&*store, &Filter::Name(text.into()));
    assert_eq!(name("img"), [0]);
    assert_eq!(name("1234 IMG"), [0]);
    assert_eq!(name("img_1234.jpg"), [0]);
    assert_eq!(name("123"), [0], "a part of a number");
    assert_eq!(name("img_123"), [0]);
    assert_eq!(name("234.jpg"), [0]);
    assert_eq!(name("1235"), [0; 0]);
    assert_eq!(name("im"), [0; 0]);
    assert_eq!(name("beach"), [1, 2]);
    assert_eq!(name("beachparty"), [1]);
    assert_eq!(name("party 2019 png"), [1]);
    assert_eq!(name("zurich copy"), [2]);
    assert_eq!(name("zurich beach"), [0; 0], "two files have two names");
    assert_eq!(name("--"), [0; 0]);
}

/// Extension and format are equal or not.
pub fn extension_and_format_are_equal_or_not(place: &dyn Place) {
    let jpeg = PhotoFacts { format: "jpeg".into(), ..facts() };
    let store = with(
        place,
        &[
            record(0, &["/p/a.JPG"], jpeg.clone()),
            record(1, &["/p/a.jpeg"], jpeg),
            record(2, &["/p/a.png", "/p/b.x.jpg"], PhotoFacts { format: "png".into(), ..facts() }),
            record(3, &["/p/jpg"], facts()),
        ],
    );
    let extension = |text: &str| found(&*store, &Filter::Extension(text.into()));
    assert_eq!(extension("jpg"), [0, 2]);
    assert_eq!(extension(".JPEG"), [1]);
    assert_eq!(extension("jp"), [0; 0]);
    let format = |text: &str| found(&*store, &Filter::Format(text.into()));
    assert_eq!(format("JPEG"), [0, 1]);
    assert_eq!(format("png"), [2]);
}

/// A range of time holds its start and not its end.
pub fn a_time_range_has_its_start_and_not_its_end(place: &dyn Place) {
    let taken = |text| PhotoFacts { taken: Some(time(text).into()), ..facts() };
    let store = with(
        place,
        &[
            record(0, &["/a"], taken("2019-01-01T00:00:00")),
            record(1, &["/b"], taken("2018-12-31T23:59:59")),
            record(2, &["/c"], taken("1950-06-01T12:00:00")),
            record(3, &["/d"], facts()),
        ],
    );
    let range = |from: Option<LocalTime>, until| found(&*store, &Filter::Taken { from, until });
    assert_eq!(range(Some(time("2019-01-01T00:00:00")), None), [0]);
    assert_eq!(range(None, Some(time("2019-01-01T00:00:00"))), [1, 2]);
    assert_eq!(range(Some(time("1950-06-01T12:00:00")), Some(time("1950-06-01T12:00:01"))), [2]);
    assert_eq!(range(Some(time("2019-01-01T00:00:00")), Some(time("2018-01-01T00:00:00"))), [0; 0]);
    assert_eq!(range(None, None), [0, 1, 2], "without a time in no range at all");
}

/// Days of the week, times of day and days of the year are those of the photo's own clock.
pub fn a_time_comes_again(place: &dyn Place) {
    let taken = |text| PhotoFacts { taken: Some(time(text).into()), ..facts() };
    let store = with(
        place,
        &[
            record(0, &["/a"], taken("2026-11-29T23:59:59")),
            record(1, &["/b"], taken("2026-11-30T00:00:00")),
            record(2, &["/c"], taken("1950-06-03T12:00:00")),
            record(3, &["/d"], taken("2020-02-29T05:00:00")),
            record(4, &["/e"], taken("1969-12-31T04:59:59")),
            record(5, &["/f"], facts()),
        ],
    );
    let again = |when| found(&*store, &Filter::Recurring(when));
    let on = |days: &[u8]| again(Recurring::Weekdays(days.iter().copied().collect()));
    assert_eq!((on(&[7]), on(&[1]), on(&[3])), (vec![0], vec![1], vec![4]));
    assert_eq!(on(&[6, 7]), [0, 2, 3]);
    assert_eq!((on(&[]), on(&[1, 2, 3, 4, 5, 6, 7])), (vec![], vec![0, 1, 2, 3, 4]));
    let hour = 3600_u32;
    let at =
        |from: u32, until: u32| again(Recurring::Time { from: from * hour, until: until * hour });
    assert_eq!((at(22, 5), at(5, 22)), (vec![0, 1, 4], vec![2, 3]));
    assert_eq!((at(23, 24), at(0, 1)), (vec![0], vec![1]));
    assert_eq!(at(0, 24), [0, 1, 2, 3, 4], "without a time at none at all");
    let days = |from, until| again(Recurring::Days { from, until });
    assert_eq!(days((6, 1), (8, 31)), [2]);
    assert_eq!(days((12, 1), (2, 29)), [3, 4]);
    assert_eq!((days((11, 30), (11, 30)), days((2, 28), (2, 28))), (vec![1], vec![]));
    let others =
        Filter::Not(Box::new(Filter::Recurring(Recurring::Weekdays([7].into_iter().collect()))));
    assert_eq!(found(&*store, &others), [1, 2, 3, 4, 5]);
}

/// Cameras and lenses are found by their words.
pub fn cameras_and_lenses_are_found_by_their_words(place: &dyn Place) {
    let gear = |make: &str, model: &str, lens: Option<&str>| PhotoFacts {
        camera_make: Some(make.into()),
        camera_model: Some(model.into()),
        lens: lens.map(Into::into),
        ..facts()
    };
    let store = with(
        place,
        &[
            record(0, &["/a"], gear("Canon", "Canon EOS 5D", Some("EF24-105mm f/4L IS USM"))),
            record(1, &["/b"], gear("Apple", "iPhone 6s", None)),
            record(2, &["/c"], gear("NIKON CORPORATION", "NIKON D750", Some("50mm f/1.8"))),
            record(3, &["/d"], facts()),
        ],
    );
    let camera = |text: &str| found(&*store, &Filter::Camera(text.into()));
    assert_eq!(camera("canon"), [0]);
    assert_eq!(camera("5d canon"), [0]);
    assert_eq!(camera("cano"), [0]);
    assert_eq!(camera("cano eos"), [0; 0], "only the last word may be begun");
    assert_eq!(camera("iphone"), [1]);
    assert_eq!(camera("iPhone 6"), [1]);
    assert_eq!(camera("nikon d750"), [2]);
    assert_eq!(camera("canon nikon"), [0; 0]);
    assert_eq!(camera(""), [0; 0]);
    let lens = |text: &str| found(&*store, &Filter::Lens(text.into()));
    assert_eq!(lens("24-105"), [0]);
    assert_eq!(lens("50mm"), [2]);
    assert_eq!(lens("mm"), [0, 2]);
}

/// A likely class is a tag by each of its names.
pub fn a_class_is_found_by_each_of_its_names(place: &dyn Place) {
    let classes =
        vec![class("laptop, laptop computer", 0.5), class("desk", 0.2), class("cup", 0.1)];
    let seen = PhotoFacts { classes, ..facts() };
    let store = with(place, &[record(0, &["/a"], seen), record(1, &["/desk"], facts())]);
    for (text, whole) in [
        ("laptop computer", true),
        ("Laptop", true),
        ("desk", true),
        ("computer", false),
        ("computer desk", false),
        ("cup", false),
    ] {
        assert_eq!(found(&*store, &Filter::Tag(text.into())) == [0], whole, "{text}");
        let wrote = found(&*store, &Filter::Text(text.into()));
        assert!(!wrote.contains(&0), "no words that somebody wrote: {text}");
    }
}

/// A tag is found whole, or by one of its levels.
pub fn a_tag_is_found_whole(place: &dyn Place) {
    let tags = |tags: &[&str]| PhotoFacts {
        tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
        ..facts()
    };
    let store = with(
        place,
        &[
            record(0, &["/a"], tags(&["Beach", "New York"])),
            record(1, &["/b"], tags(&["beach party"])),
            record(2, &["/c"], tags(&["Places|Germany|Köln", "★★"])),
            record(3, &["/beach/d"], facts()),
        ],
    );
    let tag = |text: &str| found(&*store, &Filter::Tag(text.into()));
    assert_eq!(tag("beach"), [0]);
    assert_eq!(tag("BEACH PARTY"), [1]);
    assert_eq!(tag("new-york"), [0]);
    assert_eq!(tag("york"), [0; 0]);
    assert_eq!(tag("germany"), [2]);
    assert_eq!(tag("koln"), [2]);
    assert_eq!(tag("★★"), [2]);
    assert_eq!(tag("★"), [0; 0]);
}

/// Words that follow each other do so in one text.
pub fn a_phrase_stays_inside_one_text(place: &dyn Place) {
    let says = |caption: Option<&str>, tags: &[&str]| PhotoFacts {
        caption: caption.map(Into::into),
        tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
        ..facts()
    };
    let store = with(
        place,
        &[
            record(0, &["/p/x.jpg"], says(Some("Two dogs on the beach"), &[])),
            record(1, &["/p/y.jpg"], says(None, &["dogs", "on"])),
            record(2, &["/home/me/Pictures/Dogs On Tour/x.jpg"], facts()),
            record(3, &["/p/DogsOnFire.jpg"], facts()),
            record(4, &["/dogs on/home/x.jpg"], says(Some("海辺の犬"), &[])),
        ],
    );
    let text = |text: &str| found(&*store, &Filter::Text(text.into()));
    assert_eq!(text("dogs on"), [0, 2, 3, 4]);
    assert_eq!(text("dogs"), [0, 1, 2, 3, 4]);
    assert_eq!(text("dogsonfire"), [3]);
    assert_eq!(text("on dogs"), [0; 0]);
    assert_eq!(text("two beach"), [0; 0]);
    assert_eq!(text("辺の"), [4]);
    assert_eq!(text("辺犬"), [0; 0]);
    assert_eq!(text("me"), [0; 0], "folders above the indexed one do not count");
    assert_eq!(text("pictures"), [2]);
    assert_eq!(text("辺"), [4], "one character");
    assert_eq!(text("…"), [0; 0]);
}

/// Near is a circle on the earth.
pub fn near_is_a_circle_on_the_earth(place: &dyn Place) {
    let taken_at =
        |latitude, longitude| PhotoFacts { position: Some(at(latitude, longitude)), ..facts() };
    let store = with(
        place,
        &[
            record(0, &["/a"], taken_at(52.52, 13.405)),
            record(1, &["/b"], taken_at(52.39, 13.06)),
            record(2, &["/c"], taken_at(-17.0, 179.9)),
            record(3, &["/d"], taken_at(-17.0, -179.9)),
            record(4, &["/e"], facts()),
            record(5, &["/f"], taken_at(200.0, 13.0)),
        ],
    );
    let near = |center, km| found(&*store, &Filter::Near { center, km });
    // Potsdam is 27.4 km from the middle of Berlin.
    assert_eq!(near(at(52.52, 13.405), 27.0), [0]);
    assert_eq!(near(at(52.52, 13.405), 28.0), [0, 1]);
    // 0.2 degrees of longitude at 17 south are 21.27 km.
    assert_eq!(near(at(-17.0, 179.9), 21.5), [2, 3]);
    assert_eq!(near(at(-17.0, 179.9), 21.0), [2]);
    assert_eq!(near(at(0.0, 0.0), 30_000.0), [0, 1, 2, 3]);
    assert_eq!(near(at(52.52, 13.405), f64::NAN), [0; 0]);
    assert_eq!(near(at(52.52, 13.405), -1.0), [0; 0]);
}

/// Ranges of sizes hold both ends.
pub fn sizes_include_both_ends(place: &dyn Place) {
    let size = |width, height| PhotoFacts { width, height, ..facts() };
    let store = with(
        place,
        &[
            record(0, &["/a"], size(640, 480)),
            record(1, &["/b"], size(480, 640)),
            record(2, &["/c"], size(512, 512)),
        ],
    );
    let width = |min, max| found(&*store, &Filter::Width { min, max });
    assert_eq!(width(Some(512), None), [0, 2]);
    assert_eq!(width(None, Some(512)), [1, 2]);
    assert_eq!(width(Some(513), Some(639)), [0; 0]);
    assert_eq!(found(&*store, &Filter::Height { min: Some(512), max: Some(640) }), [1, 2]);
    let bytes = |min, max| found(&*store, &Filter::FileSize { min, max });
    assert_eq!(bytes(Some(1001), Some(1001)), [1]);
    assert_eq!(bytes(None, None), [0, 1, 2]);
    let shape = |shape| found(&*store, &Filter::Orientation(shape));
    assert_eq!(shape(Orientation::Landscape), [0]);
    assert_eq!(shape(Orientation::Portrait), [1]);
    assert_eq!(shape(Orientation::Square), [2]);
}

/// All, any, not.
pub fn filters_combine(place: &dyn Place) {
    let store = with(place, &[plain(0, "/a/x.jpg"), plain(1, "/a/y.png"), plain(2, "/b/x.jpg")]);
    let folder = || Filter::Folder("a".into());
    let name = || Filter::Name("x".into());
    let not = |filter| Filter::Not(Box::new(filter));
    assert_eq!(found(&*store, &Filter::All(vec![folder(), name()])), [0]);
    assert_eq!(found(&*store, &Filter::Any(vec![folder(), name()])), [0, 1, 2]);
    assert_eq!(found(&*store, &not(folder())), [2]);
    assert_eq!(found(&*store, &not(not(folder()))), [0, 1]);
    assert_eq!(found(&*store, &Filter::All(vec![name(), not(folder())])), [2]);
    assert_eq!(found(&*store, &Filter::All(vec![])), [0, 1, 2]);
    assert_eq!(found(&*store, &Filter::Any(vec![])), [0; 0]);
    assert_eq!(found(&*store, &not(Filter::All(vec![]))), [0; 0]);
}

/// A text filter with nothing to look for allows nothing.
pub fn empty_texts_allow_nothing(place: &dyn Place) {
    let store = with(place, &[plain(0, "/p/a.jpg"), plain(1, "/p/b")]);
    let of_text: [fn(String) -> Filter; 9] = [
        Filter::Path,
        Filter::Folder,
        Filter::Name,
        Filter::Extension,
        Filter::Format,
        Filter::Camera,
        Filter::Lens,
        Filter::Tag,
        Filter::Text,
    ];
    for filter in of_text.map(|of| of(String::new())) {
        assert_eq!(found(&*store, &filter), [0; 0], "{filter:?}");
        assert_eq!(found(&*store, &Filter::Not(Box::new(filter))), [0, 1]);
    }
}

/// A photo without files meets no filter, nor its negation.
pub fn photos_without_files_meet_nothing(place: &dyn Place) {
    let store = with(place, &[plain(0, "/p/a.jpg"), plain(1, "/p/b.jpg")]);
    crate::compare::ok(store.apply(&[crate::make::unlink("/p/a.jpg")]));
    let wide = || Filter::Width { min: None, max: None };
    assert_eq!(found(&*store, &wide()), [1]);
    assert_eq!(found(&*store, &Filter::All(vec![])), [1]);
    assert_eq!(found(&*store, &Filter::Not(Box::new(wide()))), [0; 0]);
    assert_eq!(found(&*store, &Filter::Not(Box::new(Filter::Any(vec![])))), [1]);
}
