//! One run from beginning to end.

use std::cell::Cell;
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use seer_encoders::Model;
use seer_engine::{Change, KnownFile, KnownState, Library};
use seer_types::{
    FailureKind, IndexEvent, IndexPhase, IndexProgress, IndexSummary, LibraryPath, PhotoFile,
    PhotoId,
};

use crate::pipeline::{self, Committed, first_bytes};
use crate::plan::{self, Gone, Plan, Questions, Remembered};
use crate::progress::TICK;
use crate::walk::{Root, Rules, Walk, Walker, look_at_all};
use crate::{Cancel, IndexError, IndexOptions};

/// How many small changes are written at once.
const BATCH: usize = 1024;

/// At most this many unreadable folders and links are named.
const UNREAD_TOLD: usize = 20;

/// Brings `library` in step with `folders` (single picture files are accepted too).
///
/// New and changed files are encoded with the library's model; files whose content the library
/// knows are only linked; files that are gone leave it. Nothing leaves on weak evidence: a
/// missing, emptied or unreadable folder keeps its photos unless `options.prune`, which also takes
/// every trace of photos without files out of the library ([`Library::purge`]). Committed work
/// survives a kill and is not repeated. `events` is called from several threads; the last
/// event is `Finished`, also after `cancel`.
///
/// # Errors
/// `NothingNamed`, `BadExclude`, `Unavailable` (no folder can be read) before anything is done;
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
    let run = Run { library, model, options, cancel, events, start: Instant::now() };
    if folders.is_empty() {
        return Err(IndexError::NothingNamed);
    }
    let rules = Rules::new(&options.excludes)?;
    let mut summary = IndexSummary::default();
    run.phase(IndexPhase::Scanning, 0);
    let roots = look_at_all(folders);
    let walk = run.walk(&rules, &roots);
    summary.unavailable = run.unavailable(&roots, &walk)?;
    if cancel.is_cancelled() {
        return run.finish(summary, true);
    }
    run.remember_roots(&roots)?;
    let plan = run.plan(&roots, &walk)?;
    if cancel.is_cancelled() {
        return run.finish(summary, true);
    }
    summary.plan = plan.counts;
    run.note_states(&plan)?;
    (events)(IndexEvent::Planned(plan.counts));
    plan.notices.iter().for_each(|message| run.notice(message.clone()));
    summary.removed += run.remove(plan.gone.iter().filter(|gone| !gone.maybe_moved), &|_| false)?;
    let committed = match plan.jobs.is_empty() {
        true => Committed::default(),
        false => pipeline::run(library, model, &plan.jobs, options, cancel, events)?,
    };
    summary.encoded = committed.tally.encoded;
    summary.recognised = committed.tally.recognised;
    summary.failed = committed.tally.failed;
    summary.vanished = committed.vanished.files;
    committed.vanished.notice().into_iter().for_each(|message| run.notice(message));
    // A cancel that comes when all is done interrupts nothing.
    let interrupted = committed.files < plan.jobs.len() as u64;
    if !interrupted {
        let moved = |id| committed.has(id);
        summary.removed += run.remove(plan.gone.iter().filter(|gone| gone.maybe_moved), &moved)?;
        if options.prune {
            run.forget(&roots)?;
        }
    }
    run.save(plan.counts.to_read, interrupted)?;
    run.finish(summary, interrupted)
}

/// How far the making of an index is.
fn saving(done: u64, of: u64, start: Instant) -> IndexProgress {
    let left = of.saturating_sub(done) as f64;
    let eta = (done > 0).then(|| start.elapsed().as_secs_f64() / done as f64 * left);
    let phase = IndexPhase::Saving;
    IndexProgress { phase, total: of, done, eta_seconds: eta, ..IndexProgress::default() }
}

/// What all steps of a run need.
struct Run<'a> {
    library: &'a Library,
    model: &'a Arc<Model>,
    options: &'a IndexOptions,
    cancel: &'a Cancel,
    events: &'a (dyn Fn(IndexEvent) + Sync),
    start: Instant,
}

