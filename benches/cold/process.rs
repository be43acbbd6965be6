//! The program in a process of its own, watched from outside.

use std::fs;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::QUERY;

/// What one start took.
pub struct Run {
    pub name: &'static str,
    /// What, and how much; the unit is in the name.
    pub figures: Vec<(String, f64)>,
}

fn seer(library: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_seer"));
    command
        .args(arguments)
        .args(["--offline", "--verbose", "--library"])
        .arg(library)
        .env_remove("SEER_MODEL")
        .env("SEER_TEXT", "off")
        .env_remove("SEER_DTYPE")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// `seer search`: until its first line, and until it has ended.
pub fn search(library: &Path) -> io::Result<Run> {
    let start = Instant::now();
    let mut child = seer(library, &["search", QUERY, "-k", "10"]).spawn()?;
    let mut output = BufReader::new(child.stdout.take().expect("stdout"));
    let mut line = String::new();
    let memory = watch(child.id());
    output.read_line(&mut line)?;
    let answered = start.elapsed().as_secs_f64();
    assert!(line.starts_with("/photos/"), "an answer, not {line:?}");
    output.read_to_string(&mut line)?;
    assert!(child.wait()?.success());
    let ended = start.elapsed().as_secs_f64();
    let mut figures =
        vec![("s to the first answer".into(), answered), ("s to the end".into(), ended)];
    figures.extend(named(memory.join().expect("no panic"), "at most"));
    figures.extend(phases(&mut child)?);
    Ok(Run { name: "seer search", figures })
}

/// `seer serve`: until it is ready, until its first answer, and the page's first request.
pub fn serve(library: &Path) -> io::Result<Run> {
    let start = Instant::now();
    let child = seer(library, &["serve", "--address", "127.0.0.1:0", "--json"]).spawn()?;
    let mut server = Stopped(child);
    let mut line = String::new();
    BufReader::new(server.0.stdout.take().expect("stdout")).read_line(&mut line)?;
    let ready = start.elapsed().as_secs_f64();
    let event: serde_json::Value = serde_json::from_str(&line)?;
    let url = event["url"].as_str().expect("an address").split('?').next().expect("an address");
    ask(url, serde_json::json!({ "query": QUERY, "k": 10 }));
    let answered = start.elapsed().as_secs_f64();
    let mut figures =
        vec![("s until it listens".into(), ready), ("s to the first answer".into(), answered)];
    figures.extend(named(memory_of(server.0.id()).expect("it runs"), "at the first answer"));
    let asked = Instant::now();
    ask(url, serde_json::json!({}));
    figures.push(("s, first page of all photos".into(), asked.elapsed().as_secs_f64()));
    figures.extend(named(memory_of(server.0.id()).expect("it runs"), "after that page"));
    Ok(Run { name: "seer serve", figures })
}

fn ask(url: &str, request: serde_json::Value) {
    let mut answer = ureq::post(format!("{url}api/search")).send_json(request).expect("an answer");
    let answer: serde_json::Value = answer.body_mut().read_json().expect("JSON");
    assert!(answer["hits"].as_array().is_some_and(|hits| !hits.is_empty()));
}

/// A process that is stopped when dropped.
struct Stopped(Child);

impl Drop for Stopped {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// MiB resident, and how many of these are not in files (from Linux's `/proc`).
type Memory = [f64; 2];

fn named([resident, own]: Memory, when: &str) -> [(String, f64); 2] {
    [(format!("MiB resident {when}"), resident), (format!("MiB not in files {when}"), own)]
}

/// The most memory a process had until its end, looked at every other millisecond.
fn watch(process: u32) -> thread::JoinHandle<Memory> {
    thread::spawn(move || {
        let mut most = Memory::default();
        while let Some([resident, own]) = memory_of(process) {
            most = [most[0].max(resident), most[1].max(own)];
            thread::sleep(Duration::from_millis(2));
        }
        most
    })
}

/// `None` once the process has ended.
fn memory_of(process: u32) -> Option<Memory> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let of = |field: &str| {
        let line = status.lines().find(|line| line.starts_with(field))?;
        let kib: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
        Some(kib / 1024.0)
    };
    Some([of("VmRSS:")?, of("RssAnon:")?])
}

/// What the program said about its phases: `seer: … in 12 ms`.
fn phases(child: &mut Child) -> io::Result<Vec<(String, f64)>> {
    let mut text = String::new();
    child.stderr.take().expect("stderr").read_to_string(&mut text)?;
    let phase = |line: &str| {
        let (what, time) = line.strip_prefix("seer: ")?.rsplit_once(" in ")?;
        Some((format!("ms, {what}"), time.strip_suffix(" ms")?.parse().ok()?))
    };
    Ok(text.lines().filter_map(phase).collect())
}
