//! What fits is told from what is only near, and ordered by time: the whole way through the
//! program, with the built-in model and the demo's pictures.

mod support;

use std::collections::BTreeSet;
use std::path::Path;

use seer_images::{Alteration, Limits};
use support::{Place, Ran};

const DEMO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/cli/demo");

/// The demo's pictures, indexed with the built-in model.
fn place() -> Place {
    let place = Place::empty();
    for entry in std::fs::read_dir(DEMO).expect("the demo's pictures") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|ending| ending == "jpg") {
            let to = place.photos().join(path.file_name().expect("a name"));
            std::fs::copy(&path, to).expect("a copy");
        }
    }
    let photos = place.photos();
    let ran = run(&place, &["index", photos.to_str().expect("text")]);
    assert_eq!(ran.code, 0, "{ran:?}");
    place
}

fn run(place: &Place, args: &[&str]) -> Ran {
    place.seer(&[args, &["--model", "builtin"]].concat())
}

fn name(path: &str) -> String {
    Path::new(path).file_name().expect("a name").to_string_lossy().into_owned()
}

fn bands(ran: &Ran) -> Vec<String> {
    let hits = ran.json();
    hits.iter().map(|hit| hit["band"].as_str().expect("a band").to_owned()).collect()
}

#[test]
fn weak_photos_are_left_out_unless_all_are_asked_for() {
    let place = place();
    let query = "a kitten playing with wool";
    let fit = run(&place, &["search", "-k", "40", query]);
    assert_eq!(fit.code, 0, "{fit:?}");
    assert!((1..10).contains(&fit.lines().len()), "{fit:?}");
    assert!(fit.err.contains("--all prints them too"), "{fit:?}");

    let all = run(&place, &["search", "-k", "40", "--all", query]);
    assert_eq!(all.lines().len(), 40, "{all:?}");
    assert_eq!(all.lines()[..fit.lines().len()], fit.lines()[..]);

    let json = run(&place, &["search", "-k", "40", "--json", "--all", query]);
    let bands = bands(&json);
    assert!(bands.iter().is_sorted_by_key(|band| band == "weak"), "{bands:?}");
    let weak = bands.iter().filter(|band| *band == "weak").count();
    assert_eq!(bands.len() - weak, fit.lines().len());

    // A photo that nobody has: nothing for a pipe, and a status that says so.
    let nothing = run(&place, &["search", "an x-ray of a broken leg"]);
    assert_eq!((nothing.code, nothing.out.as_str()), (1, ""), "{nothing:?}");
    assert!(nothing.err.contains("nothing here clearly shows this"), "{nothing:?}");
    let closest = run(&place, &["search", "--all", "an x-ray of a broken leg"]);
    assert_eq!((closest.code, closest.lines().len()), (1, 20), "{closest:?}");

    // A photo is never weak whose name holds the words, whatever it shows.
    let named = run(&place, &["search", "photo 07"]);
    assert_eq!(
        (named.code, named.lines().first().map(|path| name(path))),
        (0, Some("photo-07.jpg".into()))
    );
}

#[test]
fn a_picture_finds_what_is_like_it_and_nothing_else() {
    let place = place();
    let shepherd = place.photos().join("photo-01.jpg");
    let shepherd = shepherd.to_str().expect("text");
    let nothing = run(&place, &["similar", shepherd]);
    assert_eq!((nothing.code, nothing.out.as_str()), (1, ""), "{nothing:?}");
    assert!(nothing.err.contains("nothing here looks like it"), "{nothing:?}");
    let all = run(&place, &["similar", "--all", "--json", "-k", "40", shepherd]);
    assert_eq!(bands(&all), vec!["weak"; 39], "{all:?}");
    // The same scene: the left part of the picture, beside all others.
    let bytes = std::fs::read(shepherd).expect("a picture");
    let picture = seer_images::decode(&bytes, &Limits::default()).expect("a picture");
    let left = Alteration { cut: [0.0, 0.3, 0.0, 0.0], quality: 90, ..Alteration::default() };
    let part = place.library().with_file_name("part.jpg");
    std::fs::write(&part, seer_images::altered(&picture, &left)).expect("written");
    let found = run(&place, &["similar", "--json", "--all", part.to_str().expect("text")]);
    assert_eq!(bands(&found)[..2], ["strong", "weak"], "{found:?}");
    assert_eq!(name(found.json()[0]["path"].as_str().expect("a path")), "photo-01.jpg");
}

