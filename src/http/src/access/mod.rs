//! Who may ask: where a request comes from, and what the route it matched lets it do.
//!
//! Two gates. [`Access::admits`] stands in front of everything (host, origin). [`behind`] stands
//! in front of each route and knows its [`Right`], which is declared where the route is registered
//! (`routes/mod.rs`). The text of the path decides nothing.

mod connection;
mod host;
mod local_owner;
mod permit;
mod spelling;
mod token;
mod wrong_tokens;

use actix_web::HttpRequest;
use actix_web::http::header;

use crate::errors::{ApiError, BUSY, HOST_REFUSED, ORIGIN_REFUSED, TOKEN_REQUIRED};
pub(crate) use connection::{Asker, accepted};
pub(crate) use host::Hosts;
pub(crate) use local_owner::tells_own_user;
pub(crate) use permit::{Permit, Sealed, behind};
pub use token::{Token, TokenError};
pub(crate) use wrong_tokens::WrongTokens;

/// What a route does, and so who may ask it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Right {
    /// Nothing private: anybody.
    Public,
    /// Reads the library: with the token, or the server's own user on the same machine when the
    /// server listens on a loopback address.
    Read,
    /// Starts or stops something: with the token only.
    Change,
}

/// The rules of one running server.
#[derive(Debug)]
pub(crate) struct Access {
    pub(crate) hosts: Hosts,
    pub(crate) token: Token,
    /// Whether reading needs the token of everybody: the server listens beyond this machine.
    pub(crate) token_to_read: bool,
    /// Part of the cookie's name, so that two servers on one host do not share it.
    pub(crate) port: u16,
    pub(crate) wrong_tokens: WrongTokens,
}

/// Which token a request carries.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Shown {
    Right,
    Wrong,
    None,
}

impl Access {
    /// Before any route: refuses requests for other hosts and from pages of other origins.
    pub(crate) fn admits(&self, request: &HttpRequest) -> Result<(), ApiError> {
        self.check_host(request)?;
        let foreign = request.headers().contains_key(header::ORIGIN)
            && !host::same_origin(text(request, header::ORIGIN), text(request, header::HOST));
        if foreign { Err(foreign_page()) } else { Ok(()) }
    }

    /// Before a route with this right; says who asks.
    pub(crate) async fn permits(
        &self,
        right: Right,
        request: &HttpRequest,
    ) -> Result<Asker, ApiError> {
        let asker = Asker::of(request).await;
        match self.decide(right, asker, request) {
            Ok(()) => Ok(asker),
            Err(refusal) => {
                let guessed = refusal.kind == TOKEN_REQUIRED && self.shown(request) == Shown::Wrong;
                Err(if guessed { self.after_a_while(request, refusal).await } else { refusal })
            }
        }
    }

    fn decide(&self, right: Right, asker: Asker, request: &HttpRequest) -> Result<(), ApiError> {
        if right == Right::Public {
            return Ok(());
        }
        // Other ports of the same host are "same-site", but not this server's own pages.
        if !matches!(text(request, "sec-fetch-site"), "" | "none" | "same-origin") {
            return Err(foreign_page());
        }
        let trusted = right == Right::Read && asker == Asker::Own && !self.token_to_read;
        if trusted || self.shown(request) == Shown::Right {
            return Ok(());
        }
        Err(ApiError::new(
            TOKEN_REQUIRED,
            "the token is missing or wrong: open the address that \"seer serve\" printed, \
             or send the header Authorization: Bearer TOKEN",
        ))
    }

    /// Whether this is the token; a wrong one is remembered and answered late.
    pub(crate) async fn is_token(&self, given: &str, request: &HttpRequest) -> bool {
        let right = self.token.equals(given.trim());
        if !right {
            self.wrong_tokens.slow_down(connection::peer_ip(request)).await;
        }
        right
    }

    async fn after_a_while(&self, request: &HttpRequest, refusal: ApiError) -> ApiError {
        if self.wrong_tokens.slow_down(connection::peer_ip(request)).await {
            return refusal;
        }
        ApiError::new(BUSY, "too many wrong tokens at once")
    }

    /// One Host header with a name of ours; a full address in the request line must agree with it.
    fn check_host(&self, request: &HttpRequest) -> Result<(), ApiError> {
        let host = text(request, header::HOST);
        let one = request.headers().get_all(header::HOST).count() == 1;
        let line = request.uri().authority().map_or("", |authority| authority.as_str());
        let agrees = line.is_empty() || line.eq_ignore_ascii_case(host);
        if one && agrees && self.hosts.allows(host) {
            return Ok(());
        }
        let shown: String = if agrees { host } else { line }.chars().take(100).collect();
        Err(ApiError::new(
            HOST_REFUSED,
            format!(
                "this server does not answer for the host \"{shown}\"; if that is its name, \
                 start it with --allow-host NAME"
            ),
        ))
    }

    fn shown(&self, request: &HttpRequest) -> Shown {
        let bearer = text(request, header::AUTHORIZATION).strip_prefix("Bearer ");
        let name = self.cookie_name();
        let cookies = text(request, header::COOKIE).split(';').filter_map(|c| c.split_once('='));
        let cookie = cookies.into_iter().find(|(key, _)| key.trim() == name);
        let mut given = [bearer, cookie.map(|(_, value)| value)].into_iter().flatten().peekable();
        if given.peek().is_none() {
            return Shown::None;
        }
        let right = given.any(|text| self.token.equals(text.trim()));
        if right { Shown::Right } else { Shown::Wrong }
    }

