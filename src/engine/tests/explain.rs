//! Why photos are in an answer.

mod common;

use common::{fill, id_of, open, pictures, taken_in};
use seer_engine::{
    Change, Explanation, Library, PartKind, Picture, SearchAnswer, SearchRequest, StandsIn,
};
use seer_types::LibraryPath;

fn explained(library: &Library, query: &str, pictures: Vec<Picture>) -> SearchAnswer {
    let request = SearchRequest {
        query: query.into(),
        pictures,
        k: 100,
        explain: true,
        ..SearchRequest::default()
    };
    library.search(&request).unwrap_or_else(|e| panic!("{query}: {e}"))
}

fn whys(answer: &SearchAnswer) -> impl Iterator<Item = (&seer_engine::Hit, &Explanation)> {
    answer.hits.iter().map(|hit| (hit, hit.why.as_deref().expect("it was asked for")))
}

#[test]
fn shares_add_up_whatever_the_query_is_made_of() {
    let temp = tempfile::tempdir().unwrap();
    let library = open(temp.path());
    fill(&library);
    let bytes = std::fs::read(&pictures()[1]).unwrap();
    let (photo, own) = (Picture::Photo(id_of(&pictures()[0])), Picture::Bytes(bytes));
    let cases = [
        ("two dogs", vec![], vec![PartKind::Words]),
        (
            "two dogs red^0.5 -snow",
            vec![],
            vec![PartKind::Words, PartKind::Words, PartKind::Excluded],
        ),
        ("dogs -people", vec![], vec![PartKind::Words, PartKind::Excluded]),
        ("-snow", vec![], vec![PartKind::AnyPhoto, PartKind::Excluded]),
        (
            "at night -snow",
            vec![own, photo],
            vec![PartKind::Words, PartKind::Photo, PartKind::Picture, PartKind::Excluded],
        ),
    ];
    for (query, pictures, kinds) in cases {
        let answer = explained(&library, query, pictures);
        assert!(!answer.hits.is_empty());
        for (hit, why) in whys(&answer) {
            let found: Vec<PartKind> = why.parts.iter().map(|part| part.kind).collect();
            assert_eq!(found, kinds, "{query}");
            let sum: f32 = why.parts.iter().map(|part| part.share).sum();
            assert!((sum - hit.score).abs() < 2e-3, "{query}: {sum}, not {}", hit.score);
            for part in &why.parts {
                let excluded = part.kind == PartKind::Excluded;
                assert_eq!(part.weight < 0.0, excluded, "{query}: {part:?}");
                assert!((part.weight * part.cosine - part.share).abs() < 1e-4);
            }
        }
    }
}

#[test]
fn a_word_is_worth_what_the_score_loses_without_it() {
    let temp = tempfile::tempdir().unwrap();
    let library = open(temp.path());
    fill(&library);
    let answer = explained(&library, "two dogs in the snow", vec![]);
    let without = explained(&library, "two dogs in the", vec![]);
    for (hit, why) in whys(&answer) {
        let words: Vec<&str> = why.words.iter().map(|one| one.word.as_str()).collect();
        assert_eq!(words, ["two", "dogs", "snow"], "small words say nothing");
        let other = without.hits.iter().find(|other| other.photo.id == hit.photo.id).unwrap();
        let lost = hit.score - other.score;
        assert!((why.words[2].share - lost).abs() < 1e-3, "{lost}, {:?}", why.words);
    }
    let one = explained(&library, "dogs", vec![]);
    assert!(whys(&one).all(|(_, why)| why.words.is_empty()), "its part says it all");
}

#[test]
fn words_in_names_and_filters_say_where_and_what() {
    let temp = tempfile::tempdir().unwrap();
    let library = open(temp.path());
    fill(&library);
    let answer = explained(&library, "gray ext:png", vec![]);
    let gray: Vec<_> = whys(&answer).filter(|(_, why)| !why.stands.is_empty()).collect();
    assert!(!gray.is_empty());
    for (hit, why) in gray {
        let path = hit.photo.files[0].path.to_text();
        let stands = &why.stands[0];
        assert_eq!((stands.word.as_str(), stands.place), ("gray", StandsIn::Name));
        assert_eq!(stands.path.as_deref(), Some(path.as_str()));
        assert_eq!(why.filters.len(), 1);
        assert_eq!(why.filters[0].values, [path]);
        assert!(why.places.words.is_some_and(|by| by.place >= 1 && by.share > 0.99));
    }
    let places: Vec<usize> = whys(&answer).filter_map(|(_, why)| why.places.meaning).collect();
    let mut sorted = places.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, (1..=answer.hits.len()).collect::<Vec<_>>());
}

#[test]
fn without_meaning_there_are_filters_alone() {
    let temp = tempfile::tempdir().unwrap();
    let library = open(temp.path());
    fill(&library);
    for (_, why) in whys(&explained(&library, "ext:jpg", vec![])) {
        assert!(why.parts.is_empty() && why.words.is_empty() && why.judged.is_none());
        assert_eq!(why.filters[0].filter, "ext:jpg");
    }
}

#[test]
fn a_folded_hit_is_explained_by_the_photo_that_gave_it_its_score() {
    let temp = tempfile::tempdir().unwrap();
    let library = open(temp.path());
    fill(&library);
    // The same picture once more, larger and with another point: it is on top, wherever its own place
    // would be.
    let bytes = std::fs::read(&pictures()[0]).unwrap();
    let signature = seer_images::decode(&bytes, &Default::default()).unwrap().signature();
    assert!(signature.is_some(), "a flat picture is folded with none");
    let mut one = taken_in(&library, &pictures()[0]);
    let mut twin = taken_in(&library, &pictures()[0]);
    let other = taken_in(&library, &pictures()[3]);
    if let Change::Photo { facts, .. } = &mut one {
        facts.signature = signature.clone();
    }
    if let (Change::Photo { id, points, size, file, facts }, Change::Photo { points: others, .. }) =
        (&mut twin, other)
    {
        id.0[0] ^= 1;
        *size += 1;
        file.path = LibraryPath::new("/p/twin.jpg");
        facts.signature = signature;
        *points = others;
    }
    library.apply(vec![one, twin]).unwrap();
    let answer = explained(&library, "two dogs", vec![]);
    assert!(answer.hits.iter().any(|hit| !hit.alike.is_empty()), "something is folded");
    for (hit, why) in whys(&answer) {
        let all: Vec<_> = std::iter::once(&hit.photo).chain(&hit.alike).map(|one| one.id).collect();
        assert!(all.contains(&why.photo));
        let sum: f32 = why.parts.iter().map(|part| part.share).sum();
        assert!((sum - hit.score).abs() < 2e-3, "{sum}, not {}", hit.score);
    }
}
