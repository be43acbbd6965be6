//! Places that changed, until they are still.

use std::collections::HashMap;
use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

/// What the disk says of a place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct State {
    pub is_folder: bool,
    size: u64,
    modified: Option<SystemTime>,
}

impl State {
    /// Of what lies there itself, also when it is a link; `None` where nothing does.
    pub(crate) fn of(path: &Path) -> Option<Self> {
        path.symlink_metadata().ok().map(|metadata| Self::from(&metadata))
    }
}

impl From<&Metadata> for State {
    fn from(metadata: &Metadata) -> Self {
        let (size, modified) = (metadata.len(), metadata.modified().ok());
        Self { is_folder: metadata.is_dir(), size, modified }
    }
}

/// Places that changed lately.
#[derive(Default)]
pub(crate) struct Restless {
    waiting: HashMap<PathBuf, Waiting>,
}

struct Waiting {
    seen: Option<State>,
    since: Instant,
}

/// What a place is now that it is still.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Settled {
    pub path: PathBuf,
    /// `None`: it is gone.
    pub state: Option<State>,
}

impl Restless {
    /// Notes that something happened at a place; it has to be still from now on.
    pub(crate) fn hear(&mut self, path: PathBuf, now: Instant) {
        let seen = State::of(&path);
        self.waiting.insert(path, Waiting { seen, since: now });
    }

    /// Notes a place that was found, unless it is known already.
    pub(crate) fn find(&mut self, path: PathBuf, now: Instant) {
        if !self.waiting.contains_key(&path) {
            self.hear(path, now);
        }
    }

    /// Places whose size and time have been the same for so long, sorted; they are forgotten.
    pub(crate) fn settled(&mut self, now: Instant, still: Duration) -> Vec<Settled> {
        let mut settled = Vec::new();
        self.waiting.retain(|path, waiting| {
            if now.saturating_duration_since(waiting.since) < still {
                return true;
            }
            let state = State::of(path);
            if state == waiting.seen {
                settled.push(Settled { path: path.clone(), state });
                return false;
            }
            *waiting = Waiting { seen: state, since: now };
            true
        });
        settled.sort_by(|a, b| a.path.cmp(&b.path));
        settled
    }

    pub(crate) fn len(&self) -> usize {
        self.waiting.len()
    }

    pub(crate) fn clear(&mut self) {
        self.waiting.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    const STILL: Duration = Duration::from_secs(2);

    /// Times are given: no test waits.
    fn at(start: Instant, milliseconds: u64) -> Instant {
        start + Duration::from_millis(milliseconds)
    }

    #[test]
    fn a_file_that_grows_is_not_still_also_when_nobody_tells() {
        let dir = tempfile::tempdir().unwrap();
        let (path, start) = (dir.path().join("a.jpg"), Instant::now());
        let mut restless = Restless::default();
        fs::write(&path, b"1").unwrap();
        restless.hear(path.clone(), start);
        assert!(restless.settled(at(start, 1999), STILL).is_empty());
        // As through a memory map: the system tells nothing.
        fs::write(&path, b"12").unwrap();
        assert!(restless.settled(at(start, 2000), STILL).is_empty());
        assert!(restless.settled(at(start, 3999), STILL).is_empty());
        let settled = restless.settled(at(start, 4000), STILL);
        assert_eq!(settled.len(), 1);
        assert_eq!((&settled[0].path, settled[0].state), (&path, State::of(&path)));
        assert_eq!(restless.len(), 0, "told once");
    }

    #[test]
    fn hearing_of_it_again_begins_anew_and_finding_it_does_not() {
        let dir = tempfile::tempdir().unwrap();
        let (path, start) = (dir.path().join("a.jpg"), Instant::now());
        fs::write(&path, b"1").unwrap();
        let mut restless = Restless::default();
        restless.hear(path.clone(), start);
        restless.find(path.clone(), at(start, 1000));
        restless.hear(path.clone(), at(start, 500));
        assert!(restless.settled(at(start, 2499), STILL).is_empty());
        assert_eq!(restless.settled(at(start, 2500), STILL).len(), 1);
    }

    #[test]
    fn what_is_gone_is_still_too() {
        let start = Instant::now();
        let mut restless = Restless::default();
        restless.hear("/no/such/file".into(), start);
        let settled = restless.settled(at(start, 2000), STILL);
        assert_eq!(settled, [Settled { path: "/no/such/file".into(), state: None }]);
    }
}
