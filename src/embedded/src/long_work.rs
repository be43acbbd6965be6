//! Telling people how far long work is.

use std::time::{Duration, Instant};

/// How often it is told; work that takes no longer is not spoken of.
const EVERY: Duration = Duration::from_secs(5);

/// Work whose end is known, told every few seconds.
pub(crate) struct LongWork<'a> {
    what: &'a str,
    total: u64,
    start: Instant,
    told: Instant,
}

impl<'a> LongWork<'a> {
    /// Begins work on so many photos.
    pub(crate) fn begin(what: &'a str, total: u64) -> Self {
        let now = Instant::now();
        Self { what, total, start: now, told: now }
    }

    /// Tells, when it is time, that so many are done.
    pub(crate) fn reach(&mut self, done: u64) {
        if self.told.elapsed() >= EVERY {
            self.told = Instant::now();
            log::warn!("{}", self.words(done, self.start.elapsed()));
        }
    }

    fn words(&self, done: u64, elapsed: Duration) -> String {
        let left = self.total.saturating_sub(done) as f64;
        let seconds = elapsed.as_secs_f64() * left / done.max(1) as f64;
        let (what, total) = (self.what, self.total);
        format!("{what}: {done} of {total} photos, about {seconds:.0} s left")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_follows_from_what_was_done() {
        let work = LongWork::begin("building the keyword index", 1000);
        assert_eq!(
            work.words(250, Duration::from_secs(10)),
            "building the keyword index: 250 of 1000 photos, about 30 s left"
        );
        assert!(work.words(0, Duration::ZERO).ends_with("about 0 s left"));
    }
}
