//! Query latency of the HTTP service under load.
//!
//! What: p50 and p99 of `POST /api/search` over loopback with 1 and with 16 clients that each ask
//! again as soon as they have their answer; once with texts never asked before (the text tower
//! runs), once with texts from earlier (the query cache answers). Baseline: the same service with
//! one client. Data: the demo's 40 pictures and the built-in model, so the vector search itself
//! costs next to nothing; `src/vectors/benches/ann` measures that part.
//!
//! Run: `cargo bench --bench serve`

mod common;

use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use common::Server;

/// Requests per measurement.
const REQUESTS: usize = 800;
/// Clients at once in the loaded case.
const CLIENTS: usize = 16;

const THINGS: [&str; 10] =
    ["dog", "castle", "bridge", "bird", "river", "flower", "horse", "rocket", "fruit", "tower"];

fn main() {
    let home = tempfile::tempdir().expect("temporary folder");
    let server = demo(home.path());
    let address = format!("{}api/search", server.url);
    println!(
        "{:<8} {:>8} {:>10} {:>10} {:>12}",
        "texts", "clients", "p50 ms", "p99 ms", "answers/s"
    );
    let number = AtomicUsize::new(0);
    for clients in [1, CLIENTS] {
        let fresh = || {
            let n = number.fetch_add(1, Ordering::Relaxed);
            format!("{} number {n}", THINGS[n % THINGS.len()])
        };
        report("new", clients, measure(&address, clients, &fresh));
        let known = || {
            let n = number.fetch_add(1, Ordering::Relaxed);
            format!("a photo of a {}", THINGS[n % THINGS.len()])
        };
        THINGS.iter().for_each(|thing| drop(ask(&address, &format!("a photo of a {thing}"))));
        report("known", clients, measure(&address, clients, &known));
    }
}

/// `seer demo` on a free port.
fn demo(home: &std::path::Path) -> Server {
    let mut command = Command::new(env!("CARGO_BIN_EXE_seer"));
    command.args(["demo", "--json", "--offline", "--folder"]).arg(home).env_remove("SEER_MODEL");
    Server::start(command)
}

/// Milliseconds of each request, sorted, and answers per second.
fn measure(url: &str, clients: usize, text: &(dyn Fn() -> String + Sync)) -> (Vec<f64>, f64) {
    let start = Instant::now();
    let one = |_| {
        let asked = Instant::now();
        ask(url, &text());
        asked.elapsed().as_secs_f64() * 1000.0
    };
    let work = || (0..REQUESTS / clients).map(one).collect::<Vec<f64>>();
    let mut all: Vec<f64> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..clients).map(|_| scope.spawn(work)).collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("no panic")).collect()
    });
    let per_second = all.len() as f64 / start.elapsed().as_secs_f64();
    all.sort_by(f64::total_cmp);
    (all, per_second)
}

fn ask(url: &str, query: &str) -> serde_json::Value {
    let request = serde_json::json!({ "query": query, "k": 20 });
    let mut answer = ureq::post(url).send_json(request).expect("an answer");
    answer.body_mut().read_json().expect("JSON")
}

fn report(texts: &str, clients: usize, (all, per_second): (Vec<f64>, f64)) {
    let at = |share: f64| all[((all.len() - 1) as f64 * share) as usize];
    println!("{texts:<8} {clients:>8} {:>10.2} {:>10.2} {per_second:>12.0}", at(0.5), at(0.99));
}
