//! Photos marked as right and wrong, in answers of a real library.

mod common;

use common::{fill, names, open, search};
use seer_engine::SearchRequest;

#[test]
fn right_photos_rise_and_stay_and_wrong_ones_leave() {
    let temp = tempfile::tempdir().unwrap();
    let library = open(temp.path());
    fill(&library);
    let plain = search(&library, "sunset", vec![]);
    let before = names(&plain);
    let (first, last) = (before.first().unwrap().clone(), before.last().unwrap().clone());
    let more = format!("sunset more:{}", plain.hits.last().unwrap().photo.id);
    let after = names(&search(&library, &more, vec![]));
    let place = |names: &[String]| names.iter().position(|name| *name == last).unwrap();
    assert_eq!(after.len(), before.len());
    assert!(place(&after) < place(&before), "{after:?} after {before:?}");

    let less = format!("sunset less:{}", plain.hits[0].photo.id);
    let answer = search(&library, &less, vec![]);
    assert_eq!(answer.hits.len(), before.len() - 1);
    assert!(!names(&answer).contains(&first));
    assert_eq!(answer.words, "sunset");
    assert!(answer.filters.is_empty());
}

#[test]
fn a_weight_of_0_moves_nothing_and_more_weight_moves_further() {
    let temp = tempfile::tempdir().unwrap();
    let library = open(temp.path());
    fill(&library);
    let plain = search(&library, "sunset", vec![]);
    let last = plain.hits.last().unwrap().photo.id;
    let score = |weight: &str| {
        let answer = search(&library, &format!("sunset more:{last}{weight}"), vec![]);
        answer.hits.iter().find(|hit| hit.photo.id == last).unwrap().score
    };
    let none = search(&library, &format!("sunset more:{last}^0"), vec![]);
    assert_eq!(names(&none), names(&plain));
    assert!(score("^0") < score("^0.5") && score("^0.5") < score("") && score("") < score("^5"));
}

#[test]
fn marks_alone_are_a_question() {
    let temp = tempfile::tempdir().unwrap();
    let library = open(temp.path());
    fill(&library);
    let any = search(&library, "", vec![]).hits[3].photo.id;
    let more = search(&library, &format!("more:{any}"), vec![]);
    assert_eq!(more.hits[0].photo.id, any, "nearest to itself, and it stays");
    let like = names(&search(&library, &format!("like:{any}"), vec![]));
    assert_eq!(names(&more)[1..], like, "as like: finds them");
    let far = names(&search(&library, &format!("less:{any}"), vec![]));
    let reversed: Vec<String> = like.into_iter().rev().collect();
    assert_eq!(far, reversed, "the farthest first");
    let filtered = search(&library, &format!("more:{any} ext:nosuch"), vec![]);
    assert!(filtered.hits.is_empty(), "filters hold for marked photos too");
}

#[test]
fn pages_of_a_marked_answer_follow_each_other() {
    let temp = tempfile::tempdir().unwrap();
    let library = open(temp.path());
    fill(&library);
    let plain = search(&library, "sunset", vec![]);
    let (right, wrong) = (plain.hits[2].photo.id, plain.hits[0].photo.id);
    let query = format!("sunset more:{right} less:{wrong}");
    let all = names(&search(&library, &query, vec![]));
    let mut paged = Vec::new();
    for offset in (0..all.len()).step_by(3) {
        let request =
            SearchRequest { query: query.clone(), k: 3, offset, ..SearchRequest::default() };
        let page = library.search(&request).unwrap();
        assert_eq!(page.more, offset + 3 < all.len());
        paged.extend(names(&page));
    }
    assert_eq!(paged, all);
}

#[test]
fn an_unknown_mark_is_an_error_that_names_it() {
    let temp = tempfile::tempdir().unwrap();
    let library = open(temp.path());
    fill(&library);
    for query in ["sunset more:00000000", "less:00000000"] {
        let request = SearchRequest { query: query.into(), ..SearchRequest::default() };
        let error = library.search(&request).unwrap_err();
        assert_eq!(error.code(), "not_found", "{error}");
        assert!(error.to_string().contains("00000000"), "{error}");
    }
}
