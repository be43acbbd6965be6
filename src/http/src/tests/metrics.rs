//! Numbers for Prometheus.

use std::collections::HashMap;

use seer_engine::Fault;

use super::harness::{Server, over};
use crate::RunEnd;

/// Names with labels, and values, of OpenMetrics text; what is none is refused.
fn samples(text: &str) -> HashMap<String, f64> {
    let mut samples = HashMap::new();
    let body = text.strip_suffix("# EOF\n").expect("an end");
    for line in body.lines() {
        if let Some(comment) = line.strip_prefix("# ") {
            let kind = comment.split(' ').next().expect("a kind");
            assert!(["HELP", "TYPE", "UNIT"].contains(&kind), "{line}");
            continue;
        }
        let (name, value) = line.rsplit_once(' ').expect("a name and a value");
        let bare = name.split('{').next().expect("a name");
        assert!(bare.starts_with("seer_"), "{line}");
        assert!(bare.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'), "{line}");
        assert!(samples.insert(name.to_owned(), value.parse().expect("a number")).is_none());
    }
    samples
}

fn numbers(server: &Server) -> HashMap<String, f64> {
    let answer = server.get("/metrics");
    assert_eq!(answer.status, 200);
    assert!(answer.header("content-type").is_some_and(|kind| kind.contains("openmetrics")));
    samples(&String::from_utf8(answer.body).expect("text"))
}

#[test]
fn answers_are_counted_by_route_and_never_by_what_was_asked() {
    let server = Server::start();
    for _ in 0..3 {
        server.get("/api/search?q=secretword");
    }
    server.get("/secretplace");
    server.get(&format!("/api/photos/{}", "ab".repeat(32)));
    server.send("BREW /", "", b"");
    let numbers = numbers(&server);
    let of = |labels: &str| numbers.get(&format!("seer_http_requests_total{{{labels}}}")).copied();
    assert_eq!(of(r#"method="GET",route="/api/search",status="200""#), Some(3.0), "{numbers:?}");
    assert_eq!(of(r#"method="GET",route="other",status="404""#), Some(1.0));
    assert_eq!(of(r#"method="GET",route="/api/photos/{id}",status="404""#), Some(1.0));
    assert_eq!(of(r#"method="other",route="/",status="405""#), Some(1.0), "{numbers:?}");
    let seconds = numbers.get(r#"seer_http_request_seconds_count{route="/api/search"}"#);
    assert_eq!(seconds, Some(&3.0));
    assert!(numbers.keys().all(|name| !name.contains("secret") && !name.contains("abab")));
}

#[test]
fn library_queues_and_runs_are_told() {
    let server = Server::start();
    let before = numbers(&server);
    let photos = server.library.status().unwrap().photos as f64;
    assert_eq!(before["seer_library_photos"], photos);
    assert_eq!(before["seer_library_encoded_photos"], photos);
    assert_eq!((before["seer_index_running"], before["seer_index_runs"]), (0.0, 0.0));
    assert_eq!(before[r#"seer_queue_running{queue="searches"}"#], 0.0);
    if cfg!(target_os = "linux") {
        assert!(before["seer_memory_resident_bytes"] > 1e6);
    }
    server.client.start_index(&over(&[], false)).unwrap();
    server.index.state.lock().unwrap().progress.done = 7;
    let during = numbers(&server);
    assert_eq!((during["seer_index_running"], during["seer_index_files_done"]), (1.0, 7.0));
    server.index.end(RunEnd::Failed { reason: "no drive".into(), fault: Fault::Environment });
    let after = numbers(&server);
    assert_eq!((after["seer_index_running"], after["seer_index_last_failed"]), (0.0, 1.0));
}
