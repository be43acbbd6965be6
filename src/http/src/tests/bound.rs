//! A token that is bound to a folder: its photos are found, and nothing tells of others.

use seer_engine::TokenRight;
use seer_types::LibraryPath;
use serde_json::{Value, json};

use super::harness::{Answer, Server};
use super::openapi::asks::{asks, server};
use crate::access::{Right, Token};
use crate::routes::table;

const CHILD: &str = "letters-of-a-token-of-a-folder";

/// A library with something of everything, and in one of its folders a photo of its own and a copy of one
/// that lies elsewhere too.
fn library() -> Server {
    let server = server();
    std::fs::create_dir(server.photos.join("mine")).unwrap();
    let read = |name: &str| std::fs::read(server.photos.join(name)).unwrap();
    // Bytes behind a picture make another photo of it.
    server.add_encoded("mine/own.jpg", &[read("0_landscape.jpg"), b"another".into()].concat());
    server.add_encoded("mine/copy.png", &read("1_portrait.png"));
    let folder = LibraryPath::new(server.photos.join("mine"));
    let hash = Token::given(CHILD).unwrap().hash();
    server.library.add_token("child", TokenRight::Look, &[folder], hash).unwrap();
    server
}

fn send(server: &Server, line: &str, kind: &str, body: &[u8]) -> Answer {
    let kind = if kind.is_empty() { String::new() } else { format!("Content-Type: {kind}\r\n") };
    server.send(line, &format!("Authorization: Bearer {CHILD}\r\n{kind}"), body)
}

fn get(server: &Server, target: &str) -> Value {
    let answer = send(server, &format!("GET {target}"), "", b"");
    assert_eq!(answer.status, 200, "{target}");
    serde_json::from_slice(&answer.body).unwrap()
}

/// What the other photos and the library have and its own have not.
fn secrets(server: &Server) -> Vec<String> {
    let mut secrets: Vec<String> = [
        "Schwabing",
        "EF24",
        "Curie",
        "A day out",
        "Over the lake",
        "\"sky\"",
        "ends early",
        "Deutschland",
        "broken.jpg",
        "letters-of",
        "grandma",
    ]
    .map(str::to_owned)
    .into();
    secrets.push(server.library.folder().to_str().unwrap().to_owned());
    let names = std::fs::read_dir(&server.photos).unwrap().map(|entry| entry.unwrap().file_name());
    secrets.extend(names.map(|name| name.into_string().unwrap()).filter(|name| name != "mine"));
    secrets
}

#[test]
fn no_route_tells_of_photos_elsewhere() {
    let server = library();
    let secrets = secrets(&server);
    assert!(secrets.len() > 15);
    let mut answered = 0;
    for entry in table() {
        for ask in asks(&server, &entry) {
            let line = format!("{} {}", entry.method, ask.target);
            let answer = send(&server, &line, ask.kind, &ask.body);
            let refused = answer.status == 403;
            assert_eq!(refused, entry.right > Right::Within, "{line}: {}", answer.status);
            answered += usize::from(answer.status < 300);
            let text = format!("{}{}", answer.head, String::from_utf8_lossy(&answer.body));
            for secret in &secrets {
                assert!(!text.contains(secret), "{secret} in the answer to {line}: {text}");
            }
        }
    }
    assert!(answered > 20, "{answered}");
}

#[test]
fn its_own_photos_are_found_with_their_files_there_alone() {
    let server = library();
    let mine = server.photos.join("mine");
    let file = |name: &str| mine.join(name).to_str().unwrap().to_owned();
    let answer = get(&server, "/api/search?q=kite&k=50&all=true");
    assert_eq!((answer["matching"].as_u64(), answer["more"].as_bool()), (Some(2), Some(false)));
    let hits = answer["hits"].as_array().unwrap();
    let mut files: Vec<&str> = hits
        .iter()
        .flat_map(|hit| hit["photo"]["files"].as_array().unwrap())
        .map(|file| file["path"].as_str().unwrap())
        .collect();
    files.sort_unstable();
    assert_eq!(files, [file("copy.png"), file("own.jpg")]);

    let status = get(&server, "/api/status");
    assert_eq!((status["photos"].as_u64(), status["files"].as_u64()), (Some(2), Some(2)));
    assert_eq!(status["roots"], json!([mine]));
    assert_eq!(status["access"], json!({ "right": "look", "token": "child", "folders": [mine] }));
    assert_eq!(get(&server, "/api/facets")["photos"], 2);
    let roots = get(&server, "/api/roots");
    assert_eq!(roots["roots"][0]["files"], status["files"], "those of the folder");
    assert_eq!((&roots["roots"][0]["folder"], &roots["roots"][1]), (&json!(mine), &Value::Null));

    for (name, found) in
        [("mine/own.jpg", true), ("1_portrait.png", true), ("0_landscape.jpg", false)]
    {
        let id = server.id_of(name);
        for more in ["", "/thumbnail", "/original", "/original?view=1"] {
            let answer = send(&server, &format!("GET /api/photos/{id}{more}"), "", b"");
            assert_eq!(answer.status, if found { 200 } else { 404 }, "{name}{more}");
        }
        let similar = send(&server, &format!("GET /api/search?like={id}"), "", b"");
        assert_eq!(similar.status, if found { 200 } else { 404 }, "{name}");
        let body = json!({ "photos": [id.to_string()] }).to_string();
        let archive = send(&server, "POST /api/download", "application/json", body.as_bytes());
        assert_eq!(archive.body.len() > 1000, found, "{name}: {}", archive.body.len());
    }
    // What only others have is no name that a query could mean.
    let named = "/api/search?q=photos+taken+with+a+Canon+EOS";
    assert_eq!(get(&server, named)["understood"], Value::Null);
    let whole: Value = serde_json::from_slice(&server.get(named).body).unwrap();
    assert_eq!(whole["understood"].as_array().map(Vec::len), Some(1));
    // A hidden photo is hidden from everybody.
    server.library.hide(&[server.id_of("mine/own.jpg")], true).unwrap();
    assert_eq!(get(&server, "/api/search?k=50")["matching"], 1);
}

#[test]
fn a_folder_that_is_forgotten_leaves_nothing_to_see() {
    let server = library();
    let root = LibraryPath::new(&server.photos);
    server.library.remove_root(&root).unwrap();
    assert_eq!(get(&server, "/api/status")["roots"], json!([]));
    let all = server.client.tokens().unwrap();
    assert_eq!(all[0].folders, [server.photos.join("mine").to_str().unwrap()]);
}
