//! Every route in every spelling, asked by everybody: the answers that are right are few.
//!
//! The routes come from the table that registers them, so a new one is walked by itself.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use actix_web::http::Method;
use seer_engine::TokenRight;
use seer_types::{IndexKind, LibraryPath};
use socket2::SockRef;

use super::harness::{Answer, Server, TOKEN, Wanted};
use super::spellings;
use crate::access::{Right, Token};
use crate::routes::{Entry, table};

/// Who asks, by the headers that tell it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Debug)]
enum Who {
    Nobody,
    WrongToken,
    CookieOfOtherPort,
    BehindProxy,
    ForeignOrigin,
    ForeignHost,
    ForeignPage,
    NeighbourPage,
    RevokedToken,
    TokenOfFolder,
    TokenToLook,
    TokenToIndex,
    RightToken,
    RightCookie,
}

/// Those who hold nothing that is good here.
const STRANGERS: [Who; 9] = [
    Who::Nobody,
    Who::WrongToken,
    Who::CookieOfOtherPort,
    Who::BehindProxy,
    Who::ForeignOrigin,
    Who::ForeignHost,
    Who::ForeignPage,
    Who::NeighbourPage,
    Who::RevokedToken,
];

/// Those who hold a good token. Who may most comes last.
const HOLDERS: [Who; 5] =
    [Who::TokenOfFolder, Who::TokenToLook, Who::TokenToIndex, Who::RightToken, Who::RightCookie];

impl Who {
    /// The pages and hosts that are foreign hold the right token: it does not help them.
    fn headers(self, address: SocketAddr) -> String {
        let port = address.port();
        let host =
            if self == Self::ForeignHost { "evil.example".into() } else { address.to_string() };
        let more = match self {
            Self::Nobody => String::new(),
            Self::WrongToken => "Authorization: Bearer wrong-token-of-this\r\n".into(),
            Self::CookieOfOtherPort => format!("Cookie: seer_token_{}={TOKEN}\r\n", port ^ 1),
            Self::BehindProxy => "X-Forwarded-For: 10.0.0.9\r\n".into(),
            Self::ForeignOrigin => with_token("Origin: http://evil.example"),
            Self::ForeignHost | Self::RightToken => with_token("Accept: */*"),
            Self::ForeignPage => with_token("Sec-Fetch-Site: cross-site"),
            Self::NeighbourPage => with_token("Sec-Fetch-Site: same-site"),
            Self::RevokedToken => bearer(REVOKED),
            Self::TokenOfFolder => bearer(OF_FOLDER),
            Self::TokenToLook => bearer(TO_LOOK),
            Self::TokenToIndex => bearer(TO_INDEX),
            Self::RightCookie => format!("Cookie: a=b; seer_token_{port}={TOKEN}\r\n"),
        };
        format!("Host: {host}\r\n{more}")
    }

    /// Whether a route with this right, spelt as it should be, may answer.
    fn may(self, right: Right, token_to_read: bool) -> bool {
        match self {
            Self::RightToken | Self::RightCookie => true,
            Self::ForeignOrigin | Self::ForeignHost => false,
            Self::ForeignPage | Self::NeighbourPage | Self::BehindProxy => right == Right::Public,
            // The tests' own process asks: it is the server's own user.
            Self::TokenOfFolder => right <= Right::Within,
            Self::TokenToLook => right <= Right::Look,
            Self::TokenToIndex => right <= Right::Index,
            Self::Nobody | Self::WrongToken | Self::RevokedToken | Self::CookieOfOtherPort => {
                match right {
                    Right::Public => true,
                    Right::Within | Right::Look => !token_to_read,
                    Right::Index | Right::Administer => false,
                }
            }
        }
    }
}

fn with_token(header: &str) -> String {
    format!("{}{header}\r\n", bearer(TOKEN))
}

fn bearer(token: &str) -> String {
    format!("Authorization: Bearer {token}\r\n")
}

/// Letters of the tokens with names.
const OF_FOLDER: &str = "letters-of-a-token-of-a-folder";
const TO_LOOK: &str = "letters-of-a-token-to-look";
const TO_INDEX: &str = "letters-of-a-token-to-index";
const REVOKED: &str = "letters-of-a-revoked-token";

/// The album of the walk.
const ALBUM: &str = r#"{"name": "kept", "query": "secret words of an album"}"#;

