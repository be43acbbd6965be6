//! Each filter on records made for it.

use super::*;
use seer_store::Orientation;

fn facts() -> PhotoFacts {
    PhotoFacts::default()
}

#[test]
fn a_path_is_found_by_any_part_of_it() {
    let (_folder, index) = new_index(&[
        plain(0, "/home/me/Pictures/Holiday 2019/x.jpg"),
        plain(1, "/home/me/Pictures/holidays/y.JPG"),
        plain(2, "/home/me/Pictures/Große Straße/z.jpg"),
        record(3, &["/home/me/Pictures/a/1.jpg", "/home/me/Pictures/b/Holi.jpg"], facts()),
    ]);
    let path = |text: &str| found(&index, &Filter::Path(text.into()));
    assert_eq!(path("holiday"), [0, 1]);
    assert_eq!(path("Y 2019/X.j"), [0]);
    assert_eq!(path("/b/holi"), [3]);
    assert_eq!(path("a/1.jpg/home"), [0; 0], "two files are two paths");
    assert_eq!(path("GROSSE STRASSE"), [2]);
    assert_eq!(path("grose"), [0; 0]);
    assert_eq!(path("holiday*"), [0; 0], "no wildcards");
    assert_eq!(path(""), [0, 1, 2, 3]);
}

#[cfg(unix)]
#[test]
fn a_path_that_is_not_unicode_has_a_text() {
    let mut odd = plain(0, "");
    odd.files[0].path = LibraryPath::from_bytes(b"/home/me/Pictures/caf\xe9/Bar.jpg");
    let (_folder, index) = new_index(&[odd]);
    assert_eq!(found(&index, &Filter::Path("/CAF\u{fffd}/bar".into())), [0]);
    assert_eq!(found(&index, &Filter::Name("bar".into())), [0]);
}

#[test]
fn a_folder_is_a_whole_name() {
    let (_folder, index) = new_index(&[
        plain(0, "/home/me/Pictures/Holiday 2019/Rome/x.jpg"),
        plain(1, "/home/me/Pictures/Holiday/x.jpg"),
        plain(2, "/home/me/Pictures/x/Holiday"),
    ]);
    let folder = |text: &str| found(&index, &Filter::Folder(text.into()));
    assert_eq!(folder("holiday"), [1]);
    assert_eq!(folder("HOLIDAY 2019"), [0]);
    assert_eq!(folder("holiday 2019/rome"), [0]);
    assert_eq!(folder("/Rome/"), [0]);
    assert_eq!(folder("pictures/rome"), [0; 0]);
    assert_eq!(folder("home"), [0, 1, 2]);
    assert_eq!(folder("x.jpg"), [0; 0], "the file is no folder");
    assert_eq!(folder(" "), [0; 0]);
    assert_eq!(folder("/"), [0, 1, 2]);
}

#[test]
fn names_are_found_by_their_words() {
    let (_folder, index) = new_index(&[
        plain(0, "/p/IMG_1234.JPG"),
        plain(1, "/p/BeachParty2019.png"),
        record(2, &["/p/beach.jpg", "/q/copy of Zürich.jpg"], facts()),
        plain(3, "/beach/other.jpg"),
    ]);
    let name = |text: &str| found(&index, &Filter::Name(text.into()));
    assert_eq!(name("img"), [0]);
    assert_eq!(name("1234 IMG"), [0]);
    assert_eq!(name("img_1234.jpg"), [0]);
    assert_eq!(name("123"), [0; 0]);
    assert_eq!(name("beach"), [1, 2]);
    assert_eq!(name("beachparty"), [1]);
    assert_eq!(name("party 2019 png"), [1]);
    assert_eq!(name("zurich beach"), [2]);
    assert_eq!(name("--"), [0, 1, 2, 3]);
}

