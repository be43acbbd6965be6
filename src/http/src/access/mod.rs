//! Who may ask: where a request comes from, and what the route it matched lets it do.
//!
//! Two gates. [`Access::admits`] stands in front of everything (host, origin). [`behind`] stands
//! in front of each route and knows its [`Right`], which is declared where the route is registered
//! (`routes/mod.rs`). The text of the path decides nothing.

mod connection;
mod host;
mod local_owner;
mod named;
mod permit;
mod spelling;
mod token;
mod wrong_tokens;

use std::sync::Arc;

use actix_web::HttpRequest;
use actix_web::http::header;
use seer_engine::{NamedToken, TokenRight};
use seer_types::LibraryPath;

use crate::errors::{ApiError, BUSY, HOST_REFUSED, ORIGIN_REFUSED, RIGHT_REQUIRED, TOKEN_REQUIRED};
use crate::wire;
pub(crate) use connection::{Asker, accepted};
pub(crate) use host::Hosts;
pub(crate) use local_owner::tells_own_user;
pub(crate) use named::NamedTokens;
pub(crate) use permit::{Permit, Sealed, behind};
pub use token::{Token, TokenError};
pub(crate) use wrong_tokens::WrongTokens;

/// What a route does, and so who may ask it. Each includes those before it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Right {
    /// Nothing private: anybody.
    Public,
    /// Reads photos: also with a token that is bound to folders, and then of those folders alone.
    Within,
    /// Reads the library as a whole: with a token, or the server's own user on the same machine when the
    /// server listens on a loopback address.
    Look,
    /// Brings the library up to date, and keeps albums: with a token for that.
    Index,
    /// Decides what the library is and who may ask it: with the server's own token, or one for that.
    Administer,
}

impl Right {
    /// What a token with a name is good for.
    fn of(token: &NamedToken) -> Self {
        match (token.right, &token.folders) {
            (_, Some(_)) => Self::Within,
            (TokenRight::Look, None) => Self::Look,
            (TokenRight::Index, None) => Self::Index,
            (TokenRight::Administer, None) => Self::Administer,
        }
    }
}

/// Who asks, and what they may do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Holder {
    pub(crate) asker: Asker,
    pub(crate) right: Right,
    /// The token with a name that was shown; `None` for the server's own, and for none.
    pub(crate) token: Option<NamedToken>,
}

impl Holder {
    /// The same for whoever asks. They may at least look, or they would not have come so far.
    pub(crate) fn told(&self) -> wire::Held {
        let right = match self.right {
            Right::Public | Right::Within | Right::Look => wire::TokenRight::Look,
            Right::Index => wire::TokenRight::Index,
            Right::Administer => wire::TokenRight::Administer,
        };
        let folders = wire::folder_texts(self.folders().map(|folders| &**folders));
        wire::Held { right, token: self.token.as_ref().map(|token| token.name.clone()), folders }
    }

    /// The folders of which alone they see photos; `None`: of the whole library.
    pub(crate) fn folders(&self) -> Option<&Arc<[LibraryPath]>> {
        self.token.as_ref()?.folders.as_ref()
    }
}

/// The rules of one running server.
#[derive(Debug)]
pub(crate) struct Access {
    pub(crate) hosts: Hosts,
    /// The server's own token: it may do everything.
    pub(crate) token: Token,
    pub(crate) named: NamedTokens,
    /// Whether reading needs a token of everybody: the server listens beyond this machine.
    pub(crate) token_to_read: bool,
    /// Part of the cookie's name, so that two servers on one host do not share it.
    pub(crate) port: u16,
    pub(crate) wrong_tokens: WrongTokens,
}

/// What the token that a request carries is good for.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Shown {
    Good(Right, Option<NamedToken>),
    Wrong,
    None,
}

impl Access {
    /// Before any route: refuses requests for other hosts and from pages of other origins.
    pub(crate) fn admits(&self, request: &HttpRequest) -> Result<(), ApiError> {
        self.check_host(request)?;
        let origin = text(request, header::ORIGIN);
        // A form of a page that sends no referrer says "null", and of which site it is in another header.
        let own_form = origin == "null" && text(request, "sec-fetch-site") == "same-origin";
        let foreign = request.headers().contains_key(header::ORIGIN)
            && !own_form
            && !host::same_origin(origin, text(request, header::HOST));
        if foreign { Err(foreign_page()) } else { Ok(()) }
    }

    /// Before a route with this right; says who asks.
    pub(crate) async fn permits(
        &self,
        right: Right,
        request: &HttpRequest,
    ) -> Result<Holder, ApiError> {
        let asker = Asker::of(request).await;
        if right == Right::Public {
            return Ok(Holder { asker, right, token: None });
        }
        let shown = self.shown(request).await;
        let wrong = shown == Shown::Wrong;
        match self.decide(right, asker, shown, request) {
            Err(refusal) if wrong && refusal.kind == TOKEN_REQUIRED => {
                Err(self.after_a_while(request, refusal).await)
            }
            verdict => verdict,
        }
    }

