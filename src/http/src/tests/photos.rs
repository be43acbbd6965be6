//! Records, thumbnails, status, failures, the page, and addresses that do not exist.

use seer_engine::Change;
use seer_types::{Failure, FailureKind, FileStamp, LibraryPath};

use super::harness::{Server, Wanted};
use crate::client::ClientError;

#[test]
fn a_record_has_facts_and_files() {
    let server = Server::start();
    let id = server.id_of("0_landscape.jpg").to_string();
    let photo = server.client.photo(&id).unwrap();
    assert_eq!((photo.id.as_str(), photo.format.as_str()), (id.as_str(), "jpeg"));
    assert!(photo.viewable && photo.width > photo.height);
    assert_eq!(photo.files[0].exact_path(), server.photos.join("0_landscape.jpg"));
    assert_eq!(server.client.photo(&id[..12]).unwrap(), photo);
}

#[test]
fn what_is_not_catalogued_is_not_there() {
    let server = Server::start();
    let unknown = "ab".repeat(32);
    for path in ["", "/thumbnail", "/original"] {
        let answer = server.get(&format!("/api/photos/{unknown}{path}"));
        assert_eq!(answer.error_code(), "not_found", "{path}");
    }
    assert!(matches!(
        server.client.photo(&unknown),
        Err(ClientError::Refused { status: 404, code, .. }) if code == "not_found"
    ));
}

#[test]
fn a_path_is_never_an_id() {
    let server = Server::start();
    for text in [
        "..%2F..%2Fetc%2Fpasswd",
        "%2Fetc%2Fpasswd",
        "0_landscape.jpg",
        "%00",
        "..",
        "%FF%FE",
        "%2e%2e",
    ] {
        for end in ["thumbnail", "original"] {
            let answer = server.get(&format!("/api/photos/{text}/{end}"));
            assert!([400, 404].contains(&answer.status), "{text}/{end}: {}", answer.status);
            answer.error_code();
        }
    }
    for path in ["/../../etc/passwd", "/assets/../Cargo.toml", "/assets/..%2FCargo.toml", "//etc"] {
        assert_eq!(server.get(path).error_code(), "not_found", "{path}");
    }
}

#[test]
fn thumbnails_are_jpegs_that_may_be_kept() {
    let server = Server::start();
    let path = format!("/api/photos/{}/thumbnail?size=200", server.id_of("8_wide.png"));
    let answer = server.get(&path);
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), Some("image/jpeg"));
    assert!(answer.header("cache-control").unwrap().contains("immutable"));
    assert!(answer.body.starts_with(&[0xff, 0xd8, 0xff]));

    let tag = answer.header("etag").unwrap();
    let again = server.send(&format!("GET {path}"), &format!("If-None-Match: {tag}\r\n"), b"");
    assert_eq!((again.status, again.body.len()), (304, 0));
    let head = server.send(&format!("HEAD {path}"), "", b"");
    assert_eq!((head.status, head.body.len()), (200, 0));
    for size in ["0", "2049", "huge"] {
        let answer = server.get(&format!("{}{size}", path.replace("200", "")));
        assert_eq!(answer.status, 400, "{size}");
        answer.error_code();
    }
}

#[test]
fn status_and_failures_tell_the_numbers() {
    let server = Server::start();
    let failure = Failure {
        path: LibraryPath::new(server.photos.join("broken<b>.jpg")),
        root: LibraryPath::new(&server.photos),
        stamp: FileStamp::new(3, 0),
        kind: FailureKind::Damaged,
        reason: "it ends early".to_owned(),
        at: 5,
        decoders: 0,
    };
    server.library.apply(vec![Change::Failed(failure)]).unwrap();
    let status = server.client.status().unwrap();
    assert_eq!((status.photos, status.files, status.failures), (11, 11, 1));
    assert_eq!(status.roots, [server.photos.to_str().unwrap()]);
    assert_eq!(status.index.unwrap().embedded, 11);
    assert_eq!(status.model.unwrap().fingerprint.len(), 32);
    let roots = server.client.roots().unwrap();
    let folder = server.photos.to_str().unwrap().to_owned();
    let root = crate::wire::Root {
        folder,
        files: 11,
        failures: 1,
        there: true,
        excludes: Vec::new(),
        watch: false,
    };
    assert_eq!(roots, [root]);
    let failures = server.client.failures().unwrap();
    assert_eq!((failures.len(), failures[0].reason.as_str()), (1, "it ends early"));
    assert_eq!(failures[0].kind, FailureKind::Damaged);
}

#[test]
fn the_page_comes_with_its_policy() {
    let server = Server::with(Wanted { model: false, pictures: false, ..Default::default() });
    let page = server.get("/");
    assert_eq!(page.status, 200);
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    let policy = page.header("content-security-policy").unwrap();
    for rule in [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob: data:",
        "media-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ] {
        assert!(policy.split("; ").any(|part| part == rule), "{rule} is not in {policy}");
    }
    for path in ["/assets/main.js", "/assets/languages/de.js"] {
        let script = server.get(path);
        assert_eq!(script.header("content-type"), Some("text/javascript; charset=utf-8"));
        assert_eq!(script.header("cache-control"), Some("no-cache"));
        let tag = format!("If-None-Match: {}\r\n", script.header("etag").unwrap());
        assert_eq!(server.send(&format!("GET {path}"), &tag, b"").status, 304);
    }
}

#[test]
fn protective_headers_are_everywhere_also_on_errors() {
    let server = Server::start();
    let thumbnail = format!("/api/photos/{}/thumbnail", server.id_of("8_wide.png"));
    for path in ["/", "/health", "/api/status", &thumbnail, "/nowhere", "/api/search?k=0"] {
        let answer = server.get(path);
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(answer.header("referrer-policy"), Some("same-origin"), "{path}");
        assert_eq!(answer.header("cross-origin-resource-policy"), Some("same-origin"), "{path}");
        assert!(answer.header("content-security-policy").is_some(), "{path}");
        assert_eq!(answer.header("access-control-allow-origin"), None, "{path}");
    }
    let refused = server.send("GET /", "Host: evil.example\r\n", b"");
    assert_eq!(refused.header("x-content-type-options"), Some("nosniff"));
}

#[test]
fn wrong_methods_and_addresses_have_their_codes() {
    let server = Server::start();
    assert_eq!(server.get("/api/nothing").error_code(), "not_found");
    assert_eq!(server.get("/assets/secret.js").error_code(), "not_found");
    assert_eq!(server.get("/assets/languages/secret.js").error_code(), "not_found");
    assert_eq!(server.post("/api/status", "{}").error_code(), "token_required");
    let head = format!("Authorization: Bearer {}\r\n", super::harness::TOKEN);
    let answer = server.send("PUT /api/status", &head, b"");
    assert_eq!(answer.error_code(), "method_not_allowed");
    assert_eq!(answer.header("allow"), Some("GET, HEAD"));
    let index = server.send("PUT /api/index", &head, b"");
    assert_eq!(index.header("allow"), Some("GET, HEAD, POST, DELETE"));
    assert_eq!(server.send("DELETE /", "", b"").error_code(), "method_not_allowed");
}
