//! Files beside a photo, and its name, as parts of what it says.

mod common;

use std::fs;

use common::Desk;

fn xmp(desk: &Desk, name: &str, tag: &str) {
    let text = format!(
        "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>\
         <rdf:Description xmlns:dc='http://purl.org/dc/elements/1.1/'><dc:subject><rdf:Bag>\
         <rdf:li>{tag}</rdf:li></rdf:Bag></dc:subject></rdf:Description></rdf:RDF></x:xmpmeta>"
    );
    fs::write(desk.path(name), text).unwrap();
}

fn tags(desk: &Desk, name: &str) -> Vec<String> {
    desk.record(name).facts.tags
}

#[test]
fn a_sidecar_that_comes_changes_or_goes_is_a_photo_that_changes() {
    let desk = Desk::with(2);
    xmp(&desk, "0.png.xmp", "lighthouse");
    let run = desk.index();
    assert_eq!((run.encoded, run.plan.other), (2, 1));
    assert_eq!(tags(&desk, "0.png"), ["lighthouse"]);
    assert_eq!(desk.index().plan.unchanged, 2);
    xmp(&desk, "0.png.xmp", "harbour at night");
    xmp(&desk, "1.XMP", "sea");
    let run = desk.index();
    assert_eq!((run.plan.to_read, run.encoded, run.recognised), (2, 0, 2));
    assert_eq!(tags(&desk, "0.png"), ["harbour at night"]);
    assert_eq!(tags(&desk, "1.png"), ["sea"]);
    assert_eq!(desk.index().plan.unchanged, 2);
    desk.delete("0.png.xmp");
    let run = desk.index();
    assert_eq!((run.plan.to_read, run.encoded, run.recognised), (1, 0, 1));
    assert_eq!(tags(&desk, "0.png"), [""; 0]);
    assert_eq!(desk.index().plan.unchanged, 2);
    assert_eq!(desk.library.status().unwrap().photos, 2);
}

#[test]
fn takeout_tells_the_date() {
    let desk = Desk::with(1);
    let json = r#"{"title": "0.png", "photoTakenTime": {"timestamp": "1563121205"}}"#;
    fs::write(desk.path("0.png.supplemental-metadata.json"), json).unwrap();
    desk.index();
    let taken = desk.record("0.png").facts.taken.unwrap();
    assert_eq!(taken.to_string(), "2019-07-14T16:20:05");
}

#[test]
fn a_copy_without_sidecars_takes_nothing_away() {
    let desk = Desk::new();
    for name in ["a.png", "b.png", "c.png"] {
        desk.picture(name, 7);
    }
    xmp(&desk, "b.xmp", "bee");
    let run = desk.index();
    assert_eq!((run.encoded, run.recognised, run.photos), (1, 2, 1));
    assert_eq!(tags(&desk, "a.png"), ["bee"]);
    assert_eq!(desk.index().plan.unchanged, 3);
    desk.picture("d.png", 7);
    assert_eq!(desk.index().recognised, 1);
    assert_eq!(tags(&desk, "a.png"), ["bee"]);
    xmp(&desk, "a.xmp", "ay");
    desk.index();
    assert_eq!(tags(&desk, "a.png"), ["ay"], "the one read last counts");
    desk.delete("a.xmp");
    desk.index();
    assert_eq!(tags(&desk, "a.png"), ["ay"], "another file has a sidecar");
    desk.delete("b.xmp");
    desk.index();
    assert_eq!(tags(&desk, "a.png"), [""; 0]);
    assert_eq!(desk.index().plan.unchanged, 4);
}

#[test]
fn a_photo_that_moves_with_its_sidecar_keeps_what_it_says() {
    let desk = Desk::with(1);
    xmp(&desk, "0.xmp", "sea");
    desk.index();
    desk.rename("0.png", "sub/x.png");
    desk.rename("0.xmp", "sub/x.xmp");
    let run = desk.index();
    assert_eq!((run.encoded, run.removed, run.photos), (0, 0, 1));
    assert_eq!(tags(&desk, "sub/x.png"), ["sea"]);
    assert_eq!(desk.index().plan.unchanged, 1);
}

#[test]
fn what_is_no_sidecar_says_nothing_and_fails_nothing() {
    let desk = Desk::with(1);
    fs::write(desk.path("0.png.xmp"), vec![b'<'; seer_images::LARGEST_SIDECAR + 1]).unwrap();
    fs::write(desk.path("0.json"), b"\xff\xfe\0[[[[").unwrap();
    let run = desk.index();
    assert_eq!((run.encoded, run.failed), (1, 0));
    assert_eq!(desk.index().plan.unchanged, 1);
    fs::write(desk.path("bad.jpg"), b"no picture").unwrap();
    xmp(&desk, "bad.xmp", "x");
    assert_eq!(desk.index().failed, 1);
    assert_eq!(desk.index().plan.known_failures, 1);
}

#[test]
fn the_name_tells_the_date_where_nothing_else_does() {
    let desk = Desk::new();
    desk.picture("IMG-20190714-WA0001.png", 1);
    desk.picture("IMG_20180301_120000.png", 2);
    desk.picture("no date.png", 3);
    let json = r#"{"photoTakenTime": {"timestamp": "1563121205"}}"#;
    fs::write(desk.path("IMG_20180301_120000.png.json"), json).unwrap();
    desk.index();
    let taken = |name: &str| desk.record(name).facts.taken.map(|taken| taken.to_string());
    assert_eq!(taken("IMG-20190714-WA0001.png").as_deref(), Some("2019-07-14"));
    assert_eq!(taken("IMG_20180301_120000.png").as_deref(), Some("2019-07-14T16:20:05"));
    assert_eq!(taken("no date.png"), None);
}