    fn decide(
        &self,
        right: Right,
        asker: Asker,
        shown: Shown,
        request: &HttpRequest,
    ) -> Result<Holder, ApiError> {
        // Other ports of the same host are "same-site", but not this server's own pages.
        if !matches!(text(request, "sec-fetch-site"), "" | "none" | "same-origin") {
            return Err(foreign_page());
        }
        let trusted = asker == Asker::Own && !self.token_to_read;
        let (has, token) = match shown {
            Shown::Good(has, token) => (has, token),
            Shown::Wrong | Shown::None if trusted => (Right::Look, None),
            Shown::Wrong | Shown::None => (Right::Public, None),
        };
        match token {
            token if has >= right => Ok(Holder { asker, right: has, token }),
            Some(token) => Err(not_with(&token.name, has, right)),
            None => Err(ApiError::new(
                TOKEN_REQUIRED,
                "the token is missing or wrong: open the address that \"seer serve\" printed, \
                 or send the header Authorization: Bearer TOKEN",
            )),
        }
    }

    /// Whether this is a token of ours; a wrong one is remembered and answered late.
    pub(crate) async fn is_token(&self, given: &str, request: &HttpRequest) -> bool {
        let good = self.right_of(given.trim()).await.is_some();
        if !good {
            self.wrong_tokens.slow_down(connection::peer_ip(request)).await;
        }
        good
    }

    /// What these letters are good for, and the token where it has a name.
    async fn right_of(&self, given: &str) -> Option<(Right, Option<NamedToken>)> {
        if self.token.equals(given) {
            return Some((Right::Administer, None));
        }
        let token = self.named.find(given).await?;
        Some((Right::of(&token), Some(token)))
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

    /// Of several tokens the one that may do most.
    async fn shown(&self, request: &HttpRequest) -> Shown {
        let mut best = Shown::None;
        for given in self.given(request) {
            best = match (self.right_of(given).await, best) {
                (Some((right, token)), Shown::Good(best, _)) if best < right => {
                    Shown::Good(right, token)
                }
                (Some((right, token)), Shown::Wrong | Shown::None) => Shown::Good(right, token),
                (None, Shown::None) => Shown::Wrong,
                (_, best) => best,
            };
        }
        best
    }

    /// The letters that a request carries: of its header, and of the cookie of this server.
    fn given<'a>(&self, request: &'a HttpRequest) -> impl Iterator<Item = &'a str> + use<'a> {
        let bearer = behind_scheme(text(request, header::AUTHORIZATION));
        let name = self.cookie_name();
        let cookies = text(request, header::COOKIE).split(';').filter_map(|c| c.split_once('='));
        let cookie = cookies.into_iter().find(|(key, _)| key.trim() == name);
        [bearer, cookie.map(|(_, value)| value)].into_iter().flatten().map(str::trim)
    }

    pub(crate) fn cookie_name(&self) -> String {
        format!("seer_token_{}", self.port)
    }
}

/// A good token that does not reach so far.
fn not_with(name: &str, has: Right, needed: Right) -> ApiError {
    let word = |right: Right| match right {
        Right::Public | Right::Within => "look, at some folders",
        Right::Look => "look",
        Right::Index => "index",
        Right::Administer => "administer",
    };
    let message = format!(
        "the token \"{name}\" has the right \"{}\"; this needs \"{}\": whoever runs the server makes \
         such tokens with \"seer tokens create\"",
        word(has),
        word(needed)
    );
    ApiError::new(RIGHT_REQUIRED, message)
}

fn foreign_page() -> ApiError {
    ApiError::new(ORIGIN_REFUSED, "pages of other origins may not use this server; ask it directly")
}

fn text(request: &HttpRequest, name: impl header::AsHeaderName) -> &str {
    request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or("")
}