    pub(crate) fn cookie_name(&self) -> String {
        format!("seer_token_{}", self.port)
    }
}

fn foreign_page() -> ApiError {
    ApiError::new(ORIGIN_REFUSED, "pages of other origins may not use this server; ask it directly")
}

fn text(request: &HttpRequest, name: impl header::AsHeaderName) -> &str {
    request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    const SECRET: &str = "a-secret-of-letters";

    fn access(token_to_read: bool) -> Access {
        Access {
            hosts: Hosts::new(&["nas.local".to_owned()]),
            token: Token::given(SECRET).unwrap(),
            token_to_read,
            port: 7337,
            wrong_tokens: WrongTokens::new(std::time::Duration::ZERO),
        }
    }

    fn with(headers: &[(&'static str, &str)]) -> HttpRequest {
        let host = ("host", "localhost:7337");
        let request = TestRequest::get().uri("/api/status");
        let all =
            std::iter::once(&host).filter(|_| headers.iter().all(|(name, _)| *name != "host"));
        all.chain(headers)
            .fold(request, |request, (name, value)| request.append_header((*name, *value)))
            .to_http_request()
    }

    fn code(verdict: Result<(), ApiError>) -> &'static str {
        verdict.map_or_else(|error| error.kind.code, |()| "ok")
    }

    #[test]
    fn on_loopback_the_own_user_reads_without_the_token() {
        let access = access(false);
        let plain = with(&[]);
        let bearer = with(&[("authorization", &format!("Bearer {SECRET}"))]);
        for (right, asker, without) in [
            (Right::Public, Asker::Other, "ok"),
            (Right::Read, Asker::Own, "ok"),
            (Right::Read, Asker::Other, "token_required"),
            (Right::Change, Asker::Own, "token_required"),
            (Right::Change, Asker::Other, "token_required"),
        ] {
            assert_eq!(code(access.decide(right, asker, &plain)), without, "{right:?} {asker:?}");
            assert_eq!(code(access.decide(right, asker, &bearer)), "ok", "{right:?} {asker:?}");
        }
    }

    #[test]
    fn beyond_loopback_everybody_needs_it() {
        let access = access(true);
        for asker in [Asker::Own, Asker::Other] {
            let verdict = access.decide(Right::Read, asker, &with(&[]));
            assert_eq!(code(verdict), "token_required");
        }
        assert_eq!(code(access.decide(Right::Public, Asker::Other, &with(&[]))), "ok");
    }

    #[test]
    fn the_cookie_counts_for_its_own_port_only() {
        let access = access(true);
        for (cookie, shown) in [
            (format!("a=b; seer_token_7337={SECRET}"), Shown::Right),
            (format!("seer_token_7338={SECRET}"), Shown::None),
            (format!("seer_token_7337={}", &SECRET[1..]), Shown::Wrong),
            ("seer_token_7337=".to_owned(), Shown::Wrong),
            ("a=b".to_owned(), Shown::None),
        ] {
            assert_eq!(access.shown(&with(&[("cookie", &cookie)])), shown, "{cookie}");
        }
    }

    #[test]
    fn pages_of_other_origins_are_refused_whatever_they_ask() {
        let access = access(false);
        let from = |origin: &str| code(access.admits(&with(&[("origin", origin)])));
        assert_eq!(from("http://localhost:7337"), "ok");
        for origin in ["http://localhost:1", "http://evil.example", "null", "localhost:7337", ""] {
            assert_eq!(from(origin), "origin_refused", "{origin}");
        }
        for site in ["cross-site", "same-site", "anything"] {
            let request = with(&[("sec-fetch-site", site)]);
            let verdict = access.decide(Right::Read, Asker::Own, &request);
            assert_eq!(code(verdict), "origin_refused", "{site}");
            // A link on a foreign page may open this one.
            assert_eq!(code(access.decide(Right::Public, Asker::Own, &request)), "ok");
        }
        for site in ["none", "same-origin"] {
            let request = with(&[("sec-fetch-site", site)]);
            assert_eq!(code(access.decide(Right::Read, Asker::Own, &request)), "ok", "{site}");
        }
    }

    #[test]
    fn foreign_and_doubtful_hosts_are_refused() {
        let access = access(false);
        for headers in [
            &[("host", "evil.example")][..],
            &[("host", "localhost"), ("host", "evil.example")],
            &[("host", "")],
        ] {
            assert_eq!(code(access.admits(&with(headers))), "host_refused", "{headers:?}");
        }
        assert_eq!(code(access.admits(&with(&[("host", "nas.local:7337")]))), "ok");
        let line = |uri: &str| {
            let request = TestRequest::get().uri(uri).insert_header(("host", "localhost:7337"));
            code(access.admits(&request.to_http_request()))
        };
        assert_eq!(line("http://localhost:7337/api/status"), "ok");
        assert_eq!(line("http://evil.example/api/status"), "host_refused");
    }
}
