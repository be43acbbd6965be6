//! What the watching thread does, turn by turn.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use seer_engine::Library;
use seer_http::{IndexControl, RunEnd, Watched};
use seer_indexer::{IndexError, Wanted, remembered_excludes};
use seer_types::{IndexPhase, LibraryPath};
use seer_watch::{How, News, Timing, Watcher, What, Why};

use super::due::{Due, Pace};
use crate::index_job::{IndexJob, Look};
use crate::text::printable;

/// Other machines may have changed what is watched, and runs what is left out.
const READ_AGAIN: Duration = Duration::from_secs(10);

/// Keeps the watched folders of a library up to date.
pub(super) struct Keeper {
    library: Arc<Library>,
    job: Arc<IndexJob>,
    pace: Pace,
    watcher: Watcher,
    wanted: Option<Wanted>,
    /// By the path here: the path that was indexed, and what is to be done.
    folders: BTreeMap<PathBuf, (LibraryPath, Due)>,
    read: Option<Instant>,
    running: Option<Running>,
}

/// The run that watching began.
struct Running {
    number: u64,
    look: Look,
    since: Instant,
}

impl Keeper {
    pub(super) fn new(library: Arc<Library>, job: Arc<IndexJob>, pace: Pace) -> Self {
        let watcher = Watcher::new(Timing::default());
        let (wanted, folders) = (None, BTreeMap::new());
        Self { library, job, pace, watcher, wanted, folders, read: None, running: None }
    }

    pub(super) fn turn(&mut self, now: Instant) {
        let is_old = self.read.is_none_or(|read| now.duration_since(read) >= READ_AGAIN);
        if self.job.board().has_changed() || is_old {
            self.read = Some(now);
            if let Err(error) = self.read_again(now) {
                log::info!("which folders are watched cannot be read now: {error}");
            }
        }
        self.hear(now);
        self.show();
        self.end(now);
        self.begin(now);
    }

    /// Which folders are watched, and what of them is wanted.
    fn read_again(&mut self, now: Instant) -> Result<(), IndexError> {
        let watched = self.library.watched()?;
        let here = self.library.mounted();
        let seen: BTreeMap<PathBuf, LibraryPath> =
            watched.into_iter().map(|root| (here.seen(root.as_path()), root)).collect();
        self.wanted =
            Some(Wanted::new(&remembered_excludes(&self.library)?, self.library.folder())?);
        self.folders.retain(|path, _| seen.contains_key(path));
        for (path, root) in seen {
            let due = || (root, Due::new(now, self.pace.told));
            self.folders.entry(path).or_insert_with(due);
        }
        let folders: Vec<PathBuf> = self.folders.keys().cloned().collect();
        self.watcher.set_folders(&folders);
        Ok(())
    }

    /// Notes what the watcher tells, and what time asks for.
    fn hear(&mut self, now: Instant) {
        let Some(wanted) = &self.wanted else { return };
        let folders: Vec<PathBuf> = self.folders.keys().cloned().collect();
        let keep = |path: &Path| {
            folders.iter().any(|root| path.starts_with(root) && wanted.is(root, path))
        };
        for News { folder, what } in self.watcher.turn(now, &keep) {
            let Some((_, due)) = self.folders.get_mut(&folder) else { continue };
            match what {
                What::Files(mut files) => {
                    files.retain(|file| wanted.matters(file));
                    due.add(files);
                }
                // What failed while nobody looked, or before a drive was there, may be readable now.
                What::All(why) => due.add_all(matches!(why, Why::Begun | Why::Back)),
            }
        }
        self.folders.values_mut().for_each(|(_, due)| due.pass(now));
    }

    /// Tells others how the folders are watched.
    fn show(&self) {
        let of = |(path, how): (&Path, &How)| {
            let (root, _) = self.folders.get(path)?;
            let how = match how {
                How::Told => Watched::Told,
                How::Polled(why) => Watched::Polled(why.clone()),
                How::Away => Watched::Away,
            };
            Some(seer_http::Watching { folder: root.clone(), how })
        };
        let folders = self.watcher.folders().filter_map(of).collect();
        for folder in self.job.board().show(folders) {
            tell(&folder);
        }
    }

