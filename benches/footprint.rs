//! What a library takes: disk for each photo, and memory of a service at rest.
//!
//! What: a folder is indexed with the built-in model, without reading words in pictures; then the sizes of the
//! library's parts are summed up. `seer serve` is started on it, and its resident memory is read from the
//! system when it is ready, after a query of words and after one that the second text tower reads.
//! Linux only. Baseline: none; the marks are 3.5 KB for each photo and 110 MiB at rest.
//!
//! `cargo bench --bench footprint -- ~/Pictures`; without a folder the demo's 40 photos, whose fixed parts weigh more.

mod common;

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use common::Server;

const ENGLISH: &str = "two dogs on a beach";
const OTHER: &str = "zwei Kinder spielen mit einem Ball im Garten";
/// Memory that is freed is given back after a while.
const SETTLING: Duration = Duration::from_secs(3);

fn main() {
    let home = tempfile::tempdir().expect("temporary folder");
    // cargo gives "--bench" as well.
    let folder = std::env::args().skip(1).find(|argument| !argument.starts_with("--"));
    let library = match &folder {
        Some(folder) => {
            let library = home.path().join("library");
            let done = seer(&library).args(["index", "-q", folder]).status().expect("seer starts");
            assert!(done.success(), "seer index failed");
            library
        }
        None => home.path().to_path_buf(),
    };
    let mut command = match folder {
        Some(_) => seer(&library),
        None => Command::new(env!("CARGO_BIN_EXE_seer")),
    };
    match folder {
        Some(_) => command.args(["--json", "serve", "--address", "127.0.0.1:0"]),
        None => command.args(["demo", "--json", "--offline", "--folder"]).arg(home.path()),
    };
    let server = Server::start(command);
    let photos = photos(&server.url);
    if folder.is_some() {
        disk(&library, photos);
    }
    println!("{:<44} {:>10} {:>18}", "memory of the service", "resident", "not in files, MiB");
    std::thread::sleep(SETTLING);
    memory(&server, "at rest");
    for (state, query) in
        [("after a query", ENGLISH), ("after one of the second text tower", OTHER)]
    {
        ask(&server.url, query);
        std::thread::sleep(SETTLING);
        memory(&server, state);
    }
}

fn seer(library: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_seer"));
    command.env("SEER_LIBRARY", library).env("SEER_TEXT", "off").env_remove("SEER_MODEL");
    command.arg("--offline");
    command
}

/// The library's parts, and each for one photo.
fn disk(library: &Path, photos: u64) {
    println!("{:<44} {:>10} {:>18}", format!("{photos} photos"), "MB", "KB for a photo");
    let parts = ["catalog", "vectors", "keywords", "thumbnails"];
    let sizes = parts.map(|part| size(&library.join(part)));
    let line = |name: &str, bytes: u64| {
        let each = bytes as f64 / photos.max(1) as f64 / 1000.0;
        println!("{name:<44} {:>10.1} {each:>18.2}", bytes as f64 / 1e6);
    };
    parts.iter().zip(sizes).for_each(|(part, bytes)| line(part, bytes));
    line("all but thumbnails", sizes[..3].iter().sum());
}

fn size(path: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(path) else {
        return std::fs::metadata(path).map_or(0, |meta| meta.len());
    };
    entries.flatten().map(|entry| size(&entry.path())).sum()
}

fn memory(server: &Server, state: &str) {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.child.id()));
    let status = status.expect("a process of Linux");
    let of = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or("0");
        let number = line.trim_start_matches(':').trim().split(' ').next();
        number.and_then(|number| number.parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
    };
    println!("{state:<44} {:>10.0} {:>18.0}", of("VmRSS"), of("RssAnon"));
}

fn photos(url: &str) -> u64 {
    let mut answer = ureq::get(format!("{url}api/status")).call().expect("an answer");
    let status: serde_json::Value = answer.body_mut().read_json().expect("JSON");
    status["photos"].as_u64().expect("a number")
}

fn ask(url: &str, query: &str) {
    let request = serde_json::json!({ "query": query, "k": 20 });
    ureq::post(format!("{url}api/search")).send_json(request).expect("an answer");
}
