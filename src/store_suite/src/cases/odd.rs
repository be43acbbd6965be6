//! Long, many, strange.

use seer_store::{Change, ClassHit, Filter, Part, Store};
use seer_types::{
    CameraSettings, Coordinates, LocalTime, PhotoFacts, PlaceName, Signature, TextLine, Video,
};

use super::{Both, numbers, record_of, with};
use crate::Place;
use crate::compare::{check_same, found, ok};
use crate::make::{A, changes, class, id, link, photo, point, record};

/// Every fact comes back as it was told, the largest and the strangest numbers too.
pub fn every_fact_comes_back(place: &dyn Place) {
    let settings = CameraSettings {
        exposure_seconds: Some(1.0 / 3.0),
        f_number: Some(f64::MAX),
        iso: Some(u32::MAX),
        focal_mm: Some(f64::MIN_POSITIVE),
    };
    let facts = PhotoFacts {
        width: u32::MAX,
        height: u32::MAX,
        format: "jpeg".into(),
        taken: Some(LocalTime::from_seconds(i64::MIN).into()),
        camera_make: Some("Ōlympüs".into()),
        camera_model: Some(String::new()),
        lens: Some(" '\"\\% ".into()),
        settings,
        position: Some(Coordinates { latitude: -90.0, longitude: 1e300 }),
        tags: vec![String::new(), "a".into(), "a".into()],
        caption: Some("line\nline\ttab 👩‍👩‍👧".into()),
        classes: vec![class("b, c", 1.0), class("", f32::MIN_POSITIVE)],
        signature: Some(Signature::new(&std::array::from_fn(|i| (i % 64) as u8))),
        place: Some(seer_types::Place {
            country: Some(PlaceName { english: String::new(), local: None }),
            ..seer_types::Place::default()
        }),
        locations: vec![String::new(), "O'Hare \\ 東京".into()],
        people: vec!["Łukasz\0".into()],
        rating: Some(u8::MAX),
        descriptions: vec!["\u{7}".into()],
        text_lines: vec![TextLine {
            text: "|\n".into(),
            corners: [[f32::MIN, f32::MAX]; 4],
            confidence: 0.0,
        }],
        generated_caption: Some("' ; --".into()),
        video: Some(Video { duration: f32::MAX, frames: vec![0.0, f32::MIN_POSITIVE] }),
    };
    let mut told = record(1, &["/p/a.jpg"], facts);
    told.size = u64::MAX;
    told.files[0].stamp.size = u64::MAX;
    told.files[0].stamp.modified_ns = i64::MIN;
    told.files[0].stamp.changed_ns = Some(i64::MAX);
    told.files[0].stamp.inode = Some(u64::MAX);
    let store = with(place, std::slice::from_ref(&told));
    told.added = record_of(&*store, id(1)).added;
    assert_eq!(record_of(&*store, id(1)), told);
    let size = Filter::FileSize { min: Some(u64::MAX), max: None };
    assert_eq!(numbers(&found(&*store, &size)), [1]);
    let wide = Filter::Width { min: Some(u32::MAX), max: Some(u32::MAX) };
    assert_eq!(numbers(&found(&*store, &wide)), [1]);
    let old = Filter::Taken { from: None, until: Some(LocalTime::from_seconds(i64::MIN + 1)) };
    assert_eq!(numbers(&found(&*store, &old)), [1]);
}

