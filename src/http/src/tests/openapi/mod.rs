//! The OpenAPI document is true: every route is asked, and every answer held against it, closed.

pub(super) mod asks;
mod page;

use std::collections::BTreeSet;

use actix_web::http::Method;
use seer_engine::Fault;
use seer_types::{IndexSummary, LibraryPath};
use serde_json::Value;

use asks::{Ask, asks, server};

use super::harness::{Answer, Server, over};
use super::schema::Schemas;
use crate::routes::{Entry, table};
use crate::{IndexControl, RunEnd};

/// What a library without such photos, runs and models cannot answer with.
const UNSEEN: [&str; 28] = [
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
    "BetterModel.imagenet",
    // The tests' indexer watches nothing.
    "Watching.folder",
    "Watching.how",
    "Watching.why",
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
