//! Smart albums through the service.

use super::harness::{Server, TOKEN, Wanted};
use crate::wire::{Album, Albums, Sort};

fn album(name: &str, query: &str) -> Album {
    Album { name: name.into(), query: query.into(), sort: Sort::Newest, k: 60 }
}

#[test]
fn albums_are_kept_renamed_and_removed() {
    let server = Server::start();
    assert_eq!(server.client.albums().unwrap(), []);
    let (sea, dogs) = (album("Mer / été?", "sea -fog"), album("dogs", "dogs ext:jpg"));
    assert_eq!(server.client.save_album(&dogs).unwrap(), std::slice::from_ref(&dogs));
    assert_eq!(server.client.save_album(&sea).unwrap(), [sea.clone(), dogs.clone()]);
    assert_eq!(server.library.albums().unwrap().len(), 2);

    let renamed = server.client.rename_album("Mer / été?", "sea").unwrap();
    assert_eq!(renamed, [dogs.clone(), album("sea", "sea -fog")]);
    assert_eq!(server.client.rename_album("sea", "dogs").unwrap_err().code(), "album_exists");
    assert_eq!(server.client.remove_album("cats").unwrap_err().code(), "no_album");
    assert_eq!(server.client.remove_album("sea").unwrap(), [dogs]);
    let wrong = server.client.save_album(&album("", "sea")).unwrap_err();
    assert_eq!(wrong.code(), "bad_album_name");
    let wrong = server.client.save_album(&album("a", "camra:canon")).unwrap_err();
    assert_eq!(wrong.code(), "bad_query");
}

#[test]
fn everybody_who_may_search_may_list_and_changes_take_the_token() {
    let server = Server::start();
    server.client.save_album(&album("dogs", "dogs")).unwrap();
    let listed: Albums = serde_json::from_slice(&server.get("/api/albums").body).unwrap();
    assert_eq!(listed.albums, [album("dogs", "dogs")]);
    for (path, body) in [
        ("/api/albums", r#"{"name": "cats", "query": "cats"}"#),
        ("/api/albums/rename", r#"{"name": "dogs", "to": "cats"}"#),
        ("/api/albums/remove", r#"{"name": "dogs"}"#),
    ] {
        assert_eq!(server.post(path, body).error_code(), "token_required", "{path}");
        let head = format!("Authorization: Bearer {TOKEN}\r\nContent-Type: text/plain\r\n");
        let answer = server.send(&format!("POST {path}"), &head, body.as_bytes());
        assert_eq!(answer.error_code(), "unsupported_media", "{path}");
        let head = format!("Authorization: Bearer {TOKEN}\r\nContent-Type: application/json\r\n");
        let answer = server.send(&format!("POST {path}"), &head, b"{\"folder\": \"/\"}");
        assert_eq!(answer.error_code(), "bad_request", "{path}");
    }
    assert_eq!(server.client.albums().unwrap(), [album("dogs", "dogs")]);
}

#[test]
fn who_is_not_told_positions_is_not_told_of_albums_with_one() {
    let server = Server::with(Wanted { strip_metadata: true, ..Wanted::default() });
    server.client.save_album(&album("home", "dogs near:48.86,2.35")).unwrap();
    server.client.save_album(&album("dogs", "dogs")).unwrap();
    let others = "X-Forwarded-For: 10.0.0.9\r\n";
    let answer = server.send_with_token("GET /api/albums", others, b"");
    let listed: Albums = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!(listed.albums, [album("dogs", "dogs")]);
}
