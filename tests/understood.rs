//! Words that say when, and what is not wanted, on the command line.

mod support;

use support::Place;

#[test]
fn a_reading_that_leaves_nothing_says_how_to_keep_the_words() {
    let place = Place::with_pictures();
    place.index();
    let ran = place.seer(&["search", "a", "flower", "in", "June", "1950"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.err.contains("no photo fulfils date:1950-06"), "{ran:?}");
    assert!(ran.err.contains("read \"in June 1950\" as date:1950-06"), "{ran:?}");
    assert!(ran.err.contains("a flower words:\"in June 1950\""), "{ran:?}");
    let ran = place.seer(&["search", "a flower words:\"in June 1950\""]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
    let quiet = place.seer(&["search", "--quiet", "flower in June 1950"]);
    assert_eq!((quiet.code, quiet.err.as_str()), (1, ""), "{quiet:?}");
}

#[test]
fn an_offer_changes_no_answer() {
    let place = Place::with_pictures();
    place.index();
    let found = |query: &str| place.seer(&["search", query]).out;
    assert_eq!(found("a city at night"), found("a city words:\"at night\""));
    let none = place.seer(&["search", "a city time:22:00..05:00"]);
    assert!(none.code == 1 && none.out.is_empty(), "no photo has a time: {none:?}");
    let wrong = place.seer(&["search", "weekday:someday"]);
    assert!(wrong.code == 2 && wrong.err.contains("mon..fri"), "{wrong:?}");
}

#[test]
fn what_is_left_out_in_words_is_excluded() {
    let place = Place::with_pictures();
    place.index();
    let found = |query: &str| place.seer(&["search", "--json", "--all", query]).out;
    assert_eq!(found("a city without people"), found("a city -people"));
    assert_ne!(found("a city without people"), found("a city words:\"without people\""));
    assert_eq!(found("a city with no red cars"), found("a city -words:\"red cars\""));
    assert_eq!(found("a no parking sign"), found("words:\"a no parking sign\""));
    let none = place.seer(&["search", "a city without people in June 1950"]);
    assert!(none.err.contains("no photo fulfils date:1950-06\n"), "{none:?}");
    assert!(none.err.contains("read \"without people\" as -people; to keep the words: a city"));
}
