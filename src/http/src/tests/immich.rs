//! What Immich sends to its machine-learning service, and what it reads of the answer.

use serde_json::{Value, json};

use super::harness::{Answer, Server, Wanted};
use crate::Limits;
use crate::wire::SearchRequest;

const BOUNDARY: &str = "----formdata-undici-031415926535";

/// A form as Immich's HTTP client writes it; pictures have a file name and a type.
fn form(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, content) in parts {
        body.extend(format!("--{BOUNDARY}\r\n").into_bytes());
        let head = match *name {
            "image" => "; filename=\"blob\"\r\nContent-Type: application/octet-stream",
            _ => "",
        };
        let head = format!("Content-Disposition: form-data; name=\"{name}\"{head}\r\n\r\n");
        body.extend(head.into_bytes());
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n");
    }
    body.extend(format!("--{BOUNDARY}--\r\n").into_bytes());
    body
}

fn textual() -> String {
    let options = json!({"modelName": "ViT-B-32__openai", "options": {"language": "en"}});
    json!({"clip": {"textual": options}}).to_string()
}

fn visual() -> String {
    json!({"clip": {"visual": {"modelName": "ViT-B-32__openai"}}}).to_string()
}

fn send(server: &Server, parts: &[(&str, &[u8])]) -> Answer {
    let head = format!("Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n");
    server.send("POST /predict", &head, &form(parts))
}

fn numbers(answer: &Answer) -> (Vec<f32>, Value) {
    let text = String::from_utf8_lossy(&answer.body).into_owned();
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (200, Some("application/json")),
        "{text}"
    );
    let body: Value = serde_json::from_str(&text).unwrap();
    (serde_json::from_str(body["clip"].as_str().expect("a text")).expect("a list"), body)
}

/// How the route is asked where every answer is held against the document.
pub(super) fn asks(server: &Server) -> Vec<(&'static str, Vec<u8>)> {
    let picture = std::fs::read(server.photos.join("4_exif6.jpg")).unwrap();
    let kind = "multipart/form-data; boundary=----formdata-undici-031415926535";
    vec![
        (kind, form(&[("entries", textual().as_bytes()), ("text", b"a kite")])),
        (kind, form(&[("entries", visual().as_bytes()), ("image", &picture)])),
        (kind, form(&[])),
        ("application/json", b"{}".to_vec()),
    ]
}

#[test]
fn a_text_and_a_picture_become_embeddings_of_one_space() {
    let server = Server::start();
    let (text, body) =
        numbers(&send(&server, &[("entries", textual().as_bytes()), ("text", b"a kite")]));
    assert_eq!(body.as_object().unwrap().len(), 1);
    let picture = std::fs::read(server.photos.join("4_exif6.jpg")).unwrap();
    let (image, body) =
        numbers(&send(&server, &[("entries", visual().as_bytes()), ("image", &picture)]));
    assert_eq!(text.len(), server.library.model().unwrap().dim());
    let length: f32 = text.iter().map(|number| number * number).sum();
    assert!((length - 1.0).abs() < 1e-4, "{length}");
    // Upright, as people see it.
    let photo = server.library.photo(server.id_of("4_exif6.jpg")).unwrap().unwrap();
    assert_eq!(
        (&body["imageWidth"], &body["imageHeight"]),
        (&json!(photo.facts.width), &json!(photo.facts.height))
    );
    let cosine: f32 = text.iter().zip(&image).map(|(a, b)| a * b).sum();
    let request = SearchRequest { query: "a kite".into(), all: true, ..Default::default() };
    let hits = server.client.search(&request).unwrap().hits;
    let hit = hits.iter().find(|hit| hit.photo.id == photo.id.to_string()).unwrap();
    assert!((cosine - hit.score).abs() < 2e-3, "{cosine} {}", hit.score);
}