/// Texts in many scripts, in either normal form.
pub fn every_script_is_found(place: &dyn Place) {
    let says = |n: u32, caption: &str| {
        let facts = PhotoFacts {
            caption: Some(caption.into()),
            tags: vec![caption.into()],
            ..PhotoFacts::default()
        };
        record(n, &[&format!("/p/{n}/{caption}.jpg")], facts)
    };
    let texts =
        ["Zürich", "Zu\u{308}rich", "海辺の犬", "Йод ёлка", "क्षमा", "서울여행", "שָׁלוֹם", "👩‍👩‍👧"];
    let records: Vec<_> = (0..).zip(texts).map(|(n, text)| says(n, text)).collect();
    let store = with(place, &records);
    let right: [(u32, &[u32]); 8] = [
        (0, &[0, 1]),
        (1, &[0, 1]),
        (2, &[2]),
        (3, &[3]),
        (4, &[4]),
        (5, &[5]),
        (6, &[6]),
        (7, &[7]),
    ];
    for (n, right) in right {
        let text = texts[n as usize].to_owned();
        let of = |filter: Filter| numbers(&found(&*store, &filter));
        assert_eq!(of(Filter::Tag(text.clone())), right, "{text}");
        assert_eq!(of(Filter::Path(text.to_uppercase())), right, "{text}");
        if n < 7 {
            assert_eq!(of(Filter::Text(text.clone())), right, "{text}");
            assert_eq!(of(Filter::Name(text.clone())), right, "{text}");
        }
    }
}

/// As much text as a photo may bring: 64 KiB, tags of 200 letters, a word longer than words are.
pub fn very_long_texts_are_kept_and_found(place: &dyn Place) {
    let word = "x".repeat(200);
    let tag = format!("{} end", "tag ".repeat(49));
    let sign = "★".repeat(200);
    let caption: String = (0..6_000).map(|i| format!("w{i} ")).collect();
    let facts = PhotoFacts {
        tags: vec![word.clone(), tag.clone(), sign.clone()],
        caption: Some(caption.clone()),
        camera_model: Some("model ".repeat(500)),
        lens: Some(format!("{}z", "y".repeat(9_000))),
        ..PhotoFacts::default()
    };
    let path = format!("/{}/{}.jpg", ["f"; 1_000].join("/"), "n".repeat(3_000));
    let told = record(1, &[&path], facts.clone());
    let store = with(place, &[told, record(2, &["/p/b.jpg"], PhotoFacts::default())]);
    assert_eq!(record_of(&*store, id(1)).facts, facts);
    let tens = |from: usize| format!("w{from} w{} w{}", from + 1, from + 2);
    for filter in [
        Filter::Tag(word.clone()),
        Filter::Text(word),
        Filter::Tag(tag),
        Filter::Tag(sign),
        Filter::Text("tag end".into()),
        Filter::Text(tens(0)),
        Filter::Text(tens(5_997)),
        Filter::Camera("model".into()),
        Filter::Lens("yyy".into()),
        Filter::Path("/f/f/f/n".into()),
        Filter::Path(path.clone()),
        Filter::Name("n".repeat(3_000)),
    ] {
        assert!(numbers(&found(&*store, &filter)) == [1], "{:.60}", format!("{filter:?}"));
    }
    for text in ["w0 w2", "w5999 w0", "end tag"] {
        assert_eq!(numbers(&found(&*store, &Filter::Text(text.into()))), [0; 0], "{text}");
    }
}

/// Texts may hold the character zero, which some databases do not like.
pub fn zeros_in_texts_are_kept(place: &dyn Place) {
    let facts = PhotoFacts {
        format: "j\0g".into(),
        camera_make: Some("Ca\0non".into()),
        lens: Some("\0".into()),
        tags: vec!["a\0b".into(), "\0".into()],
        caption: Some("two\0dogs".into()),
        classes: vec![class("\0, c\0", 0.25)],
        ..PhotoFacts::default()
    };
    let store = with(place, &[record(1, &["/p/a.jpg"], facts.clone())]);
    assert_eq!(record_of(&*store, id(1)).facts, facts);
    for filter in [
        Filter::Format("J\0G".into()),
        Filter::Camera("Ca\0non".into()),
        Filter::Tag("a b".into()),
        Filter::Tag("\0".into()),
        Filter::Text("two dogs".into()),
        Filter::Text("two\0dogs".into()),
        Filter::Not(Box::new(Filter::Path("p\0a".into()))),
    ] {
        assert_eq!(numbers(&found(&*store, &filter)), [1], "{filter:?}");
    }
    assert_eq!(ok(store.having(&["two\0dogs".into()], None, 9)).counts, [1]);
    let shown = ok(store.showing(&["\0, c\0".into()], None, 9));
    assert_eq!(shown, [ClassHit { id: id(1), probability: 0.25 }]);
    let mut failure = crate::make::failure("/p/b.jpg", "zero \0 byte");
    failure.at = i64::MIN;
    ok(store.apply(&[Change::Failed(failure.clone())]));
    assert_eq!(ok(store.failures()), [failure]);
}

