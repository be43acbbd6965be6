//! The steps of a run: what they ask the library and tell it.

use std::collections::HashSet;
use std::path::Path;

use seer_engine::{Analysis, Change, KnownFile, KnownState, analyses_of};
use seer_types::{Failure, FailureKind, LibraryPath, PhotoFile, PhotoId};

use super::Run;
use crate::IndexError;
use crate::pipeline::first_bytes;
use crate::plan::{self, Gone, Plan, Questions, Remembered};
use crate::walk::{Root, Walk};

/// How many small changes are written at once.
const BATCH: usize = 1024;

/// At most this many unreadable folders and links are named.
const UNREAD_TOLD: usize = 20;

impl Run<'_> {
    /// Tells what could not be read and gives the roots among it; a missing one that is being
    /// pruned is not among it.
    ///
    /// An error when that is all of them: nothing can be done then.
    pub(super) fn unavailable(
        &self,
        roots: &[Root],
        walk: &Walk,
    ) -> Result<Vec<LibraryPath>, IndexError> {
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
        let missing = self.lets_go() && matches!(root, Root::Missing(..));
        Ok(missing && self.knows(root.path())?)
    }

    /// Whether the library remembers a place as an indexed folder, or a file there.
    fn knows(&self, place: &Path) -> Result<bool, IndexError> {
        let is_root = self.here.roots()?.iter().any(|root| root.as_path() == place);
        Ok(is_root || !self.here.files_under(&LibraryPath::from(place))?.is_empty())
    }

    /// Folders that hold nothing any more are no indexed folders any more.
    pub(super) fn forget_empty(&self, roots: &[Root]) -> Result<(), IndexError> {
        for root in self.here.roots()? {
            let looked_at = roots.iter().any(|run| root.as_path().starts_with(run.path()));
            if looked_at && self.here.files_under(&root)?.is_empty() {
                self.here.remove_root(&root)?;
                self.notice(format!("{root} holds no pictures and is no indexed folder any more"));
            }
        }
        Ok(())
    }

    pub(super) fn plan(&self, roots: &[Root], walk: &Walk) -> Result<Plan, IndexError> {
        let known = match &self.options.only {
            Some(_) => self.known_of(walk)?,
            None => self.known(roots)?,
        };
        let again = self.worth_another_try(&known)?;
        let analysed = self.analysed(&known)?;
        let indexed = self.here.roots()?;
        let remember = |root: &LibraryPath| -> Result<Remembered, IndexError> {
            Ok(Remembered { root: root.clone(), places: self.here.places(root)? })
        };
        let places: Vec<Remembered> = match &self.options.only {
            // A few files say nothing of devices.
            Some(_) => Vec::new(),
            None => indexed.iter().map(remember).collect::<Result<_, _>>()?,
        };
        let questions = Questions {
            analysed: &analysed,
            retries: &|path| self.options.retry_failures || again.contains(path),
            looks_like_picture: &|path| seer_images::looks_like_picture(&first_bytes(path)),
            indexed: &indexed,
            places: &places,
            stops: &|| self.cancel.is_cancelled(),
        };
        let mut plan = plan::compare(roots, walk, known, self.lets_go(), &questions);
        if self.options.only.is_some() {
            plan.let_nothing_go();
        }
        Ok(plan)
    }

    /// What the library knows of the files that were found.
    fn known_of(&self, walk: &Walk) -> Result<Vec<KnownFile>, IndexError> {
        let mut known = Vec::new();
        for file in &walk.files {
            let path = LibraryPath::from(file.path.as_path());
            known.extend(self.here.files_under(&path)?.into_iter().filter(|k| k.path == path));
        }
        Ok(known)
    }

    /// The library's files below all roots, each once.
    fn known(&self, roots: &[Root]) -> Result<Vec<KnownFile>, IndexError> {
        let mut known = Vec::new();
        for root in outermost(roots) {
            known.extend(self.here.files_under(&LibraryPath::from(root.path()))?);
        }
        Ok(known)
    }

    /// The photos of these files of which all is known that is computed for photos.
    fn analysed(&self, known: &[KnownFile]) -> Result<HashSet<PhotoId>, IndexError> {
        let photo = |file: &KnownFile| match file.state {
            KnownState::Photo(id) => Some(id),
            KnownState::Failed { .. } => None,
        };
        let mut photos: Vec<PhotoId> = known.iter().filter_map(photo).collect();
        photos.sort_unstable();
        photos.dedup();
        let mut lacking_some = 0;
        for (number, what) in analyses_of(self.model).iter().enumerate() {
            let before = photos.len();
            photos = self.those_with(what, &photos)?;
            // The first one is the embedding: those without are new to the model.
            lacking_some += if number > 0 { before - photos.len() } else { 0 };
        }
        if lacking_some > 0 {
            self.notice(again_notice(lacking_some, "the model tells what they show, too"));
        }
        let before = photos.len();
        for what in Analysis::of_files() {
            photos = self.those_with(&what, &photos)?;
        }
        if photos.len() < before {
            let why = "this version reads more of what files say and show";
            self.notice(again_notice(before - photos.len(), why));
        }
        Ok(photos.into_iter().collect())
    }

    /// Those of the photos for which an analysis is done.
    fn those_with(&self, what: &Analysis, photos: &[PhotoId]) -> Result<Vec<PhotoId>, IndexError> {
        let mut done = Vec::with_capacity(photos.len());
        for ids in photos.chunks(BATCH) {
            let of_these = self.library.analysed(what, ids)?;
            done.extend(ids.iter().zip(of_these).filter(|(_, done)| *done).map(|(id, _)| *id));
        }
        Ok(done)
    }

    /// Files whose failure was perhaps not their own: tried again in every run, because
    /// permissions, cables and devices change without a trace in the file's stamp.
    fn worth_another_try(&self, known: &[KnownFile]) -> Result<HashSet<LibraryPath>, IndexError> {
        let has_failed = |file: &KnownFile| matches!(file.state, KnownState::Failed { .. });
        if self.options.without_second_tries || !known.iter().any(has_failed) {
            return Ok(HashSet::new());
        }
        let failures = self.here.failures()?.into_iter();
        let passing = |kind| matches!(kind, FailureKind::Unreadable | FailureKind::Encoding);
        // A program that reads them may have been named since.
        let readable = |failure: &Failure| {
            seer_images::has_ffmpeg() && seer_images::lacked_ffmpeg(&failure.reason)
        };
        let again = failures.filter(|failure| passing(failure.kind) || readable(failure));
        Ok(again.map(|failure| failure.path).collect())
    }

    pub(super) fn remember_roots(&self, roots: &[Root]) -> Result<(), IndexError> {
        let stored = self.here.roots()?;
        for root in outermost(roots).filter(|root| matches!(root, Root::Folder(_))) {
            if !stored.iter().any(|stored| root.path().starts_with(stored)) {
                self.here.add_root(&LibraryPath::from(root.path()))?;
            }
        }
        Ok(())
    }

    /// Notes what the disk says about files and folders that need no reading.
    pub(super) fn note_states(&self, plan: &Plan) -> Result<(), IndexError> {
        for Remembered { root, places } in &plan.places {
            self.here.set_places(root, places)?;
        }
        for batch in plan.restamped.chunks(BATCH) {
            let link =
                |(id, file): &(PhotoId, PhotoFile)| Change::Link { id: *id, file: file.clone() };
            self.here.apply(batch.iter().map(link).collect())?;
        }
        Ok(())
    }

    /// Lets go of files; the number of photos among them that did not only move.
    pub(super) fn remove<'g>(
        &self,
        gone: impl Iterator<Item = &'g Gone>,
        moved: &dyn Fn(PhotoId) -> Result<bool, IndexError>,
    ) -> Result<u64, IndexError> {
        let mut removed = 0;
        let mut batch = Vec::new();
        for file in gone {
            if let Some(id) = file.photo {
                removed += u64::from(!moved(id)?);
            }
            batch.push(Change::Unlink { path: file.path.clone() });
            if batch.len() == BATCH {
                self.here.apply(std::mem::take(&mut batch))?;
            }
        }
        self.here.apply(batch)?;
        Ok(removed)
    }
}

fn again_notice(photos: usize, why: &str) -> String {
    format!("{photos} photos are looked at once more: {why}")
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
