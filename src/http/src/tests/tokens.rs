//! Tokens with names, from making one to taking it back.

use serde_json::{Value, json};

use super::harness::{Answer, Server, Wanted};
use crate::client::ClientError;
use crate::wire::{TokenCreate, TokenCreated, TokenRight, Tokens};

fn open_server() -> Server {
    Server::with(Wanted { token_to_read: true, ..Default::default() })
}

fn ask(server: &Server, token: &str, line: &str, body: &Value) -> Answer {
    let head = format!("Authorization: Bearer {token}\r\nContent-Type: application/json\r\n");
    server.send(line, &head, body.to_string().as_bytes())
}

fn create(server: &Server, name: &str, right: TokenRight) -> Result<TokenCreated, ClientError> {
    server.client.create_token(&TokenCreate { name: name.into(), right, folders: Vec::new() })
}

#[test]
fn a_token_is_good_from_its_making_until_it_is_revoked() {
    let server = open_server();
    assert_eq!(server.client.tokens().unwrap(), []);
    let made = create(&server, " grandma ", TokenRight::Look).unwrap();
    assert_eq!((made.tokens.len(), made.tokens[0].name.as_str()), (1, "grandma"));
    let status = || ask(&server, &made.token, "GET /api/status", &json!({}));
    let told: Value = serde_json::from_slice(&status().body).unwrap();
    assert_eq!(told["access"], json!({ "right": "look", "token": "grandma", "folders": [] }));
    let start = ask(&server, &made.token, "POST /api/index", &json!({}));
    assert_eq!(start.error_code(), "right_required");
    let text = String::from_utf8(start.body).unwrap();
    assert!(text.contains("grandma") && text.contains("index"), "{text}");

    // The page takes it as it takes the server's own.
    let page = server.get(&format!("/?token={}", made.token));
    let cookie = page.header("set-cookie").unwrap();
    assert!(cookie.contains(&made.token), "{cookie}");

    let again = create(&server, "grandma", TokenRight::Index).unwrap_err();
    assert_eq!(again.code(), "token_exists");
    assert_eq!(server.client.revoke_token("grandma").unwrap(), []);
    assert_eq!(status().error_code(), "token_required");
    assert_eq!(server.client.revoke_token("grandma").unwrap_err().code(), "no_token");
    assert_eq!(create(&server, "", TokenRight::Look).unwrap_err().code(), "bad_token_name");
}

#[test]
fn letters_are_told_once_and_kept_nowhere() {
    let server = open_server();
    let made = create(&server, "nas", TokenRight::Administer).unwrap();
    let list = ask(&server, &made.token, "GET /api/tokens", &json!({}));
    let text = String::from_utf8(list.body).unwrap();
    assert!(text.contains("nas") && !text.contains(&made.token), "{text}");
    let tokens: Tokens = serde_json::from_str(&text).unwrap();
    assert_eq!(tokens.tokens, made.tokens);
    let kept = server.library.tokens().unwrap();
    assert!(!format!("{kept:?}").contains(&made.token));
    assert_eq!(kept[0].hash, *blake3::hash(made.token.as_bytes()).as_bytes());
}

#[test]
fn a_token_to_index_brings_up_to_date_and_decides_nothing() {
    let server = open_server();
    let made = create(&server, "nas", TokenRight::Index).unwrap();
    let other = tempfile::tempdir().unwrap();
    let start = |body: Value| ask(&server, &made.token, "POST /api/index", &body);
    for body in [
        json!({ "folders": [other.path()] }),
        json!({ "folders": [server.photos.join("..")] }),
        json!({ "prune": true }),
        json!({ "model": "another" }),
        json!({ "index": "hnsw" }),
        json!({ "excludes": ["*.png"] }),
        json!({ "no_excludes": ["*.png"] }),
        json!({ "no_thumbnails": true }),
        json!({ "text": false }),
        json!({ "captions": "off" }),
    ] {
        assert_eq!(start(body.clone()).error_code(), "right_required", "{body}");
    }
    #[cfg(unix)]
    {
        let link = server.photos.join("out");
        std::os::unix::fs::symlink(other.path(), &link).unwrap();
        assert_eq!(start(json!({ "folders": [link] })).error_code(), "right_required");
    }
    assert!(server.index.runs.lock().unwrap().is_empty());
    assert_eq!(start(json!({ "folders": [server.photos], "retry_failures": true })).status, 202);
    assert_eq!(server.index.runs.lock().unwrap()[0].folders, std::slice::from_ref(&server.photos));

    let save = json!({ "name": "sea", "query": "sea" });
    assert_eq!(ask(&server, &made.token, "POST /api/albums", &save).status, 200);
    for (line, body) in [
        ("POST /api/forget", json!({ "place": server.photos })),
        ("POST /api/tokens", json!({ "name": "mine", "right": "administer" })),
        ("GET /api/tokens", json!({})),
    ] {
        assert_eq!(ask(&server, &made.token, line, &body).error_code(), "right_required", "{line}");
    }
}