/// A form is told by its first line.
const FORM: &str = "Content-Type: multipart/form-data; boundary=of-the-walk\r\n";

/// The form of a prediction.
const PREDICT: &str = "--of-the-walk\r\nContent-Disposition: form-data; name=\"entries\"\r\n\r\n\
                       {\"clip\": {\"textual\": {\"modelName\": \"x\"}}}\r\n--of-the-walk\r\n\
                       Content-Disposition: form-data; name=\"text\"\r\n\r\na kite\r\n--of-the-walk--\r\n";

/// One connection that is kept as long as the server keeps it.
struct Line {
    address: SocketAddr,
    stream: Option<BufReader<TcpStream>>,
}

impl Line {
    fn ask(&mut self, method: &str, target: &str, headers: &str, body: &str) -> Answer {
        let (kind, body) = match method {
            "POST" if body.starts_with("--") => (FORM, body),
            "POST" => ("Content-Type: application/json\r\n", body),
            _ => ("", ""),
        };
        let length = body.len();
        let request = format!(
            "{method} {target} HTTP/1.1\r\n{headers}{kind}Content-Length: {length}\r\n\r\n{body}"
        );
        for _ in 0..3 {
            if let Some(answer) = self.try_ask(&request, method == "HEAD") {
                return answer;
            }
            self.stream = None;
        }
        panic!("no answer to {method} {target}");
    }

    fn try_ask(&mut self, request: &str, head_only: bool) -> Option<Answer> {
        if self.stream.is_none() {
            let stream = TcpStream::connect(self.address).ok()?;
            // Thousands of closed connections would each be remembered by the system for a minute, and stand
            // in the list in which the server looks up whose a new one is.
            SockRef::from(&stream).set_linger(Some(Duration::ZERO)).ok()?;
            self.stream = Some(BufReader::new(stream));
        }
        let stream = self.stream.as_mut()?;
        stream.get_mut().write_all(request.as_bytes()).ok()?;
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if stream.read_line(&mut head).ok()? == 0 {
                return None;
            }
        }
        let mut answer = Answer { status: head[9..12].parse().ok()?, head, body: Vec::new() };
        let length = answer.header("content-length").map_or(0, |text| text.trim().parse().unwrap());
        if answer.header("transfer-encoding").is_some_and(|text| text.trim() == "chunked") {
            answer.body = chunks(stream, head_only)?;
        } else if !head_only && answer.status != 304 {
            answer.body.resize(length, 0);
            stream.read_exact(&mut answer.body).ok()?;
        }
        if answer.header("connection").is_some_and(|text| text.trim() == "close") {
            self.stream = None;
        }
        Some(answer)
    }
}

/// The body of an answer that comes in chunks.
fn chunks(stream: &mut BufReader<TcpStream>, head_only: bool) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    let mut more = !head_only;
    while more {
        let mut size = String::new();
        stream.read_line(&mut size).ok()?;
        let mut chunk = vec![0; usize::from_str_radix(size.trim(), 16).ok()? + 2];
        stream.read_exact(&mut chunk).ok()?;
        more = chunk.len() > 2;
        body.extend_from_slice(&chunk[..chunk.len() - 2]);
    }
    Some(body)
}

struct Walk {
    server: Server,
    token_to_read: bool,
    /// What stands in the library and nowhere else.
    secrets: Vec<String>,
}

impl Walk {
    fn new(token_to_read: bool) -> Self {
        let server =
            Server::with(Wanted { token_to_read, strip_metadata: true, ..Default::default() });
        let secrets = vec![
            TOKEN.to_owned(),
            OF_FOLDER.to_owned(),
            TO_LOOK.to_owned(),
            TO_INDEX.to_owned(),
            "\"tokens\"".to_owned(),
            server.photos.to_str().unwrap().to_owned(),
            server.library.folder().to_str().unwrap().to_owned(),
            "0_landscape".to_owned(),
            "\"hits\"".to_owned(),
            "\"photos\"".to_owned(),
            "secret words of an album".to_owned(),
        ];
        let album: crate::wire::Album = serde_json::from_str(ALBUM).unwrap();
        server.library.save_album(album.into()).unwrap();
        for (name, right, letters) in [
            ("gone", TokenRight::Administer, REVOKED),
            ("grandma", TokenRight::Look, TO_LOOK),
            ("nas", TokenRight::Index, TO_INDEX),
        ] {
            let hash = Token::given(letters).unwrap().hash();
            server.library.add_token(name, right, &[], hash).unwrap();
        }
        let folder = LibraryPath::new(&server.photos);
        let hash = Token::given(OF_FOLDER).unwrap().hash();
        server.library.add_token("child", TokenRight::Look, &[folder], hash).unwrap();
        server.library.revoke_token("gone").unwrap();
        Self { server, token_to_read, secrets }
    }

