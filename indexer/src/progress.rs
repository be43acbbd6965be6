//! How far a run is and how fast.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use seer_types::{IndexPhase, IndexProgress};

/// Time between two progress events.
pub(crate) const TICK: Duration = Duration::from_millis(250);

/// The speed is that of the last seconds.
const WINDOW: Duration = Duration::from_secs(10);

/// Counters that all threads of a run add to.
#[derive(Debug)]
pub(crate) struct Meter {
    start: Instant,
    decoders: usize,
    total: AtomicU64,
    done: AtomicU64,
    encoded: AtomicU64,
    failed: AtomicU64,
    decoding_ns: AtomicU64,
    encoding_ns: AtomicU64,
}

impl Meter {
    /// Starts now; `decoders` threads share the decoding.
    pub(crate) fn new(decoders: usize) -> Self {
        let zero = || AtomicU64::new(0);
        Self {
            start: Instant::now(),
            decoders,
            total: zero(),
            done: zero(),
            encoded: zero(),
            failed: zero(),
            decoding_ns: zero(),
            encoding_ns: zero(),
        }
    }

    pub(crate) fn set_total(&self, files: u64) {
        self.total.store(files, Ordering::Relaxed);
    }

    /// One file is finished, whatever came of it.
    pub(crate) fn done(&self) {
        self.done.fetch_add(1, Ordering::Relaxed);
    }

    /// How many are finished.
    pub(crate) fn files_done(&self) -> u64 {
        self.done.load(Ordering::Relaxed)
    }

    /// One of the finished was encoded.
    pub(crate) fn encoded(&self) {
        self.encoded.fetch_add(1, Ordering::Relaxed);
    }

    /// One of the finished failed.
    pub(crate) fn failed(&self) {
        self.failed.fetch_add(1, Ordering::Relaxed);
    }

    /// Runs a decoder's work and counts its time.
    pub(crate) fn decoding<T>(&self, work: impl FnOnce() -> T) -> T {
        timed(&self.decoding_ns, work)
    }

    /// Runs the encoder's work and counts its time.
    pub(crate) fn encoding<T>(&self, work: impl FnOnce() -> T) -> T {
        timed(&self.encoding_ns, work)
    }

    /// The state now.
    pub(crate) fn progress(&self, phase: IndexPhase, speed: &mut Speed) -> IndexProgress {
        let get = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let elapsed = self.start.elapsed();
        let (total, done) = (get(&self.total), get(&self.done));
        let images_per_second = speed.at(elapsed, done);
        let ns = elapsed.as_nanos().max(1) as f64;
        IndexProgress {
            phase,
            total,
            done,
            encoded: get(&self.encoded),
            failed: get(&self.failed),
            images_per_second,
            decode_share: share(get(&self.decoding_ns), ns * self.decoders as f64),
            encode_share: share(get(&self.encoding_ns), ns),
            eta_seconds: (images_per_second > 0.0)
                .then(|| total.saturating_sub(done) as f64 / images_per_second),
        }
    }
}

fn timed<T>(counter: &AtomicU64, work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let result = work();
    let ns = u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX);
    counter.fetch_add(ns, Ordering::Relaxed);
    result
}

fn share(busy_ns: u64, of_ns: f64) -> f64 {
    (busy_ns as f64 / of_ns).clamp(0.0, 1.0)
}

/// Files per second over a sliding window.
#[derive(Debug, Default)]
pub(crate) struct Speed {
    samples: VecDeque<(Duration, u64)>,
}

impl Speed {
    /// Takes a sample (`done` files at `time` since the start) and gives the speed up to it.
    fn at(&mut self, time: Duration, done: u64) -> f64 {
        if self.samples.is_empty() {
            self.samples.push_back((Duration::ZERO, 0));
        }
        self.samples.push_back((time, done));
        // Keeps one sample at least as old as the window.
        while self.samples.len() > 2 && time.saturating_sub(self.samples[1].0) >= WINDOW {
            self.samples.pop_front();
        }
        let (then, before) = self.samples[0];
        let seconds = time.saturating_sub(then).as_secs_f64();
        if seconds > 0.0 { done.saturating_sub(before) as f64 / seconds } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn the_speed_is_that_of_the_last_ten_seconds() {
        let mut speed = Speed::default();
        assert_eq!(speed.at(at(0), 0), 0.0);
        assert_eq!(speed.at(at(2), 10), 5.0);
        assert_eq!(speed.at(at(10), 50), 5.0);
        // From (10, 50) to (20, 70): the faster start is forgotten.
        assert_eq!(speed.at(at(20), 70), 2.0);
        assert_eq!(speed.at(at(30), 70), 0.0);
        assert!(speed.samples.len() <= 3);
    }

    #[test]
    fn counters_add_up() {
        let meter = Meter::new(2);
        meter.set_total(4);
        meter.done();
        meter.encoded();
        meter.done();
        meter.failed();
        let progress = meter.progress(IndexPhase::Encoding, &mut Speed::default());
        assert_eq!((progress.total, progress.done), (4, 2));
        assert_eq!((progress.encoded, progress.failed), (1, 1));
        assert!(progress.eta_seconds.is_some());
    }

    #[test]
    fn a_share_is_from_0_to_1() {
        assert_eq!(share(50, 200.0), 0.25);
        assert_eq!(share(500, 200.0), 1.0);
    }
}