/// The token behind "Bearer", which may be written in any case (RFC 9110, 11.1).
fn behind_scheme(value: &str) -> Option<&str> {
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token)
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;
    use seer_engine::{Library, OpenOptions};

    const SECRET: &str = "a-secret-of-letters";

    const LOOK: &str = "letters-of-a-token-to-look";
    const INDEX: &str = "letters-of-a-token-to-index";

    /// Rules with two tokens that have names.
    fn access(token_to_read: bool) -> Access {
        let folder = tempfile::tempdir().unwrap();
        let library = Library::open(folder.path(), OpenOptions::default()).unwrap();
        for (name, right, letters) in
            [("grandma", TokenRight::Look, LOOK), ("nas", TokenRight::Index, INDEX)]
        {
            library
                .add_token(name, right, &[], *blake3::hash(letters.as_bytes()).as_bytes())
                .unwrap();
        }
        Access {
            hosts: Hosts::new(&["nas.local".to_owned()]),
            token: Token::given(SECRET).unwrap(),
            named: NamedTokens::of(std::sync::Arc::new(library)),
            token_to_read,
            port: 7337,
            wrong_tokens: WrongTokens::new(std::time::Duration::ZERO),
        }
    }

    /// What a route with this right says to a request.
    async fn verdict(
        access: &Access,
        right: Right,
        asker: Asker,
        request: &HttpRequest,
    ) -> &'static str {
        let shown = access.shown(request).await;
        code(access.decide(right, asker, shown, request))
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

    fn code<T>(verdict: Result<T, ApiError>) -> &'static str {
        verdict.map_or_else(|error| error.kind.code, |_| "ok")
    }

    #[actix_web::test]
    async fn on_loopback_the_own_user_reads_without_a_token() {
        let access = access(false);
        let plain = with(&[]);
        let bearer = with(&[("authorization", &format!("bEARER {SECRET}"))]);
        for (right, asker, without) in [
            (Right::Look, Asker::Own, "ok"),
            (Right::Look, Asker::Other, "token_required"),
            (Right::Index, Asker::Own, "token_required"),
            (Right::Index, Asker::Other, "token_required"),
            (Right::Administer, Asker::Own, "token_required"),
            (Right::Administer, Asker::Other, "token_required"),
        ] {
            let what = format!("{right:?} {asker:?}");
            assert_eq!(verdict(&access, right, asker, &plain).await, without, "{what}");
            assert_eq!(verdict(&access, right, asker, &bearer).await, "ok", "{what}");
        }
    }

    #[actix_web::test]
    async fn beyond_loopback_everybody_needs_one() {
        let access = access(true);
        for asker in [Asker::Own, Asker::Other] {
            let found = verdict(&access, Right::Look, asker, &with(&[])).await;
            assert_eq!(found, "token_required");
        }
        assert!(access.permits(Right::Public, &with(&[])).await.is_ok());
    }

    #[actix_web::test]
    async fn a_token_with_a_name_may_do_what_its_right_says() {
        let access = access(true);
        for (letters, index, administer) in [
            (LOOK, "right_required", "right_required"),
            (INDEX, "ok", "right_required"),
            (SECRET, "ok", "ok"),
            ("letters-of-no-token-at-all", "token_required", "token_required"),
        ] {
            let request = with(&[("authorization", &format!("Bearer {letters}"))]);
            let of = async |right| verdict(&access, right, Asker::Other, &request).await;
            let known = !letters.contains("no-token");
            assert_eq!(of(Right::Look).await == "ok", known, "{letters}");
            assert_eq!(of(Right::Index).await, index, "{letters}");
            assert_eq!(of(Right::Administer).await, administer, "{letters}");
        }
        // Two at once: the better one counts.
        let cookie = format!("seer_token_7337={SECRET}");
        let both = with(&[("authorization", &format!("Bearer {LOOK}")), ("cookie", &cookie)]);
        assert_eq!(verdict(&access, Right::Administer, Asker::Other, &both).await, "ok");
    }

    #[actix_web::test]
    async fn a_revoked_token_is_wrong_at_once() {
        let access = access(true);
        let request = with(&[("authorization", &format!("Bearer {LOOK}"))]);
        let shown = access.shown(&request).await;
        assert!(matches!(shown, Shown::Good(Right::Look, Some(token)) if token.name == "grandma"));
        access.named.library().revoke_token("grandma").unwrap();
        access.named.forget();
        assert_eq!(access.shown(&request).await, Shown::Wrong);
    }

    #[actix_web::test]
    async fn the_cookie_counts_for_its_own_port_only() {
        let access = access(true);
        for (cookie, shown) in [
            (format!("a=b; seer_token_7337={SECRET}"), Shown::Good(Right::Administer, None)),
            (format!("seer_token_7338={SECRET}"), Shown::None),
            (format!("seer_token_7337={}", &SECRET[1..]), Shown::Wrong),
            ("seer_token_7337=".to_owned(), Shown::Wrong),
            ("a=b".to_owned(), Shown::None),
        ] {
            assert_eq!(access.shown(&with(&[("cookie", &cookie)])).await, shown, "{cookie}");
        }
    }

    #[actix_web::test]
    async fn pages_of_other_origins_are_refused_whatever_they_ask() {
        let access = access(false);
        let from = |origin: &str| code(access.admits(&with(&[("origin", origin)])));
        assert_eq!(from("http://localhost:7337"), "ok");
        for origin in ["http://localhost:1", "http://evil.example", "null", "localhost:7337", ""] {
            assert_eq!(from(origin), "origin_refused", "{origin}");
        }
        for (site, found) in
            [("same-origin", "ok"), ("same-site", "origin_refused"), ("none", "origin_refused")]
        {
            let form = with(&[("origin", "null"), ("sec-fetch-site", site)]);
            assert_eq!(code(access.admits(&form)), found, "{site}");
        }
        for site in ["cross-site", "same-site", "anything"] {
            let request = with(&[("sec-fetch-site", site)]);
            let found = verdict(&access, Right::Look, Asker::Own, &request).await;
            assert_eq!(found, "origin_refused", "{site}");
            // A link on a foreign page may open this one.
            assert!(access.permits(Right::Public, &request).await.is_ok());
        }
        for site in ["none", "same-origin"] {
            let request = with(&[("sec-fetch-site", site)]);
            assert_eq!(verdict(&access, Right::Look, Asker::Own, &request).await, "ok", "{site}");
        }
    }

    #[actix_web::test]
    async fn foreign_and_doubtful_hosts_are_refused() {
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
