//! Switching between models, and forgetting one.

use std::sync::Arc;

use seer_types::IndexKind;

use super::harness::{Server, TOKEN, tiny_model};
use crate::IndexOrder;
use crate::wire::SearchRequest;

/// A second space, with a point for one photo of eleven.
fn add_space(server: &Server) -> String {
    let other = Arc::new(tiny_model("clip-tiny-gelu"));
    server.library.add_model(&other, "clip-tiny-gelu").unwrap();
    let image = seer_images::decode(
        &std::fs::read(server.photos.join("0_landscape.jpg")).unwrap(),
        &seer_images::Limits::default(),
    );
    let prepared = image.unwrap().prepare(other.spec());
    let embedding = other.encode_images(&[prepared]).unwrap().remove(0);
    let points = vec![seer_engine::Point::whole(embedding)];
    let id = server.id_of("0_landscape.jpg");
    server.library.apply(vec![seer_engine::Change::Points { id, points }]).unwrap();
    other.fingerprint().to_string()
}

#[test]
fn models_are_listed_used_and_forgotten() {
    let server = Server::start();
    let fingerprint = add_space(&server);
    let models = server.client.status().unwrap().models;
    assert_eq!(models.len(), 2);
    let of = |name: &str| models.iter().find(|model| model.name == name).unwrap();
    let (used, other) = (of("clip-tiny"), of("clip-tiny-gelu"));
    assert!(used.in_use && !other.in_use);
    assert_eq!((used.encoded, used.lacking, other.encoded, other.lacking), (11, 0, 1, 10));
    assert_eq!((other.fingerprint.as_str(), other.index), (fingerprint.as_str(), IndexKind::Auto));
    assert!(other.bytes > 0);

    let in_use = server.client.forget_model("clip-tiny").unwrap_err().to_string();
    assert!(in_use.contains("models use"), "{in_use}");
    let unknown = server.client.use_model("nosuch").unwrap_err().to_string();
    assert!(unknown.contains("clip-tiny-gelu"), "{unknown}");
    let away = server.client.use_model(&fingerprint[..8]).unwrap_err().to_string();
    assert!(away.contains("not on this machine"), "{away}");
    assert_eq!(server.client.use_model("clip-tiny").unwrap().models.len(), 2);

    let left = server.client.forget_model("clip-tiny-gelu").unwrap().models;
    assert_eq!(left.len(), 1);
    assert!(left[0].in_use);
}

#[test]
fn an_answer_says_how_many_photos_are_not_encoded() {
    let server = Server::start();
    let asked = |server: &Server, query: &str| {
        let query = query.to_owned();
        let request = SearchRequest { query, pictures: Vec::new(), k: 20, offset: 0, all: false };
        server.client.search(&request).unwrap()
    };
    assert_eq!(asked(&server, "two dogs").unencoded, 0);
    add_space(&server);
    server.library.set_model(Arc::new(tiny_model("clip-tiny-gelu"))).unwrap();
    let answer = asked(&server, "two dogs");
    assert_eq!((answer.hits.len(), answer.unencoded, answer.matching), (1, 10, 11));
    assert_eq!(asked(&server, "").unencoded, 0, "nothing is compared");
}

#[test]
fn a_run_is_told_the_model_and_the_index() {
    let server = Server::start();
    let body = r#"{"model": "clip-tiny-gelu", "index": "hnsw"}"#;
    let head = format!("authorization: Bearer {TOKEN}\r\ncontent-type: application/json\r\n");
    assert_eq!(server.send("POST /api/index", &head, body.as_bytes()).status, 202);
    let expected = IndexOrder {
        folders: vec![server.photos.clone()],
        model: Some("clip-tiny-gelu".into()),
        index: Some(IndexKind::Hnsw),
        ..IndexOrder::default()
    };
    assert_eq!(*server.index.runs.lock().unwrap(), [expected]);
    server.client.cancel_index().unwrap();
    let odd = server.send("POST /api/index", &head, br#"{"index": "graph"}"#);
    assert_eq!((odd.status, odd.error_code().as_str()), (400, "bad_request"));
}

#[test]
fn how_a_model_is_indexed_is_chosen_without_a_walk() {
    let server = Server::start();
    let fingerprint = add_space(&server);
    let ask = |body: &str| {
        let head = "content-type: application/json\r\n";
        server.send_with_token("POST /api/models/index", head, body.as_bytes())
    };
    let kinds = || {
        let models = server.client.status().unwrap().models;
        let of = |name: &str| models.iter().find(|model| model.name == name).unwrap().index;
        (of("clip-tiny"), of("clip-tiny-gelu"))
    };
    let body = format!(r#"{{"model": "{}", "index": "hnsw"}}"#, &fingerprint[..8]);
    assert_eq!(server.post("/api/models/index", &body).error_code(), "token_required");
    assert_eq!(kinds(), (IndexKind::Auto, IndexKind::Auto));

    let answer = ask(&body);
    assert_eq!(answer.status, 200);
    let told: crate::wire::Models = serde_json::from_slice(&answer.body).unwrap();
    assert!(told.models.iter().any(|model| model.index == IndexKind::Hnsw));
    assert_eq!(kinds(), (IndexKind::Auto, IndexKind::Hnsw), "the other one keeps its own");
    assert_eq!(*server.index.runs.lock().unwrap(), [IndexOrder::default()], "no folder is walked");

    let other = r#"{"model": "clip-tiny", "index": "lists"}"#;
    assert_eq!(ask(other).error_code(), "index_running");
    assert_eq!(kinds(), (IndexKind::Auto, IndexKind::Hnsw));
    server.client.cancel_index().unwrap();
    assert_eq!(ask(other).status, 200);
    assert_eq!(kinds(), (IndexKind::Lists, IndexKind::Hnsw));
    server.client.cancel_index().unwrap();
    assert_eq!(ask(r#"{"model": "nosuch", "index": "exact"}"#).error_code(), "no_space");
    assert_eq!(ask(r#"{"model": "clip-tiny", "index": "graph"}"#).error_code(), "bad_request");
    assert_eq!(ask(r#"{"model": "clip-tiny"}"#).error_code(), "bad_request");
    assert_eq!(server.index.runs.lock().unwrap().len(), 2);
}
