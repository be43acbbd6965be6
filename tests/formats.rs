//! Libraries that earlier formats wrote (`tests/fixtures/libraries`) are opened by today's
//! program: photos, failures and answers are as they were written, also after it wrote to them.

mod support;

use std::collections::BTreeSet;

use serde_json::Value;
use support::{OLD_LIBRARIES, Place, unpack_library};

/// What the program that wrote the library answered.
fn answers(name: &str) -> Value {
    let path = support::fixture(&format!("libraries/{name}.json"));
    let text = std::fs::read_to_string(path).expect("the answers");
    serde_json::from_str(&text).expect("JSON")
}

fn place_with(name: &str) -> Place {
    let place = Place::empty();
    unpack_library(name, &place.library());
    place
}

/// Every field that the older program printed is the same; newer fields may come with it.
fn assert_same(name: &str, found: &Value, wanted: &Value) {
    for (field, value) in wanted.as_object().expect("an object") {
        let (old, new) = (value.as_f64(), found[field].as_f64());
        let close = field == "score" && old.zip(new).is_some_and(|(a, b)| (a - b).abs() < 1e-4);
        assert!(close || &found[field] == value, "{name}: {field}: {} was {value}", found[field]);
    }
}

fn assert_answers(name: &str, place: &Place, args: &[&str], wanted: &Value) {
    let found = place.seer(&[&["search", "--json", "--all", "-k", "100"], args].concat()).json();
    let wanted = wanted.as_array().expect("a list");
    assert_eq!(found.len(), wanted.len(), "{name}: {args:?}");
    // Where nothing was compared the newest come first, and all of these are of one second.
    let compared = wanted.iter().any(|record| record["score"] != 0.0);
    let (found, wanted) = match compared {
        true => (found, wanted.clone()),
        false => (by_id(found), by_id(wanted.clone())),
    };
    for (found, wanted) in found.iter().zip(&wanted) {
        assert_same(name, found, wanted);
    }
}

fn by_id(mut records: Vec<Value>) -> Vec<Value> {
    records.sort_by_key(|record| record["id"].to_string());
    records.iter_mut().for_each(|record| record["rank"] = Value::Null);
    records
}

fn assert_clean(name: &str, place: &Place) {
    assert_eq!(support::check(|args| place.seer(args)), Ok(()), "{name}");
}

#[test]
fn every_older_library_answers_as_it_did() {
    for name in OLD_LIBRARIES {
        let (place, wanted) = (place_with(name), answers(name));
        let status = place.seer(&["status", "--json"]);
        assert_eq!(status.code, 0, "{name}: {status:?}");
        assert_clean(name, &place);
        assert_answers(name, &place, &[], &wanted["newest"]);
        for (query, answer) in wanted["searches"].as_object().expect("searches") {
            assert!(!answer.as_array().expect("a list").is_empty(), "{name}: {query}");
            assert_answers(name, &place, &[query], answer);
        }
        let failures = place.seer(&["failures", "--json"]).json();
        assert_eq!(failures.len(), wanted["failures"].as_array().expect("a list").len());
        assert!(!failures.is_empty(), "{name}");
        for (found, wanted) in failures.iter().zip(wanted["failures"].as_array().expect("a list")) {
            assert_same(name, found, wanted);
        }
    }
}

#[test]
fn every_older_library_is_written_to_and_keeps_what_it_had() {
    for name in OLD_LIBRARIES {
        let (place, wanted) = (place_with(name), answers(name));
        let paths = |records: &[Value]| -> BTreeSet<String> {
            records.iter().map(|r| r["path"].as_str().expect("path").to_owned()).collect()
        };
        let old = paths(wanted["newest"].as_array().expect("a list"));
        std::fs::write(place.photos().join("new.ppm"), [&b"P6 4 4 255\n"[..], &[7; 48]].concat())
            .expect("write a picture");
        let summary = place.index();
        assert_eq!(summary["encoded"], 1, "{name}: nothing old is encoded again");
        let found = place.seer(&["search", "--json", "--all", "-k", "100", "anything"]).json();
        assert_eq!(found.len(), old.len() + 1, "{name}");
        assert!(paths(&found).is_superset(&old), "{name}");
        assert_clean(name, &place);
        // Once more: what this program wrote, it opens.
        let again = place.seer(&["search", "--json", "--all", "-k", "100", "anything"]).json();
        assert_eq!(again, found, "{name}");
    }
}
