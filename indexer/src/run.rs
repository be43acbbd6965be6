//! One run from beginning to end.

mod steps;
mod still;

use std::cell::Cell;
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use seer_encoders::Model;
use seer_engine::{Library, Mounted, MountedWork};
use seer_types::{IndexEvent, IndexPhase, IndexProgress, IndexSummary, LibraryPath};

use crate::pipeline::{self, Committed, OwnWork, Work};
use crate::plan::Plan;
use crate::progress::TICK;
use crate::shared::{self, Watch};
use crate::walk::{Root, Rules, Walk, Walker, look_at_all};
use crate::{Cancel, IndexError, IndexOptions, excludes, looking};

/// Brings `library` in step with `folders` (single picture files are accepted too).
///
/// New and changed files are encoded with the library's model; files whose content the library
/// knows are only linked; files that are gone leave it. Nothing leaves on weak evidence: a
/// missing, emptied or unreadable folder keeps its photos unless `options.prune`, which also takes
/// every trace of photos without files out of the library ([`Library::purge`]). Committed work
/// survives a kill and is not repeated. Where other machines fill the library too, one of them walks
/// through a folder and all of them read; there nothing leaves because a folder is missing or empty
/// here, also with `options.prune`. `events` is called from several threads; the last
/// event is `Finished`, also after `cancel`.
///
/// # Errors
/// `NothingNamed`, `BadExclude`, `UnknownExclude`, `Unavailable` (no folder can be read) before anything is done;
/// `Library` and `Encoder` at any time: what was committed before stays. One bad file is no
/// error: it is an event, a failure in the library, and counted in the summary.
pub fn run(
    library: &Library,
    model: &Arc<Model>,
    folders: &[PathBuf],
    options: &IndexOptions,
    cancel: &Cancel,
    events: &(dyn Fn(IndexEvent) + Sync),
) -> Result<IndexSummary, IndexError> {
    if folders.is_empty() {
        return Err(IndexError::NothingNamed);
    }
    let here = library.mounted();
    let list = here.work_list(model.fingerprint());
    let run = Run { library, here, list, model, options, cancel, events, start: Instant::now() };
    run.phase(IndexPhase::Scanning, 0);
    let folders: Vec<PathBuf> = folders.iter().map(|folder| here.seen(folder)).collect();
    let roots = look_at_all(&folders);
    let rules = Rules::new(&excludes::settled(here, &roots, options)?)?;
    match list {
        None => run.alone(&rules, &roots),
        Some(list) => run.together(&rules, &roots, list),
    }
}

/// How far the making of an index is.
pub fn saving(done: u64, of: u64, start: Instant) -> IndexProgress {
    let left = of.saturating_sub(done) as f64;
    let eta = (done > 0).then(|| start.elapsed().as_secs_f64() / done as f64 * left);
    let phase = IndexPhase::Saving;
    IndexProgress { phase, total: of, done, eta_seconds: eta, ..IndexProgress::default() }
}

/// What all steps of a run need.
struct Run<'a> {
    library: &'a Library,
    /// The library, with the paths of this machine.
    here: Mounted<'a>,
    /// What is shared with other machines, where it is.
    list: Option<MountedWork<'a>>,
    model: &'a Arc<Model>,
    options: &'a IndexOptions,
    cancel: &'a Cancel,
    events: &'a (dyn Fn(IndexEvent) + Sync),
    start: Instant,
}

