use super::*;
use crate::query::{MOST_FILTERS, MOST_TEXTS, parse};

/// Sunday.
fn now() -> LocalTime {
    "2026-11-29T14:30:00".parse().unwrap()
}

fn understood(text: &str) -> Understanding {
    let context = Context { now: now(), south: false };
    let found = when::times(text, &plain_runs(text), &context);
    let found = when_and_without(text, &plain_runs(text), found);
    understanding(text, parse(text).unwrap(), found, &|rest| Ok(parse(rest)?)).unwrap()
}

/// Meaning and filters of a query.
fn left(text: &str) -> (String, Vec<String>) {
    let query = understood(text).query;
    let filters = query.filters.iter().map(|(text, _)| text.clone());
    (query.words(), filters.collect())
}

fn one(text: &str) -> ReadWords {
    let mut readings = understood(text).readings;
    assert_eq!(readings.len(), 1, "{text}: {readings:?}");
    readings.remove(0)
}

#[test]
fn words_that_say_when_are_no_meaning() {
    for (text, words, filters) in [
        ("dogs last summer", "dogs", "after:2026-06-01 before:2026-09-01"),
        ("(dogs in June 2019), park", "(dogs park", "date:2019-06"),
        ("ext:jpg in 2019 -cat dogs", "dogs", "ext:jpg year:2019"),
        ("show me photos from June 2019", "", "date:2019-06"),
        ("14 July 2019", "", "date:2019-07-14"),
        ("cake on 2019-12-31", "cake", "date:2019-12-31"),
        ("Hunde zwischen 2015 und 2017", "Hunde", "after:2015-01-01 before:2018-01-01"),
        ("last night", "", "after:2026-11-28T18:00 before:2026-11-29T06:00"),
        ("skating on sundays", "skating", "weekday:sunday"),
        ("skating on weekends in 2019", "skating", "weekday:sat,sun year:2019"),
        ("fox taken at night", "fox", "time:22:00..05:00"),
        ("in July", "", "month:7"),
        ("between december and february", "", "month:12..2"),
        ("taken on new year's eve", "", "day:12-31..01-01"),
        ("on 25 December", "", "day:12-25"),
        ("since 2015 until 2018", "", "after:2015-01-01 before:2019-01-01"),
    ] {
        let (found, written) = left(text);
        assert_eq!((found.as_str(), written.join(" ").as_str()), (words, filters), "{text}");
    }
}

#[test]
fn what_was_read_can_be_taken_back() {
    let reading = one("dogs last summer, ext:jpg");
    assert!(reading.applied);
    assert_eq!(
        (reading.read.as_str(), reading.filters.as_str()),
        ("last summer", "after:2026-06-01 before:2026-09-01")
    );
    assert_eq!(reading.query, "dogs words:\"last summer\" ext:jpg");
    assert_eq!(left(&reading.query), ("dogs last summer".into(), vec!["ext:jpg".into()]));
    assert!(understood(&reading.query).readings.is_empty());
    assert_eq!(one("yesterday").query, "words:yesterday");
}

#[test]
fn what_is_offered_changes_nothing_until_it_is_taken_up() {
    for (text, filters, taken_up) in [
        ("city at night", "time:22:00..05:00", "city time:22:00..05:00"),
        ("May", "month:5", "month:5"),
        ("paris 2019", "year:2019", "paris year:2019"),
        ("a girl in summer dress", "month:6..8", "a girl month:6..8 dress"),
        ("family weekend", "weekday:sat,sun", "family weekday:sat,sun"),
    ] {
        let reading = one(text);
        assert!(!reading.applied, "{text}");
        assert_eq!((reading.filters.as_str(), reading.query.as_str()), (filters, taken_up));
        assert_eq!(left(text), (text.into(), vec![]));
        assert_eq!(left(taken_up).1, [filters]);
        assert!(understood(taken_up).readings.is_empty(), "{taken_up}");
    }
}