#[test]
fn what_fits_is_put_in_order_of_time_and_counted() {
    let place = place();
    let sorted = |order| {
        let ran = run(&place, &["search", "-k", "40", "--sort", order]);
        ran.lines().iter().map(|path| name(path)).collect::<Vec<_>>()
    };
    let (newest, mut oldest) = (sorted("newest"), sorted("oldest"));
    oldest.reverse();
    assert_eq!((newest.len(), &newest), (40, &oldest));

    let by_relevance = run(&place, &["search", "-k", "40", "an animal"]);
    let by_time = run(&place, &["search", "-k", "40", "--sort", "oldest", "an animal"]);
    let set = |ran: &Ran| ran.lines().into_iter().map(str::to_owned).collect::<BTreeSet<_>>();
    assert_eq!(set(&by_relevance), set(&by_time), "the same photos in another order");
    let expected: Vec<&String> =
        oldest.iter().rev().filter(|file| by_time.out.contains(file.as_str())).collect();
    let found: Vec<String> = by_time.lines().iter().map(|path| name(path)).collect();
    assert_eq!(found.iter().collect::<Vec<_>>(), expected);

    let counted = run(&place, &["search", "--timeline", "year", "--json"]);
    let periods = counted.json();
    let dated: u64 = periods.iter().map(|period| period["photos"].as_u64().expect("a count")).sum();
    let undated = run(&place, &["search", "--timeline", "year"]);
    assert!(dated <= 40 && (dated == 40 || undated.err.contains("not say when")), "{undated:?}");

    let wrong = run(&place, &["search", "--sort", "best", "an animal"]);
    assert!(wrong.code == 2 && wrong.err.contains("newest"), "{wrong:?}");
}

/// What some of the demo's pictures show, and things that none of them shows.
fn answers(place: &Place) -> std::path::PathBuf {
    let there = [
        ("a German shepherd", "01"),
        ("a cup of coffee", "03"),
        ("horses", "05"),
        ("a polar bear", "07"),
        ("a castle on a hill", "09"),
        ("a kitten playing with wool", "10"),
        ("a parrot", "12"),
        ("sheep", "15"),
        ("a giant panda", "18"),
        ("hens", "20"),
        ("a bee on a flower", "24"),
        ("an owl", "26"),
        ("a koala in a tree", "29"),
        ("goldfish", "32"),
        ("solar panels", "38"),
        ("a hedgehog", "39"),
    ];
    let absent = ["a typewriter", "an x-ray of a broken leg", "penguins on ice", "sushi"];
    let there = there.map(|(query, photo)| format!("{query}\tphoto-{photo}.jpg\n"));
    let absent = absent.map(|query| format!("{query}\t\n"));
    let file = place.library().with_file_name("answers.tsv");
    std::fs::write(&file, there.concat() + &absent.concat()).expect("a file");
    file
}

#[test]
fn known_answers_measure_and_fit_what_fits() {
    let place = place();
    let answers = answers(&place);
    let (answers, photos) = (answers.to_str().expect("text"), place.photos());
    let photos = photos.to_str().expect("text");
    let eval = |more: &[&str]| {
        let args = ["eval", "relevance", answers, "--images", photos, "--json"];
        run(&place, &[&args[..], more].concat())
    };
    let share = |report: &serde_json::Value, name: &str| report[name].as_f64().expect("a share");
    let known = eval(&[]).json().remove(0);
    assert_eq!((&known["all"]["present"], &known["all"]["absent"]), (&16.into(), &20.into()));
    assert!(share(&known["all"], "auc") > 0.8, "{known}");
    assert!(share(&known, "attained_at_10") > 0.9, "{known}");
    assert!(share(&known["bands"], "right_shown") > 0.7, "{known}");

    let file = place.library().with_file_name("relevance.safetensors");
    let fitted = eval(&["--fit", file.to_str().expect("text")]);
    assert_eq!(fitted.code, 0, "{fitted:?}");
    assert!(share(&fitted.json()[0]["all"], "auc") > 0.7, "{fitted:?}");
    assert!(std::fs::metadata(&file).expect("a fit").len() > 10_000);
    let nowhere = eval(&["--fit"]);
    assert!(nowhere.code == 2 && nowhere.err.contains("--fit FILE"), "{nowhere:?}");
}

#[test]
fn a_model_that_was_fitted_says_what_fits() {
    let place = Place::empty();
    let model = place.library().with_file_name("tiny");
    std::fs::create_dir_all(&model).expect("a folder");
    for entry in std::fs::read_dir(support::fixture("clip-tiny")).expect("a checkpoint") {
        let path = entry.expect("an entry").path();
        std::fs::copy(&path, model.join(path.file_name().expect("a name"))).expect("a copy");
    }
    let (model, photos) = (model.to_str().expect("text").to_owned(), place.photos());
    for (number, entry) in std::fs::read_dir(DEMO).expect("the demo").enumerate() {
        let path = entry.expect("an entry").path();
        let label = photos.join(format!("label {}", number % 12));
        std::fs::create_dir_all(&label).expect("a folder");
        if path.extension().is_some_and(|ending| ending == "jpg") {
            std::fs::copy(&path, label.join(path.file_name().expect("a name"))).expect("a copy");
        }
    }
    let photos = photos.to_str().expect("text");
    let seer = |args: &[&str]| place.seer(&[args, &["--model", &model]].concat());
    let search = || seer(&["search", "label", "--json", "--all", "-k", "3"]).json();
    assert_eq!(seer(&["index", photos]).code, 0);
    assert!(search()[0].get("band").is_none(), "nobody measured it");
    let fitted = seer(&["eval", "relevance", photos, "--fit", "--quiet"]);
    assert_eq!(fitted.code, 0, "{fitted:?}");
    assert!(fitted.out.contains("relevance.safetensors"), "{fitted:?}");
    assert!(search()[0].get("band").is_some(), "it was");
}