    fn is_away(&self, folder: &Path) -> bool {
        let mut folders = self.watcher.folders();
        folders.any(|(path, how)| path == folder && *how == How::Away)
    }

    fn pace_of(&self, folder: &Path) -> Duration {
        let mut folders = self.watcher.folders();
        match folders.find(|(path, _)| *path == folder) {
            Some((_, How::Polled(_))) => self.pace.polled,
            _ => self.pace.told,
        }
    }

    /// Takes leave of a run that has ended.
    fn end(&mut self, now: Instant) {
        let state = self.job.state();
        let Some(Running { number, look, since }) = self.running.take() else { return };
        if state.run == number && state.progress.phase != IndexPhase::Idle {
            self.running = Some(Running { number, look, since });
            return;
        }
        let last = state.last.filter(|last| last.run == number);
        if self.job.made_way(number) {
            // It goes on where it was once the other one has ended.
            self.put_back(look);
            return;
        }
        let failed = last.is_some_and(|last| matches!(last.end, RunEnd::Failed { .. }));
        for folder in &look.folders {
            // What fails is not tried again and again.
            let pace = if failed { self.pace.told } else { self.pace_of(folder) };
            if let Some((_, due)) = self.folders.get_mut(folder)
                && (look.only.is_none() || failed)
            {
                due.looked(now, pace, now.duration_since(since));
            }
        }
    }

    fn put_back(&mut self, look: Look) {
        for folder in &look.folders {
            let Some((_, due)) = self.folders.get_mut(folder) else { continue };
            match &look.only {
                None => due.add_all(look.second_tries),
                Some(files) => {
                    due.add(
                        files.iter().filter(|file| file.starts_with(folder)).cloned().collect(),
                    );
                }
            }
        }
    }

    /// Begins a run, when there is something to do and nobody else has one.
    fn begin(&mut self, now: Instant) {
        if self.running.is_some() || self.job.state().progress.phase != IndexPhase::Idle {
            return;
        }
        let Some(look) = self.next() else { return };
        match self.job.start_watched(look.clone()) {
            Some(number) => self.running = Some(Running { number, look, since: now }),
            None => self.put_back(look),
        }
    }

    /// All of the folders that are to be looked at as a whole, or else all changed files.
    fn next(&mut self) -> Option<Look> {
        let there: Vec<PathBuf> =
            self.folders.keys().filter(|folder| !self.is_away(folder)).cloned().collect();
        let mut look = Look::default();
        for folder in &there {
            let Some((_, due)) = self.folders.get_mut(folder) else { continue };
            if let Some(second_tries) = due.all.take() {
                look.second_tries |= second_tries;
                look.folders.push(folder.clone());
            }
        }
        if !look.folders.is_empty() {
            return Some(look);
        }
        let mut files = Vec::new();
        for folder in there {
            let Some((_, due)) = self.folders.get_mut(&folder) else { continue };
            if !due.files.is_empty() {
                files.extend(std::mem::take(&mut due.files));
                look.folders.push(folder);
            }
        }
        look.only = Some(files);
        (!look.folders.is_empty()).then_some(look)
    }
}

/// Of each change one line; a limit is a matter for whoever runs the server.
fn tell(folder: &seer_http::Watching) {
    let path = printable(&folder.folder.to_text());
    match &folder.how {
        Watched::Told => log::info!("watching {path}"),
        Watched::Away => log::info!("{path} is not there; it is watched once it is"),
        Watched::Polled(why) if why.contains("limit") => {
            log::warn!("{path} is looked at every minute: {}", printable(why));
        }
        Watched::Polled(why) => log::info!("{path} is looked at every minute: {}", printable(why)),
    }
}
