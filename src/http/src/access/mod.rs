//! Who may ask: host, origin and token, checked before any route.

mod host;
mod token;

use actix_web::HttpRequest;
use actix_web::http::{Method, header};

use crate::errors::{ApiError, HOST_REFUSED, ORIGIN_REFUSED, TOKEN_REQUIRED};
pub(crate) use host::Hosts;
pub(crate) use token::{Token, TokenError};

/// The rules of one running server.
#[derive(Debug)]
pub(crate) struct Access {
    pub(crate) hosts: Hosts,
    pub(crate) token: Token,
    /// Whether reading needs the token too: the server listens beyond this machine.
    pub(crate) token_to_read: bool,
    /// Part of the cookie's name, so that two servers on one host do not share it.
    pub(crate) port: u16,
}

impl Access {
    /// Refuses a request that must not reach its route.
    pub(crate) fn check(&self, request: &HttpRequest) -> Result<(), ApiError> {
        self.check_host(request)?;
        check_origin(request)?;
        if self.needs_token(request) && !self.has_token(request) {
            return Err(ApiError::new(
                TOKEN_REQUIRED,
                "the token is missing or wrong: open the address that \"seer serve\" printed, \
                 or send the header Authorization: Bearer TOKEN",
            ));
        }
        Ok(())
    }

    fn check_host(&self, request: &HttpRequest) -> Result<(), ApiError> {
        let host = text(request, header::HOST);
        if self.hosts.allows(host) {
            return Ok(());
        }
        let shown: String = host.chars().take(100).collect();
        Err(ApiError::new(
            HOST_REFUSED,
            format!(
                "this server does not answer for the host \"{shown}\"; if that is its name, \
                 start it with --allow-host NAME"
            ),
        ))
    }

    /// The page's own files hold nothing private; everything below `/api/` may.
    fn needs_token(&self, request: &HttpRequest) -> bool {
        let api = request.path().starts_with("/api/");
        api && (self.token_to_read || !is_reading(request))
    }

    fn has_token(&self, request: &HttpRequest) -> bool {
        let bearer = text(request, header::AUTHORIZATION).strip_prefix("Bearer ");
        let name = self.cookie_name();
        let cookies = text(request, header::COOKIE).split(';').filter_map(|c| c.split_once('='));
        let cookie = cookies.into_iter().find(|(key, _)| key.trim() == name);
        [bearer, cookie.map(|(_, value)| value)]
            .into_iter()
            .flatten()
            .any(|given| self.token.equals(given.trim()))
    }

    pub(crate) fn cookie_name(&self) -> String {
        format!("seer_token_{}", self.port)
    }
}

/// Searching reads, also where it is a POST because of its pictures.
fn is_reading(request: &HttpRequest) -> bool {
    matches!(*request.method(), Method::GET | Method::HEAD) || request.path() == "/api/search"
}

/// A page of another origin may not use this server through the visitor's browser.
fn check_origin(request: &HttpRequest) -> Result<(), ApiError> {
    let api = request.path().starts_with("/api/");
    let foreign_page = api && text(request, "sec-fetch-site") == "cross-site";
    let changing = !matches!(*request.method(), Method::GET | Method::HEAD);
    let foreign_origin = changing
        && request.headers().contains_key(header::ORIGIN)
        && !host::same_origin(text(request, header::ORIGIN), text(request, header::HOST));
    if foreign_page || foreign_origin {
        return Err(ApiError::new(
            ORIGIN_REFUSED,
            "pages of other origins may not use this server; ask it directly",
        ));
    }
    Ok(())
}

fn text(request: &HttpRequest, name: impl header::AsHeaderName) -> &str {
    request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    fn access(token_to_read: bool) -> Access {
        Access {
            hosts: Hosts::new(&["nas.local".to_owned()]),
            token: Token::given("secret").unwrap(),
            token_to_read,
            port: 7337,
        }
    }

    fn code(access: &Access, request: TestRequest) -> &'static str {
        match access.check(&request.to_http_request()) {
            Ok(()) => "ok",
            Err(error) => error.kind.code,
        }
    }

    fn get(path: &str) -> TestRequest {
        TestRequest::get().uri(path).insert_header(("host", "localhost:7337"))
    }

    fn post(path: &str) -> TestRequest {
        TestRequest::post().uri(path).insert_header(("host", "localhost:7337"))
    }

    #[test]
    fn on_loopback_only_changes_need_the_token() {
        let access = access(false);
        assert_eq!(code(&access, get("/api/status")), "ok");
        assert_eq!(code(&access, post("/api/search")), "ok");
        assert_eq!(code(&access, post("/api/index")), "token_required");
        let delete = TestRequest::delete().uri("/api/index").insert_header(("host", "localhost"));
        assert_eq!(code(&access, delete), "token_required");
        let with = post("/api/index").insert_header(("authorization", "Bearer secret"));
        assert_eq!(code(&access, with), "ok");
    }

    #[test]
    fn beyond_loopback_reading_needs_it_too_but_the_page_itself_does_not() {
        let access = access(true);
        assert_eq!(code(&access, get("/api/status")), "token_required");
        assert_eq!(code(&access, post("/api/search")), "token_required");
        assert_eq!(code(&access, get("/")), "ok");
        assert_eq!(code(&access, get("/health")), "ok");
    }

    #[test]
    fn the_cookie_counts_for_its_own_port_only() {
        let access = access(true);
        let with = |cookie: &str| get("/api/status").insert_header(("cookie", cookie.to_owned()));
        assert_eq!(code(&access, with("a=b; seer_token_7337=secret")), "ok");
        assert_eq!(code(&access, with("seer_token_7338=secret")), "token_required");
        assert_eq!(code(&access, with("seer_token_7337=secre")), "token_required");
        let bearer = get("/api/status").insert_header(("authorization", "Bearer wrong"));
        assert_eq!(code(&access, bearer), "token_required");
    }

    #[test]
    fn foreign_pages_are_refused() {
        let access = access(false);
        let from = |origin: &str| post("/api/search").insert_header(("origin", origin.to_owned()));
        assert_eq!(code(&access, from("http://localhost:7337")), "ok");
        for origin in ["http://localhost:1", "http://evil.example", "null", "localhost:7337"] {
            assert_eq!(code(&access, from(origin)), "origin_refused", "{origin}");
        }
        let fetch = get("/api/search").insert_header(("sec-fetch-site", "cross-site"));
        assert_eq!(code(&access, fetch), "origin_refused");
        let link = get("/").insert_header(("sec-fetch-site", "cross-site"));
        assert_eq!(code(&access, link), "ok");
    }

    #[test]
    fn foreign_hosts_are_refused_before_the_token_is_looked_at() {
        let request = TestRequest::get().uri("/api/status").insert_header(("host", "evil.example"));
        assert_eq!(code(&access(true), request), "host_refused");
        let request = TestRequest::get().uri("/").insert_header(("host", "evil.example"));
        assert_eq!(code(&access(false), request), "host_refused");
    }
}
