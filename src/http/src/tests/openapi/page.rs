//! `docs/HTTP.md` and the OpenAPI document say the same.

use std::collections::BTreeSet;

use serde_json::Value;

use super::document;

const PAGE: &str = include_str!("../../../../../docs/HTTP.md");

/// The rows of the first table whose head begins with `head`.
fn rows(head: &str) -> Vec<Vec<&'static str>> {
    let lines = PAGE.lines().skip_while(|line| !line.starts_with(head));
    let rows = lines.skip(2).take_while(|line| line.starts_with('|'));
    let rows: Vec<Vec<&str>> =
        rows.map(|row| row.trim_matches('|').split('|').map(str::trim).collect()).collect();
    assert!(!rows.is_empty(), "docs/HTTP.md has no table {head}");
    rows
}

/// What stands between backticks.
fn code(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// `GET /api/search` and the like; a method alone means the address before it.
fn routes_of_the_page() -> BTreeSet<String> {
    let mut routes = BTreeSet::new();
    for row in rows("| address |") {
        let mut address = "";
        for words in code(row[0]) {
            let (method, path) = words.split_once(' ').unwrap_or((words, address));
            address = path;
            assert!(routes.insert(format!("{method} {path}")), "{words} stands twice");
        }
    }
    routes
}

/// Each method of each path, with its operation.
fn operations(document: &Value) -> Vec<(String, &Value)> {
    let paths = document["paths"].as_object().expect("paths").iter();
    let operations = paths.flat_map(|(path, methods)| {
        let methods = methods.as_object().expect("methods").iter();
        methods.map(move |(method, operation)| {
            (format!("{} {path}", method.to_ascii_uppercase()), operation)
        })
    });
    operations.collect()
}

#[test]
fn the_page_and_the_document_have_the_same_routes() {
    let document = document();
    let routes: BTreeSet<String> =
        operations(&document).into_iter().map(|(name, _)| name).collect();
    assert_eq!(routes_of_the_page(), routes);
}

fn parameters(operation: &Value) -> BTreeSet<String> {
    let all = operation["parameters"].as_array().into_iter().flatten();
    let all = all.filter(|one| one["in"] == "query");
    all.map(|one| one["name"].as_str().expect("a name").to_owned()).collect()
}

/// Parameters that the page shows in an address: `?size=`, `&k=`.
fn shown_in_addresses() -> BTreeSet<String> {
    let starts = PAGE.match_indices(['?', '&']).map(|(at, _)| &PAGE[at + 1..]);
    let names = starts.filter_map(|rest| {
        let end = rest.find(|c: char| !(c.is_ascii_lowercase() || c == '_'))?;
        (end > 0 && rest[end..].starts_with('=')).then(|| rest[..end].to_owned())
    });
    names.collect()
}

#[test]
fn the_page_and_the_document_have_the_same_parameters() {
    let document = document();
    let all: BTreeSet<String> =
        operations(&document).iter().flat_map(|(_, operation)| parameters(operation)).collect();
    let of_search: BTreeSet<String> =
        rows("| JSON field |").iter().flat_map(|row| code(row[1])).map(str::to_owned).collect();
    assert_eq!(parameters(&document["paths"]["/api/search"]["get"]), of_search);
    let on_page: BTreeSet<String> = of_search.union(&shown_in_addresses()).cloned().collect();
    assert_eq!(on_page, all);
}

/// Fields that the page names: in a JSON example or between backticks.
fn is_on_page(field: &str) -> bool {
    PAGE.contains(&format!("\"{field}\""))
        || code(PAGE).any(|words| words.split('.').any(|word| word == field))
}

#[test]
fn every_field_of_the_document_stands_on_the_page() {
    let document = document();
    let mut missing = BTreeSet::new();
    let mut fields = 0;
    for (name, schema) in document["components"]["schemas"].as_object().expect("schemas") {
        for field in properties(schema) {
            fields += 1;
            if !is_on_page(&field) {
                missing.insert(format!("{name}.{field}"));
            }
        }
    }
    assert_eq!(missing, BTreeSet::new(), "not in docs/HTTP.md");
    assert!(fields > 120, "{fields}");
}

fn properties(schema: &Value) -> Vec<String> {
    let mut all: Vec<String> = keys(&schema["properties"]).collect();
    for parts in ["allOf", "oneOf", "anyOf"] {
        all.extend(schema[parts].as_array().into_iter().flatten().flat_map(properties));
    }
    all
}

fn keys(object: &Value) -> impl Iterator<Item = String> + '_ {
    object.as_object().into_iter().flat_map(|object| object.keys().cloned())
}

#[test]
fn every_field_of_the_page_is_in_the_document() {
    let document = document();
    let schemas = document["components"]["schemas"].as_object().expect("schemas");
    let known: BTreeSet<String> = schemas.values().flat_map(properties).collect();
    let mut missing = BTreeSet::new();
    for block in PAGE.split("```json").skip(1).map(|rest| rest.split("```").next().unwrap_or("")) {
        for (at, _) in block.match_indices("\":") {
            let field = block[..at].rsplit('"').next().unwrap_or("");
            let is_name = field.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
            if is_name && !known.contains(field) {
                missing.insert(field);
            }
        }
    }
    let body: BTreeSet<&str> = rows("| JSON field |").iter().flat_map(|row| code(row[0])).collect();
    let request: BTreeSet<String> = properties(&schemas["SearchRequest"]).into_iter().collect();
    assert_eq!(body, request.iter().map(String::as_str).collect(), "fields of a search");
    assert_eq!(missing, BTreeSet::new(), "in docs/HTTP.md alone");
}
