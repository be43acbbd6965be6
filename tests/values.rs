//! Values of filters, operators, and the path that was asked for: the whole way through the
//! program, in a folder's library.

mod support;

use std::collections::BTreeSet;

use support::{Place, Ran};

/// A place with these files indexed; the number says what a file shows, so that equal numbers are
/// copies.
fn place_with(files: &[(&str, u8)]) -> Place {
    let place = Place::empty();
    for (path, content) in files {
        write(&place, path, *content);
    }
    place.index();
    place
}

fn write(place: &Place, path: &str, content: u8) {
    let path = place.photos().join(path);
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    std::fs::write(path, [&b"P6 4 4 255\n"[..], &[content * 20; 48]].concat()).expect("a picture");
}

fn search(place: &Place, query: &str) -> Ran {
    place.seer(&["search", "-k", "100", "--", query])
}

/// The paths below the photo folder that a query prints.
#[track_caller]
fn found(place: &Place, query: &str) -> BTreeSet<String> {
    let ran = search(place, query);
    assert!(ran.code < 2, "{query}: {ran:?}");
    let photos = place.photos();
    let below = |line: &str| {
        let below = std::path::Path::new(line).strip_prefix(&photos).expect("a photo");
        below.to_str().expect("Unicode").to_owned()
    };
    ran.lines().into_iter().map(below).collect()
}

#[track_caller]
fn assert_found(place: &Place, query: &str, right: &[&str]) {
    let right: BTreeSet<String> = right.iter().map(|path| (*path).to_owned()).collect();
    assert_eq!(found(place, query), right, "{query}");
}

#[track_caller]
fn assert_refused(place: &Place, query: &str, says: &str) {
    let ran = search(place, query);
    assert_eq!(ran.code, 2, "{query}: {ran:?}");
    assert!(ran.err.contains(says), "{query}: {}", ran.err);
}

#[test]
fn a_value_without_letters_lets_nothing_pass() {
    let place = place_with(&[("lake.jpg", 1), ("🎂/tower.jpg", 2)]);
    for query in [
        "text:🎂",
        "name:🎂",
        "\"!!!\"",
        "folder:/",
        "tag:...",
        "path:/",
        "path:*",
        "name:*",
        "ext:.",
        "ext:,",
        "camera:-",
        "lens:\"\"",
        "type:!",
        "\"\"",
        "-text:🎂",
        "path:.",
        "text:★",
    ] {
        assert_refused(&place, query, query.trim_start_matches('-'));
    }
    assert_found(&place, "path:🎂", &["🎂/tower.jpg"]);
    assert_found(&place, "folder:🎂", &["🎂/tower.jpg"]);
    assert_found(&place, "tag:🎂", &[]);
}

#[test]
fn one_folding_for_paths_folders_and_names() {
    let place = place_with(&[
        ("Café/a.jpg", 1),
        ("Ёлка/Ærø Straße.jpg", 2),
        ("Ｆｕｌｌ/Zu\u{308}rich ｶﾞ.JPG", 3),
        ("Office/b.jpg", 4),
    ]);
    for query in
        ["text:cafe", "path:cafe", "folder:cafe", "path:CAFÉ", "folder:café", "path:Cafe\u{301}"]
    {
        assert_found(&place, query, &["Café/a.jpg"]);
    }
    for query in ["folder:елка", "path:ЕЛК", "name:aero", "name:STRASSE", "path:\"ærø strasse\""]
    {
        assert_found(&place, query, &["Ёлка/Ærø Straße.jpg"]);
    }
    for query in
        ["folder:full", "name:zürich", "path:ＺＵＲＩＣＨ", "name:ガ", "ext:ｊｐｇ folder:full"]
    {
        assert_found(&place, query, &["Ｆｕｌｌ/Zu\u{308}rich ｶﾞ.JPG"]);
    }
}

#[test]
fn stars_fit_names_and_are_refused_elsewhere() {
    let place = place_with(&[("2019 rome/TC_00715.jpg", 1), ("Catching.jpg", 2), ("x/c_1.png", 3)]);
    for query in
        ["path:TC_*", "name:TC_0*", "path:*715.*", "folder:2019*", "name:tc_????5", "path:2019*/*"]
    {
        assert_found(&place, query, &["2019 rome/TC_00715.jpg"]);
    }
    assert_found(&place, "path:*.jpg", &["2019 rome/TC_00715.jpg", "Catching.jpg"]);
    assert_found(&place, "-path:*.jpg", &["x/c_1.png"]);
    for query in
        ["text:Catch*", "tag:*x", "camera:can*", "ext:jp*", "\"Cat*\"", "text:C?t", "lens:5*"]
    {
        assert_refused(&place, query, "path:");
    }
}

