//! Searching: all three ways to ask, and everything that is refused.

use seer_engine::Model;

use super::harness::{Server, Wanted, fixtures, tiny_model};
use crate::wire::{Picture, SearchAnswer, SearchRequest};

fn answer(body: &[u8]) -> SearchAnswer {
    serde_json::from_slice(body).unwrap()
}

fn names(answer: &SearchAnswer) -> Vec<&str> {
    answer.hits.iter().map(|hit| hit.photo.files[0].path.rsplit('/').next().unwrap()).collect()
}

#[test]
fn words_find_photos_best_first() {
    let server = Server::start();
    let all = server.client.search(&SearchRequest { query: "a kite".into(), ..Default::default() });
    let all = all.unwrap();
    assert_eq!(all.hits.len(), 11);
    assert!(all.hits.windows(2).all(|pair| pair[0].score >= pair[1].score));
    assert_eq!((all.matching, all.more, all.plan.exact), (11, false, true));

    let page = answer(&server.get("/api/search?q=a+kite&k=4&offset=3").body);
    assert_eq!(names(&page), names(&all)[3..7]);
    assert!(page.more);
}

#[test]
fn no_query_is_browsing() {
    let server = Server::start();
    let all = answer(&server.get("/api/search").body);
    assert_eq!((all.hits.len(), all.plan.method.as_str()), (11, "filter"));
    assert!(all.hits.iter().all(|hit| hit.score == 0.0));
}

#[test]
fn filters_come_back_as_typed() {
    let server = Server::start();
    let found = answer(&server.get("/api/search?q=kite+ext:jpg+-name:cmyk").body);
    assert_eq!(found.filters, ["ext:jpg", "-name:cmyk"]);
    assert_eq!(found.words, "kite");
    assert_eq!(found.matching, 2);
    assert!(names(&found).iter().all(|name| name.ends_with(".jpg")));
}

#[test]
fn the_answer_says_in_which_language_the_words_were_read() {
    let server = Server::start();
    let reading = |address: &str| answer(&server.get(address).body).reading;
    let english = reading("/api/search?q=a+red+kite").unwrap();
    assert_eq!((english.language.as_deref(), english.said), (Some("en"), false));
    assert_eq!((english.tower.as_str(), english.english), ("own", None));
    let german = reading("/api/search?q=lang:de+Gift").unwrap();
    assert_eq!((german.name.as_deref(), german.said), (Some("German"), true));
    assert_eq!(reading("/api/search?q=year:2019"), None);
    let refused = server.get("/api/search?q=lang:german+Gift");
    assert_eq!(refused.status, 400);
    assert!(String::from_utf8_lossy(&refused.body).contains("such as lang:de"));
}

#[test]
fn words_that_say_when_come_back_with_the_way_out() {
    let server = Server::start();
    let found = answer(&server.get("/api/search?q=kite+in+June+1950+ext:jpg").body);
    let [read] = found.understood.as_slice() else { panic!("{:?}", found.understood) };
    assert_eq!(
        (read.read.as_str(), read.filters.as_str(), read.sure),
        ("in June 1950", "date:1950-06", true)
    );
    assert_eq!((found.words.as_str(), found.matching), ("kite", 0));
    assert_eq!(found.filters, ["ext:jpg"]);
    assert_eq!(read.query, "kite words:\"in June 1950\" ext:jpg");
    let body = server.get("/api/search?q=kite+at+night").body;
    assert!(String::from_utf8_lossy(&body).contains("\"as\":\"time:22:00..05:00\",\"sure\":false"));
    let body = server.get("/api/search?q=kite").body;
    assert!(!String::from_utf8_lossy(&body).contains("understood"));
}

#[test]
fn words_that_leave_something_out_are_no_filters() {
    let server = Server::start();
    let found = answer(&server.get("/api/search?q=kite+without+people+ext:jpg").body);
    let [read] = found.understood.as_slice() else { panic!("{:?}", found.understood) };
    assert_eq!((read.read.as_str(), read.filters.as_str()), ("without people", "-people"));
    assert!(read.sure && read.excludes);
    assert_eq!(read.query, "kite words:\"without people\" ext:jpg");
    assert_eq!((found.words.as_str(), found.filters), ("kite", vec!["ext:jpg".to_owned()]));
    assert!(found.matching > 0);
}

#[test]
fn a_library_photo_is_an_example_and_not_its_own_result() {
    let server = Server::start();
    let id = server.id_of("5_palette.png").to_string();
    let by_address = answer(&server.get(&format!("/api/search?like={id}")).body);
    assert_eq!(by_address.hits.len(), 10);
    assert!(by_address.hits.iter().all(|hit| hit.photo.id != id));
    let by_client = server.client.similar(&id[..16], 60).unwrap();
    assert_eq!(names(&by_client), names(&by_address));
}

