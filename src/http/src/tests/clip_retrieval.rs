//! What clip-retrieval's clients send, byte for byte, and what they read of the answer.

use serde_json::{Value, json};

use super::harness::{Answer, Server, Wanted};
use crate::Limits;
use crate::wire::{Picture, SearchRequest};

/// The request of clip-retrieval's Python client: every field, most of them null, and no content type.
fn from_python(changes: Value) -> Value {
    let mut request = json!({
        "text": null, "image": null, "image_url": null, "embedding_input": null, "deduplicate": true,
        "use_safety_model": true, "use_violence_detector": true, "indice_name": "photos",
        "use_mclip": false, "aesthetic_score": 9, "aesthetic_weight": 0.5, "modality": "image",
        "num_images": 40, "num_result_ids": 40
    });
    merge(&mut request, changes);
    request
}

/// The request of clip-retrieval's page: other fields are texts or left out.
fn from_page(changes: Value) -> Value {
    let mut request = json!({
        "text": null, "image": null, "image_url": null, "embedding_input": null, "modality": "image",
        "num_images": 2, "indice_name": "photos", "num_result_ids": 3000, "use_mclip": false,
        "deduplicate": false, "use_safety_model": false, "use_violence_detector": false,
        "aesthetic_score": "", "aesthetic_weight": "0.5"
    });
    merge(&mut request, changes);
    request
}

fn merge(request: &mut Value, changes: Value) {
    request.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
}

fn knn(server: &Server, request: &Value) -> Answer {
    server.send("POST /knn-service", "", request.to_string().as_bytes())
}

fn found(server: &Server, request: &Value) -> Vec<Value> {
    let answer = knn(server, request);
    let text = String::from_utf8_lossy(&answer.body).into_owned();
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (200, Some("application/json")),
        "{text}"
    );
    serde_json::from_str(&text).unwrap()
}

#[test]
fn a_text_finds_what_a_search_compares() {
    let server = Server::start();
    let found = found(&server, &from_python(json!({"text": "a kite"})));
    let request = SearchRequest { query: "a kite".into(), all: true, ..Default::default() };
    let hits = server.client.search(&request).unwrap().hits;
    assert!(found.len() > 5);
    for one in &found {
        let id = one["photo"].as_str().unwrap();
        assert_eq!(one["id"], u64::from_str_radix(&id[..13], 16).unwrap());
        let hit = hits.iter().find(|hit| hit.photo.id == id).unwrap();
        let similarity = one["similarity"].as_f64().unwrap() as f32;
        assert!((similarity - hit.score).abs() < 1e-6, "{similarity} {}", hit.score);
        assert_eq!(one["image_path"], hit.photo.files[0].path.as_str());
        assert_eq!(one["caption"], "");
        let url = one["url"].as_str().unwrap();
        let path = url.strip_prefix(&format!("http://{}", server.address)).unwrap();
        let shown = server.get(path);
        assert_eq!((shown.status, shown.header("content-type")), (200, Some("image/jpeg")));
    }
    let best: Vec<f64> = found.iter().map(|one| one["similarity"].as_f64().unwrap()).collect();
    assert!(best.is_sorted_by(|a, b| a >= b), "{best:?}");
}

#[test]
fn a_picture_and_its_embedding_find_the_same() {
    let server = Server::start();
    let bytes = std::fs::read(server.photos.join("1_portrait.png")).unwrap();
    let Picture::Data(image) = Picture::from_bytes(&bytes) else { panic!("no bytes") };
    let by_picture = found(&server, &from_page(json!({"image": image})));
    assert_eq!(by_picture[0]["photo"], server.id_of("1_portrait.png").to_string());
    assert!(by_picture[0]["similarity"].as_f64().unwrap() > 0.99);
    // Results after the first two are ids alone.
    assert!(by_picture.len() > 3);
    for (place, one) in by_picture.iter().enumerate() {
        assert_eq!(one.as_object().unwrap().len(), if place < 2 { 6 } else { 2 }, "{one}");
    }
    let library = &server.library;
    let seen = library.picture_embedding(&bytes, &seer_engine::Stop::new()).unwrap();
    // Of any length: only the direction counts.
    let numbers: Vec<f32> = seen.embedding.values().iter().map(|number| number * 7.0).collect();
    let by_numbers = found(&server, &from_page(json!({"embedding_input": numbers})));
    let ids = |found: &[Value]| found.iter().map(|one| one["id"].clone()).collect::<Vec<_>>();
    assert_eq!(ids(&by_picture), ids(&by_numbers));
}

