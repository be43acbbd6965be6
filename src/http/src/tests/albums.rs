//! Smart albums through the service.

use std::collections::BTreeSet;

use super::harness::{Server, TOKEN, Wanted};
use crate::wire::{Album, Albums, SearchRequest, Sort};

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
fn photos_are_picked_for_an_album() {
    let server = Server::start();
    let ids = ["0_landscape.jpg", "1_portrait.png"].map(|name| server.id_of(name).to_string());
    let picked = server.client.pick("Our sea", &ids, true).unwrap();
    assert_eq!((picked.changed, picked.photos), (2, 2));
    let albums = server.client.albums().unwrap();
    assert_eq!(albums, [album("Our sea", "album:\"Our sea\"")]);
    let found = |query: &str| {
        let request = SearchRequest { query: query.to_owned(), ..SearchRequest::default() };
        let hits = server.client.search(&request).unwrap().hits;
        hits.into_iter().map(|hit| hit.photo.id).collect::<BTreeSet<String>>()
    };
    assert_eq!(found(&albums[0].query), ids.clone().into());
    assert_eq!(found("album:\"our SEA\" ext:png"), [ids[1].clone()].into());
    assert_eq!(server.client.pick("Our sea", &ids[..1], false).unwrap().photos, 1);
    assert_eq!(found(&albums[0].query), [ids[1].clone()].into());
    for (name, photos, code) in [
        ("cats", vec!["x".to_owned()], "bad_request"),
        ("\"cats\"", ids.to_vec(), "bad_album_name"),
    ] {
        assert_eq!(server.client.pick(name, &photos, true).unwrap_err().code(), code);
    }
    assert_eq!(server.client.pick("cats", &ids, false).unwrap_err().code(), "no_album");
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
        ("/api/albums/photos", r#"{"name": "cats", "photos": [], "in": true}"#),
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
