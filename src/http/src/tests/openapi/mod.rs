//! The OpenAPI document is true: every route is asked, and every answer held against it, closed.

mod page;

use std::collections::BTreeSet;

use actix_web::http::Method;
use seer_engine::{Analysis, Change, Fault, Told};
use seer_types::{
    CameraSettings, Coordinates, DateSource, Failure, FailureKind, IndexSummary, LibraryPath,
    PhotoClass, PhotoFile, Place, PlaceName, Taken, TextLine, Video,
};
use serde_json::{Value, json};

use super::harness::{Answer, Server, over};
use super::schema::Schemas;
use crate::routes::{Entry, table};
use crate::{IndexControl, RunEnd};

/// What a library without such photos, runs and models cannot answer with.
const UNSEEN: [&str; 24] = [
    // Of requests, inside others.
    "Picture.id",
    "Picture.data",
    // The tiny model knows no classes and no relevance, and there is no better one to be told of.
    "Hit.band",
    "Hit.shows",
    "SearchAnswer.fitting",
    "SearchAnswer.named",
    "NamedClasses.name",
    "NamedClasses.classes",
    "NamedClasses.akin",
    "Explanation.judged",
    "Judged.band",
    "Judged.by",
    "Judged.above",
    "Places.classes",
    "ByClasses.place",
    "ByClasses.probability",
    "Reading.english",
    "BetterModel.name",
    "BetterModel.about",
    // No photos are alike, no frames are encoded, no path is not Unicode.
    "Hit.alike",
    "DuplicateGroup.photos",
    "Hit.at_second",
    "PhotoFile.path_base64",
    "Stands.path",
];

pub(super) fn document() -> Value {
    serde_json::to_value(crate::openapi::document(&table())).expect("JSON")
}

/// How a route is asked.
struct Ask {
    target: String,
    kind: &'static str,
    body: Vec<u8>,
}

fn get(target: impl Into<String>) -> Ask {
    Ask { target: target.into(), kind: "", body: Vec::new() }
}

fn post(target: &str, body: Value) -> Ask {
    Ask { target: target.into(), kind: "application/json", body: body.to_string().into_bytes() }
}

/// A library with something of everything.
fn server() -> Server {
    let server = Server::start();
    let name = "0_landscape.jpg";
    let photo = server.library.photo(server.id_of(name)).unwrap().unwrap();
    let mut facts = photo.facts.clone();
    let taken = "2019-07-14T16:20:00".parse().unwrap();
    facts.taken = Some(Taken::second(taken, DateSource::ExifOriginal));
    (facts.camera_make, facts.camera_model) = (Some("Canon".into()), Some("EOS".into()));
    facts.lens = Some("EF24".into());
    facts.settings = CameraSettings {
        exposure_seconds: Some(0.004),
        f_number: Some(5.6),
        iso: Some(100),
        focal_mm: Some(105.0),
    };
    facts.position = Some(Coordinates { latitude: 48.1, longitude: 11.6 });
    let name_of = |english: &str, local: Option<&str>| {
        Some(PlaceName { english: english.into(), local: local.map(str::to_owned) })
    };
    facts.place = Some(Place {
        district: None,
        city: name_of("Munich", Some("München")),
        region: name_of("Bavaria", Some("Bayern")),
        country: name_of("Germany", Some("Deutschland")),
    });
    facts.locations = vec!["Schwabing".into()];
    (facts.tags, facts.people) = (vec!["kite".into()], vec!["Marie Curie".into()]);
    (facts.rating, facts.caption) = (Some(4), Some("Over the lake".into()));
    facts.descriptions = vec!["A day out".into()];
    facts.video = Some(Video { duration: 61.2, frames: vec![3.8] });
    facts.classes = vec![PhotoClass { names: "kite".into(), probability: 0.9 }];
    let lines = vec![TextLine { text: "EXIT".into(), corners: [[0.1, 0.2]; 4], confidence: 0.9 }];
    let file: PhotoFile = photo.files[0].clone();
    let failed = Failure {
        path: LibraryPath::new(server.photos.join("broken.jpg")),
        root: file.root.clone(),
        kind: FailureKind::Damaged,
        reason: "the file ends early".into(),
        stamp: file.stamp,
        decoders: 0,
        at: 1_781_250_000,
    };
    let (id, points) = (photo.id, Vec::new());
    let changes = vec![
        Change::Photo { id, size: photo.size, facts, file, points },
        Change::Told { id, told: Told::Lines(lines) },
        Change::Analysed { id, analysis: Analysis::lines() },
        Change::Told { id, told: Told::Caption(Some("a kite in the sky".into())) },
        Change::Failed(failed),
    ];
    server.library.apply(changes).unwrap();
    let root = server.library.roots().unwrap().remove(0);
    server.library.set_excludes(&root, &["private".to_owned()]).unwrap();
    server
}