/// Characters that mean something to databases mean themselves.
pub fn signs_mean_themselves(place: &dyn Place) {
    let signs = ["%", "_", "\\", "'", "\"", "*", "?", "[a]", "$1", "{}", ";--", "\\%", "a&b|!c:*"];
    let records: Vec<_> = (0..)
        .zip(signs)
        .map(|(n, sign)| {
            let facts = PhotoFacts { tags: vec![sign.into()], ..PhotoFacts::default() };
            record(n, &[&format!("/p/{n}<{sign}>/x{sign}y.jpg")], facts)
        })
        .collect();
    let both = Both { store: with(place, &records), plain: crate::PlainStore::new() };
    let batch: Vec<Change> = records.iter().flat_map(changes).collect();
    ok(both.plain.apply(&batch));
    for sign in signs {
        for filter in [
            Filter::Path(sign.into()),
            Filter::Path(format!("x{sign}y")),
            Filter::Folder(sign.into()),
            Filter::Name(sign.into()),
            Filter::Tag(sign.into()),
            Filter::Text(sign.into()),
            Filter::Extension(sign.into()),
            Filter::Format(sign.into()),
            Filter::Camera(sign.into()),
        ] {
            assert_eq!(found(&*both.store, &filter), found(&both.plain, &filter), "{filter:?}");
        }
    }
}

/// One photo in a thousand places.
pub fn a_photo_has_a_thousand_files(place: &dyn Place) {
    let both = Both::new(place);
    let paths: Vec<String> = (0..1_000).map(|n| format!("/p/{}/{n}.jpg", n % 7)).collect();
    let mut batch = vec![photo(1, &paths[0], vec![]), photo(2, "/q.jpg", vec![])];
    batch.extend(paths[1..].iter().map(|path| link(1, path)));
    assert!(both.apply(&batch, "a thousand files"));
    check_same(&*both.store, &both.plain, &[], "a thousand files");
    assert_eq!(ok(both.store.counts()).files, 1_001);
    for text in ["/p/5/999.jpg", "/p/3/"] {
        assert_eq!(numbers(&found(&*both.store, &Filter::Path(text.into()))), [1]);
    }
    let moved: Vec<Change> = paths.iter().skip(1).map(|path| link(2, path)).collect();
    assert!(both.apply(&moved, "all but one go to another photo"));
    check_same(&*both.store, &both.plain, &[], "moved");
}

/// A thousand photos in one batch, and a thousand points of one photo.
pub fn batches_may_be_large(place: &dyn Place) {
    let both = Both::new(place);
    let points = |n: u32| vec![point(A, 0, &[1.0, n as f32, 2.0])];
    let batch: Vec<Change> =
        (0..1_000).map(|n| photo(n, &format!("/p/{n}.jpg"), points(n))).collect();
    assert!(both.apply(&batch, "a thousand photos"));
    let many = (0..1_000).map(|part| point(A, part, &[part as f32, 1.0, 1.0])).collect();
    assert!(both.apply(&[Change::Points { id: id(7), points: many }], "a thousand points"));
    check_same(&*both.store, &both.plain, &[], "a thousand");
    let last = ok(both.store.points(A, id(7))).pop().map(|point| point.part);
    assert_eq!(last, Some(Part(999)));
}
