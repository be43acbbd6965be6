//! The program on a PostgreSQL: a library is copied there and back, and several processes fill it and
//! ask it at once while one is killed and while the server goes away.

mod support;

use std::io::{BufRead, BufReader, Lines, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use serde_json::Value;
use support::{Place, Ran, Server};

/// A PostgreSQL; it ends with the test.
struct Database {
    port: u16,
    programs: PathBuf,
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
        let words: Vec<&str> = line.split_whitespace().collect();
        let ["ready", port, _, programs] = words[..] else {
            panic!("no PostgreSQL could be started; see above");
        };
        let (port, programs) = (port.parse().expect("a port"), programs.into());
        Self { port, programs, process, talk: Mutex::new(Some((stdin, answers))) }
    }

    fn psql(&self) -> Command {
        let mut command = Command::new(self.programs.join("psql"));
        command.env("LD_LIBRARY_PATH", self.programs.with_file_name("lib")).args([
            "-X",
            "-q",
            "-A",
            "-t",
            "-v",
            "ON_ERROR_STOP=1",
            &self.url(),
        ]);
        command
    }

    /// Runs statements; what they answer.
    fn sql(&self, statements: &str) -> String {
        let output = self.psql().args(["-c", statements]).output().expect("psql runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// Holds a table's lock until what this gives is dropped.
    fn hold(&self, table: &str) -> Held {
        let mut psql = self.psql().stdin(Stdio::piped()).spawn().expect("psql runs");
        let input = psql.stdin.as_mut().expect("its input");
        writeln!(input, "begin; lock table {table} in exclusive mode;").expect("it listens");
        Held(psql)
    }

    /// Waits until this is so.
    fn wait_until(&self, question: &str) {
        let patience = Instant::now() + Duration::from_secs(60);
        while self.sql(question) != "t" {
            assert!(Instant::now() < patience, "never: {question}");
            std::thread::sleep(Duration::from_millis(20));
        }
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

/// A session that holds a lock.
struct Held(Child);

impl Drop for Held {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
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

/// A small picture of one shade.
fn one_colour(folder: &Path, shade: u8) {
    let picture = [&b"P6 4 4 255\n"[..], &[shade; 48]].concat();
    std::fs::write(folder.join(format!("shade_{shade}.ppm")), picture).expect("write a picture");
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
#[ignore = "starts a PostgreSQL, which it fetches"]
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
#[ignore = "starts a PostgreSQL, which it fetches"]
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
    one_colour(&shared.place.photos(), 7);
    shared.ok(&["index", "-q", &photos]);
    assert_eq!(ids(&first), ids(&second));
    let photos_of = |server: &Server| server.get("api/status")["photos"].as_u64().expect("photos");
    assert_eq!(photos_of(&first), photos_of(&second));
    assert_eq!(photos_of(&first), expected["photos"].as_u64().expect("photos") + 1);
    shared.ok(&["store", "check"]);
}

/// An indexer whose events are heard.
struct Indexer {
    process: Child,
    events: Lines<BufReader<ChildStdout>>,
}

impl Indexer {
    fn start(shared: &Shared, folder: &str) -> Self {
        let mut command = shared.command(&["index", "--json", "--threads", "1", folder]);
        let mut process = command.stdout(Stdio::piped()).spawn().expect("seer starts");
        let events = BufReader::new(process.stdout.take().expect("its output")).lines();
        Self { process, events }
    }

    /// The next event of this kind.
    fn until(&mut self, is_it: impl Fn(&Value) -> bool) -> Value {
        let read = |line: std::io::Result<String>| {
            serde_json::from_str(&line.expect("text")).expect("an event")
        };
        let found = self.events.by_ref().map(read).find(is_it);
        found.expect("it ended before that")
    }

    fn until_it_encodes(&mut self) {
        self.until(|event| event["encoded"].as_u64().is_some_and(|encoded| encoded > 0));
    }

    /// How many photos it encoded, at its end.
    fn encoded(mut self) -> u64 {
        let end = self.until(|event| event["event"] == "finished");
        assert!(self.process.wait().expect("ends").success());
        end["encoded"].as_u64().expect("a number")
    }

    fn signal(&self, signal: &str) {
        let id = self.process.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().expect("kill runs").success());
    }
}

impl Drop for Indexer {
    /// A frozen one would never end.
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A folder with so many small pictures below the photos.
fn many_pictures(shared: &Shared, count: u32) -> String {
    let folder = shared.place.photos().join("many");
    std::fs::create_dir(&folder).expect("a folder");
    for number in 0..count {
        let pixels = [number.to_le_bytes(); 12].concat();
        let picture = [&b"P6 4 4 255\n"[..], &pixels].concat();
        std::fs::write(folder.join(format!("{number}.ppm")), picture).expect("write a picture");
    }
    folder.to_str().expect("text path").to_owned()
}

/// The second one begins while the first one is frozen amid what it writes, and reads what that has
/// not taken; the first one, awake again, goes on.
#[test]
#[ignore = "starts a PostgreSQL, which it fetches"]
fn two_indexers_divide_the_work() {
    const MANY: u32 = 2000;
    let database = Database::start(&["fsync=off"]);
    let shared = prepared(&database);
    let folder = many_pictures(&shared, MANY);
    let mut first = Indexer::start(&shared, &folder);
    first.until_it_encodes();
    let held = database.hold("seer.tally");
    let waits = "relation = 'seer.tally'::regclass and mode = 'RowExclusiveLock' and not granted";
    database.wait_until(&format!("select exists (select from pg_locks where {waits})"));
    first.signal("-STOP");
    drop(held);
    let mut second = Indexer::start(&shared, &folder);
    second.until_it_encodes();
    first.signal("-CONT");
    let encoded = [first.encoded(), second.encoded()];
    assert_eq!(encoded[0] + encoded[1], u64::from(MANY), "each photo once: {encoded:?}");
    assert!(encoded.iter().all(|one| *one > 0), "one did all: {encoded:?}");
    let again = shared.ok(&["index", "--json", &folder]).finished();
    assert_eq!((&again["encoded"], &again["photos"]), (&0.into(), &MANY.into()));
}

/// Of an indexer that dies, the files come back; one that seems to end its indexers is left out,
/// told, and tried again by the next run.
#[test]
#[ignore = "starts a PostgreSQL, which it fetches"]
fn the_files_of_a_killed_indexer_are_read_by_another() {
    const MANY: u32 = 2000;
    let database = Database::start(&["fsync=off"]);
    let shared = prepared(&database);
    let folder = many_pictures(&shared, MANY);
    let mut killed = Indexer::start(&shared, &folder);
    killed.until(|event| event["phase"] == "encoding");
    killed.process.kill().expect("killed");
    killed.process.wait().expect("gone");
    // Time passes.
    let held = "update seer.todo set until = '-infinity', tries = case when key = \
                (select min(key) from seer.todo where lease is not null) then 5 else tries end \
                where lease is not null returning 1";
    assert!(database.sql(held).lines().count() > 1, "it died with work");
    let other = shared.ok(&["index", "--json", &folder]).finished();
    assert_eq!((&other["failed"], &other["photos"]), (&1.into(), &(MANY - 1).into()));
    let status = shared.ok(&["failures"]);
    assert!(status.out.contains("5 indexers ended"), "{status:?}");
    let next = shared.ok(&["index", "--json", &folder]).finished();
    assert_eq!((&next["encoded"], &next["photos"]), (&1.into(), &MANY.into()));
}

/// A folder that one machine does not see may be there for others.
#[test]
#[ignore = "starts a PostgreSQL, which it fetches"]
fn a_folder_that_is_missing_here_keeps_its_photos_also_when_pruning() {
    let database = Database::start(&["fsync=off"]);
    let shared = prepared(&database);
    shared.ok(&["index", "-q", &shared.photos()]);
    let photos = |shared: &Shared| shared.ok(&["status", "--json"]).json()[0]["photos"].clone();
    let before = photos(&shared);
    std::fs::rename(shared.place.photos(), shared.place.models().join("away")).expect("moved");
    let pruned = shared.seer(&["index", "--prune", &shared.photos()]);
    assert_eq!(pruned.code, 2, "{pruned:?}");
    assert_eq!(photos(&shared), before);
    shared.ok(&["forget", &shared.photos()]);
    assert_eq!(photos(&shared), 0);
}

#[test]
#[ignore = "starts a PostgreSQL, which it fetches"]
fn a_watched_folder_is_watched_by_each_server() {
    let database = Database::start(&["fsync=off"]);
    let shared = prepared(&database);
    shared.ok(&["index", "-q", &shared.photos()]);
    shared.ok(&["watch", &shared.photos()]);
    let roots = shared.ok(&["roots", "--json"]).json();
    assert_eq!(roots[0]["watch"], true, "{roots:?}");
    let servers = [shared.serve("a", &["--sweep", "3"]), shared.serve("b", &["--sweep", "3"])];
    let until = |what: &str, done: &dyn Fn(&Server) -> bool| {
        let patience = Instant::now() + Duration::from_secs(120);
        while !servers.iter().all(done) {
            assert!(Instant::now() < patience, "never: {what}");
            std::thread::sleep(Duration::from_millis(100));
        }
    };
    until("both watch", &|server| server.get("api/status")["watching"][0]["how"] == "told");
    let before = servers[0].get("api/status")["photos"].as_u64().expect("photos");
    let photo = Path::new(&shared.photos()).join("new.ppm");
    std::fs::write(&photo, b"P6 2 2 255\n0123456789ab").expect("a photo");
    let photos = |server: &Server| server.get("api/status")["photos"].as_u64();
    until("it appears", &|server| photos(server) == Some(before + 1));
    std::fs::remove_file(&photo).expect("removed");
    until("it goes", &|server| photos(server) == Some(before));
}

#[test]
#[ignore = "starts a PostgreSQL, which it fetches"]
fn photos_are_indexed_under_the_path_that_all_machines_share() {
    let database = Database::start(&["fsync=off"]);
    let shared = prepared(&database);
    let map = format!("/shared/photos={}", shared.photos());
    // By the path here, by the shared path, and by none: it is the same folder.
    for folder in [&[&*shared.photos()][..], &["/shared/photos"], &[]] {
        shared.ok(&[&["index", "-q", "--map", &map], folder].concat());
        let roots = shared.ok(&["roots", "--json"]).json();
        assert_eq!((roots.len(), &roots[0]["folder"]), (1, &"/shared/photos".into()), "{roots:?}");
    }
    let found = shared.ok(&["search", "--json", "-k", "1", "two dogs"]).json();
    let path = found[0]["path"].as_str().expect("a path").to_owned();
    assert!(path.starts_with("/shared/photos/"), "{path}");
    let here = Path::new(&shared.photos()).join(&path["/shared/photos/".len()..]);
    std::fs::remove_file(here).expect("removed");
    let run = shared.ok(&["index", "--json", "--map", &map]).finished();
    assert_eq!((&run["removed"], &run["encoded"]), (&1.into(), &0.into()));
    let gone = shared.ok(&["forget", "--map", &map, &shared.photos(), "--json"]).json();
    assert_eq!(gone[0]["was_root"], true, "{gone:?}");
    assert_eq!(shared.ok(&["status", "--json"]).json()[0]["photos"], 0);
}

#[test]
#[ignore = "starts a PostgreSQL, which it fetches"]
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
}

#[test]
#[ignore = "starts a PostgreSQL, which it fetches"]
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
#[ignore = "starts a PostgreSQL, which it fetches"]
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
