//! A run on a library that several machines fill: one walks, all read.
//!
//! What has to be read stands in a list that the store keeps. This process leases files of it, and
//! goes on until none is left and nobody walks; files of a machine that is gone come back to
//! the list when their leases run out.

mod leased;

use std::time::Duration;

use crossbeam_channel::{RecvTimeoutError, bounded};
use seer_engine::MountedWork;
use seer_types::LibraryPath;

use crate::IndexError;
use crate::pipeline::{Committed, Work};
use leased::{LeasedWork, TERM};

/// How often leases are made to last on.
const RENEWAL: Duration = Duration::from_secs(8);
/// How often the list is looked at while others are at its last files.
const LOOK: Duration = Duration::from_millis(500);
/// How often in a row files may turn out to be somebody else's before that is an error.
const LOSSES: u32 = 3;

const TAKEN_OVER: &str = "this machine did not answer for a while, and others took over files that it \
                          was at; it goes on with the rest";

/// What the run does beside the list.
pub(crate) struct Watch<'a> {
    /// Reads and writes what the list gives, until it gives nothing.
    pub read: &'a dyn Fn(&dyn Work) -> Result<Committed, IndexError>,
    /// Whether the run was stopped.
    pub stops: &'a dyn Fn() -> bool,
    /// For people.
    pub notice: &'a dyn Fn(String),
}

/// Works at the list for these indexed folders until nothing is left; what was done, and whether all
/// was.
///
/// # Errors
/// Those of the list and of `read`; what this process has is given back.
pub(crate) fn work(
    list: MountedWork<'_>,
    roots: &[LibraryPath],
    watch: &Watch<'_>,
) -> Result<(Committed, bool), IndexError> {
    let mut committed = Committed::default();
    let (mut losses, mut told) = (0, false);
    while !(watch.stops)() {
        // First: who walks lists the files before the walk ends.
        let walked = list.is_walked(roots)?;
        let backlog = list.backlog(roots)?;
        if backlog.waiting > 0 {
            match turn(list, roots, watch) {
                Ok(more) => {
                    committed.add(&more);
                    losses = 0;
                }
                Err(IndexError::LeasesLost) if losses < LOSSES => {
                    losses += 1;
                    (watch.notice)(TAKEN_OVER.into());
                }
                Err(error) => return Err(error),
            }
            continue;
        }
        if backlog.leased == 0 && !walked {
            return Ok((committed, true));
        }
        if !told {
            (watch.notice)(waiting(backlog.leased, walked));
            told = true;
        }
        std::thread::sleep(LOOK);
    }
    Ok((committed, false))
}

/// Reads what waits, and keeps the leases meanwhile.
fn turn(
    list: MountedWork<'_>,
    roots: &[LibraryPath],
    watch: &Watch<'_>,
) -> Result<Committed, IndexError> {
    let leased = LeasedWork::new(list, roots)?;
    let (finished, is_finished) = bounded::<()>(0);
    let done = std::thread::scope(|scope| {
        let leased = &leased;
        scope.spawn(move || {
            while is_finished.recv_timeout(RENEWAL) == Err(RecvTimeoutError::Timeout) {
                leased.renew();
            }
        });
        let done = (watch.read)(leased);
        drop(finished);
        done
    });
    let given_back = leased.give_back();
    let committed = done?;
    given_back?;
    Ok(committed)
}

fn waiting(files: u64, walked: bool) -> String {
    match walked {
        true => "another machine looks through these folders; this one helps to read them".into(),
        false => format!(
            "others are at the last {files} files; they come back after {} seconds if one of them is gone",
            TERM.as_secs()
        ),
    }
}