#[test]
fn every_reading_is_written_as_filters_that_mean_it() {
    for text in [
        "last night",
        "yesterday evening",
        "since 2015",
        "summer 2019",
        "in July",
        "in the 90s",
        "on sunday mornings",
        "between 10 pm and 4 am",
        "4/7/2019",
        "christmas",
        "two weeks ago",
    ] {
        let reading = one(text);
        assert!(!parse(&reading.filters).unwrap().filters.is_empty(), "{text}");
        assert!(parse(&reading.query).is_ok(), "{text}");
    }
}

#[test]
fn quotes_pairs_weights_and_excluded_words_are_not_read() {
    for text in [
        "\"last summer\"",
        "text:\"last summer\"",
        "words:\"last summer\"",
        "-yesterday",
        "yesterday^0.5",
        "name:2019",
        "dogs -2019",
        "summer^2 2019-x",
    ] {
        assert!(understood(text).readings.is_empty(), "{text}");
    }
}

#[test]
fn times_that_exclude_each_other_are_not_both_asked_for() {
    let both = understood("in 2017 a dog in 2019");
    let applied: Vec<bool> = both.readings.iter().map(|reading| reading.applied).collect();
    assert_eq!(applied, [true, false]);
    assert!(understood("year:2019 in 2019").readings.is_empty(), "it is asked for already");
}

#[test]
fn queries_keep_their_limits() {
    let many = "in 2019 ".repeat(200);
    let found = understood(&many);
    assert!(found.readings.len() <= 8 && found.query.filters.len() <= MOST_FILTERS);
    let full = format!("{} in 2019", "ext:jpg ".repeat(MOST_FILTERS));
    let found = understood(&full);
    assert_eq!((found.query.filters.len(), found.readings[0].applied), (MOST_FILTERS, false));
}

#[test]
fn reading_a_sentence_costs_little() {
    let text = "two dogs running on a beach last summer in the evening with a red ball in the 90s";
    understood(text);
    let start = std::time::Instant::now();
    (0..100).for_each(|_| drop(understood(text)));
    let each = start.elapsed() / 100;
    assert!(
        each < std::time::Duration::from_millis(if cfg!(debug_assertions) { 10 } else { 1 }),
        "{each:?}"
    );
}

/// A query in a library that knows these names.
fn with_names(text: &str, known: &[&str]) -> Understanding {
    let runs = plain_runs(text);
    let context = Context { now: now(), south: false };
    let times = when::times(text, &runs, &context);
    let taken: Vec<_> = times.iter().map(|found| found.pieces.clone()).collect();
    let candidates = names::candidates(text, &runs, &taken);
    let is_known: Vec<bool> =
        candidates.iter().map(|one| known.contains(&one.found.filters.as_str())).collect();
    let found = [times, names::chosen(candidates, &is_known)].concat();
    understanding(text, parse(text).unwrap(), found, &|rest| Ok(parse(rest)?)).unwrap()
}

#[test]
fn a_camera_is_sure_where_the_words_say_that_it_took_the_photos() {
    let known = ["camera:\"Canon EOS R6\"", "camera:iphone", "lens:50mm", "camera:\"iphone 6\""];
    for (text, words, filters) in [
        ("photos from my Canon EOS R6", "", "camera:\"Canon EOS R6\""),
        ("Canon EOS R6", "", "camera:\"Canon EOS R6\""),
        ("dogs taken with my iphone in 2019", "dogs", "year:2019 camera:iphone"),
        ("dogs shot on iphone", "dogs", "camera:iphone"),
        ("50mm photos", "", "lens:50mm"),
    ] {
        let found = with_names(text, &known);
        let mut filters: Vec<&str> = filters.split_inclusive("\" ").collect();
        filters.sort_unstable();
        let written: Vec<&str> =
            found.query.filters.iter().map(|(text, _)| text.as_str()).collect();
        assert_eq!(found.query.words(), words, "{text}");
        let expected = filters.join(" ");
        assert!(written.iter().all(|filter| expected.contains(filter)), "{text}: {written:?}");
        assert_eq!(found.readings.iter().filter(|one| one.applied).count(), written.len());
        assert!(!written.is_empty(), "{text}");
    }
    for text in ["an iphone 6 on a table", "a woman with a Canon EOS R6"] {
        let found = with_names(text, &known);
        assert!(!found.readings.is_empty() && !found.readings[0].applied, "{text}");
    }
    assert!(with_names("an iphone on a table", &known).readings.is_empty());
}

