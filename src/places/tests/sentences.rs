//! Words of queries that name places, and those that do not.

use seer_places::{Certainty, FoundPlace, read};

const ORDINARY: &str = include_str!("queries/ordinary.txt");
/// A query, a tab, the English name that is meant with or without the country's code; "-" for none.
const PLACES: &str = include_str!("queries/places.txt");

fn name(place: &FoundPlace) -> String {
    place.place.names().next().map(|name| name.english.clone()).unwrap_or_default()
}

#[test]
fn ordinary_queries_name_no_place() {
    assert!(ORDINARY.lines().count() >= 200);
    let mut medium = 0;
    let mut wrong = Vec::new();
    for query in ORDINARY.lines() {
        for mention in read(query) {
            medium += usize::from(mention.certainty == Certainty::Medium);
            if mention.certainty == Certainty::High {
                wrong.push(format!("{query}: {:?}", &query[mention.range.clone()]));
            }
            if mention.certainty == Certainty::Medium {
                println!(
                    "medium: {query}: {:?} {}",
                    &query[mention.range.clone()],
                    name(&mention.places[0])
                );
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(medium < 40, "{medium}");
}

#[test]
fn places_in_queries_are_found() {
    assert!(PLACES.lines().count() >= 100);
    let mut missed = Vec::new();
    for line in PLACES.lines() {
        let (query, wanted) = line.split_once('\t').unwrap();
        let sure: Vec<_> = read(query)
            .into_iter()
            .filter(|mention| mention.certainty == Certainty::High)
            .collect();
        let found = sure.iter().any(|mention| {
            let first = &mention.places[0];
            let (city, country) = wanted.split_once(", ").unwrap_or((wanted, &first.country_code));
            name(first) == city && first.country_code == country
        });
        if !found && wanted != "-" {
            let all: Vec<_> = read(query)
                .iter()
                .map(|m| (query[m.range.clone()].to_owned(), m.certainty, name(&m.places[0])))
                .collect();
            missed.push(format!("{query}: {all:?}"));
        }
    }
    println!("{} missed {missed:#?}", missed.len());
    assert!(missed.len() <= 3, "{missed:#?}");
}

/// Texts of pieces that are joined at random, whatever they are made of.
#[test]
fn any_text_has_an_answer() {
    const PIECES: [&str; 24] = [
        "lisbon",
        "in ",
        "'s",
        "’",
        " ",
        ",",
        "é",
        "l'",
        "d’",
        "東京",
        "で",
        "\u{301}",
        "\u{200d}",
        "ー",
        "Paris",
        "s",
        "-",
        ".",
        "서울",
        "\0",
        "ß",
        "กรุงเทพ",
        "Île",
        "new york ",
    ];
    let mut state = 7_u64;
    for _ in 0..3_000 {
        let text: String = (0..12)
            .map(|_| {
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                PIECES[(state >> 33) as usize % PIECES.len()]
            })
            .collect();
        let mut end = 0;
        for mention in read(&text) {
            assert!(
                mention.range.start >= end && !text[mention.range.clone()].is_empty(),
                "{text:?}"
            );
            assert!(text.get(mention.phrase.clone()).is_some() && !mention.places.is_empty());
            end = mention.range.end;
        }
        let _ = seer_places::position_or_place(&text);
    }
}