/// Every way to ask a route that makes its answers different.
fn asks(server: &Server, entry: &Entry) -> Vec<Ask> {
    let id = server.id_of("0_landscape.jpg").to_string();
    let model = server.library.model().unwrap().fingerprint().to_string();
    let album = json!({"name": "kept", "query": "kite", "sort": "newest", "k": 9});
    match (entry.method.as_str(), entry.path) {
        ("GET", "/") => vec![get("/")],
        ("GET", "/assets/{name}") => vec![get("/assets/main.js"), get("/assets/none.js")],
        ("GET", "/health") => {
            vec![get("/health"), get(format!("/health?nonce={}", "ab".repeat(32)))]
        }
        (
            "GET",
            "/metrics" | "/api/openapi.json" | "/api/status" | "/api/roots" | "/api/failures"
            | "/api/albums" | "/api/index" | "/indices-list" | "/ping",
        ) => vec![get(entry.path)],
        ("GET", "/api/search") => [
            "",
            "?q=kite+after:2019&explain=true&k=9&timeline=month",
            "?q=Over+kite+-snow+place:Munich&explain=true&k=9&sort=newest&all=true",
            "?q=Hund",
            "?q=text:EXIT&explain=true&k=9",
            "?q=kite+last+summer&offset=1",
            &format!("?like={id}&timeline=year&k=2"),
            "?q=camra:canon",
            "?k=0",
            "?limit=3",
        ]
        .map(|more| get(format!("/api/search{more}")))
        .into(),
        ("POST", "/api/search") => vec![
            post(
                "/api/search",
                json!({"query": "kite", "pictures": [{"id": id}], "explain": true}),
            ),
            post("/api/search", json!({"pictures": [{"data": "!"}]})),
            Ask {
                target: "/api/search?q=kite".into(),
                kind: "image/jpeg",
                body: std::fs::read(server.photos.join("0_landscape.jpg")).unwrap(),
            },
            Ask { target: "/api/search".into(), kind: "image/jpeg", body: b"none".to_vec() },
            Ask { target: "/api/search".into(), kind: "text/plain", body: b"none".to_vec() },
        ],
        ("POST", "/api/search/batch") => {
            let queries = json!([{"query": "kite"}, {"query": "camra:canon"}]);
            vec![post(entry.path, json!({"queries": queries})), post(entry.path, json!({}))]
        }
        ("GET", "/api/duplicates") => vec![get(entry.path), get("/api/duplicates?q=words")],
        ("GET", "/api/photos/{id}") => {
            vec![get(format!("/api/photos/{id}")), get(format!("/api/photos/{}", "0".repeat(64)))]
        }
        ("GET", "/api/photos/{id}/thumbnail") => ["", "?size=64", "?size=0"]
            .map(|more| get(format!("/api/photos/{id}/thumbnail{more}")))
            .into(),
        ("GET", "/api/photos/{id}/original") => ["", "?view=1", "?view=x"]
            .map(|more| get(format!("/api/photos/{id}/original{more}")))
            .into(),
        ("POST", "/api/albums") => {
            vec![post(entry.path, album), post(entry.path, json!({"name": ""}))]
        }
        ("POST", "/api/albums/rename") => {
            let back = json!({"name": "other", "to": "kept"});
            vec![post(entry.path, json!({"name": "kept", "to": "other"})), post(entry.path, back)]
        }
        ("POST", "/api/albums/remove") => {
            vec![
                post(entry.path, json!({"name": "none"})),
                post(entry.path, json!({"name": "kept"})),
            ]
        }
        ("POST", "/api/index") => vec![post(entry.path, json!({})), post(entry.path, json!({}))],
        ("DELETE", "/api/index") => vec![get(entry.path)],
        ("POST", "/api/models/use" | "/api/models/forget") => {
            vec![
                post(entry.path, json!({"model": model})),
                post(entry.path, json!({"model": "none"})),
            ]
        }
        ("POST", "/api/models/index") => {
            vec![post(entry.path, json!({"model": model, "index": "hnsw"}))]
        }
        ("POST", "/api/forget") => {
            let place = server.photos.join("1_portrait.png");
            vec![post(entry.path, json!({"place": place})), post(entry.path, json!({"place": "a"}))]
        }
        ("POST", "/api/backup") => vec![post(entry.path, json!({}))],
        ("POST", "/knn-service") => vec![
            post(entry.path, json!({"text": "kite", "num_images": 2, "num_result_ids": 4})),
            post(entry.path, json!({"modality": "text"})),
        ],
        ("POST", "/metadata") => {
            let number = u64::from_str_radix(&id[..13], 16).unwrap();
            vec![post(entry.path, json!({"ids": [number]})), post(entry.path, json!({"ids": [1]}))]
        }
        ("POST", "/predict") => super::immich::asks(server)
            .into_iter()
            .map(|(kind, body)| Ask { target: entry.path.into(), kind, body })
            .collect(),
        other => panic!("say how {other:?} is asked"),
    }
}