impl Run<'_> {
    /// A run on a library that this process owns.
    fn alone(&self, rules: &Rules, roots: &[Root]) -> Result<IndexSummary, IndexError> {
        let mut summary = IndexSummary::default();
        let Some(plan) = self.look(rules, roots, roots, &mut summary)? else {
            return self.finish(summary, true);
        };
        let committed = match plan.jobs.is_empty() {
            true => Committed::default(),
            false => self.read(&OwnWork::new(&plan.jobs, self.here))?,
        };
        // A cancel that comes when all is done interrupts nothing.
        let complete = committed.files >= plan.jobs.len() as u64;
        self.conclude(summary, roots, &plan, &committed, complete)
    }

    /// A run on a library that other machines may be filling: what nobody else walks through is
    /// walked and listed, and then the list is read.
    fn together(
        &self,
        rules: &Rules,
        roots: &[Root],
        list: MountedWork<'_>,
    ) -> Result<IndexSummary, IndexError> {
        let mut summary = IndexSummary::default();
        let folders: Vec<LibraryPath> =
            roots.iter().map(|root| LibraryPath::from(root.path())).collect();
        let mut looked = Ok(None);
        list.walking(&folders, &mut |mine| {
            let mine: Vec<Root> =
                roots.iter().filter(|root| is_among(root, mine)).cloned().collect();
            looked = self.look_and_list(rules, roots, &mine, list, &mut summary);
        })?;
        let Some(plan) = looked? else { return self.finish(summary, true) };
        let mut places = folders;
        places.extend(plan.jobs.iter().map(|job| job.root.clone()));
        places.sort();
        places.dedup();
        let (committed, complete) = shared::work(
            list,
            &places,
            &Watch {
                read: &|work| self.read(work),
                stops: &|| self.cancel.is_cancelled(),
                notice: &|message| self.notice(message),
            },
        )?;
        self.conclude(summary, roots, &plan, &committed, complete)
    }

    fn look_and_list(
        &self,
        rules: &Rules,
        roots: &[Root],
        mine: &[Root],
        list: MountedWork<'_>,
        summary: &mut IndexSummary,
    ) -> Result<Option<Plan>, IndexError> {
        let looked = self.look(rules, roots, mine, summary)?;
        if let Some(plan) = &looked {
            list.list(plan.jobs.clone())?;
        }
        Ok(looked)
    }

    /// Walks through those roots that are `mine`, compares, and notes what needs no reading; what is
    /// to be done, or `None` when the run was stopped.
    fn look(
        &self,
        rules: &Rules,
        roots: &[Root],
        mine: &[Root],
        summary: &mut IndexSummary,
    ) -> Result<Option<Plan>, IndexError> {
        let walk = self.walk(rules, mine);
        for folder in &walk.marked_roots {
            self.notice(marked_notice(folder));
        }
        summary.unavailable = self.unavailable(roots, &walk)?;
        if self.cancel.is_cancelled() {
            return Ok(None);
        }
        if self.options.only.is_none() {
            self.remember_roots(mine)?;
        }
        let mut plan = self.plan(mine, &walk)?;
        if self.cancel.is_cancelled() || !self.leave_restless(&mut plan) {
            return Ok(None);
        }
        summary.plan = plan.counts;
        self.note_states(&plan)?;
        (self.events)(IndexEvent::Planned(plan.counts));
        plan.notices.iter().for_each(|message| self.notice(message.clone()));
        let gone = plan.gone.iter().filter(|gone| !gone.maybe_moved);
        summary.removed += self.remove(gone, &|_| Ok(false))?;
        Ok(Some(plan))
    }

    fn read(&self, work: &dyn Work) -> Result<Committed, IndexError> {
        pipeline::run(self.library, self.model, work, self.options, self.cancel, self.events)
    }

    /// After the reading: lets go of what did not move, and saves.
    fn conclude(
        &self,
        mut summary: IndexSummary,
        roots: &[Root],
        plan: &Plan,
        committed: &Committed,
        complete: bool,
    ) -> Result<IndexSummary, IndexError> {
        summary.encoded = committed.tally.encoded;
        summary.recognised = committed.tally.recognised;
        summary.failed = committed.tally.failed;
        summary.vanished = committed.vanished.files;
        committed.vanished.notice().into_iter().for_each(|message| self.notice(message));
        committed.videos_notice().into_iter().for_each(|message| self.notice(message));
        if complete {
            let read: HashSet<&LibraryPath> = plan.jobs.iter().map(|job| &job.path).collect();
            let moved = |id| Ok(self.here.files_of(id)?.iter().any(|path| read.contains(path)));
            let gone = plan.gone.iter().filter(|gone| gone.maybe_moved);
            summary.removed += self.remove(gone, &moved)?;
            if self.lets_go() {
                self.forget_empty(roots)?;
            }
            if self.options.prune {
                self.library.purge()?;
            }
        }
        self.save(plan.counts.to_read, !complete)?;
        let interrupted = !complete || !self.look_at_all(&mut summary)?;
        self.finish(summary, interrupted)
    }

    /// Has the analysts look at what they have not seen; whether they came to the end.
    fn look_at_all(&self, summary: &mut IndexSummary) -> Result<bool, IndexError> {
        for analyst in &self.options.analysts {
            let looked = looking::look_at_all(
                self.library,
                &**analyst,
                self.options,
                self.cancel,
                self.events,
            )?;
            match analyst.phase() {
                IndexPhase::ReadingText => {
                    summary.looked_for_text += looked.photos;
                    summary.with_text += looked.told;
                }
                _ => summary.described += looked.told,
            }
            if !looked.complete {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether folders that are missing or have no pictures left are let go of. Never where
    /// other machines fill the library: they may see what this one does not.
    fn lets_go(&self) -> bool {
        self.options.prune && self.list.is_none()
    }

    fn notice(&self, message: String) {
        (self.events)(IndexEvent::Notice { message });
    }

    fn phase(&self, phase: IndexPhase, files: u64) {
        let done = if phase == IndexPhase::Saving { files } else { 0 };
        let progress = IndexProgress { phase, total: files, done, ..IndexProgress::default() };
        (self.events)(IndexEvent::Progress(progress));
    }

    /// Saves the indexes; making what they need may take long and is told on the way.
    fn save(&self, files: u64, interrupted: bool) -> Result<(), IndexError> {
        self.phase(IndexPhase::Saving, files);
        let (start, mut told) = (Instant::now(), Instant::now());
        self.library.save_indexes(&mut |done, of| {
            if told.elapsed() >= TICK {
                told = Instant::now();
                (self.events)(IndexEvent::Progress(saving(done, of, start)));
            }
            !interrupted && !self.cancel.is_cancelled()
        })?;
        Ok(())
    }

    fn walk(&self, rules: &Rules, roots: &[Root]) -> Walk {
        let told = Cell::new(Instant::now());
        let on_seen = |files| {
            if told.get().elapsed() >= TICK {
                told.set(Instant::now());
                self.phase(IndexPhase::Scanning, files);
            }
        };
        let walker = Walker::new(rules, self.library.folder(), self.cancel, &on_seen);
        match &self.options.only {
            Some(files) => walker.walk_only(roots, files),
            None => walker.walk(roots),
        }
    }

    fn finish(
        &self,
        mut summary: IndexSummary,
        interrupted: bool,
    ) -> Result<IndexSummary, IndexError> {
        summary.interrupted = interrupted;
        summary.photos = self.library.status()?.photos;
        summary.seconds = self.start.elapsed().as_secs_f64();
        (self.events)(IndexEvent::Finished(summary.clone()));
        Ok(summary)
    }
}

fn marked_notice(folder: &Path) -> String {
    format!(
        "{} asks to be left out (.nomedia or .noimage); it is indexed because it was named",
        folder.display()
    )
}

/// Whether a root is one of these folders.
fn is_among(root: &Root, folders: &[LibraryPath]) -> bool {
    folders.iter().any(|folder| folder.as_path() == root.path())
}