#[test]
fn extension_and_format_are_equal_or_not() {
    let jpeg = PhotoFacts { format: "jpeg".into(), ..facts() };
    let (_folder, index) = new_index(&[
        record(0, &["/p/a.JPG"], jpeg.clone()),
        record(1, &["/p/a.jpeg"], jpeg),
        record(2, &["/p/a.png", "/p/b.x.jpg"], PhotoFacts { format: "png".into(), ..facts() }),
        record(3, &["/p/jpg"], facts()),
    ]);
    let extension = |text: &str| found(&index, &Filter::Extension(text.into()));
    assert_eq!(extension("jpg"), [0, 2]);
    assert_eq!(extension(".JPEG"), [1]);
    assert_eq!(extension("jp"), [0; 0]);
    let format = |text: &str| found(&index, &Filter::Format(text.into()));
    assert_eq!(format("JPEG"), [0, 1]);
    assert_eq!(format("png"), [2]);
}

#[test]
fn a_time_range_has_its_start_and_not_its_end() {
    let taken = |text| PhotoFacts { taken: time(text), ..facts() };
    let (_folder, index) = new_index(&[
        record(0, &["/a"], taken("2019-01-01T00:00:00")),
        record(1, &["/b"], taken("2018-12-31T23:59:59")),
        record(2, &["/c"], taken("1950-06-01T12:00:00")),
        record(3, &["/d"], facts()),
    ]);
    let range = |from: Option<LocalTime>, until| found(&index, &Filter::Taken { from, until });
    assert_eq!(range(time("2019-01-01T00:00:00"), None), [0]);
    assert_eq!(range(None, time("2019-01-01T00:00:00")), [1, 2]);
    assert_eq!(range(time("1950-06-01T12:00:00"), time("1950-06-01T12:00:01")), [2]);
    assert_eq!(range(time("2019-01-01T00:00:00"), time("2018-01-01T00:00:00")), [0; 0]);
    assert_eq!(range(None, None), [0, 1, 2], "without a time in no range at all");
}

#[test]
fn cameras_and_lenses_are_found_by_their_words() {
    let gear = |make: &str, model: &str, lens: Option<&str>| PhotoFacts {
        camera_make: Some(make.into()),
        camera_model: Some(model.into()),
        lens: lens.map(Into::into),
        ..facts()
    };
    let (_folder, index) = new_index(&[
        record(0, &["/a"], gear("Canon", "Canon EOS 5D", Some("EF24-105mm f/4L IS USM"))),
        record(1, &["/b"], gear("Apple", "iPhone 6s", None)),
        record(2, &["/c"], gear("NIKON CORPORATION", "NIKON D750", Some("50mm f/1.8"))),
        record(3, &["/d"], facts()),
    ]);
    let camera = |text: &str| found(&index, &Filter::Camera(text.into()));
    assert_eq!(camera("canon"), [0]);
    assert_eq!(camera("5d canon"), [0]);
    assert_eq!(camera("cano"), [0]);
    assert_eq!(camera("cano eos"), [0; 0], "only the last word may be begun");
    assert_eq!(camera("iphone"), [1]);
    assert_eq!(camera("iPhone 6"), [1]);
    assert_eq!(camera("nikon d750"), [2]);
    assert_eq!(camera("canon nikon"), [0; 0]);
    assert_eq!(camera(""), [0, 1, 2, 3]);
    let lens = |text: &str| found(&index, &Filter::Lens(text.into()));
    assert_eq!(lens("24-105"), [0]);
    assert_eq!(lens("50mm"), [2]);
    assert_eq!(lens("mm"), [0, 2]);
}

#[test]
fn a_class_is_found_by_each_of_its_names() {
    let classes = vec!["laptop, laptop computer".into(), "desk".into()];
    let seen = PhotoFacts { classes, ..facts() };
    let (_folder, index) = new_index(&[record(0, &["/a"], seen), record(1, &["/desk"], facts())]);
    for (text, whole, within) in [
        ("laptop computer", true, true),
        ("Laptop", true, true),
        ("desk", true, true),
        ("computer", false, true),
        ("computer desk", false, false),
    ] {
        assert_eq!(found(&index, &Filter::Tag(text.into())) == [0], whole, "{text}");
        assert_eq!(found(&index, &Filter::Text(text.into())).contains(&0), within, "{text}");
    }
}

