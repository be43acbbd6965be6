//! Forgetting a folder or a file through the service.

use super::harness::{Server, TOKEN, over};
use crate::RunEnd;

#[test]
fn a_file_is_forgotten_and_then_the_folder() {
    let server = Server::start();
    let (id, file) = (server.id_of("3_gray.png"), server.photos.join("3_gray.png"));
    assert_eq!(server.get(&format!("/api/photos/{id}/thumbnail")).status, 200);
    let before = server.client.status().unwrap().photos;

    let forgotten = server.client.forget(&file).unwrap();
    assert_eq!((forgotten.files, forgotten.photos, forgotten.was_root), (1, 1, false));
    assert_eq!(forgotten.inside.as_deref(), server.photos.to_str());
    assert_eq!(server.client.status().unwrap().photos, before - 1);
    assert_eq!(server.get(&format!("/api/photos/{id}/thumbnail")).error_code(), "not_found");
    assert!(server.client.forget(&file).unwrap().is_nothing());

    let forgotten = server.client.forget(&server.photos).unwrap();
    assert_eq!((forgotten.photos, forgotten.was_root), (before - 1, true));
    let status = server.client.status().unwrap();
    assert_eq!((status.photos, status.roots.len()), (0, 0));
    assert!(file.exists(), "the photos themselves are not touched");
}

#[test]
fn it_needs_the_token_an_absolute_path_and_no_run() {
    let server = Server::start();
    let body = format!("{{\"place\": \"{}\"}}", server.photos.display());
    assert_eq!(server.post("/api/forget", &body).error_code(), "token_required");
    let head = format!("Authorization: Bearer {TOKEN}\r\nContent-Type: application/json\r\n");
    let relative = server.send("POST /api/forget", &head, b"{\"place\": \"photos\"}");
    assert_eq!(relative.error_code(), "bad_request");
    server.client.start_index(&over(&[], false)).unwrap();
    assert_eq!(server.client.forget(&server.photos).unwrap_err().code(), "index_running");
    server.index.end(RunEnd::Finished(seer_types::IndexSummary::default()));
    assert!(server.client.forget(&server.photos).unwrap().was_root);
}
