//! A library and a photo folder of their own for each test, and the real program.
#![allow(dead_code)]

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

/// A fixture of this repository.
pub fn fixture(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(path)
}

/// Libraries as earlier formats wrote them, with their photos in `/mnt/photos`, which is not here.
pub const OLD_LIBRARIES: [&str; 9] = [
    "format-1-vectors-1",
    "format-1-vectors-2",
    "format-1-vectors-3",
    "format-2",
    "format-3",
    "format-4",
    "format-5",
    "format-6",
    "format-7",
];

/// Unpacks one of [`OLD_LIBRARIES`] into the new folder `to`.
pub fn unpack_library(name: &str, to: &Path) {
    std::fs::create_dir(to).expect("a new library folder");
    let archive = fixture(&format!("libraries/{name}.tar.gz"));
    let unpacked = Command::new("tar").arg("-xzf").arg(archive).arg("-C").arg(to).status();
    assert!(unpacked.expect("tar runs").success(), "{name}");
}

/// What `seer check` finds wrong with the library that `seer` runs the program on.
pub fn check(seer: impl Fn(&[&str]) -> Ran) -> Result<(), String> {
    let ran = seer(&["check"]);
    match ran.code {
        0 => Ok(()),
        code => Err(format!("check: exit {code}: {} {}", ran.out.trim(), ran.err.trim())),
    }
}

/// Real photos beside the repository, if this machine has them; says so if not.
pub fn photos(folder: &str) -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    let base = std::env::var_os("SEER_TEST_DATA").map_or(beside, PathBuf::from);
    let found = Some(base.join(folder)).filter(|path| path.is_dir());
    if found.is_none() {
        println!("skipped: no photos in {} (SEER_TEST_DATA names another place)", base.display());
    }
    found
}

/// A temporary place with a photo folder and a library folder.
pub struct Place {
    temp: tempfile::TempDir,
}

impl Place {
    /// Photos: the small fixture pictures, except the one that is hard to tell apart.
    pub fn with_pictures() -> Self {
        let place = Self::empty();
        for entry in std::fs::read_dir(fixture("images")).expect("fixture images") {
            let path = entry.expect("entry").path();
            if path.extension().is_some_and(|ext| ext != "json") {
                std::fs::copy(&path, place.photos().join(path.file_name().expect("name")))
                    .expect("copy");
            }
        }
        place
    }

    pub fn empty() -> Self {
        let place = Self { temp: tempfile::tempdir().expect("temporary folder") };
        std::fs::create_dir(place.photos()).expect("photo folder");
        place
    }

    pub fn photos(&self) -> PathBuf {
        // Canonical, as seer reports paths.
        self.root().join("photos")
    }

    pub fn library(&self) -> PathBuf {
        self.root().join("library")
    }

    /// The hub's folder, of which the model cache is a part.
    pub fn models(&self) -> PathBuf {
        self.root().join("models")
    }

    fn root(&self) -> PathBuf {
        self.temp.path().canonicalize().expect("canonical temporary folder")
    }

    /// The program with this library and the tiny model, offline. It reads no words in pictures unless
    /// `--text on` says so: that takes longer than all else, and few tests are about it.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_seer"));
        command
            .args(args)
            .arg("--offline")
            .env("SEER_LIBRARY", self.library())
            .env("SEER_MODEL", fixture("clip-tiny"))
            .env("SEER_TEXT", "off")
            .env("HF_HOME", self.models())
            .env_remove("HF_HUB_CACHE")
            .env_remove("HUGGINGFACE_HUB_CACHE")
            .env_remove("SEER_TOKEN")
            .stdin(Stdio::null());
        command
    }

    pub fn seer(&self, args: &[&str]) -> Ran {
        Ran::of(self.command(args).output().expect("seer starts"))
    }

    /// The program with this on its standard input.
    pub fn seer_fed(&self, args: &[&str], input: &str) -> Ran {
        let mut command = self.command(args);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("seer starts");
        child.stdin.take().expect("a pipe").write_all(input.as_bytes()).expect("it reads");
        Ran::of(child.wait_with_output().expect("it ends"))
    }

    /// Indexes the photo folder; returns the run's summary.
    pub fn index(&self) -> serde_json::Value {
        let photos = self.photos();
        let ran = self.seer(&["index", "--json", photos.to_str().expect("text path")]);
        assert_eq!(ran.code, 0, "{ran:?}");
        ran.finished()
    }

    /// Starts `seer serve` on a free port and waits until it is ready.
    pub fn serve(&self, args: &[&str]) -> Server {
        let mut all = vec!["serve", "--json", "--address", "127.0.0.1:0"];
        all.extend(args);
        Server::start(self.command(&all))
    }

    /// Starts `seer demo` in a folder and waits until it is ready.
    pub fn demo(&self, folder: &Path) -> Server {
        let folder = folder.to_str().expect("text path");
        Server::start(self.command(&["demo", "--json", "--folder", folder]))
    }
}