    /// The address of an entry with something that exists in place of `{…}`.
    fn path(&self, entry: &Entry) -> String {
        let id = self.server.id_of("0_landscape.jpg").to_string();
        let name = if entry.path.contains("/languages/") { "en.js" } else { "main.js" };
        entry.path.replace("{id}", &id).replace("{name}", name)
    }

    /// The body of a `POST`. Who may not change anything asks to forget all photos; who may, to
    /// forget a folder that holds none, so that the walk can go on. The model in use cannot be
    /// forgotten.
    fn body(&self, entry: &Entry, who: Who) -> String {
        if entry.path.starts_with("/api/models/") {
            let model = self.server.library.model().expect("a model").fingerprint().to_string();
            let mut body = serde_json::json!({ "model": model });
            if entry.path.ends_with("/index") {
                body["index"] = "hnsw".into();
            }
            return body.to_string();
        }
        let may = who.may(entry.right, self.token_to_read);
        // Everybody asks for changes of the one album there is; who may changes nothing by it.
        match entry.path {
            "/api/albums" => return ALBUM.to_owned(),
            "/api/albums/rename" => {
                let to = if may { "kept" } else { "taken" };
                return serde_json::json!({ "name": "kept", "to": to }).to_string();
            }
            "/api/albums/remove" => {
                return serde_json::json!({ "name": if may { "none" } else { "kept" } })
                    .to_string();
            }
            "/api/albums/photos" => {
                let id = self.server.id_of("0_landscape.jpg").to_string();
                let name = if may { "none" } else { "one more" };
                return serde_json::json!({ "name": name, "photos": [id], "in": !may }).to_string();
            }
            // Who may hides nothing; the others try to.
            "/api/hide" => {
                let id = self.server.id_of("0_landscape.jpg").to_string();
                let photos = if may { vec![] } else { vec![id] };
                return serde_json::json!({ "photos": photos, "hidden": true }).to_string();
            }
            "/api/tokens" => {
                return serde_json::json!({ "name": "one more", "right": "administer" })
                    .to_string();
            }
            "/api/tokens/revoke" => {
                return serde_json::json!({ "name": if may { "none" } else { "grandma" } })
                    .to_string();
            }
            "/api/download" => {
                let id = self.server.id_of("0_landscape.jpg").to_string();
                return serde_json::json!({ "photos": [id] }).to_string();
            }
            // Everybody asks for the folder to be watched; who may, has it not watched as before.
            "/api/roots/watch" => {
                let watch = !may;
                return serde_json::json!({ "folder": self.server.photos, "watch": watch })
                    .to_string();
            }
            "/knn-service" => return serde_json::json!({ "text": "a kite" }).to_string(),
            "/metadata" => return serde_json::json!({ "ids": [] }).to_string(),
            "/predict" => return PREDICT.to_owned(),
            "/api/search/batch" => return serde_json::json!({ "queries": [{}] }).to_string(),
            _ => {}
        }
        if entry.path != "/api/forget" {
            return "{}".to_owned();
        }
        let place = if may { self.server.photos.join("none") } else { self.server.photos.clone() };
        serde_json::json!({ "place": place }).to_string()
    }

    fn line(&self) -> Line {
        Line { address: self.server.address, stream: None }
    }

    fn check_refusal(&self, answer: &Answer, what: &str) {
        assert!([401, 403, 404, 405].contains(&answer.status), "{what}: {}", answer.status);
        assert_eq!(answer.header("set-cookie"), None, "{what}");
        let text = String::from_utf8_lossy(&answer.body);
        for secret in &self.secrets {
            assert!(!text.contains(secret.as_str()), "{what}: {text}");
        }
        if !answer.body.is_empty() {
            answer.error_code();
        }
    }

