//! Classes of pictures, as a person or a script asks for them: those a classifier has learnt, and
//! those that words name.

mod support;

use std::collections::BTreeSet;

use seer_engine::{Analysis, Change, Library, OpenOptions};
use seer_types::PhotoId;
use support::{Place, Ran, fixture};

#[test]
fn a_classifier_names_its_own_classes() {
    let place = Place::with_pictures();
    let picture = place.photos().join("3_gray.png");
    let folder = fixture("timm-convnext");
    let args = ["classify", picture.to_str().unwrap(), "--model", folder.to_str().unwrap()];
    let line = place.seer(&[&args[..], &["--json", "-k", "3"]].concat()).json().remove(0);
    let labels = line["labels"].as_array().unwrap();
    assert_eq!(labels.len(), 3);
    assert!(labels[0]["label"].as_str().unwrap().starts_with("thing "), "{line}");
    assert!(labels[0]["probability"].as_f64() >= labels[1]["probability"].as_f64());
    assert!(labels[0].get("cosine").is_none());
    let ran = place.seer(&["classify", args[1]]);
    assert!(ran.code == 2 && ran.err.contains("which labels?"), "{ran:?}");
    let all = ["classify", args[1], "--json", "-k", "1000", "--model", "builtin"];
    let line = place.seer(&all).json().remove(0);
    let labels = line["labels"].as_array().unwrap();
    let sum: f64 = labels.iter().map(|label| label["probability"].as_f64().unwrap()).sum();
    assert!(labels.len() == 1000 && (sum - 1.0).abs() < 1e-3, "the built-in model's: {sum}");
    let ran = place.seer(&["embed", picture.to_str().unwrap(), "--model", args[3]]);
    assert_eq!(ran.code, 0, "a model that reads pictures only: {ran:?}");
}

#[test]
fn what_a_classifier_sees_is_searched_as_tags() {
    let place = Place::with_pictures();
    let photos = place.photos();
    let folder = fixture("timm-convnext");
    let model = ["--model", folder.to_str().unwrap()];
    let ran = place.seer(&[&["index", photos.to_str().unwrap()][..], &model].concat());
    assert_eq!(ran.code, 0, "{ran:?}");

    // The same from `classify`, picture by picture.
    let mut shows_five = BTreeSet::new();
    for entry in std::fs::read_dir(&photos).unwrap() {
        let picture = entry.unwrap().path().to_str().unwrap().to_owned();
        let args = ["classify", &picture, "--json", "-k", "3"];
        let line = place.seer(&[&args[..], &model].concat()).json().remove(0);
        let sure = line["labels"].as_array().unwrap().iter().any(|label| {
            label["label"] == "thing 5, item 5" && label["probability"].as_f64().unwrap() >= 0.2
        });
        if sure {
            shows_five.insert(picture);
        }
    }
    assert!((2..10).contains(&shows_five.len()), "some, not all: {shows_five:?}");

    let found = |filter: &str, model: &[&str]| -> BTreeSet<String> {
        let ran = place.seer(&[&["search", filter, "-k", "100"][..], model].concat());
        ran.lines().into_iter().map(str::to_owned).collect()
    };
    assert_eq!(found("tag:\"item 5\"", &model), shows_five);
    assert_eq!(found("tag:\"Thing 5\"", &model), shows_five);
    let words = place.seer(&[&["search", "a dog"][..], &model].concat());
    assert!(words.code == 2 && words.err.contains("tag:"), "words need a text tower: {words:?}");

    place.index();
    assert_eq!(found("tag:\"item 5\"", &[]), shows_five, "kept when CLIP takes over");
}

/// A library that an earlier seer filled has embeddings and no classes of them.
#[test]
fn photos_that_were_encoded_without_classes_are_looked_at_once_more() {
    let place = Place::with_pictures();
    let photos = place.photos();
    let index = || {
        let args = ["index", "--json", photos.to_str().unwrap(), "--model", "builtin"];
        let ran = place.seer(&args);
        assert_eq!(ran.code, 0, "{ran:?}");
        ran
    };
    let encoded = |ran: &Ran| ran.finished()["encoded"].as_u64().unwrap();
    let all = encoded(&index());
    assert!(all > 1 && encoded(&index()) == 0);
    let ids = place.seer(&["search", "--json", "-k", "100", "--model", "builtin"]).json();
    let ids: Vec<PhotoId> =
        ids.iter().map(|hit| hit["id"].as_str().unwrap().parse().unwrap()).collect();
    {
        let library = Library::open(&place.library(), OpenOptions::default()).unwrap();
        let model = library.space_list().unwrap()[0].fingerprint.parse().unwrap();
        let Analysis::Named { name, .. } = Analysis::classes_of(model) else { panic!("named") };
        let earlier = Analysis::Named { name, version: 0 };
        let noted = |id: &PhotoId| Change::Analysed { id: *id, analysis: earlier.clone() };
        library.apply(ids.iter().map(noted).collect()).unwrap();
    }
    let ran = index();
    assert!(encoded(&ran) == all && ran.out.contains("looked at once more"), "{ran:?}");
    assert_eq!(encoded(&index()), 0, "once");
}

/// Real photos, without a word in their names that says what they show.
fn demo_photos(place: &Place) {
    let demo = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/cli/demo");
    for (number, name) in [(1, "a.jpg"), (3, "b.jpg"), (10, "c.jpg"), (18, "d.jpg"), (20, "e.jpg")]
    {
        let photo = demo.join(format!("photo-{number:02}.jpg"));
        std::fs::copy(&photo, place.photos().join(name)).unwrap();
    }
}

