//! Fetching a model for a run, as part of it: with its progress, and with an end when the run is stopped.

use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use seer_encoders::hub::FetchProgress;
use seer_indexer::Cancel;
use seer_types::{IndexEvent, IndexPhase, IndexProgress};

use super::{Broken, Options};
use crate::choice;

/// How often the run is asked whether it was stopped.
const LOOK: Duration = Duration::from_millis(100);

/// What the fetching thread tells.
enum Told {
    /// Bytes of a file that are here, and its size.
    Bytes(u64, u64),
    End(anyhow::Result<()>),
}

struct Teller(Sender<Told>);

impl FetchProgress for Teller {
    fn received(&self, _: &str, bytes: u64, total: u64) {
        // Nobody listens any more once the run was stopped.
        let _ = self.0.send(Told::Bytes(bytes, total));
    }
}

/// Fetches a model. False when the run was stopped meanwhile: the file that comes in then still does, and is
/// there for the next time.
///
/// # Errors
/// Why it cannot be fetched, and what next.
pub(super) fn fetch(
    name: &str,
    options: &Options,
    cancel: &Cancel,
    events: &(dyn Fn(IndexEvent) + Sync),
) -> Result<bool, Broken> {
    let (teller, told) = channel();
    let (name, options) = (name.to_owned(), options.clone());
    let work = move || {
        let end = choice::fetch(&name, &options, &Teller(teller.clone())).map(drop);
        let _ = teller.send(Told::End(end));
    };
    let thread = thread::Builder::new().name("fetch".into()).spawn(work);
    thread.map_err(|error| Broken::of(&error.into()))?;
    events(IndexEvent::Progress(progress(0, 0, None)));
    let mut file: Option<Start> = None;
    loop {
        match told.recv_timeout(LOOK) {
            Ok(Told::Bytes(bytes, total)) => {
                let same = file.filter(|start| start.total == total && start.bytes <= bytes);
                let start = same.unwrap_or(Start { at: Instant::now(), bytes, total });
                file = Some(start);
                events(IndexEvent::Progress(progress(bytes, total, start.left(bytes))));
            }
            Ok(Told::End(end)) => return end.map(|()| true).map_err(|error| Broken::of(&error)),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => {
                return Err(Broken::of(&anyhow::anyhow!("the model's download broke off")));
            }
        }
        if cancel.is_cancelled() {
            return Ok(false);
        }
    }
}

/// When a file began to come in, and what of it was there.
#[derive(Clone, Copy)]
struct Start {
    at: Instant,
    bytes: u64,
    total: u64,
}

impl Start {
    /// Seconds left at the speed so far.
    fn left(&self, bytes: u64) -> Option<f64> {
        let come = bytes.checked_sub(self.bytes).filter(|come| *come > 0)?;
        let speed = come as f64 / self.at.elapsed().as_secs_f64().max(1e-3);
        Some(self.total.saturating_sub(bytes) as f64 / speed)
    }
}

fn progress(done: u64, total: u64, eta_seconds: Option<f64>) -> IndexProgress {
    let phase = IndexPhase::FetchingModel;
    IndexProgress { phase, total, done, eta_seconds, ..IndexProgress::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_left_is_that_of_what_is_lacking() {
        let at = Instant::now().checked_sub(Duration::from_secs(10)).unwrap();
        let start = Start { at, bytes: 100, total: 1100 };
        assert_eq!(start.left(100), None, "what was here before says nothing of the speed");
        let left = start.left(600).unwrap();
        assert!((9.0..=11.0).contains(&left), "{left}");
    }

    #[test]
    fn a_model_that_cannot_be_fetched_breaks_the_run_off_with_a_reason() {
        use clap::Parser;
        let cli = crate::args::Cli::try_parse_from(["seer", "--offline", "serve"]).unwrap();
        let (options, events) = (cli.shared, |_: IndexEvent| {});
        let broken = fetch("ViT-B-32", &options, &Cancel::new(), &events).err().unwrap();
        assert!(broken.reason.contains("ViT-B-32"), "{}", broken.reason);
    }
}
