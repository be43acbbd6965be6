//! Files that this process has for a while, of a list that the indexers of several machines share.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, Instant};

use seer_engine::{Change, EngineError, Lease, MountedWork};
use seer_types::LibraryPath;

use crate::IndexError;
use crate::pipeline::{Task, Work};

/// Files leased at once: few, so that at the end all machines have something to do.
const MOST: usize = 32;
/// How long a lease lasts: the files of a machine that is gone wait this long.
pub(super) const TERM: Duration = Duration::from_secs(30);
/// How often it is asked how many files are left: the list may be long.
const COUNT: Duration = Duration::from_secs(5);
/// A file that was leased this often, and whose indexer each time ended before it was finished, is
/// not tried again in this run: perhaps it is what ends them.
const TRIES: u64 = 5;

/// The files this process has.
pub(super) struct LeasedWork<'a> {
    list: MountedWork<'a>,
    roots: &'a [LibraryPath],
    state: Mutex<State>,
    /// Held while leases are ended or made to last on, so that none is renewed that is finished.
    settling: Mutex<()>,
    /// Files leased so far, and those that are left besides.
    files: AtomicU64,
    lost: AtomicBool,
}

#[derive(Default)]
struct State {
    /// Not given to a thread yet.
    waiting: VecDeque<Task>,
    /// Leased and not finished, by the path here.
    held: HashMap<LibraryPath, Lease>,
    /// How many were leased so far.
    leased: u64,
    /// When it was last asked how many are left.
    counted: Option<Instant>,
}

impl State {
    fn leases_of(&self, files: &[LibraryPath]) -> Vec<Lease> {
        files.iter().filter_map(|path| self.held.get(path)).cloned().collect()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|e| e.into_inner())
}

impl<'a> LeasedWork<'a> {
    pub(super) fn new(list: MountedWork<'a>, roots: &'a [LibraryPath]) -> Result<Self, IndexError> {
        let left = list.backlog(roots)?.left();
        Ok(Self {
            list,
            roots,
            state: Mutex::default(),
            settling: Mutex::default(),
            files: AtomicU64::new(left),
            lost: AtomicBool::new(false),
        })
    }

    /// Has the leases last on; to be called several times in a term.
    pub(super) fn renew(&self) {
        let _settling = lock(&self.settling);
        let held: Vec<Lease> = self.state().held.values().cloned().collect();
        if held.is_empty() {
            return;
        }
        match self.list.renew(&held, TERM) {
            Ok(true) => {}
            Ok(false) => self.lost.store(true, Ordering::Relaxed),
            // The leases last a while; whoever writes next tells what is wrong.
            Err(error) => log::warn!("cannot tell that work goes on: {error}"),
        }
    }

    /// Gives back what was not finished.
    pub(super) fn give_back(&self) -> Result<(), EngineError> {
        let mut state = self.state();
        state.waiting.clear();
        let held: Vec<Lease> = state.held.drain().map(|(_, lease)| lease).collect();
        match held.is_empty() {
            true => Ok(()),
            false => self.list.give_back(&held),
        }
    }

    /// Leases more files.
    fn more(&self, state: &mut State) -> Result<(), IndexError> {
        let leases = self.list.lease(self.roots, MOST, TERM)?;
        state.leased += leases.len() as u64;
        for leased in leases {
            let (job, lease) = (leased.job, leased.lease);
            let (path, tries) = (job.path.clone(), lease.tries);
            state.waiting.push_back(match tries > TRIES {
                true => Task::Fail(job, given_up(tries - 1)),
                false => Task::Read(job),
            });
            state.held.insert(path, lease);
        }
        if state.counted.is_none_or(|counted| counted.elapsed() >= COUNT) {
            let left = self.list.backlog(self.roots)?.left();
            let others = left.saturating_sub(state.held.len() as u64);
            self.files.store(state.leased + others, Ordering::Relaxed);
            state.counted = Some(Instant::now());
        }
        Ok(())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    fn still_ours(&self) -> Result<(), IndexError> {
        match self.lost.load(Ordering::Relaxed) {
            true => Err(IndexError::LeasesLost),
            false => Ok(()),
        }
    }
}

impl Work for LeasedWork<'_> {
    fn next(&self) -> Result<Option<Task>, IndexError> {
        self.still_ours()?;
        let mut state = self.state();
        if state.waiting.is_empty() {
            self.more(&mut state)?;
        }
        Ok(state.waiting.pop_front())
    }

    fn files(&self) -> u64 {
        self.files.load(Ordering::Relaxed)
    }

    fn commit(&self, changes: Vec<Change>, vanished: Vec<LibraryPath>) -> Result<(), IndexError> {
        let _settling = lock(&self.settling);
        let ended: Vec<LibraryPath> =
            changes.iter().filter_map(path_of).chain(&vanished).cloned().collect();
        let leases = self.state().leases_of(&ended);
        if leases.is_empty() && changes.is_empty() {
            return Ok(());
        }
        if !self.list.finish(&leases, changes)? {
            self.lost.store(true, Ordering::Relaxed);
            return Err(IndexError::LeasesLost);
        }
        let mut state = self.state();
        ended.iter().for_each(|path| drop(state.held.remove(path)));
        Ok(())
    }
}

/// The file that a change says something of.
fn path_of(change: &Change) -> Option<&LibraryPath> {
    match change {
        Change::Photo { file, .. } | Change::Link { file, .. } => Some(&file.path),
        Change::Failed(failure) => Some(&failure.path),
        Change::Unlink { .. }
        | Change::Points { .. }
        | Change::FirstSeen { .. }
        | Change::Told { .. }
        | Change::Analysed { .. } => None,
    }
}

fn given_up(tries: u64) -> String {
    format!(
        "{tries} indexers ended while they had it, perhaps because of it; the next run tries again"
    )
}
