//! The program on a PostgreSQL: a library is copied there and back, and several processes fill it and
//! ask it at once while one is killed and while the server goes away.

mod support;

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use serde_json::Value;
use support::{Place, Ran, Server};

/// A PostgreSQL; it ends with the test.
struct Database {
    port: u16,
    process: Child,
    talk: Mutex<Option<(ChildStdin, BufReader<ChildStdout>)>>,
}

impl Database {
    fn start(settings: &[&str]) -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/postgres/tests/start");
        let mut command = Command::new(script);
        let command = command.args(settings).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = command.spawn().expect("the script runs");
        let stdin = process.stdin.take().expect("its input");
        let mut answers = BufReader::new(process.stdout.take().expect("its output"));
        let mut line = String::new();
        answers.read_line(&mut line).expect("its answer");
        let port =
            line.strip_prefix("ready ").and_then(|rest| rest.split(' ').next()?.parse().ok());
        let port = port.expect("a PostgreSQL; see above");
        Self { port, process, talk: Mutex::new(Some((stdin, answers))) }
    }

    /// Gives an order (see the script).
    fn order(&self, order: &str) {
        let mut talk = self.talk.lock().expect("nobody panicked");
        let (stdin, answers) = talk.as_mut().expect("it is there until it is dropped");
        writeln!(stdin, "{order}").expect("it listens");
        let mut line = String::new();
        answers.read_line(&mut line).expect("it answers");
        assert!(line.starts_with("done"), "the server did not {order}; see above");
    }

    fn url(&self) -> String {
        format!("postgres://postgres:secret@127.0.0.1:{}/postgres", self.port)
    }
}

impl Drop for Database {
    /// Its input ends, and so does it.
    fn drop(&mut self) {
        if let Ok(talk) = self.talk.get_mut() {
            *talk = None;
        }
        let _ = self.process.wait();
    }
}

/// A place whose commands speak to a database.
struct Shared {
    place: Place,
    url: String,
}

impl Shared {
    fn command(&self, args: &[&str]) -> Command {
        let mut command = self.place.command(args);
        command
            .env("SEER_STORE", &self.url)
            .env("XDG_CACHE_HOME", self.place.models())
            .env_remove("SEER_LIBRARY");
        command
    }

    fn seer(&self, args: &[&str]) -> Ran {
        Ran::of(self.command(args).output().expect("seer starts"))
    }

    fn ok(&self, args: &[&str]) -> Ran {
        let ran = self.seer(args);
        assert_eq!(ran.code, 0, "{args:?}: {ran:?}");
        ran
    }

    fn photos(&self) -> String {
        self.place.photos().to_str().expect("text path").to_owned()
    }

    /// A server of another node: with a cache of its own.
    fn serve(&self, node: &str, args: &[&str]) -> Server {
        let all = [&["serve", "--json", "--address", "127.0.0.1:0"], args].concat();
        let mut command = self.command(&all);
        command.env("XDG_CACHE_HOME", self.place.models().join(node));
        Server::start(command)
    }
}

/// A database with an empty library, and the pictures.
fn prepared(database: &Database) -> Shared {
    let shared = Shared { place: Place::with_pictures(), url: database.url() };
    shared.ok(&["store", "init"]);
    shared
}

/// What some queries find, in order.
fn answers(seer: impl Fn(&[&str]) -> Ran) -> Vec<Vec<Value>> {
    let queries = ["", "two dogs", "gray", "-size:>1kb", "type:png tree", "3_gray"];
    let ids = |query: &str| {
        let ran = seer(&["search", "--json", "-k", "50", "--", query]);
        assert!(ran.code < 2, "{query}: {ran:?}");
        ran.json().into_iter().map(|hit| hit["id"].clone()).collect()
    };
    queries.iter().map(|query| ids(query)).collect()
}

#[test]
fn a_library_is_copied_there_and_back_and_answers_the_same() {
    let database = Database::start(&["fsync=off"]);
    let shared = prepared(&database);
    shared.place.index();
    let before = answers(|args| shared.place.seer(args));
    assert!(before.iter().filter(|ids| !ids.is_empty()).count() > 3, "{before:?}");

    let library = shared.place.library();
    let library = library.to_str().expect("text path");
    shared.ok(&["store", "copy", "--from", library, "--to", &shared.url]);
    assert_eq!(answers(|args| shared.seer(args)), before);
    shared.ok(&["store", "copy", "--from", library, "--to", &shared.url]);
    let there = shared.ok(&["store", "check", "--json"]).json();

    let back = shared.place.models().join("back");
    let back = back.to_str().expect("text path");
    shared.ok(&["store", "copy", "--from", &shared.url, "--to", back]);
    let in_folder = |args: &[&str]| shared.place.seer(&[args, &["--library", back]].concat());
    assert_eq!(
        answers(|args| {
            let at = args.iter().position(|arg| *arg == "--").expect("a query");
            shared.place.seer(&[&args[..at], &["--library", back], &args[at..]].concat())
        }),
        before
    );
    assert_eq!(in_folder(&["store", "check", "--json"]).json(), there, "the same digest");
}

