//! What fits is told from what is only near, and ordered by time: the whole way through the
//! program, with the built-in model and the demo's pictures.

mod support;

use std::collections::BTreeSet;
use std::path::Path;

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
