//! The words in pictures are read, and pictures are described: in the background of a run, kept, found, switched off.

mod support;

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use support::{Place, fixture};

/// A drawing that says "RESERVED" and "Fresh bread & rolls", among others.
fn sign() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/ocr/tests/golden/drawing01.png")
}

fn place() -> Place {
    let place = Place::with_pictures();
    fs::copy(sign(), place.photos().join("sign.png")).expect("copied");
    place
}

/// Indexes with these options; the run's summary.
fn index(place: &Place, options: &[&str]) -> Value {
    let photos = place.photos();
    let photos = photos.to_str().expect("text path");
    let ran = place.seer(&[&["index", "--json", photos], options].concat());
    assert_eq!(ran.code, 0, "{ran:?}");
    ran.finished()
}

/// The names of the files that a query finds.
fn found(place: &Place, query: &str) -> Vec<String> {
    let ran = place.seer(&["search", query]);
    assert!(ran.code < 2, "{query}: {ran:?}");
    let name = |line: &&str| line.rsplit('/').next().unwrap_or(line).to_owned();
    ran.lines().iter().map(name).collect()
}

/// The photo that a query finds first.
fn first(place: &Place, query: &str) -> Value {
    let ran = place.seer(&["search", "--json", "--all", query]);
    assert_eq!(ran.code, 0, "{ran:?}");
    ran.json().swap_remove(0)
}

#[test]
fn words_in_pictures_are_found_until_reading_is_switched_off() {
    let place = place();
    let off = index(&place, &[]);
    assert_eq!(off["looked_for_text"], 0, "{off}");
    assert_eq!(found(&place, "text:reserved"), [""; 0]);

    let run = index(&place, &["--text", "on"]);
    assert_eq!((&run["encoded"], &run["looked_for_text"]), (&0.into(), &run["photos"]), "{run}");
    assert!(run["with_text"].as_u64().is_some_and(|with| (1..4).contains(&with)), "{run}");
    for query in ["text:reserved", "\"fresh bread\"", "text:read", "text:RESERV"] {
        assert_eq!(found(&place, query), ["sign.png"], "{query}");
    }
    let lines = first(&place, "text:reserved")["text_lines"].clone();
    let said: Vec<&str> =
        lines.as_array().expect("lines").iter().filter_map(|line| line["text"].as_str()).collect();
    assert!(said.contains(&"RESERVED"), "{said:?}");

    // Looked at once; what was read stays when a file is read again, and when no more is read.
    assert_eq!(index(&place, &["--text", "on"])["looked_for_text"], 0);
    fs::rename(place.photos().join("sign.png"), place.photos().join("moved.png")).expect("moved");
    fs::copy(place.photos().join("moved.png"), place.photos().join("copy.png")).expect("copied");
    index(&place, &["--text", "off"]);
    fs::write(place.photos().join("moved.png.xmp"), "<x:xmpmeta/>").expect("a sidecar");
    index(&place, &[]);
    assert_eq!(found(&place, "text:reserved").len(), 1);
    let status = place.seer(&["status"]);
    assert!(status.out.contains("words     in pictures are not read"), "{status:?}");
}

#[test]
fn a_server_reads_words_when_it_is_asked_to() {
    let place = place();
    place.index();
    let server = place.serve(&[]);
    let run = index(&place, &["--text", "on"]);
    assert_eq!(run["looked_for_text"], run["photos"], "{run}");
    assert_eq!(found(&place, "text:reserved"), ["sign.png"]);
    // What a run of one's own takes, a server's takes too.
    let left_out = index(&place, &["--exclude", "sign.png", "--retry-failures", "--no-thumbnails"]);
    assert_eq!(left_out["removed"], 1, "{left_out}");
    assert_eq!(found(&place, "text:reserved"), [""; 0]);
    drop(server);
}

#[test]
fn pictures_are_described_by_a_model_of_that_kind() {
    let place = place();
    let model = fixture("blip-tiny");
    let model = model.to_str().expect("text path");
    let run = index(&place, &["--captions", model]);
    assert_eq!(run["described"], run["photos"], "{run}");
    let photo = first(&place, "name:sign");
    let caption = photo["generated_caption"].as_str().expect("a sentence").to_owned();
    let word = caption.split(|c: char| !c.is_alphanumeric()).max_by_key(|word| word.len());
    let word = word.expect("a word");
    assert!(found(&place, &format!("text:{word}")).contains(&"sign.png".to_owned()), "{caption}");

    // The library remembers which model it was, and describes what is new with it.
    fs::copy(place.photos().join("sign.png"), place.photos().join("again.png")).expect("copied");
    fs::copy(sign().with_file_name("drawing02.png"), place.photos().join("new.png"))
        .expect("copied");
    assert_eq!(index(&place, &[])["described"], 1);
    assert_eq!(index(&place, &["--captions", "off"])["described"], 0);
    assert_eq!(first(&place, "name:sign")["generated_caption"], caption.as_str());
}

#[test]
fn models_that_find_and_models_that_describe_are_told_apart() {
    let place = place();
    let (describes, finds) = (fixture("blip-tiny"), fixture("clip-tiny"));
    let (describes, finds) = (describes.to_str().expect("text"), finds.to_str().expect("text"));
    let photos = place.photos();
    let photos = photos.to_str().expect("text path");
    for (options, told) in [
        (["--captions", finds], "no model that describes photos"),
        (["--model", describes], "seer index --captions"),
        (["--model", "blip-image-captioning-base"], "seer index --captions"),
        (["--captions", "builtin"], "does not describe them"),
        (["--captions", "blip-image-captioning-base"], "no network may be used"),
    ] {
        let ran = place.seer(&[&["index", photos][..], &options[..]].concat());
        assert!(ran.code == 2 && ran.err.contains(told), "{options:?}: {ran:?}");
    }
    let info = place.seer(&["models", "info", "blip-image-captioning-base"]);
    assert!(info.code == 0 && info.out.contains("describes photos"), "{info:?}");
    let list = place.seer(&["models", "list"]);
    assert!(list.out.contains("blip-image-captioning-base"), "{list:?}");
}