#[test]
fn a_tag_is_found_whole() {
    let tags = |tags: &[&str]| PhotoFacts {
        tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
        ..facts()
    };
    let (_folder, index) = new_index(&[
        record(0, &["/a"], tags(&["Beach", "New York"])),
        record(1, &["/b"], tags(&["beach party"])),
        record(2, &["/c"], tags(&["Places|Germany|Köln", "★★"])),
        record(3, &["/beach/d"], facts()),
    ]);
    let tag = |text: &str| found(&index, &Filter::Tag(text.into()));
    assert_eq!(tag("beach"), [0]);
    assert_eq!(tag("BEACH PARTY"), [1]);
    assert_eq!(tag("new-york"), [0]);
    assert_eq!(tag("york"), [0; 0]);
    assert_eq!(tag("germany"), [2]);
    assert_eq!(tag("koln"), [2]);
    assert_eq!(tag("★★"), [2]);
    assert_eq!(tag("★"), [0; 0]);
}

#[test]
fn a_phrase_stays_inside_one_text() {
    let with = |caption: Option<&str>, tags: &[&str]| PhotoFacts {
        caption: caption.map(Into::into),
        tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
        ..facts()
    };
    let (_folder, index) = new_index(&[
        record(0, &["/p/x.jpg"], with(Some("Two dogs on the beach"), &[])),
        record(1, &["/p/x.jpg"], with(None, &["dogs", "on"])),
        record(2, &["/home/me/Pictures/Dogs On Tour/x.jpg"], facts()),
        record(3, &["/p/DogsOnFire.jpg"], facts()),
        record(4, &["/dogs on/home/x.jpg"], with(Some("海辺の犬"), &[])),
    ]);
    let text = |text: &str| found(&index, &Filter::Text(text.into()));
    assert_eq!(text("dogs on"), [0, 2, 3, 4]);
    assert_eq!(text("dogs"), [0, 1, 2, 3, 4]);
    assert_eq!(text("dogsonfire"), [3]);
    assert_eq!(text("on dogs"), [0; 0]);
    assert_eq!(text("two beach"), [0; 0]);
    assert_eq!(text("辺の"), [4]);
    assert_eq!(text("辺犬"), [0; 0]);
    assert_eq!(text("me"), [0; 0], "folders above the indexed one do not count");
    assert_eq!(text("pictures"), [2]);
    assert_eq!(text("…"), [0, 1, 2, 3, 4]);
}

#[test]
fn near_is_a_circle_on_the_earth() {
    let at =
        |latitude, longitude| PhotoFacts { position: Some(place(latitude, longitude)), ..facts() };
    let (_folder, index) = new_index(&[
        record(0, &["/a"], at(52.52, 13.405)),
        record(1, &["/b"], at(52.39, 13.06)),
        record(2, &["/c"], at(-17.0, 179.9)),
        record(3, &["/d"], at(-17.0, -179.9)),
        record(4, &["/e"], facts()),
        record(5, &["/f"], at(200.0, 13.0)),
    ]);
    let near = |center, km| found(&index, &Filter::Near { center, km });
    // Potsdam is 27.4 km from the middle of Berlin.
    assert_eq!(near(place(52.52, 13.405), 27.0), [0]);
    assert_eq!(near(place(52.52, 13.405), 28.0), [0, 1]);
    // 0.2 degrees of longitude at 17 south are 21.27 km.
    assert_eq!(near(place(-17.0, 179.9), 21.5), [2, 3]);
    assert_eq!(near(place(-17.0, 179.9), 21.0), [2]);
    assert_eq!(near(place(0.0, 0.0), 30_000.0), [0, 1, 2, 3]);
    assert_eq!(near(place(52.52, 13.405), f64::NAN), [0; 0]);
    assert_eq!(near(place(52.52, 13.405), -1.0), [0; 0]);
}