#[test]
fn parts_of_numbers_and_of_unspaced_texts_are_found() {
    let place = place_with(&[
        ("DSC01273.jpg", 1),
        ("DSC05550.jpg", 2),
        ("서울여행사진.jpg", 3),
        ("วันเกิดแม่.jpg", 4),
        ("東京タワー.jpg", 5),
    ]);
    for query in
        ["name:dsc01273", "name:1273", "name:DSC012", "name:127", "text:1273", "\"DSC012\""]
    {
        assert_found(&place, query, &["DSC01273.jpg"]);
    }
    for query in ["text:서울", "text:여행", "name:여행", "text:진"] {
        assert_found(&place, query, &["서울여행사진.jpg"]);
    }
    assert_found(&place, "text:เกิด", &["วันเกิดแม่.jpg"]);
    assert_found(&place, "name:京", &["東京タワー.jpg"]);
    assert_found(&place, "text:ﾀﾜｰ", &["東京タワー.jpg"]);
    assert_found(&place, "text:京東", &[]);
}

#[test]
fn typed_marks_and_operators_mean_what_they_look_like() {
    let place = place_with(&[
        ("birthday cake.jpg", 1),
        ("cake for a birthday.jpg", 2),
        ("holiday.png", 3),
        ("Grandma’s.jpg", 4),
    ]);
    let all = ["birthday cake.jpg", "cake for a birthday.jpg", "holiday.png", "Grandma’s.jpg"];
    for query in [
        "“birthday cake”",
        "«birthday cake»",
        "„birthday cake“",
        "「birthday cake」",
        "‚birthday cake‘",
        "text：“birthday cake”",
    ] {
        assert_found(&place, query, &all[..1]);
    }
    for query in [
        "NOT path:holiday",
        "not path:holiday",
        "!path:holiday",
        "－path:holiday",
        "–path:holiday",
        "AND NOT path:holiday",
        "NOT (path:holiday)",
        "ext：jpg",
        "NOT(ext:png)",
    ] {
        assert_found(&place, query, &[all[0], all[1], all[3]]);
    }
    assert_found(&place, "path:grandma's", &all[3..]);
    assert_found(&place, "ext:png OR name:cake", &all[..3]);
    assert_found(&place, "(ext:png OR name:cake) -name:birthday", &all[2..3]);
    assert_found(&place, "(ext:png OR name:cake) AND NOT (name:for OR name:holiday)", &all[..1]);
    for query in
        ["beach OR ext:jpg", "ext:jpg OR", "a (ext:jpg sunset)", "beach NOT people", "!people"]
    {
        assert_refused(&place, query, "in the query");
    }
    let id = &search(&place, "ext:png").out;
    assert!(id.contains("holiday.png"));
    let ran = place.seer(&["search", "--", "name:nothing", "(ext:png OR ext:jpg)"]);
    assert!(ran.err.contains("name:nothing (ext:png OR ext:jpg)"), "{}", ran.err);
}

#[test]
fn the_path_that_was_asked_for_is_printed() {
    let place = place_with(&[("a/x.jpg", 1), ("b/y.png", 1), ("b/only.jpg", 2)]);
    assert_found(&place, "path:/b/", &["b/y.png", "b/only.jpg"]);
    assert_found(&place, "-path:/b/", &["a/x.jpg"]);
    assert_found(&place, "NOT ext:jpg", &["b/y.png"]);
    assert_found(&place, "folder:a ext:png", &[]);
    assert_found(&place, "folder:b ext:png", &["b/y.png"]);
    assert_found(&place, "-folder:a -name:y", &["b/only.jpg"]);
    assert_found(&place, "text:y", &["b/y.png"]);
    assert_found(&place, "", &["a/x.jpg", "b/only.jpg"]);
    let hit = place.seer(&["search", "--json", "ext:png"]).json().remove(0);
    let path = |file: &serde_json::Value| file["path"].as_str().expect("a path").to_owned();
    assert_eq!(path(&hit["files"][0]), path(&hit));
    assert!(path(&hit).ends_with("b/y.png") && path(&hit["files"][1]).ends_with("a/x.jpg"));
    // Not indexed again: the library still knows it.
    std::fs::remove_file(place.photos().join("a/x.jpg")).expect("removed");
    assert_found(&place, "", &["b/y.png", "b/only.jpg"]);
    assert_found(&place, "path:a/x", &["a/x.jpg"]);
}