impl Run<'_> {
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
        Walker::new(rules, self.library.folder(), self.cancel, &on_seen).walk(roots)
    }

    /// Tells what could not be read and gives the roots among it; a missing one that is being
    /// pruned is not among it.
    ///
    /// An error when that is all of them: nothing can be done then.
    fn unavailable(&self, roots: &[Root], walk: &Walk) -> Result<Vec<LibraryPath>, IndexError> {
        let mut told: Vec<(&Path, &str)> = Vec::new();
        for root in roots {
            match root.trouble() {
                Some((path, _)) if self.prunes(root)? => self.notice(pruned_notice(path)),
                Some(trouble) => told.push(trouble),
                None => {}
            }
        }
        told.extend(walk.unread.iter().map(|u| (u.path.as_path(), u.reason.as_str())));
        let is_root = |path: &Path| roots.iter().any(|root| root.path() == path);
        let unavailable: Vec<LibraryPath> =
            told.iter().filter(|(path, _)| is_root(path)).map(|(path, _)| (*path).into()).collect();
        if unavailable.len() == roots.len() {
            let (path, reason) = (told[0].0.to_path_buf(), told[0].1.to_owned());
            let known = self.knows(&path)?;
            return Err(IndexError::Unavailable { path, reason, known });
        }
        for (path, reason) in told.iter().take(UNREAD_TOLD) {
            self.notice(unread_notice(path, reason));
        }
        let untold = told.len().saturating_sub(UNREAD_TOLD);
        if untold > 0 {
            self.notice(format!("{untold} more folders or links cannot be read"));
        }
        Ok(unavailable)
    }

    /// Whether a root is gone and this run lets go of what was there.
    fn prunes(&self, root: &Root) -> Result<bool, IndexError> {
        let missing = self.options.prune && matches!(root, Root::Missing(..));
        Ok(missing && self.knows(root.path())?)
    }

    /// Whether the library remembers a place as an indexed folder, or a file there.
    fn knows(&self, place: &Path) -> Result<bool, IndexError> {
        let is_root = self.library.roots()?.iter().any(|root| root.as_path() == place);
        Ok(is_root || !self.library.files_under(&LibraryPath::from(place))?.is_empty())
    }

    /// Folders that hold nothing any more are no indexed folders any more, and photos without a
    /// file leave the library for good.
    fn forget(&self, roots: &[Root]) -> Result<(), IndexError> {
        for root in self.library.roots()? {
            let looked_at = roots.iter().any(|run| root.as_path().starts_with(run.path()));
            if looked_at && self.library.files_under(&root)?.is_empty() {
                self.library.remove_root(&root)?;
                self.notice(format!("{root} holds no pictures and is no indexed folder any more"));
            }
        }
        self.library.purge()?;
        Ok(())
    }

    fn plan(&self, roots: &[Root], walk: &Walk) -> Result<Plan, IndexError> {
        let known = self.known(roots)?;
        let again = self.worth_another_try(&known)?;
        let indexed = self.library.roots()?;
        let remember = |root: &LibraryPath| -> Result<Remembered, IndexError> {
            Ok(Remembered { root: root.clone(), places: self.library.places(root)? })
        };
        let places: Vec<Remembered> = indexed.iter().map(remember).collect::<Result<_, _>>()?;
        let questions = Questions {
            is_embedded: &|id: PhotoId| {
                Ok(self.library.is_embedded(self.model.fingerprint(), id)?)
            },
            retries: &|path| self.options.retry_failures || again.contains(path),
            looks_like_picture: &|path| seer_images::looks_like_picture(&first_bytes(path)),
            indexed: &indexed,
            places: &places,
            stops: &|| self.cancel.is_cancelled(),
        };
        plan::compare(roots, walk, known, self.options.prune, &questions)
    }

    /// The library's files below all roots, each once.
    fn known(&self, roots: &[Root]) -> Result<Vec<KnownFile>, IndexError> {
        let mut known = Vec::new();
        for root in outermost(roots) {
            known.extend(self.library.files_under(&LibraryPath::from(root.path()))?);
        }
        Ok(known)
    }

    /// Files whose failure was perhaps not their own: tried again in every run, because
    /// permissions, cables and devices change without a trace in the file's stamp.
    fn worth_another_try(&self, known: &[KnownFile]) -> Result<HashSet<LibraryPath>, IndexError> {
        if !known.iter().any(|file| matches!(file.state, KnownState::Failed { .. })) {
            return Ok(HashSet::new());
        }
        let failures = self.library.failures()?.into_iter();
        let passing = |kind| matches!(kind, FailureKind::Unreadable | FailureKind::Encoding);
        Ok(failures.filter(|failure| passing(failure.kind)).map(|f| f.path).collect())
    }

    fn remember_roots(&self, roots: &[Root]) -> Result<(), IndexError> {
        let stored = self.library.roots()?;
        for root in outermost(roots).filter(|root| matches!(root, Root::Folder(_))) {
            if !stored.iter().any(|stored| root.path().starts_with(stored)) {
                self.library.add_root(&LibraryPath::from(root.path()))?;
            }
        }
        Ok(())
    }

    /// Notes what the disk says about files and folders that need no reading.
    fn note_states(&self, plan: &Plan) -> Result<(), IndexError> {
        for Remembered { root, places } in &plan.places {
            self.library.set_places(root, places)?;
        }
        for batch in plan.restamped.chunks(BATCH) {
            let link =
                |(id, file): &(PhotoId, PhotoFile)| Change::Link { id: *id, file: file.clone() };
            self.library.apply(batch.iter().map(link).collect())?;
        }
        Ok(())
    }

    /// Lets go of files; the number of photos among them that did not only move.
    fn remove<'g>(
        &self,
        gone: impl Iterator<Item = &'g Gone>,
        moved: &dyn Fn(PhotoId) -> bool,
    ) -> Result<u64, IndexError> {
        let mut removed = 0;
        let mut batch = Vec::new();
        for file in gone {
            removed += u64::from(file.photo.is_some_and(|id| !moved(id)));
            batch.push(Change::Unlink { path: file.path.clone() });
            if batch.len() == BATCH {
                self.library.apply(std::mem::take(&mut batch))?;
            }
        }
        self.library.apply(batch)?;
        Ok(removed)
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

fn pruned_notice(path: &Path) -> String {
    format!("{} is not there: its photos are forgotten (--prune)", path.display())
}

fn unread_notice(path: &Path, reason: &str) -> String {
    format!("cannot read {}: {reason}; what the library knows there stays", path.display())
}

/// The roots that lie below no other one. They are sorted, parents first.
fn outermost(roots: &[Root]) -> impl Iterator<Item = &Root> {
    let mut above: Option<&Path> = None;
    roots.iter().filter(move |root| {
        let covered = above.is_some_and(|above| root.path().starts_with(above));
        if !covered {
            above = Some(root.path());
        }
        !covered
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_outermost_roots_cover_all() {
        let roots: Vec<Root> =
            ["/a", "/a/b", "/a/b/c", "/ab", "/c/d"].map(|p| Root::Folder(p.into())).to_vec();
        let paths: Vec<_> = outermost(&roots).map(|r| r.path().to_str().unwrap()).collect();
        assert_eq!(paths, ["/a", "/ab", "/c/d"]);
    }
}