#[test]
fn tags_folders_and_places_are_only_offered_and_their_words_stay() {
    let known =
        ["tag:beach", "folder:Grandma", "tag:\"golden retriever\"", "text:Lisbon", "tag:retriever"];
    for (text, query) in [
        ("beach", "beach tag:beach"),
        ("a dog on the beach", "a dog on the beach tag:beach"),
        ("Grandma in the garden", "Grandma in the garden folder:Grandma"),
        ("golden retriever", "golden retriever tag:\"golden retriever\""),
        ("trams in Lisbon", "trams in Lisbon text:Lisbon"),
    ] {
        let found = with_names(text, &known);
        let [reading] = found.readings.as_slice() else { panic!("{text}: {:?}", found.readings) };
        assert_eq!((reading.applied, reading.query.as_str()), (false, query), "{text}");
        assert_eq!(found.query.words(), text);
        assert!(with_names(query, &known).readings.is_empty(), "{query}");
    }
    assert!(with_names("\"beach\" -beach words:beach", &known).readings.is_empty());
}

#[test]
fn a_format_is_sure_before_files() {
    let known = ["type:png", "type:jpeg"];
    let found = with_names("png files of dogs", &known);
    assert_eq!((found.query.words().as_str(), found.readings[0].applied), ("dogs", true));
    let found = with_names("a png", &known);
    assert_eq!((found.query.words().as_str(), found.readings[0].applied), ("a png", false));
    assert!(with_names("gifs", &known).readings.is_empty());
}

/// What is wanted, and what is pushed away from.
fn wanted_and_excluded(text: &str) -> (String, Vec<String>) {
    let query = understood(text).query;
    let excluded = query.terms.iter().filter(|term| term.weight < 0.0);
    (query.words(), excluded.map(|term| term.text.clone()).collect())
}

#[test]
fn what_is_left_out_in_words_is_excluded() {
    for (text, words, excluded) in [
        ("beach without people", "beach", "people"),
        ("photos without people", "", "people"),
        ("beach without people last summer ext:jpg -dogs", "beach", "dogs people"),
        ("dog and no cat on the grass", "dog on the grass", "cat"),
        ("house no windows", "house no windows", ""),
        ("a dog without winter coats", "a dog", "winter coats"),
        ("lang:de Strand ohne Menschen", "Strand", "Menschen"),
    ] {
        let (wanted, left_out) = wanted_and_excluded(text);
        assert_eq!((wanted.as_str(), left_out.join(" ").as_str()), (words, excluded), "{text}");
    }
    assert_eq!(left("beach without people last summer").1.len(), 2, "and the time is a filter");
}

#[test]
fn what_was_left_out_can_be_taken_back_and_taken_up() {
    let reading = one("beach without people, ext:jpg");
    assert!(reading.applied && reading.excludes);
    assert_eq!((reading.read.as_str(), reading.filters.as_str()), ("without people", "-people"));
    assert_eq!(reading.query, "beach words:\"without people\" ext:jpg");
    assert_eq!(wanted_and_excluded(&reading.query), ("beach without people".into(), vec![]));
    assert!(understood(&reading.query).readings.is_empty());
    let offered = one("house no windows");
    assert!(!offered.applied && offered.excludes);
    assert_eq!(offered.query, "house -windows");
    assert!(!one("dogs last summer").excludes);
    assert!(understood("beach -people without people").readings.is_empty(), "it is typed already");
}

#[test]
fn exclusions_keep_to_the_limit_of_texts() {
    let full = format!("beach without snow {}", "-x ".repeat(MOST_TEXTS - 1));
    let found = understood(&full);
    assert_eq!((found.query.terms.len(), found.readings[0].applied), (MOST_TEXTS, false));
}