/// What a run of the program left.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
    pub raw: Vec<u8>,
}

impl Ran {
    pub fn of(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
            raw: output.stdout,
        }
    }

    /// Every line of standard output as JSON.
    pub fn json(&self) -> Vec<serde_json::Value> {
        let parse =
            |line: &str| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"));
        self.out.lines().map(parse).collect()
    }

    /// The summary event of an indexing run.
    pub fn finished(&self) -> serde_json::Value {
        let last = self.json().pop().expect("events");
        assert_eq!(last["event"], "finished", "{self:?}");
        last
    }

    pub fn lines(&self) -> Vec<&str> {
        self.out.lines().collect()
    }
}

/// A running `seer serve`; stopped when dropped.
pub struct Server {
    child: Child,
    pub url: String,
    /// What it printed before it was ready: the end of indexing, and examples.
    pub before: Vec<serde_json::Value>,
}

impl Server {
    /// Starts the command and waits until it says that it is ready.
    pub fn start(mut command: Command) -> Self {
        let mut child =
            command.stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().expect("seer starts");
        let output = BufReader::new(child.stdout.take().expect("stdout"));
        // Owns the process from here on, so that a failing test leaves none behind.
        let mut server = Server { child, url: String::new(), before: Vec::new() };
        for line in output.lines() {
            let event: serde_json::Value =
                serde_json::from_str(&line.expect("text")).expect("JSON");
            if event["event"] == "ready" {
                server.url = event["url"].as_str().expect("url").to_string();
                return server;
            }
            if matches!(event["event"].as_str(), Some("finished" | "example")) {
                server.before.push(event);
            }
        }
        panic!("the program ended before it was ready");
    }

    /// Its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits until no indexing run is going on.
    pub fn wait_until_indexed(&self) -> serde_json::Value {
        for _ in 0..600 {
            let status = self.get("api/status");
            let indexing = &status["indexing"];
            if indexing["running"] == false && !indexing["last"].is_null() {
                return status;
            }
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
        panic!("indexing did not end within a minute");
    }

    pub fn get(&self, path: &str) -> serde_json::Value {
        let base = self.url.split('?').next().expect("url");
        let url = format!("{base}{path}");
        let mut answer = ureq::get(&url).call().unwrap_or_else(|e| panic!("{url}: {e}"));
        answer.body_mut().read_json().expect("JSON")
    }

    /// The status of an answer, whatever it is.
    pub fn status(&self, path: &str) -> u16 {
        let base = self.url.split('?').next().expect("url");
        let request = ureq::get(format!("{base}{path}"));
        let answer = request.config().http_status_as_error(false).build().call();
        answer.expect("an answer").status().as_u16()
    }

    /// SIGKILL: no handler of the program runs.
    pub fn kill(mut self) {
        self.child.kill().expect("kill");
        self.child.wait().expect("wait");
    }

    /// Sends it a signal, such as "-INT" for Ctrl-C.
    #[cfg(unix)]
    pub fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill").args([name, &pid]).status().expect("kill runs");
        assert!(sent.success());
    }

    pub fn has_ended(&mut self) -> bool {
        self.child.try_wait().expect("a child").is_some()
    }

    /// Waits for its end, which something else brings about; the exit code.
    pub fn wait(mut self) -> i32 {
        self.child.wait().expect("the server ends").code().unwrap_or(-1)
    }

    /// Ctrl-C; returns the exit code.
    #[cfg(unix)]
    pub fn interrupt(self) -> i32 {
        self.signal("-INT");
        self.wait()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
