//! Photos that are alike: one result of a search, a group of `seer duplicates`, and the figures of
//! `seer eval duplicates`.

mod support;

use std::path::Path;

use seer_engine::{Analysis, Change, Library, OpenOptions};
use seer_types::{PhotoFacts, PhotoRecord};
use support::{Place, fixture};

const COPIES: [&str; 3] = ["alike-large.jpg", "alike-cut.jpg", "alike-small.jpg"];

/// The fixture pictures, some of the demo's, and three copies of one of these.
fn place_with_copies() -> Place {
    let place = Place::with_pictures();
    for name in COPIES {
        std::fs::copy(fixture("alike").join(name), place.photos().join(name)).expect("copy");
    }
    for number in 2..8 {
        let name = format!("photo-{number:02}.jpg");
        let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/cli/demo").join(&name);
        std::fs::copy(demo, place.photos().join(name)).expect("copy");
    }
    place.index();
    place
}

/// The names of these paths.
fn names<'a>(paths: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    paths.into_iter().map(|path| path.rsplit('/').next().expect("name")).collect()
}

#[test]
fn copies_are_one_result_unless_all_are_asked_for() {
    let place = place_with_copies();
    for query in ["a dog", ""] {
        let search = |args: &[&str]| place.seer(&[&["search", "-k", "100", query], args].concat());
        let all = search(&["--all"]);
        let (all, folded) = (names(all.lines()).len(), search(&[]));
        let shown = names(folded.lines());
        assert_eq!(shown.len(), all - 2, "{query}: {shown:?}");
        assert!(shown.contains(&COPIES[0]) && !shown.contains(&COPIES[1]), "{shown:?}");
        let json = search(&["--json"]).json();
        let hit = json.iter().find(|hit| !hit["alike"].is_null()).expect("a hit with copies");
        let alike: Vec<&str> = hit["alike"]
            .as_array()
            .expect("photos")
            .iter()
            .map(|photo| photo["files"][0]["path"].as_str().expect("path"))
            .collect();
        let mut alike = names(alike);
        alike.sort_unstable();
        assert_eq!(alike, &COPIES[1..]);
        // Page by page nothing comes back and nothing is left out.
        let mut paged = Vec::new();
        for offset in (0..all).step_by(3) {
            let ran = place.seer(&["search", "-k", "3", "--offset", &offset.to_string(), query]);
            paged.extend(names(ran.lines()).into_iter().map(str::to_owned));
        }
        assert_eq!(paged, shown, "{query}");
    }
    // A filter holds for each: without the largest, the next one is on top.
    let ran = place.seer(&["search", "-k", "100", "a dog -name:large"]);
    let shown = names(ran.lines());
    assert!(shown.contains(&COPIES[1]) && !shown.contains(&COPIES[2]), "{shown:?}");
}

#[test]
fn groups_are_printed_for_people_and_programs_with_and_without_a_server() {
    let place = place_with_copies();
    std::fs::copy(place.photos().join("photo-03.jpg"), place.photos().join("same.jpg")).unwrap();
    place.index();
    let look = || {
        let ran = place.seer(&["duplicates"]);
        let groups: Vec<Vec<&str>> =
            ran.out.split("\n\n").map(|group| names(group.lines())).collect();
        assert_eq!(groups, [COPIES.to_vec(), vec!["photo-03.jpg", "same.jpg"]], "{ran:?}");
        let raw = place.seer(&["duplicates", "-0"]).out;
        let groups: Vec<Vec<&str>> =
            raw.split_terminator("\0\0").map(|group| names(group.split('\0'))).collect();
        assert_eq!(groups[0], COPIES, "{raw:?}");
        let json = place.seer(&["duplicates", "--json", "name:alike"]).json();
        assert_eq!(json.len(), 1);
        assert_eq!(json[0]["photos"].as_array().expect("photos").len(), 3);
        let ran = place.seer(&["duplicates", "name:photo-02"]);
        assert_eq!((ran.code, ran.out.as_str()), (1, ""));
        let ran = place.seer(&["duplicates", "dogs"]);
        assert!(ran.code == 2 && ran.err.contains("filters alone"), "{ran:?}");
    };
    look();
    let server = place.serve(&[]);
    look();
    let found = server.get("api/duplicates?q=name:alike");
    assert_eq!(found["groups"].as_array().expect("groups").len(), 1);
    let all = server.get("api/search?q=name:alike&all=true");
    assert_eq!(all["hits"].as_array().expect("hits").len(), 3);
    assert_eq!(server.status("api/search?all=maybe"), 400);
    assert_eq!(server.status("api/duplicates?q=dogs"), 400);
}

/// Makes the library what an older seer left: records without signatures, and nothing noted of them.
fn without_signatures(place: &Place) {
    let library = Library::open(&place.library(), OpenOptions::default()).expect("a library");
    let Analysis::Named { name, .. } = Analysis::signature() else { panic!("named") };
    let mut changes = Vec::new();
    let each = &mut |photo: PhotoRecord| {
        let PhotoRecord { id, files, size, facts, .. } = photo;
        let facts = PhotoFacts { signature: None, ..facts };
        let file = files[0].clone();
        changes.push(Change::Photo { id, size, facts, file, points: Vec::new() });
        let earlier = Analysis::Named { name: name.clone(), version: 0 };
        changes.push(Change::Analysed { id, analysis: earlier });
        Ok(())
    };
    library.store().each_photo(each).expect("records");
    library.apply(changes).expect("applied");
}

#[test]
fn a_library_without_signatures_gets_them_and_nothing_is_encoded_again() {
    let place = place_with_copies();
    without_signatures(&place);
    assert_eq!(place.seer(&["duplicates"]).code, 1, "none without signatures");
    let photos = place.photos();
    let index = || place.seer(&["index", "--json", photos.to_str().expect("text")]);
    let ran = index();
    assert!(ran.out.contains("looked at once more"), "{ran:?}");
    assert_eq!(ran.finished()["encoded"], 0, "{ran:?}");
    assert_eq!(names(place.seer(&["duplicates"]).lines()), COPIES);
    let ran = index();
    assert_eq!(ran.finished()["recognised"], 0, "each is read once: {ran:?}");
}

#[test]
fn mild_copies_of_the_demos_pictures_are_told_and_the_pictures_are_not_alike() {
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/cli/demo");
    let folder = demo.to_str().expect("text");
    let place = Place::empty();
    let ran = place.seer(&["eval", "duplicates", folder, "--copied", "40", "--json"]);
    let report = ran.json().remove(0);
    assert_eq!((&report["pictures"], &report["flat"]), (&40.into(), &0.into()), "{ran:?}");
    assert_eq!(report["groups"].as_array().expect("groups").len(), 0, "{ran:?}");
    for kind in report["copies"].as_array().expect("kinds") {
        let told = kind["told"].as_u64().expect("a number");
        assert!(kind["of"] == 40 && told >= 38, "{kind}");
    }
    let ran = place.seer(&["eval", "duplicates", folder, "--copied", "5"]);
    assert!(ran.out.contains("of 5 told") && ran.out.contains("0.0 in 10,000"), "{ran:?}");
}
