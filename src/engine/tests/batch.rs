//! Many requests at once.

mod common;

use common::{fill, id_of, open, pictures, search};
use seer_engine::{EngineError, OpenOptions, Picture, SearchRequest, Sort, Stop};

/// Sixty-four requests of many kinds.
fn mixed() -> Vec<SearchRequest> {
    let words = ["two dogs", "a red car in the snow", "sunset", "", "dog -snow", "-people", "Hund"];
    let filters = ["", " ext:jpg", " ext:png", "", " -name:gray", " ext:xyz"];
    let one = |n: usize| {
        let query = format!("{}{}", words[n % words.len()], filters[n % filters.len()]);
        let liked = Picture::Photo(id_of(&pictures()[n % 5]));
        SearchRequest {
            query,
            pictures: if n % 9 == 8 { vec![liked] } else { Vec::new() },
            k: 1 + n % 12,
            offset: n % 3,
            all: n % 4 == 1,
            explain: n % 5 == 2,
            sort: if n % 7 == 6 { Sort::Newest } else { Sort::Relevance },
            ..SearchRequest::default()
        }
    };
    (0..64).map(one).collect()
}

#[test]
fn each_has_the_answer_that_it_has_alone() {
    let temp = tempfile::tempdir().unwrap();
    let library = open(temp.path());
    fill(&library);
    let requests = mixed();
    // Once with texts that nobody asked for before, once with known ones.
    for round in 0..2 {
        let together = library.search_batch(&requests, &Stop::new());
        assert_eq!(together.len(), requests.len());
        for (request, found) in requests.iter().zip(together) {
            let (found, alone) = (found.unwrap(), library.search(request).unwrap());
            let told = format!("round {round}, {request:?}");
            assert_eq!(found.hits.len(), alone.hits.len(), "{told}");
            for (one, other) in found.hits.iter().zip(&alone.hits) {
                assert_eq!(one.photo.id, other.photo.id, "{told}");
                assert!((one.score - other.score).abs() < 1e-6, "{told}");
                assert_eq!((one.band, one.why.is_some()), (other.band, other.why.is_some()));
            }
            assert_eq!((found.more, found.matching), (alone.more, alone.matching), "{told}");
            assert_eq!(found.plan, alone.plan, "{told}");
        }
    }
}

#[test]
fn what_is_wrong_with_one_fails_no_other() {
    let temp = tempfile::tempdir().unwrap();
    let library = open(temp.path());
    fill(&library);
    let ask = |query: &str, k| SearchRequest { query: query.into(), k, ..SearchRequest::default() };
    let broken = SearchRequest { pictures: vec![Picture::Bytes(b"no".into())], ..ask("", 5) };
    let requests = [
        ask("dog", 3),
        ask("camra:x", 3),
        ask("dog", 0),
        ask("like:0123abcd", 3),
        broken,
        ask("cat", 2),
    ];
    let found = library.search_batch(&requests, &Stop::new());
    let code = |error: &EngineError| error.code();
    let codes: Vec<Result<usize, &str>> = found
        .iter()
        .map(|one| one.as_ref().map(|answer| answer.hits.len()).map_err(code))
        .collect();
    let right =
        [Ok(3), Err("bad_query"), Err("out_of_range"), Err("not_found"), Err("bad_picture"), Ok(2)];
    assert_eq!(codes, right);
    assert!(library.search_batch(&[], &Stop::new()).is_empty());
}

#[test]
fn nothing_is_begun_once_it_is_stopped() {
    let temp = tempfile::tempdir().unwrap();
    let library = open(temp.path());
    fill(&library);
    let stop = Stop::new();
    stop.stop();
    let found = library.search_batch(&mixed(), &stop);
    assert_eq!(found.len(), 64);
    assert!(found.iter().all(Result::is_err));
}

#[test]
fn what_has_no_meaning_left_needs_no_model() {
    let temp = tempfile::tempdir().unwrap();
    let library = open(temp.path());
    fill(&library);
    drop(library);
    let library = seer_engine::Library::open(temp.path(), OpenOptions::default()).unwrap();
    let needs = |query: &str| {
        let request = SearchRequest { query: query.into(), ..SearchRequest::default() };
        library.needs_model(&request).unwrap()
    };
    for query in ["", "ext:jpg", "June 2019", "June 2019 ext:jpg"] {
        assert!(!needs(query), "{query}");
        search(&library, query, vec![]);
    }
    for query in ["dogs", "dogs last summer", "words:\"June 2019\"", "like:3fa9", "-people"] {
        assert!(needs(query), "{query}");
    }
    let request = SearchRequest { query: "camra:x".into(), ..SearchRequest::default() };
    assert_eq!(library.needs_model(&request).unwrap_err().code(), "bad_query");
}
