//! Having a folder watched through the service.

use std::path::Path;

use super::harness::{Server, TOKEN};

#[test]
fn an_indexed_folder_is_watched_and_no_longer() {
    let server = Server::start();
    let told = || server.index.changes.load(std::sync::atomic::Ordering::Relaxed);
    let roots = server.client.watch(&server.photos, true).unwrap();
    assert!(roots.len() == 1 && roots[0].watch);
    assert!(server.client.roots().unwrap()[0].watch);
    assert_eq!(told(), 1, "whoever watches is told");
    assert!(server.client.status().unwrap().watching.is_empty(), "nobody watches here");
    assert!(!server.client.watch(&server.photos, false).unwrap()[0].watch);
    assert_eq!(told(), 2);

    server.client.watch(&server.photos, true).unwrap();
    server.client.forget(&server.photos).unwrap();
    assert!(server.library.store().settings("").unwrap().is_empty(), "nothing of it stays");
}

#[test]
fn what_is_no_indexed_folder_is_refused() {
    let server = Server::start();
    for folder in [
        server.photos.join("below").as_path(),
        Path::new("/"),
        &server.photos.join("0_landscape.jpg"),
    ] {
        assert_eq!(server.client.watch(folder, true).unwrap_err().code(), "no_root", "{folder:?}");
    }
    let head = format!("Authorization: Bearer {TOKEN}\r\nContent-Type: application/json\r\n");
    for body in [r#"{"folder": "photos", "watch": true}"#, r#"{"folder": "/p"}"#, "{}"] {
        let answer = server.send("POST /api/roots/watch", &head, body.as_bytes());
        assert_eq!(answer.error_code(), "bad_request", "{body}");
    }
    let body = format!("{{\"folder\": \"{}\", \"watch\": true}}", server.photos.display());
    assert_eq!(server.post("/api/roots/watch", &body).error_code(), "token_required");
    assert!(server.library.watched().unwrap().is_empty());
}
