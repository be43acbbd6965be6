//! Host, origin and token, through a real connection.

use super::harness::{Server, TOKEN, Wanted};

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
    let wrong = "Authorization: Bearer wrong-token-of-this\r\n";
    assert_eq!(server.send("GET /api/status", wrong, b"").status, 200);
    assert_eq!(server.send("DELETE /api/index", wrong, b"").error_code(), "token_required");
    assert_eq!(server.send_with_token("DELETE /api/index", "", b"").status, 202);
}

#[test]
fn behind_a_proxy_nobody_is_the_own_user() {
    let server = Server::start();
    for header in ["Forwarded: for=10.0.0.9", "X-Forwarded-For: 10.0.0.9", "Via: 1.1 proxy"] {
        let answer = server.send("GET /api/status", &format!("{header}\r\n"), b"");
        assert_eq!(answer.error_code(), "token_required", "{header}");
        let answer = server.send_with_token("GET /api/status", &format!("{header}\r\n"), b"");
        assert_eq!(answer.status, 200, "{header}");
    }
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
fn the_page_turns_the_token_into_a_cookie_and_leaves_its_address() {
    let server = open_server();
    let page = server.get(&format!("/?token={TOKEN}&q=kite+%26+sea"));
    assert_eq!((page.status, page.header("location")), (303, Some("/?q=kite+%26+sea")));
    let cookie = page.header("set-cookie").unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    let pair = cookie.split(';').next().unwrap();
    assert_eq!(pair, format!("seer_token_{}={TOKEN}", server.address.port()));
    let with = server.send("GET /api/status", &format!("Cookie: x=y; {pair}\r\n"), b"");
    assert_eq!(with.status, 200);

    let wrong = server.get("/?token=wrong-token-of-this");
    assert_eq!((wrong.status, wrong.header("location")), (303, Some("/")));
    assert_eq!(wrong.header("set-cookie"), None);
    assert_eq!(server.get("/").header("set-cookie"), None);
}

#[test]
fn wrong_tokens_are_remembered_and_right_ones_are_not() {
    let server = open_server();
    for _ in 0..3 {
        let wrong = "Authorization: Bearer wrong-token-of-this\r\n";
        assert_eq!(server.send("GET /api/status", wrong, b"").error_code(), "token_required");
        assert_eq!(server.get("/api/status").error_code(), "token_required");
        assert_eq!(server.send_with_token("GET /api/status", "", b"").status, 200);
    }
    assert_eq!(server.get("/?token=wrong-token-of-this").status, 303);
    assert_eq!(server.state.access.wrong_tokens.count("127.0.0.1".parse().unwrap()), 4);
}