/// Holds an answer against what the document says of its route.
fn check<'a>(
    document: &'a Value,
    schemas: &mut Schemas<'a>,
    entry: &Entry,
    what: &str,
    answer: &Answer,
) -> Vec<String> {
    let method = entry.method.as_str().to_ascii_lowercase();
    let responses = &document["paths"][entry.path][method]["responses"];
    let status = answer.status.to_string();
    let known = responses.get(&status).or_else(|| responses.get("default"));
    let known = known.filter(|_| answer.status >= 400 || responses.get(&status).is_some());
    let Some(response) = known else { return vec![format!("{what}: the status {status}")] };
    let kind = answer.header("content-type").unwrap_or("").split(';').next().unwrap_or("").trim();
    let contents = &response["content"];
    let Some(content) = contents.get(kind).or_else(|| contents.get("*/*")) else {
        return vec![format!("{what}: the type {kind}")];
    };
    if kind != "application/json" {
        return Vec::new();
    }
    let body: Value = serde_json::from_slice(&answer.body).expect("JSON");
    schemas.check(&content["schema"], &body, what)
}

/// Runs that ended in both ways, one after the other, before the routes are asked again.
fn end_runs(server: &Server, round: usize) {
    let order = over(std::slice::from_ref(&server.photos), false);
    let _ = server.index.start(order);
    server.index.end(match round {
        0 => RunEnd::Finished(IndexSummary {
            unavailable: vec![LibraryPath::new("/gone")],
            ..IndexSummary::default()
        }),
        _ => RunEnd::Failed { reason: "no".into(), fault: Fault::Environment },
    });
}

#[test]
fn every_answer_is_as_the_document_says() {
    let (document, server) = (document(), server());
    let mut schemas = Schemas::new(&document);
    let mut findings = Vec::new();
    for round in 0..2 {
        end_runs(&server, round);
        for entry in table() {
            for Ask { target, kind, body } in asks(&server, &entry) {
                let line = format!("{} {target}", entry.method);
                let head = if kind.is_empty() {
                    String::new()
                } else {
                    format!("Content-Type: {kind}\r\n")
                };
                let answer = server.send_with_token(&line, &head, &body);
                findings.extend(check(&document, &mut schemas, &entry, &line, &answer));
            }
            if entry.method == Method::POST && entry.path.contains("index") {
                server.index.cancel();
            }
        }
    }
    assert_eq!(findings, Vec::<String>::new());
    let requests: BTreeSet<String> =
        document["paths"].as_object().unwrap().values().flat_map(request_types).collect();
    let is_answer = |field: &&String| {
        let name = field.split('.').next().unwrap();
        !requests.contains(name) && !UNSEEN.contains(&field.as_str())
    };
    let all = schemas.all();
    let unseen: Vec<&String> = all.difference(&schemas.seen).filter(is_answer).collect();
    assert_eq!(unseen, Vec::<&String>::new(), "in the document, and in no answer");
}

/// The types of what a path takes, which no answer is made of.
fn request_types(path: &Value) -> Vec<String> {
    let bodies = path
        .as_object()
        .unwrap()
        .values()
        .filter_map(|op| op["requestBody"]["content"].as_object());
    let schemas = bodies.flat_map(|content| content.values()).map(|one| &one["schema"]["$ref"]);
    let names = schemas.filter_map(|name| name.as_str()?.rsplit('/').next().map(str::to_owned));
    names.collect()
}

#[test]
fn every_route_is_in_the_document_with_what_it_says() {
    let document = document();
    let mut operations = 0;
    for entry in table() {
        let method = entry.method.as_str().to_ascii_lowercase();
        let operation = &document["paths"][entry.path][method];
        assert!(
            operation["summary"].as_str().is_some_and(|text| text.ends_with('.')),
            "{operation}"
        );
        let responses = operation["responses"].as_object().unwrap();
        assert!(responses.contains_key("default") && responses.len() == 2, "{}", entry.path);
        let parts = operation["parameters"].as_array().cloned().unwrap_or_default();
        let parts = parts.iter().filter(|part| part["in"] == "path").count();
        assert_eq!(parts, entry.path.matches('{').count(), "{}", entry.path);
        operations += 1;
    }
    let paths = document["paths"].as_object().unwrap().values();
    assert_eq!(paths.map(|path| path.as_object().unwrap().len()).sum::<usize>(), operations);
    let codes = &document["components"]["schemas"]["ErrorMessage"]["properties"]["code"]["enum"];
    assert_eq!(codes.as_array().unwrap().len(), crate::ERROR_CODES.len());
    assert_eq!(document["openapi"].as_str().map(|version| &version[..3]), Some("3.1"));
}

#[test]
fn the_document_is_served_to_those_who_may_read() {
    let server = Server::start();
    let answer = server.get("/api/openapi.json");
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/json")));
    assert_eq!(serde_json::from_slice::<Value>(&answer.body).unwrap(), document());
    assert_eq!(server.get("/api/openapi.json?x=1").error_code(), "bad_request");
}
