//! When texts are the same, and parts of them.

use seer_store::Filter;
use seer_types::PhotoFacts;

use super::{facts, numbers_found as found, plain, with};
use crate::Place;
use crate::make::record;

/// Stars and question marks stand for characters of one name.
pub fn stars_stand_for_characters(place: &dyn Place) {
    let store = with(
        place,
        &[
            plain(0, "/home/me/Pictures/Holiday 2019/TC_00715.jpg"),
            plain(1, "/home/me/Pictures/holidays/Catching.JPG"),
            plain(2, "/home/me/Pictures/a_b/x%y.png"),
            record(3, &["/home/me/Pictures/a/1.jpg", "/home/me/Pictures/b/Holi.png"], facts()),
        ],
    );
    let path = |text: &str| found(&*store, &Filter::Path(text.into()));
    assert_eq!(path("TC_*"), [0]);
    assert_eq!(path("*.jpg"), [0, 1, 3]);
    assert_eq!(path("holi*"), [0, 1, 3]);
    assert_eq!(path("*/Holi.*"), [3]);
    assert_eq!(path("/a/*.png"), [0; 0], "two files are two paths");
    assert_eq!(path("a*.png"), [0; 0], "a star stays inside a name");
    assert_eq!(path("a_b/**"), [2]);
    assert_eq!(path("pictures/**.png"), [2, 3]);
    assert_eq!(path("x%?.png"), [2]);
    assert_eq!(path("x_?.png"), [0; 0]);
    assert_eq!(path(&format!("{}*", "a".repeat(200))), [0; 0]);
    let folder = |text: &str| found(&*store, &Filter::Folder(text.into()));
    assert_eq!(folder("holiday*"), [0, 1]);
    assert_eq!(folder("?"), [3]);
    assert_eq!(folder("*.jpg"), [0; 0], "a file is no folder");
    assert_eq!(folder("pic*/?_?"), [2]);
    let name = |text: &str| found(&*store, &Filter::Name(text.into()));
    assert_eq!(name("TC_0*"), [0]);
    assert_eq!(name("tc_0????"), [0]);
    assert_eq!(name("*ing"), [1]);
    assert_eq!(name("hol?"), [3]);
    assert_eq!(name("holi*"), [3], "a folder is no name");
    assert_eq!(name("C_0*"), [0; 0]);
}

/// Case, accents, width and composition are the same to every filter of texts.
pub fn one_folding_for_all_texts(place: &dyn Place) {
    let facts = PhotoFacts {
        format: "JPEG".into(),
        camera_model: Some("Caméra Ⅱ".into()),
        lens: Some("Objéctif".into()),
        tags: vec!["Été à Ｔōkyō".into()],
        caption: Some("Ёлка — ÆØß".into()),
        ..facts()
    };
    let store = with(
        place,
        &[record(0, &["/p/Cafe\u{301} „Zürich“/Straße’s ｶﾞ.JPÉ"], facts), plain(1, "/p/x.jpg")],
    );
    for filter in [
        Filter::Path("café \"zurich\"/STRASSE's ガ".into()),
        Filter::Path("Ｃａｆｅ".into()),
        Filter::Path("CAF*/strasse’s*".into()),
        Filter::Folder("cafe «ZURICH»".into()),
        Filter::Name("strasse".into()),
        Filter::Name("ｓｔｒａßｅ".into()),
        Filter::Name("ガ".into()),
        Filter::Extension("jpe".into()),
        Filter::Format("ｊｐｅｇ".into()),
        Filter::Camera("camera ii".into()),
        Filter::Lens("objectif".into()),
        Filter::Tag("ete a tokyo".into()),
        Filter::Text("ete a tokyo".into()),
        Filter::Text("елка aeoss".into()),
        Filter::Text("cafe zurich".into()),
    ] {
        assert_eq!(found(&*store, &filter), [0], "{filter:?}");
    }
}

/// A part of a text without spaces finds it, one character too, and no other order of them.
pub fn parts_of_unspaced_texts_are_found(place: &dyn Place) {
    let texts = ["東京タワーの夜", "서울여행사진", "วันเกิดของแม่", "ວັນເກີດ", "ថ្ងៃកំណើត", "မွေးနေ့ပွဲ"];
    let parts = [
        ["京タワー", "夜", "ﾀﾜｰ"],
        ["여행", "사", "서울여"],
        ["เกิด", "แม่", "ข"],
        ["ເກີດ", "ວັ", "ນ"],
        ["កំណើត", "ថ្ងៃ", "ណ"],
        ["နေ့", "ပွဲ", "မွေး"],
    ];
    let named = |n: usize, text: &str| record(n as u32, &[&format!("/p/{n}/{text}.jpg")], facts());
    let says = |n: usize, text: &str| {
        let facts = PhotoFacts { caption: Some(format!("a {text} b")), ..facts() };
        record(n as u32 + 10, &[&format!("/p/{n}.jpg")], facts)
    };
    let records: Vec<_> =
        texts.iter().enumerate().flat_map(|(n, text)| [named(n, text), says(n, text)]).collect();
    let store = with(place, &records);
    for (n, parts) in (0_u32..).zip(parts) {
        for part in parts {
            let of = |filter: Filter| found(&*store, &filter);
            assert_eq!(of(Filter::Name(part.into())), [n], "{part}");
            assert_eq!(of(Filter::Text(part.into())), [n, n + 10], "{part}");
            let backwards: String = part.chars().rev().collect();
            let turned = of(Filter::Text(backwards.clone()));
            assert_eq!(turned.is_empty(), backwards != part, "{backwards}");
        }
    }
}