#[test]
fn copies_are_one_result_where_that_is_asked_for() {
    let server = Server::start();
    let picture = std::fs::read(server.photos.join("0_landscape.jpg")).unwrap();
    for (name, end) in [("one.jpg", b"one"), ("two.jpg", b"two")] {
        server.add_encoded(name, &[&picture[..], end].concat());
    }
    let count = |deduplicate: bool| {
        found(&server, &from_python(json!({"text": "x", "deduplicate": deduplicate}))).len()
    };
    assert_eq!(count(false), count(true) + 1);
}

#[test]
fn metadata_comes_by_number() {
    let server = Server::start();
    let found = found(&server, &from_page(json!({"text": "a kite"})));
    let ids: Vec<&Value> = found.iter().map(|one| &one["id"]).collect();
    let ask = |body: Value| server.send("POST /metadata", "", body.to_string().as_bytes());
    let answer = ask(json!({"ids": ids, "indice_name": "photos"}));
    let told: Vec<Value> = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!(told.iter().map(|one| &one["id"]).collect::<Vec<_>>(), ids);
    assert_eq!(told[0]["metadata"]["photo"], found[0]["photo"]);
    assert_eq!(told[0]["metadata"].as_object().unwrap().len(), 4);
    assert_eq!(ask(json!({"ids": [], "indice_name": "photos"})).body, b"[]");
    for (body, code) in [
        (json!({"ids": [1]}), "not_found"),
        (json!({"ids": [u64::MAX]}), "not_found"),
        (json!({"ids": vec![1; 1001]}), "too_large"),
        (json!({"ids": [-1]}), "bad_request"),
        (json!({"ids": ["../a"]}), "bad_request"),
        (json!({"indice_name": "photos"}), "bad_request"),
        (json!({"ids": [], "indice_name": "laion5B"}), "bad_request"),
        (json!([1]), "bad_request"),
    ] {
        assert_eq!(ask(body.clone()).error_code(), code, "{body}");
    }
    assert_eq!(server.get("/indices-list").body, b"[\"photos\"]");
}

#[test]
fn what_is_not_offered_is_refused_by_name() {
    let server = Server::start();
    for (changes, code, said) in [
        (json!({}), "bad_request", "one of text, image and embedding_input"),
        (json!({"text": " "}), "bad_request", "must be given"),
        (json!({"image_url": "http://example.org/a.jpg"}), "bad_request", "not fetched"),
        (json!({"text": "x", "modality": "text"}), "bad_request", "modality must be"),
        (json!({"text": "x", "indice_name": "laion5B"}), "bad_request", "laion5B"),
        (json!({"text": "x", "num_images": 0}), "out_of_range", "num_images"),
        (json!({"text": "x", "num_images": 1001}), "out_of_range", "1000"),
        (json!({"text": "x".repeat(2001)}), "too_large", "2000"),
        (json!({"image": "?"}), "bad_picture", "base64"),
        (json!({"image": "QUJD"}), "bad_picture", "picture"),
        (json!({"embedding_input": [1.0, 2.0]}), "out_of_range", "not 2"),
        (
            json!({"embedding_input": vec![0; server.library.model().unwrap().dim()]}),
            "bad_request",
            "not all 0",
        ),
        (json!({"text": 7}), "bad_request", "a string"),
    ] {
        let answer = knn(&server, &from_python(changes.clone()));
        let text = String::from_utf8_lossy(&answer.body).into_owned();
        assert_eq!(answer.error_code(), code, "{changes}: {text}");
        assert!(text.contains(said), "{changes}: {text}");
    }
    assert_eq!(knn(&server, &json!([])).error_code(), "bad_request");
}

#[test]
fn bodies_have_the_limits_of_a_search() {
    let limits = Limits { max_body_bytes: 5_000, ..Limits::default() };
    let server = Server::with(Wanted { limits, ..Default::default() });
    let long = from_python(json!({"image": "A".repeat(6_000)}));
    assert_eq!(knn(&server, &long).error_code(), "too_large");
    let free = server.state.bodies.free();
    found(&server, &from_python(json!({"text": "a kite"})));
    assert_eq!(server.state.bodies.free(), free, "the room is given back");
}
