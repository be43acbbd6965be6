//! A PostgreSQL server for tests: `tests/start` runs it and stops it when this process ends,
//! however it ends. A test fails when no server can be started.

#![allow(dead_code, reason = "each test uses its own part")]

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

pub mod place;

use seer_postgres::{InitOptions, PostgresConfig, PostgresStore};

/// A running server.
pub struct Server {
    pub port: u16,
    programs: PathBuf,
    process: Child,
    talk: Mutex<Option<(ChildStdin, BufReader<ChildStdout>)>>,
}

impl Server {
    /// Starts one with these settings.
    pub fn start(settings: &[&str]) -> Self {
        Self::start_in(&std::env::temp_dir(), settings)
    }

    /// Starts one that keeps its data and its log of changes in a folder of this one.
    pub fn start_in(folder: &Path, settings: &[&str]) -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/start");
        let mut process = Command::new(script)
            .args(settings)
            .env("TMPDIR", folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("tests/start runs");
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

    /// Gives an order (see `tests/start`) and what comes after "done".
    pub fn order(&self, order: &str) -> String {
        let mut talk = self.talk.lock().expect("nobody panicked");
        let talk = talk.as_mut().expect("it is there until it is dropped");
        writeln!(talk.0, "{order}").expect("it listens");
        let mut line = String::new();
        talk.1.read_line(&mut line).expect("it answers");
        let rest = line.trim().strip_prefix("done");
        rest.unwrap_or_else(|| panic!("the server did not {order}; see above")).trim().to_owned()
    }

    /// Runs statements as administrator; what they answer.
    pub fn sql(&self, database: &str, statements: &str) -> String {
        self.sql_at(self.port, database, statements)
    }

    /// The same at another port: that of its standby.
    pub fn sql_at(&self, port: u16, database: &str, statements: &str) -> String {
        let output = Command::new(self.programs.join("psql"))
            .env("LD_LIBRARY_PATH", self.programs.with_file_name("lib"))
            .env("PGPASSWORD", "secret")
            .args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1"])
            .args(["-p", &port.to_string(), "-U", "postgres", "-d", database])
            .args(["-c", statements])
            .output()
            .expect("psql runs");
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{statements}: {error}");
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// The address of a database on a port.
    pub fn url_at(port: u16, database: &str) -> String {
        format!("postgres://postgres:secret@127.0.0.1:{port}/{database}")
    }

    /// The address of a database.
    pub fn url(&self, database: &str) -> String {
        Self::url_at(self.port, database)
    }

    /// A new database without anything in it.
    pub fn empty_database(&self) -> String {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let name = format!("photos_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
        self.sql("postgres", &format!("create database {name}"));
        name
    }

    /// A new database with an empty library; its name and how to reach it.
    pub fn library(&self, partitions: u32) -> (String, PostgresConfig) {
        let database = self.empty_database();
        let config = PostgresConfig::new(self.url(&database));
        PostgresStore::init(&config, InitOptions { partitions }).expect("a library");
        (database, config)
    }
}

impl Drop for Server {
    /// Its input ends, and so does it.
    fn drop(&mut self) {
        if let Ok(talk) = self.talk.get_mut() {
            *talk = None;
        }
        let _ = self.process.wait();
    }
}