#[test]
fn the_order_of_the_parts_and_others_beside_them_do_not_matter() {
    let server = Server::start();
    let entries = textual();
    let plain = send(&server, &[("entries", entries.as_bytes()), ("text", b"a kite")]);
    let other =
        send(&server, &[("assetId", b"7"), ("text", b"a kite"), ("entries", entries.as_bytes())]);
    assert_eq!(plain.body, other.body);
    // Without the language that Immich names, or with one that nobody knows, texts are read as they look.
    let bare = json!({"clip": {"textual": {"modelName": "x", "options": {}}}}).to_string();
    let strange =
        json!({"clip": {"textual": {"modelName": "x", "options": {"language": "xx-YY"}}}});
    let none = json!({"clip": {"textual": {"modelName": "x"}}}).to_string();
    for entries in [bare, strange.to_string(), none] {
        numbers(&send(
            &server,
            &[("entries", entries.as_bytes()), ("text", "Ein Kätzchen".as_bytes())],
        ));
    }
}

#[test]
fn other_tasks_are_refused_by_name() {
    let server = Server::start();
    let faces = json!({"facial-recognition": {"detection": {"modelName": "buffalo_l",
        "options": {"minScore": 0.7}}, "recognition": {"modelName": "buffalo_l"}}});
    let read = json!({"ocr": {"detection": {"modelName": "PP-OCRv5_mobile"}}});
    let both = json!({"clip": {"textual": {"modelName": "x"}, "visual": {"modelName": "x"}}});
    let picture = std::fs::read(server.photos.join("1_portrait.png")).unwrap();
    for (entries, status, said) in [
        (read.to_string(), 422, "the task \\\"ocr\\\" of type \\\"detection\\\" is not offered"),
        (faces.to_string(), 422, "facial-recognition"),
        (both.to_string(), 422, "one at a time"),
        (json!({"clip": {"detection": {"modelName": "x"}}}).to_string(), 422, "detection"),
        (json!({"clip": {"textual": {}}}).to_string(), 422, "modelName"),
        ("{}".into(), 422, "no task"),
        ("[]".into(), 422, "in entries"),
        ("not json".into(), 422, "in entries"),
        (textual(), 400, "needs a text"),
    ] {
        let answer = send(&server, &[("entries", entries.as_bytes()), ("image", &picture)]);
        let text = String::from_utf8_lossy(&answer.body).into_owned();
        assert_eq!(answer.status, status, "{entries}: {text}");
        assert!(text.contains(said), "{entries}: {text}");
        answer.error_code();
    }
    let lone = send(&server, &[("entries", visual().as_bytes())]);
    assert_eq!((lone.status, lone.error_code()), (400, "bad_request".to_owned()));
    assert_eq!(send(&server, &[("text", b"a")]).error_code(), "bad_entries");
    let no_picture = send(&server, &[("entries", visual().as_bytes()), ("image", b"no picture")]);
    assert_eq!(no_picture.error_code(), "bad_picture");
    let long = "x".repeat(2_001);
    let long = send(&server, &[("entries", textual().as_bytes()), ("text", long.as_bytes())]);
    assert_eq!(long.error_code(), "too_large");
}

#[test]
fn forms_that_are_none_are_refused() {
    let server = Server::start();
    let whole = form(&[("entries", textual().as_bytes()), ("text", b"a kite")]);
    let head = format!("Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n");
    // Broken off anywhere, it is refused or, where only its end is missing, read.
    for end in (0..whole.len()).step_by(7) {
        let answer = server.send("POST /predict", &head, &whole[..end]);
        assert!([200, 400, 422].contains(&answer.status), "{end}: {}", answer.status);
    }
    for kind in ["", "Content-Type: application/json\r\n", "Content-Type: multipart/form-data\r\n"]
    {
        let answer = server.send("POST /predict", kind, &whole);
        assert_eq!(answer.error_code(), "unsupported_media", "{kind}");
    }
    let limits = Limits { max_body_bytes: 100, ..Limits::default() };
    let small = Server::with(Wanted { limits, ..Default::default() });
    assert_eq!(small.send("POST /predict", &head, &whole).error_code(), "too_large");
}

#[test]
fn it_says_that_it_is_there() {
    let server = Server::start();
    let answer = server.get("/ping");
    assert_eq!((answer.status, answer.body.as_slice()), (200, &b"pong"[..]));
}
