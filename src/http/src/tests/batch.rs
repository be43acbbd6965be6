//! Several searches in one request.

use super::harness::{Answer, Server, Wanted};
use crate::Limits;
use crate::wire::{BatchAnswer, BatchRequest, OneOfBatch, Picture, SearchAnswer, SearchRequest};

fn ask(server: &Server, json: &str) -> Answer {
    server.post("/api/search/batch", json)
}

fn ids(answer: &SearchAnswer) -> Vec<&str> {
    answer.hits.iter().map(|hit| hit.photo.id.as_str()).collect()
}

#[test]
fn each_search_has_the_answer_that_it_has_alone() {
    let server = Server::start();
    let liked = Picture::Id(server.id_of("3_gray.png").to_string());
    let request = |query: &str| SearchRequest { query: query.into(), ..Default::default() };
    let mut queries: Vec<SearchRequest> =
        ["a kite", "", "sunset ext:jpg", "dog -snow", "two cats ext:jpg", "lang:de Gift"]
            .map(request)
            .into();
    queries.push(SearchRequest { k: 2, offset: 1, all: true, ..request("a kite") });
    queries.push(SearchRequest { pictures: vec![liked], ..request("at night") });
    let answers = server.client.search_batch(&BatchRequest { queries: queries.clone() }).unwrap();
    assert_eq!(answers.answers.len(), queries.len());
    for (query, found) in queries.iter().zip(answers.answers) {
        let alone = server.client.search(query).unwrap();
        let OneOfBatch::Answer(found) = found else { panic!("{query:?}: {found:?}") };
        assert_eq!(ids(&found), ids(&alone), "{query:?}");
        assert_eq!((&found.filters, found.matching), (&alone.filters, alone.matching));
    }
}

#[test]
fn a_bad_search_fails_alone() {
    let server = Server::start();
    let answer = ask(
        &server,
        r#"{"queries": [{"query": "camra:x"}, {"query": "kite"}, {"k": 0},
            {"pictures": [{"id": "00000000000000000000000000000000000000000000000000000000000000ff"}]},
            {"k": 101, "explain": true}]}"#,
    );
    assert_eq!(answer.status, 200);
    let found: BatchAnswer = serde_json::from_slice(&answer.body).unwrap();
    let code = |one: &OneOfBatch| match one {
        OneOfBatch::Answer(answer) => format!("{} hits", answer.hits.len()),
        OneOfBatch::Error(error) => error.code.clone(),
    };
    let codes: Vec<String> = found.answers.iter().map(code).collect();
    assert_eq!(codes, ["bad_query", "11 hits", "out_of_range", "not_found", "out_of_range"]);
}

#[test]
fn all_together_have_limits() {
    let server = Server::start();
    let code = |json: &str| ask(&server, json).error_code();
    let many =
        |count: usize, one: &str| format!(r#"{{"queries": [{}]}}"#, vec![one; count].join(","));
    assert_eq!(ask(&server, &many(64, "{}")).status, 200);
    assert_eq!(code(&many(65, "{}")), "too_large");
    assert_eq!(code(&many(5000, "{}")), "too_large");
    assert_eq!(code(&many(7, r#"{"k": 1000}"#)), "out_of_range");
    assert_eq!(code(&many(9, r#"{"pictures": [{"data": "QQ=="}]}"#)), "too_large");
    assert_eq!(code(&many(0, "")), "bad_request");
    assert_eq!(code(r#"{"queries": [{"limit": 1}]}"#), "bad_request");
    assert_eq!(code("{}"), "bad_request");
    assert_eq!(code("[]"), "bad_request");
    let text = server.send("POST /api/search/batch", "Content-Type: text/plain\r\n", b"{}");
    assert_eq!(text.error_code(), "unsupported_media");
    let limits = Limits { max_body_bytes: 100, ..Limits::default() };
    let small = Server::with(Wanted { limits, ..Wanted::default() });
    assert_eq!(ask(&small, &many(60, "{}")).error_code(), "too_large");
}

#[test]
fn a_server_that_keeps_positions_keeps_them_here_too() {
    let server =
        Server::with(Wanted { strip_metadata: true, token_to_read: true, ..Wanted::default() });
    let head = "Content-Type: application/json\r\nX-Forwarded-For: 10.0.0.9\r\n";
    let body = br#"{"queries": [{"query": "near:48,11"}, {"query": ""}]}"#;
    let answer = server.send_with_token("POST /api/search/batch", head, body);
    assert_eq!(answer.status, 200);
    let found: BatchAnswer = serde_json::from_slice(&answer.body).unwrap();
    let [OneOfBatch::Error(refused), OneOfBatch::Answer(all)] = &found.answers[..] else {
        panic!("{found:?}")
    };
    assert_eq!(refused.code, "not_shared");
    assert!(all.hits.len() == 11 && all.hits.iter().all(|hit| hit.photo.position.is_none()));
}