#[test]
fn sizes_include_both_ends() {
    let size = |width, height| PhotoFacts { width, height, ..facts() };
    let (_folder, index) = new_index(&[
        record(0, &["/a"], size(640, 480)),
        record(1, &["/b"], size(480, 640)),
        record(2, &["/c"], size(512, 512)),
    ]);
    let width = |min, max| found(&index, &Filter::Width { min, max });
    assert_eq!(width(Some(512), None), [0, 2]);
    assert_eq!(width(None, Some(512)), [1, 2]);
    assert_eq!(width(Some(513), Some(639)), [0; 0]);
    assert_eq!(found(&index, &Filter::Height { min: Some(512), max: Some(640) }), [1, 2]);
    let bytes = |min, max| found(&index, &Filter::FileSize { min, max });
    assert_eq!(bytes(Some(1001), Some(1001)), [1]);
    assert_eq!(bytes(None, None), [0, 1, 2]);
    let shape = |shape| found(&index, &Filter::Orientation(shape));
    assert_eq!(shape(Orientation::Landscape), [0]);
    assert_eq!(shape(Orientation::Portrait), [1]);
    assert_eq!(shape(Orientation::Square), [2]);
}

#[test]
fn filters_combine() {
    let (_folder, index) =
        new_index(&[plain(0, "/a/x.jpg"), plain(1, "/a/y.png"), plain(2, "/b/x.jpg")]);
    let folder = || Filter::Folder("a".into());
    let name = || Filter::Name("x".into());
    let not = |filter| Filter::Not(Box::new(filter));
    assert_eq!(found(&index, &Filter::All(vec![folder(), name()])), [0]);
    assert_eq!(found(&index, &Filter::Any(vec![folder(), name()])), [0, 1, 2]);
    assert_eq!(found(&index, &not(folder())), [2]);
    assert_eq!(found(&index, &not(not(folder()))), [0, 1]);
    assert_eq!(found(&index, &Filter::All(vec![name(), not(folder())])), [2]);
    assert_eq!(found(&index, &Filter::All(vec![])), [0, 1, 2]);
    assert_eq!(found(&index, &Filter::Any(vec![])), [0; 0]);
    assert_eq!(found(&index, &not(Filter::All(vec![]))), [0; 0]);
}

#[test]
fn the_newest_come_first_by_date_taken_then_by_file_date() {
    let dated = |row, taken: Option<&str>, modified: i64| {
        let taken = taken.and_then(time);
        let mut record = record(row, &["/p/x.jpg"], PhotoFacts { taken, ..facts() });
        record.files[0].stamp.modified_ns = modified * 1_000_000_000;
        record
    };
    let (_folder, index) = new_index(&[
        dated(1, Some("1970-01-01T00:01:40"), 999),
        dated(2, None, 200),
        dated(3, Some("1970-01-01T00:05:00"), 0),
        dated(4, None, -5),
        dated(5, None, 200),
    ]);
    let newest = |count, within: Option<&RoaringBitmap>| -> Vec<u32> {
        index.newest(count, within).unwrap().iter().map(|row| row.0).collect()
    };
    assert_eq!(newest(9, None), [3, 2, 5, 1, 4]);
    assert_eq!(newest(2, None), [3, 2]);
    assert_eq!(newest(0, None), [0; 0]);
    assert_eq!(newest(9, Some(&[1, 4].into_iter().collect())), [1, 4]);

    let mut gone = dated(3, None, 0);
    gone.files.clear();
    update(&index, &[gone, dated(1, None, 500)]).unwrap();
    index.commit(2).unwrap();
    assert_eq!(newest(9, None), [1, 2, 5, 4]);

    update(&index, &[PhotoRecord { added: 7, ..dated(5, None, 200) }]).unwrap();
    index.commit(3).unwrap();
    assert_eq!(newest(9, None), [1, 5, 2, 4], "added later");
}