    /// Asks for one address in all spellings; gives how many were asked.
    fn address(&self, line: &mut Line, entry: &Entry, method: &str, who: Who) -> usize {
        let path = self.path(entry);
        let headers = who.headers(self.server.address);
        let may = who.may(entry.right, self.token_to_read);
        let body = self.body(entry, who);
        let own = format!("http://{}{path}", self.server.address);
        for target in [path.clone(), format!("{path}?"), own] {
            let what = format!("{who:?} {method} {target}");
            let answer = line.ask(method, &target, &headers, &body);
            match may {
                // There is no such thing to be removed, which nobody else is told.
                true if answer.status == 404 => {
                    assert!(["no_album", "no_token"].contains(&answer.error_code().as_str()));
                }
                // 409: a run goes on already, the token is there already.
                true => assert!([200, 202, 409].contains(&answer.status), "{what}"),
                false => self.check_refusal(&answer, &what),
            }
        }
        let foreign = format!("http://evil.example{path}");
        assert_eq!(line.ask(method, &foreign, &headers, &body).status, 403, "{who:?} {foreign}");
        let others = spellings::of(&path);
        for target in &others {
            let what = format!("{who:?} {method} {target}");
            let answer = line.ask(method, target, &headers, &body);
            self.check_refusal(&answer, &what);
            if who >= Who::TokenOfFolder {
                assert_eq!(answer.status, 404, "{what}");
            }
        }
        others.len() + 4
    }

    fn run(&self, askers: &[Who]) {
        let mut asked = 0;
        let photos = self.server.library.status().unwrap().photos;
        let line = &mut self.line();
        for who in askers.iter().copied() {
            for entry in table() {
                asked += self.address(line, &entry, entry.method.as_str(), who);
                if entry.method == Method::GET {
                    asked += self.address(line, &entry, "HEAD", who);
                }
                let headers = who.headers(self.server.address);
                for method in ["PUT", "PATCH", "OPTIONS", "TRACE", "PROPFIND"] {
                    let answer = line.ask(method, &self.path(&entry), &headers, "");
                    self.check_refusal(&answer, &format!("{who:?} {method} {}", entry.path));
                }
            }
            if !who.may(Right::Index, self.token_to_read) {
                let runs = self.server.index.runs.lock().unwrap();
                assert!(runs.is_empty(), "{who:?} started a run");
            }
            if !who.may(Right::Administer, self.token_to_read) {
                let spaces = self.server.library.space_list().unwrap();
                assert!(spaces.iter().all(|space| space.index == IndexKind::Auto), "{who:?}");
                let tokens = self.server.library.tokens().unwrap();
                let names: Vec<&str> = tokens.iter().map(|token| token.name.as_str()).collect();
                assert_eq!(names, ["child", "grandma", "nas"], "{who:?}");
                assert!(self.server.library.watched().unwrap().is_empty(), "{who:?}");
            }
            assert!(self.server.library.hidden().unwrap().is_empty(), "{who:?} hid a photo");
            let albums = self.server.library.albums().unwrap();
            assert_eq!((albums.len(), albums[0].name.as_str()), (1, "kept"), "{who:?}");
            assert_eq!(self.server.library.status().unwrap().photos, photos, "{who:?} forgot some");
        }
        println!("{asked} requests");
        assert!(asked > 10_000);
        let may_index = askers.iter().any(|who| who.may(Right::Index, self.token_to_read));
        assert_eq!(!self.server.index.runs.lock().unwrap().is_empty(), may_index);
    }
}

#[test]
fn strangers_get_nothing_on_a_loopback_address() {
    Walk::new(false).run(&STRANGERS);
}

#[test]
fn holders_of_tokens_get_what_is_theirs_on_a_loopback_address() {
    Walk::new(false).run(&HOLDERS);
}

#[test]
fn strangers_get_nothing_beyond_it() {
    Walk::new(true).run(&STRANGERS);
}

#[test]
fn holders_of_tokens_get_what_is_theirs_beyond_it() {
    Walk::new(true).run(&HOLDERS);
}

#[test]
fn addresses_that_are_not_registered_are_closed() {
    let walk = Walk::new(true);
    let line = &mut walk.line();
    for who in STRANGERS.into_iter().chain(HOLDERS) {
        for target in ["/api", "/api/secret", "/secret", "/api/photos", "/assets", "/index.html"] {
            let answer = line.ask("GET", target, &who.headers(walk.server.address), "");
            walk.check_refusal(&answer, &format!("{who:?} {target}"));
            if who == Who::Nobody {
                assert_eq!(answer.status, 401, "{target}");
            }
        }
    }
}