#[test]
fn a_query_that_names_a_class_raises_the_photos_that_show_it() {
    let place = Place::empty();
    demo_photos(&place);
    let photos = place.photos();
    let ran = place.seer(&["index", photos.to_str().unwrap(), "--model", "builtin"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let first = |query: &str| {
        let hits = place.seer(&["search", query, "--json", "--model", "builtin"]).json();
        let hit = &hits[0];
        let name = hit["path"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
        (name, hit["shows"].as_f64().unwrap_or(0.0))
    };
    for (query, name) in [
        ("Alsatians", "a.jpg"),
        ("a photo of a dog", "a.jpg"),
        ("espresso", "b.jpg"),
        ("felines", "c.jpg"),
        ("panda bear", "d.jpg"),
        ("hens", "e.jpg"),
    ] {
        let (found, shows) = first(query);
        assert!(found == name && (0.4..=1.0).contains(&shows), "{query}: {found}, {shows}");
    }
    assert_eq!(first("two dogs on a beach").1, 0.0, "a sentence names nothing");
    assert_eq!(first("a black and white panda in a tree").0, "d.jpg");
}

#[test]
fn eval_names_orders_as_a_search_does() {
    let place = Place::empty();
    demo_photos(&place);
    let photos = place.photos();
    for (label, name) in [("animals", "a.jpg"), ("animals", "c.jpg"), ("drinks", "b.jpg")] {
        std::fs::create_dir_all(photos.join(label)).unwrap();
        std::fs::rename(photos.join(name), photos.join(label).join(name)).unwrap();
    }
    let words = place.library().with_file_name("words.tsv");
    std::fs::write(&words, "feline\tanimals\nespresso\tdrinks\nbeverage, hot\tdrinks\n").unwrap();
    let eval = |words: &std::path::Path| {
        let args = ["eval", "names", photos.to_str().unwrap(), "--model", "builtin", "--json"];
        place.seer(&[&args[..], &["--words", words.to_str().unwrap()]].concat())
    };
    let report = eval(&words).json().remove(0);
    let counts = (&report["words"], &report["known"], &report["pictures"]);
    assert_eq!(counts, (&3.into(), &2.into(), &3.into()), "loose pictures are of no label");
    assert_eq!((&report["recall"]["at_5"], &report["attained_at_10"]), (&1.0.into(), &1.0.into()));
    assert!(report["recall"]["at_1"].as_f64() >= report["recall_by_cosine"]["at_1"].as_f64());
    assert!(report["similar_at_5"].as_f64().unwrap() > 0.0);
    std::fs::write(&words, "feline\tcats\n").unwrap();
    let ran = eval(&words);
    assert!(ran.code == 2 && ran.err.contains("no folder cats"), "{ran:?}");
}

#[test]
fn eval_classify_counts_the_right_ones() {
    let place = Place::empty();
    for (class, picture) in [("grey_wall", "3_gray.png"), ("fence", "8_wide.png")] {
        std::fs::create_dir(place.photos().join(class)).unwrap();
        let target = place.photos().join(class).join(picture);
        std::fs::copy(fixture("images").join(picture), target).unwrap();
    }
    let photos = place.photos();
    let args = ["eval", "classify", photos.to_str().unwrap(), "--json"];
    let report = place.seer(&args).json().remove(0);
    assert_eq!((&report["classes"], &report["pictures"]), (&2.into(), &2.into()));
    assert_eq!(report["top_5"], 1.0, "two classes: always among the first five");
    assert!([0.0, 0.5, 1.0].contains(&report["top_1"].as_f64().unwrap()));
    let names = &report["name_to_image"];
    assert!([0.0, 0.5, 1.0].contains(&names["at_1"].as_f64().unwrap()), "{names}");
    assert_eq!((&names["at_5"], &names["at_10"]), (&1.0.into(), &1.0.into()), "of two pictures");

    let names = place.photos().join("names.tsv");
    std::fs::write(&names, "grey_wall\ta wall\n").unwrap();
    let ran = place.seer(&[&args[..], &["--names", names.to_str().unwrap()]].concat());
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("fence"), "a folder without a name: {}", ran.err);
}

/// Pictures are compared with pictures in a space of their own, which nobody has to know of.
#[test]
fn similar_photos_are_looked_for_among_pictures_alone() {
    let place = Place::empty();
    demo_photos(&place);
    let photos = place.photos();
    let encoded = || {
        let args = ["index", "--json", photos.to_str().unwrap(), "--model", "builtin"];
        place.seer(&args).finished()["encoded"].as_u64().unwrap()
    };
    assert_eq!(encoded(), 5);
    let dog = photos.join("a.jpg");
    let similar = || {
        let args = ["similar", dog.to_str().unwrap(), "--json", "--model", "builtin", "-k", "9"];
        let hits = place.seer(&args).json();
        hits.iter().map(|hit| hit["score"].as_f64().unwrap()).collect::<Vec<_>>()
    };
    let spaces = || {
        let library = Library::open(&place.library(), OpenOptions::default()).unwrap();
        assert_eq!(library.space_list().unwrap().len(), 1, "one model, one line");
        library.store().spaces().unwrap()
    };
    let alone = similar();
    assert!(spaces().iter().all(|space| space.photos == 5) && spaces().len() == 2);

    // As an earlier seer left it.
    let name = spaces().into_iter().find(|space| space.name.starts_with("pictures of ")).unwrap();
    Library::open(&place.library(), OpenOptions::default())
        .unwrap()
        .store()
        .delete_space(name.model)
        .unwrap();
    let among_texts = similar();
    assert!(among_texts.len() == alone.len() && among_texts != alone, "{alone:?}");
    assert_eq!(encoded(), 5, "looked at once more");
    assert_eq!(similar(), alone);
    let ran = place.seer(&["models", "forget", "pictures of", "--yes"]);
    assert_eq!(ran.code, 2, "not by itself: {ran:?}");
}
