//! What the service counts, for Prometheus.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web;
use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};
use seer_engine::LibraryStatus;
use seer_types::IndexPhase;

use crate::gate::Gate;
use crate::{RunEnd, RunState};

/// Upper ends of the classes that times of answers are counted in, in seconds.
const SECONDS: [f64; 12] =
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0];

/// The address of requests that no route takes: there may be any number of these.
const NOWHERE: &str = "other";

#[derive(Clone, PartialEq, Eq, Hash, Debug, EncodeLabelSet)]
struct Answered {
    method: String,
    route: String,
    status: u16,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug, EncodeLabelSet)]
struct Route {
    route: String,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug, EncodeLabelSet)]
struct Queue {
    queue: &'static str,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug, EncodeLabelSet)]
struct Version {
    version: &'static str,
}

type Float = Gauge<f64, AtomicU64>;

/// Counters of one running service, and gauges that are set when they are asked for.
pub(crate) struct Metrics {
    registry: Registry,
    /// Tells this process from others.
    process: u32,
    /// Requests so far.
    requests: AtomicU64,
    answers: Family<Answered, Counter>,
    seconds: Family<Route, Histogram>,
    running: Family<Queue, Gauge>,
    waiting: Family<Queue, Gauge>,
    photos: Gauge,
    files: Gauge,
    failures: Gauge,
    encoded: Gauge,
    index_running: Gauge,
    index_total: Gauge,
    index_done: Gauge,
    index_runs: Gauge,
    index_failed: Gauge,
    memory: Gauge,
}

/// What is looked at when the numbers are asked for.
pub(crate) struct Now<'a> {
    pub(crate) library: &'a LibraryStatus,
    pub(crate) index: &'a RunState,
    pub(crate) queues: [(&'static str, &'a Gate); 4],
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let mut registry = Registry::with_prefix("seer");
        let r = &mut registry;
        let answers = Family::<Answered, Counter>::default();
        r.register("http_requests", "Requests answered", answers.clone());
        let seconds = Family::<Route, Histogram>::new_with_constructor(|| Histogram::new(SECONDS));
        let help = "Time from a request to the beginning of its answer";
        r.register_with_unit("http_request", help, Unit::Seconds, seconds.clone());
        let running = Family::<Queue, Gauge>::default();
        r.register("queue_running", "Jobs of a queue that are being done", running.clone());
        let waiting = Family::<Queue, Gauge>::default();
        r.register("queue_waiting", "Jobs that wait in a queue", waiting.clone());
        let version = Family::<Version, Gauge>::default();
        version.get_or_create(&Version { version: env!("CARGO_PKG_VERSION") }).set(1);
        r.register("build_info", "The version of seer", version);
        let start = Float::default();
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        start.set(now.as_secs_f64());
        r.register_with_unit("start_time", "When the service began, Unix", Unit::Seconds, start);
        let mut gauge = |name: &str, help: &str| {
            let gauge = Gauge::default();
            r.register(name, help, gauge.clone());
            gauge
        };
        Self {
            answers,
            seconds,
            running,
            waiting,
            photos: gauge("library_photos", "Photos that can be found"),
            files: gauge("library_files", "Files they lie in"),
            failures: gauge("library_failures", "Files that could not be indexed"),
            encoded: gauge("library_encoded_photos", "Photos encoded with the model in use"),
            index_running: gauge("index_running", "Whether an indexing run goes on"),
            index_total: gauge(
                "index_files",
                "Files that the run has to read, or photos to look at",
            ),
            index_done: gauge("index_files_done", "Those of them that are finished"),
            index_runs: gauge("index_runs", "Runs that were started"),
            index_failed: gauge("index_last_failed", "Whether the run that ended last broke off"),
            memory: gauge("memory_resident_bytes", "Memory of the process"),
            process: std::process::id() ^ (now.as_millis() as u32),
            requests: AtomicU64::new(0),
            registry,
        }
    }

    /// All numbers as OpenMetrics text.
    ///
    /// # Errors
    /// When they cannot be written, which no number does.
    pub(crate) fn text(&self, now: &Now<'_>) -> Result<String, std::fmt::Error> {
        self.set(now);
        let mut out = String::new();
        text::encode(&mut out, &self.registry)?;
        Ok(out)
    }

    fn set(&self, now: &Now<'_>) {
        let Now { library, index, queues } = now;
        for (queue, gate) in queues {
            self.running.get_or_create(&Queue { queue }).set(number(gate.running() as u64));
            self.waiting.get_or_create(&Queue { queue }).set(number(gate.in_line() as u64));
        }
        self.photos.set(number(library.photos));
        self.files.set(number(library.files));
        self.failures.set(number(library.failures));
        self.encoded.set(number(library.index.as_ref().map_or(0, |index| index.embedded)));
        self.index_running.set(i64::from(index.progress.phase != IndexPhase::Idle));
        self.index_total.set(number(index.progress.total));
        self.index_done.set(number(index.progress.done));
        self.index_runs.set(number(index.run));
        let failed = |end: &RunEnd| matches!(end, RunEnd::Failed { .. });
        self.index_failed.set(i64::from(index.last.as_ref().is_some_and(|run| failed(&run.end))));
        self.memory.set(number(resident_memory().unwrap_or(0)));
    }

    /// An id that no other request of this process has, and hardly one of another process.
    fn next_id(&self) -> String {
        format!("{:08x}-{}", self.process, self.requests.fetch_add(1, Ordering::Relaxed) + 1)
    }

    fn count(&self, answer: Answered, seconds: f64) {
        let route = Route { route: answer.route.clone() };
        self.seconds.get_or_create(&route).observe(seconds);
        self.answers.get_or_create(&answer).inc();
    }
}

fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Bytes this process holds in memory, where the system says so (Linux).
pub fn resident_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}

/// What an answer is known by in the log.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Middleware that gives each request an id, and counts and logs answers and their times, by the pattern of
/// the address: never by what was asked.
pub(crate) async fn measured<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let (start, method) = (Instant::now(), request.method().clone());
    let metrics = request.app_data::<web::Data<Metrics>>().cloned();
    let mut response = next.call(request).await?;
    if let Some(metrics) = metrics {
        let route = response.request().match_pattern().unwrap_or_else(|| NOWHERE.to_owned());
        let known = ["GET", "HEAD", "POST", "DELETE"].contains(&method.as_str());
        let method = if known { method.as_str() } else { NOWHERE }.to_owned();
        let status = response.status().as_u16();
        let (seconds, id) = (start.elapsed().as_secs_f64(), metrics.next_id());
        let milliseconds = (seconds * 1000.0).round() as u64;
        log::info!(
            request = id, method, route, status, milliseconds;
            "{method} {route}: {status} after {milliseconds} ms ({id})"
        );
        if let Ok(id) = HeaderValue::from_str(&id) {
            response.headers_mut().insert(REQUEST_ID, id);
        }
        metrics.count(Answered { method, route, status }, seconds);
    }
    Ok(response)
}