#[test]
fn an_uploaded_picture_finds_itself_in_json_and_as_body() {
    let server = Server::start();
    let bytes = std::fs::read(fixtures().join("images/5_palette.png")).unwrap();
    let pictures = vec![Picture::from_bytes(&bytes)];
    let json = server.client.search(&SearchRequest { pictures, k: 1, ..Default::default() });
    assert_eq!(names(&json.unwrap()), ["5_palette.png"]);

    for kind in ["image/png", "application/octet-stream"] {
        let head = format!("Content-Type: {kind}\r\n");
        let raw = server.send("POST /api/search?k=1&q=ext:png", &head, &bytes);
        let raw = answer(&raw.body);
        assert_eq!(names(&raw), ["5_palette.png"]);
        assert!(raw.hits[0].score > 0.999);
    }
}

#[test]
fn wrong_requests_are_refused_with_their_code() {
    let server = Server::start();
    let long = "x".repeat(2001);
    for (path, code) in [
        ("/api/search?limit=3".to_owned(), "bad_request"),
        ("/api/search?k=many".to_owned(), "bad_request"),
        ("/api/search?k=0".to_owned(), "out_of_range"),
        ("/api/search?k=1001".to_owned(), "out_of_range"),
        ("/api/search?offset=10000001".to_owned(), "out_of_range"),
        ("/api/search?like=../../etc/passwd".to_owned(), "bad_request"),
        (format!("/api/search?like={}", "ab".repeat(32)), "not_found"),
        ("/api/search?q=camra:canon".to_owned(), "bad_query"),
        (format!("/api/search?q={long}"), "too_large"),
    ] {
        assert_eq!(server.get(&path).error_code(), code, "{path}");
    }
    for (json, code) in [
        ("", "bad_request"),
        ("[]", "bad_request"),
        (r#"{"limit": 3}"#, "bad_request"),
        (r#"{"pictures": [{"path": "/etc/passwd"}]}"#, "bad_request"),
        (r#"{"pictures": [{"id": "/etc/passwd"}]}"#, "bad_request"),
        (r#"{"pictures": [{"data": "no base64"}]}"#, "bad_picture"),
        (r#"{"pictures": [{"data": "bm8gcGljdHVyZQ=="}]}"#, "bad_picture"),
    ] {
        assert_eq!(server.post("/api/search", json).error_code(), code, "{json}");
    }
    let form = server.send("POST /api/search", "Content-Type: text/plain\r\n", b"{}");
    assert_eq!(form.error_code(), "unsupported_media");
}

#[test]
fn a_bomb_is_refused_before_it_is_decoded() {
    let server = Server::start();
    // A BMP header that claims 3,000,000 x 2,000,000 pixels, without any of them.
    let mut bomb = b"BM\x36\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0".to_vec();
    bomb.extend_from_slice(&3_000_000i32.to_le_bytes());
    bomb.extend_from_slice(&2_000_000i32.to_le_bytes());
    bomb.extend_from_slice(&[1, 0, 24, 0]);
    bomb.extend_from_slice(&[0; 24]);
    let answer = server.send("POST /api/search", "Content-Type: image/bmp\r\n", &bomb);
    assert_eq!(answer.error_code(), "too_large");
}

#[test]
fn without_a_model_only_filters_work() {
    let server = Server::with(Wanted { model: false, ..Default::default() });
    assert_eq!(server.get("/api/search?q=kite").error_code(), "no_model");
    assert_eq!(answer(&server.get("/api/search?q=ext:jpg").body).hits.len(), 3);
    assert_eq!(server.client.status().unwrap().model, None);
}

#[test]
fn photos_of_another_model_are_not_compared() {
    let server = Server::start();
    let other: Model = tiny_model("clip-tiny-gelu");
    server.library.set_model(std::sync::Arc::new(other)).unwrap();
    assert_eq!(server.get("/api/search?q=kite").error_code(), "model_has_no_photos");
}

#[test]
fn many_searches_at_once_all_get_their_own_answer() {
    let server = Server::start();
    let ids: Vec<String> = server
        .client
        .search(&SearchRequest::default())
        .unwrap()
        .hits
        .into_iter()
        .map(|hit| hit.photo.id)
        .collect();
    std::thread::scope(|scope| {
        for id in &ids {
            let client = server.client.clone();
            scope.spawn(move || {
                let answer = client.similar(id, 60).unwrap();
                assert_eq!(answer.hits.len(), 10);
                assert!(answer.hits.iter().all(|hit| hit.photo.id != *id));
            });
        }
    });
}
