//! Photos that are hidden from searches, and shown again.

use serde_json::{Value, json};

use super::harness::Server;

fn found(server: &Server, query: &str) -> Vec<String> {
    let body = json!({ "query": query, "k": 100, "all": true }).to_string();
    let answer: Value = serde_json::from_slice(&server.post("/api/search", &body).body).unwrap();
    let hits = answer["hits"].as_array().unwrap();
    let mut ids: Vec<String> =
        hits.iter().map(|hit| hit["photo"]["id"].as_str().unwrap().to_owned()).collect();
    ids.sort();
    ids
}

#[test]
fn a_hidden_photo_is_found_by_no_search_until_it_is_shown_again() {
    let server = Server::start();
    let all = found(&server, "");
    let id = server.id_of("0_landscape.jpg").to_string();
    let rest: Vec<String> = all.iter().filter(|other| **other != id).cloned().collect();
    assert_eq!(server.client.hide(std::slice::from_ref(&id), true).unwrap(), 1);
    for query in
        ["", "a dog", "orientation:landscape OR orientation:portrait OR orientation:square"]
    {
        assert_eq!(found(&server, query), rest, "{query}");
    }
    assert_eq!(found(&server, "hidden:yes"), std::slice::from_ref(&id));
    assert_eq!(found(&server, "hidden:yes a dog"), std::slice::from_ref(&id));
    // Its record and its picture are there as before.
    assert_eq!(server.get(&format!("/api/photos/{id}")).status, 200);
    assert_eq!(server.get(&format!("/api/photos/{id}/thumbnail")).status, 200);
    // Twice is once.
    assert_eq!(server.client.hide(std::slice::from_ref(&id), true).unwrap(), 1);
    assert_eq!(server.client.hide(&[id], false).unwrap(), 0);
    assert_eq!(found(&server, ""), all);
    assert!(found(&server, "hidden:yes").is_empty());
}
