//! Host, origin and token, through a real connection.

use super::harness::{Server, TOKEN, Wanted};
use crate::client::Client;

fn open_server() -> Server {
    Server::with(Wanted { pictures: false, token_to_read: true, ..Default::default() })
}

#[test]
fn a_foreign_host_gets_nothing() {
    let server = Server::start();
    for path in ["/", "/health", "/api/status", "/api/search"] {
        let answer = server.send(&format!("GET {path}"), "Host: evil.example\r\n", b"");
        assert_eq!(answer.error_code(), "host_refused", "{path}");
    }
    let name = format!("Host: localhost:{}\r\n", server.address.port());
    assert_eq!(server.send("GET /api/status", &name, b"").status, 200);
}

#[test]
fn a_foreign_page_gets_nothing() {
    let server = Server::start();
    let head = "Content-Type: application/json\r\nOrigin: http://evil.example\r\n";
    let answer = server.send("POST /api/search", head, b"{}");
    assert_eq!(answer.error_code(), "origin_refused");
    let own = format!("Content-Type: application/json\r\nOrigin: http://{}\r\n", server.address);
    assert_eq!(server.send("POST /api/search", &own, b"{}").status, 200);
    let fetch = server.send("GET /api/search", "Sec-Fetch-Site: cross-site\r\n", b"");
    assert_eq!(fetch.error_code(), "origin_refused");
}

#[test]
fn on_loopback_only_indexing_needs_the_token() {
    let server = Server::start();
    assert_eq!(server.get("/api/index").status, 200);
    assert_eq!(server.post("/api/index", "{}").error_code(), "token_required");
    assert_eq!(server.send("DELETE /api/index", "", b"").error_code(), "token_required");
    let stranger = Client::new(&format!("http://{}", server.address), "wrong-token");
    assert!(stranger.status().is_ok());
    assert_eq!(stranger.cancel_index().unwrap_err().code(), "token_required");
}

#[test]
fn beyond_loopback_everything_private_needs_it() {
    let server = open_server();
    for path in ["/api/status", "/api/search", "/api/failures", "/api/index", "/api/nothing"] {
        let answer = server.get(path);
        assert_eq!(answer.error_code(), "token_required", "{path}");
        assert_eq!(answer.header("www-authenticate"), Some("Bearer realm=\"seer\""));
    }
    assert_eq!(server.get("/").status, 200);
    assert_eq!(server.get("/health").status, 200);
    assert!(server.client.status().is_ok());
}

#[test]
fn the_page_turns_the_token_into_a_cookie() {
    let server = open_server();
    let page = server.get(&format!("/?token={TOKEN}&q=kite"));
    let cookie = page.header("set-cookie").unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    let pair = cookie.split(';').next().unwrap();
    assert_eq!(pair, format!("seer_token_{}={TOKEN}", server.address.port()));
    let with = server.send("GET /api/status", &format!("Cookie: x=y; {pair}\r\n"), b"");
    assert_eq!(with.status, 200);

    assert_eq!(server.get("/?token=wrong-token").header("set-cookie"), None);
    assert_eq!(server.get("/").header("set-cookie"), None);
}