/// The readings of a query in a library with photos of some places, each as "words: filters", and "?" where it is
/// only offered.
fn readings(text: &str, known: &[&str]) -> Vec<String> {
    let runs = plain_runs(text);
    let times = when::times(text, &runs, &Context { now: now(), south: false });
    let found = when_and_without(text, &runs, times);
    let candidates = places::candidates(text, &runs, &pieces(&found));
    let is_there = |one: &names::Candidate| {
        ["Lisbon", "Porto", "Paris", "Berlin", "München"]
            .iter()
            .any(|name| one.found.filters.ends_with(name))
    };
    let there: Vec<bool> = candidates.iter().map(is_there).collect();
    let places = lists::joined(text, names::chosen(candidates, &there));
    let found = beside(negated(text, &runs, places), found);
    let candidates = names::candidates(text, &runs, &pieces(&found));
    let is_known: Vec<bool> =
        candidates.iter().map(|one| known.contains(&one.found.filters.as_str())).collect();
    let names = negated(text, &runs, names::chosen(candidates, &is_known));
    let found = beside(names, found);
    let found = understanding(text, parse(text).unwrap(), found, &|rest| Ok(parse(rest)?)).unwrap();
    let shown = |one: &ReadWords| {
        format!("{}{}: {}", one.read, if one.applied { "" } else { "?" }, one.filters)
    };
    found.readings.iter().map(shown).collect()
}

#[test]
fn any_of_several_times_or_places_is_meant() {
    for (text, expected) in [
        ("dogs in june and july 2019", "in june and july 2019: (date:2019-06 OR date:2019-07)"),
        ("dogs on saturdays and sundays", "on saturdays and sundays: weekday:sat,sun"),
        (
            "christmas 2018 and 2019",
            "christmas 2018 and 2019: ((after:2018-12-24 before:2018-12-27) OR (after:2019-12-24 \
             before:2019-12-27))",
        ),
        ("in Lisbon or Porto", "in Lisbon or Porto: (place:Lisbon OR place:Porto)"),
        ("beach in Lisbon and Porto", "in Lisbon and Porto: (place:Lisbon OR place:Porto)"),
        (
            "in Paris, Berlin oder München",
            "in Paris, Berlin oder München: (place:Paris OR place:Berlin OR place:München)",
        ),
        ("between Lisbon and Porto", "Lisbon and Porto?: (place:Lisbon OR place:Porto)"),
    ] {
        assert_eq!(readings(text, &[]), [expected], "{text}");
    }
}

#[test]
fn what_is_said_not_to_be_meant_is_left_out() {
    for (text, expected) in [
        ("photos outside Lisbon", "outside Lisbon: -place:Lisbon"),
        ("photos not taken in Lisbon", "not taken in Lisbon: -place:Lisbon"),
        ("dogs not in Paris", "not in Paris: -place:Paris"),
        ("everything except Lisbon", "except Lisbon: -place:Lisbon"),
        ("far from Lisbon", "far from Lisbon: -place:Lisbon"),
        ("Hunde nicht in Berlin", "nicht in Berlin: -place:Berlin"),
        ("chiens pas à Paris", "pas à Paris: -place:Paris"),
        ("dogs but not in 2019", "but not in 2019: -year:2019"),
        ("photos not from 2019", "not from 2019: -year:2019"),
        ("chiens mais pas en 2019", "mais pas en 2019: -year:2019"),
        ("perros pero no en 2019", "pero no en 2019: -year:2019"),
        ("dogs without 2019", "without 2019: -year:2019"),
        ("not on sundays", "not on sundays: -weekday:sunday"),
        ("dogs without sundays", "without sundays: -weekday:sunday"),
        ("photos not taken with canon", "not taken with canon: -camera:canon"),
        ("not in 2018 or 2020", "not in 2018 or 2020: -(year:2018 OR year:2020)"),
        ("Hunde ohne Sommer 2019", "ohne Sommer 2019: -(after:2019-06-01 before:2019-09-01)"),
    ] {
        assert_eq!(readings(text, &["camera:canon"]), [expected], "{text}");
    }
    assert_eq!(readings("not far from Lisbon", &[]), ["from Lisbon: place:Lisbon"]);
    assert_eq!(readings("no verão de 2019", &[]).len(), 1, "\"in the\" of Portuguese is no \"no\"");
    assert!(!readings("no verão de 2019", &[])[0].contains(" -"));
}
