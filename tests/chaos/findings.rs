//! How many rounds there are, and what the failing ones leave behind.

use std::path::{Path, PathBuf};

use crate::disk::Disk;
use crate::random::Random;

/// Rounds of all tests together, unless `SEER_CHAOS_ROUNDS` says otherwise.
const ROUNDS: u64 = 60;
/// The seed, unless `SEER_CHAOS_SEED` says otherwise.
const SEED: u64 = 20_261_128;

/// The share of each test in a hundred.
const SHARES: &[(&str, u64)] = &[
    ("random moments", 22),
    ("first run", 8),
    ("changes", 12),
    ("prune", 8),
    ("other model", 5),
    ("serve", 5),
    ("restore", 4),
    ("repair", 4),
    ("upgrade", 8), // divided among the older formats
    ("recovery", 4),
    ("second model", 3),
    ("use a model", 3),
    ("forget a model", 5),
    ("lists", 2),
    ("graph", 1),
    ("copy", 3),
    ("spaces at random moments", 3),
];

/// How many rounds the test `name` has.
pub fn rounds(name: &str) -> u64 {
    let all = number("SEER_CHAOS_ROUNDS").unwrap_or(ROUNDS);
    let (_, share) = SHARES.iter().find(|(test, _)| *test == name).expect("a known test");
    (all * share).div_ceil(100)
}

/// What all random numbers come from.
pub fn seed() -> u64 {
    number("SEER_CHAOS_SEED").unwrap_or(SEED)
}

fn number(variable: &str) -> Option<u64> {
    let text = std::env::var(variable).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{variable} is no number: {text}")))
}

/// The failed rounds of a test.
pub struct Findings {
    test: String,
    rounds: u64,
    failed: Vec<String>,
}

impl Findings {
    pub fn new(test: &str) -> Self {
        Self { test: test.to_owned(), rounds: 0, failed: Vec::new() }
    }

    /// Takes the verdict of a round. The library (as the stop left it) and the photos of a failed
    /// one are kept.
    pub fn take(
        &mut self,
        moment: &str,
        verdict: Result<(), String>,
        library: &Path,
        photos: &Path,
    ) {
        self.rounds += 1;
        let Err(what) = verdict else { return };
        let kept = self.folder();
        copy_folder(library, &kept.join("library"));
        copy_folder(photos, &kept.join("photos"));
        let text = format!("{moment}: {what}\n    kept in {}", kept.display());
        std::fs::write(kept.join("finding.txt"), &text).expect("write the finding");
        println!("{}: {text}", self.test);
        self.failed.push(text);
    }

    fn folder(&self) -> PathBuf {
        let random = Random::of(seed(), u64::from(std::process::id())).next();
        let name =
            format!("seer-chaos-{random:016x}-{}-{}", self.test.replace(' ', "-"), self.rounds);
        std::env::temp_dir().join(name)
    }

    /// Fails when any round did.
    pub fn report(self) {
        let (test, rounds, failed) = (self.test, self.rounds, self.failed.len());
        println!("chaos: {test}: {rounds} rounds, {failed} failed (seed {})", seed());
        assert!(
            self.failed.is_empty(),
            "{test}: {failed} of {rounds} rounds failed; to try again: SEER_CHAOS_SEED={} and as \
             many rounds\n{}",
            seed(),
            self.failed.join("\n")
        );
    }
}

/// Copies a folder with everything in it, if it is there.
pub fn copy_folder(from: &Path, to: &Path) {
    if from.exists() {
        Disk::load(from).write_visible(to);
    }
}