#[test]
fn two_nodes_and_two_indexers_share_a_library_while_one_is_killed() {
    let database = Database::start(&["fsync=off"]);
    let shared = prepared(&database);
    let photos = shared.photos();
    let index = |args: &[&str]| {
        shared.command(&[&["index", "-q", &photos], args].concat()).spawn().expect("seer starts")
    };
    let (mut killed, mut other) = (index(&[]), index(&[]));
    std::thread::sleep(Duration::from_millis(300));
    killed.kill().expect("killed");
    killed.wait().expect("gone");
    assert!(other.wait().expect("ended").success());
    shared.ok(&["index", "-q", &photos]);
    let status = &shared.ok(&["status", "--json"]).json()[0];
    let alone = Place::with_pictures();
    alone.index();
    let expected = &alone.seer(&["status", "--json"]).json()[0];
    for what in ["photos", "files", "failures"] {
        assert_eq!(status[what], expected[what], "{what}");
    }

    let (first, second) = (shared.serve("first", &[]), shared.serve("second", &[]));
    let ids = |server: &Server| -> Vec<Value> {
        let answer = server.get("api/search?q=two+dogs");
        answer["hits"].as_array().expect("hits").iter().map(|h| h["photo"]["id"].clone()).collect()
    };
    assert_eq!(ids(&first), ids(&second));
    assert!(!ids(&first).is_empty());
    std::fs::write(
        shared.place.photos().join("new.ppm"),
        [&b"P6 4 4 255\n"[..], &[7; 48]].concat(),
    )
    .expect("write a picture");
    shared.ok(&["index", "-q", &photos]);
    assert_eq!(ids(&first), ids(&second));
    let photos_of = |server: &Server| server.get("api/status")["photos"].as_u64().expect("photos");
    assert_eq!(photos_of(&first), photos_of(&second));
    assert_eq!(photos_of(&first), expected["photos"].as_u64().expect("photos") + 1);
    shared.ok(&["store", "check"]);
}

#[test]
fn photos_are_shown_from_where_a_machine_sees_them() {
    let database = Database::start(&["fsync=off"]);
    let shared = prepared(&database);
    shared.ok(&["index", "-q", &shared.photos()]);
    let elsewhere = shared.place.models().join("mounted");
    std::fs::create_dir_all(shared.place.models()).expect("a folder");
    std::fs::rename(shared.place.photos(), &elsewhere).expect("moved");
    let map = format!("{}={}", shared.photos(), elsewhere.display());
    let (without, with) = (shared.serve("a", &[]), shared.serve("b", &["--map", &map]));
    let hit = with.get("api/search?q=two+dogs&k=1")["hits"][0]["photo"].clone();
    let path = hit["files"][0]["path"].as_str().expect("a path");
    assert!(path.starts_with(&shared.photos()), "shown as it was indexed: {path}");
    for what in ["original", "thumbnail"] {
        let address = format!("api/photos/{}/{what}", hit["id"].as_str().expect("an id"));
        assert_eq!((with.status(&address), without.status(&address)), (200, 410), "{what}");
    }
    let refused = shared.seer(&["index", "--map", &map]);
    assert!(refused.code == 2 && refused.err.contains("own path"), "{refused:?}");
}

#[test]
fn a_database_that_goes_away_is_said_and_found_again() {
    let database = Database::start(&[]);
    let shared = prepared(&database);
    shared.ok(&["index", "-q", &shared.photos()]);
    let node = shared.serve("node", &[]);
    let ask = || node.status("api/search?q=two+dogs");
    assert_eq!(ask(), 200);
    database.order("kill");
    let start = Instant::now();
    assert_eq!(ask(), 503, "no hang and no panic");
    assert!(start.elapsed() < Duration::from_secs(30));
    let told = shared.seer(&["search", "two dogs"]);
    assert!(told.code == 2 && told.err.contains("127.0.0.1"), "{told:?}");
    assert!(!told.err.contains("secret"), "no password: {told:?}");
    database.order("start");
    let until = Instant::now() + Duration::from_secs(60);
    while ask() != 200 {
        assert!(Instant::now() < until, "it comes back by itself");
        std::thread::sleep(Duration::from_millis(200));
    }
}

#[test]
fn what_is_wrong_with_a_store_is_said_with_what_next() {
    let database = Database::start(&["fsync=off"]);
    let shared = Shared { place: Place::empty(), url: database.url() };
    let empty = shared.seer(&["status"]);
    assert!(empty.code == 2 && empty.err.contains("seer store init"), "{empty:?}");
    for (args, word) in [
        (&["status", "--store", "photos"][..], "--library"),
        (&["backup", "x.seer"], "pg_dump"),
        (&["check"], "seer store check"),
        (&["store", "copy", "--from", "/nowhere", "--to", "/elsewhere"], "no library"),
    ] {
        shared.seer(&["store", "init"]);
        let ran = shared.seer(args);
        assert!(ran.code == 2 && ran.err.contains(word), "{args:?}: {ran:?}");
    }
}
