//! Results that say why they are there.

use super::harness::Server;
use crate::wire::{SearchAnswer, SearchRequest};

#[test]
fn shares_add_up_to_the_score() {
    let server = Server::start();
    let body = server.get("/api/search?q=two+dogs+-snow+ext:jpg&explain=true&k=3").body;
    let answer: SearchAnswer = serde_json::from_slice(&body).unwrap();
    assert_eq!(answer.hits.len(), 3);
    for (place, hit) in answer.hits.iter().enumerate() {
        let why = hit.why.as_ref().unwrap();
        let sum: f32 = why.parts.iter().map(|part| part.share).sum();
        assert!((sum - hit.score).abs() < 1e-3, "{sum}, not {}", hit.score);
        let kinds: Vec<(&str, &str)> =
            why.parts.iter().map(|part| (part.what.as_str(), part.text.as_str())).collect();
        assert_eq!(kinds, [("words", "two dogs"), ("excluded", "snow")]);
        let words: Vec<&str> = why.words.iter().map(|one| one.word.as_str()).collect();
        assert_eq!(words, ["two", "dogs"]);
        assert_eq!(why.filters[0].filter, "ext:jpg");
        assert_eq!(why.filters[0].values, [hit.photo.files[0].path.clone()]);
        assert_eq!(why.places.meaning, Some(place + 1));
    }
}

#[test]
fn nothing_is_explained_unless_that_is_asked_for() {
    let server = Server::start();
    let plain = server.client.search(&SearchRequest { query: "dog".into(), ..Default::default() });
    assert!(plain.unwrap().hits.iter().all(|hit| hit.why.is_none()));
    let text = String::from_utf8(server.get("/api/search?q=dog").body).unwrap();
    assert!(!text.contains("explain_ms") && !text.contains("\"why\""));
    assert_eq!(server.get("/api/search?q=dog&explain=true&k=101").error_code(), "out_of_range");
    assert_eq!(server.get("/api/search?q=dog&explain=yes").error_code(), "bad_request");
}
