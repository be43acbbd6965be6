//! What there is to do for one watched folder, and when all of it is looked at again.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// How often a watched folder is looked at as a whole.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Pace {
    /// Where the system tells of changes.
    pub told: Duration,
    /// Where it does not.
    pub polled: Duration,
}

impl Pace {
    /// Every `told`; where the system does not tell, every minute, if that is more often.
    pub fn every(told: Duration) -> Self {
        Self { told, polled: told.min(Duration::from_secs(60)) }
    }
}

/// A look at a whole folder takes at most this share of the time.
const SHARE: u32 = 10;

/// What is to be done in one folder.
pub(super) struct Due {
    /// Files to look at.
    pub files: BTreeSet<PathBuf>,
    /// Whether all of it is to be looked at; then also whether files that failed before are tried
    /// again.
    pub all: Option<bool>,
    /// When all of it is looked at next.
    next: Instant,
}

impl Due {
    pub(super) fn new(now: Instant, pace: Duration) -> Self {
        Self { files: BTreeSet::new(), all: None, next: now + pace }
    }

    /// Notes files that changed; a look at all is a look at them.
    pub(super) fn add(&mut self, files: Vec<PathBuf>) {
        if self.all.is_none() {
            self.files.extend(files);
        }
    }

    /// Notes that all is to be looked at.
    pub(super) fn add_all(&mut self, second_tries: bool) {
        self.files.clear();
        self.all = Some(self.all.unwrap_or(false) || second_tries);
    }

    /// Notes that time has come, where it has.
    pub(super) fn pass(&mut self, now: Instant) {
        if now >= self.next && self.all.is_none() {
            self.add_all(false);
        }
    }

    /// A look at all has ended after so long.
    pub(super) fn looked(&mut self, now: Instant, pace: Duration, took: Duration) {
        self.next = now + pace.max(took * SHARE);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    #[test]
    fn all_is_looked_at_in_time_and_after_long_looks_later() {
        let start = Instant::now();
        let mut due = Due::new(start, MINUTE);
        due.add(vec!["/p/a".into()]);
        due.pass(start + MINUTE / 2);
        assert_eq!((due.files.len(), due.all), (1, None));
        due.pass(start + MINUTE);
        assert_eq!((due.files.len(), due.all), (0, Some(false)));
        due.add(vec!["/p/a".into()]);
        assert!(due.files.is_empty(), "a look at all is one at this file");
        due.add_all(true);
        due.add_all(false);
        assert_eq!(due.all, Some(true));

        due.all = None;
        due.looked(start, MINUTE, MINUTE);
        due.pass(start + MINUTE * 9);
        assert_eq!(due.all, None);
        due.pass(start + MINUTE * 10);
        assert_eq!(due.all, Some(false));
    }

    #[test]
    fn who_is_not_told_looks_every_minute_or_more_often() {
        assert_eq!(Pace::every(MINUTE * 15), Pace { told: MINUTE * 15, polled: MINUTE });
        let short = Duration::from_secs(5);
        assert_eq!(Pace::every(short), Pace { told: short, polled: short });
    }
}
