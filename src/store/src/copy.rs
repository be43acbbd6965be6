//! From one store into another, whatever keeps them.

use std::collections::{BTreeMap, HashSet};

use seer_types::{LibraryPath, ModelFingerprint, PhotoId, PhotoRecord};

use crate::digest::{Summary, summary};
use crate::{Change, Point, Store, StoreResult};

/// Changes per batch.
const BATCH: usize = 1000;

/// How far a copy is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CopyStep {
    /// Records and failures.
    Photos {
        /// Photos that were written.
        done: u64,
        /// Of how many.
        of: u64,
    },
    /// Points of one space.
    Points {
        /// Whose space.
        model: ModelFingerprint,
        /// Photos whose points were written.
        done: u64,
        /// Of how many.
        of: u64,
    },
    /// Both stores are read again and compared.
    Comparing,
}

/// What both stores hold after a copy.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Copied {
    /// What was to be copied.
    pub from: Summary,
    /// What is there now. The same, where nobody wrote to either meanwhile.
    pub to: Summary,
}

/// Makes `to` hold what `from` holds: photos with a file, failures, indexed folders, spaces with
/// their points. What `to` has besides leaves it. It can be repeated at any time, and goes on where
/// it was stopped.
///
/// Photos without a file stay behind: they are in no answer. So do notes of analyses other than
/// embeddings: these run again.
///
/// # Errors
/// Those of both stores. What was written until then stays.
pub fn copy(
    from: &dyn Store,
    to: &dyn Store,
    progress: &mut dyn FnMut(CopyStep),
) -> StoreResult<Copied> {
    settings(from, to)?;
    let paths = photos(from, to, progress)?;
    remove_others(to, &paths)?;
    remove_other_spaces(from, to)?;
    for space in from.spaces()? {
        points(from, to, space.model, space.photos, progress)?;
    }
    if let Some(model) = from.current_space()? {
        to.use_space(model)?;
    }
    to.maintain(&mut |_, _| true)?;
    progress(CopyStep::Comparing);
    Ok(Copied { from: summary(from)?, to: summary(to)? })
}

fn settings(from: &dyn Store, to: &dyn Store) -> StoreResult<()> {
    for root in from.roots()? {
        to.add_root(&root)?;
        to.set_places(&root, &from.places(&root)?)?;
    }
    for space in from.spaces()?.iter().filter(|space| space.dim > 0) {
        to.add_space(space.model, &space.name, space.dim)?;
        to.set_index(space.model, space.index)?;
    }
    let roots = from.roots()?;
    to.roots()?
        .iter()
        .filter(|root| !roots.contains(root))
        .try_for_each(|root| to.remove_root(root))
}

/// Copies records and failures; gives all paths that are known.
fn photos(
    from: &dyn Store,
    to: &dyn Store,
    progress: &mut dyn FnMut(CopyStep),
) -> StoreResult<HashSet<LibraryPath>> {
    let of = from.counts()?.photos;
    let mut paths = HashSet::new();
    let (mut batch, mut done) = (Vec::new(), 0);
    from.each_photo(&mut |record| {
        paths.extend(record.files.iter().map(|file| file.path.clone()));
        done += u64::from(!record.files.is_empty());
        batch.extend(changes_of(record));
        if batch.len() >= BATCH {
            to.apply(&std::mem::take(&mut batch))?;
            progress(CopyStep::Photos { done, of });
        }
        Ok(())
    })?;
    let failures = from.failures()?;
    paths.extend(failures.iter().map(|failure| failure.path.clone()));
    batch.extend(failures.into_iter().map(Change::Failed));
    batch.chunks(BATCH).try_for_each(|batch| to.apply(batch))?;
    progress(CopyStep::Photos { done, of });
    Ok(paths)
}

/// What makes a record anew.
fn changes_of(record: PhotoRecord) -> Vec<Change> {
    let PhotoRecord { id, files, size, facts, added } = record;
    let mut files = files.into_iter();
    let Some(file) = files.next() else { return Vec::new() };
    let mut changes = vec![Change::Photo { id, size, facts, file, points: Vec::new() }];
    changes.extend(files.map(|file| Change::Link { id, file }));
    changes.push(Change::FirstSeen { id, added });
    changes
}

/// Lets go of files that the other store does not know.
fn remove_others(to: &dyn Store, known: &HashSet<LibraryPath>) -> StoreResult<()> {
    let mut others: Vec<Change> = Vec::new();
    let mut look = |path: LibraryPath| {
        if !known.contains(&path) {
            others.push(Change::Unlink { path });
        }
    };
    to.each_photo(&mut |record| {
        record.files.into_iter().for_each(|file| look(file.path));
        Ok(())
    })?;
    to.failures()?.into_iter().for_each(|failure| look(failure.path));
    others.chunks(BATCH).try_for_each(|batch| to.apply(batch))
}

/// Drops spaces that the other store does not know, and those with more photos than it has there:
/// these come anew.
fn remove_other_spaces(from: &dyn Store, to: &dyn Store) -> StoreResult<()> {
    let known = from.spaces()?;
    for space in to.spaces()? {
        let same = known.iter().find(|known| known.model == space.model);
        match same {
            Some(same) if space.photos <= same.photos => {}
            Some(same) => {
                to.delete_space(space.model)?;
                if same.dim > 0 {
                    to.add_space(same.model, &same.name, same.dim)?;
                    to.set_index(same.model, same.index)?;
                }
            }
            None => to.delete_space(space.model)?,
        }
    }
    Ok(())
}

/// Copies a space's points, photo by photo.
fn points(
    from: &dyn Store,
    to: &dyn Store,
    model: ModelFingerprint,
    of: u64,
    progress: &mut dyn FnMut(CopyStep),
) -> StoreResult<()> {
    let mut done = 0;
    let mut batch: BTreeMap<PhotoId, Vec<Point>> = BTreeMap::new();
    let mut write = |batch: &mut BTreeMap<PhotoId, Vec<Point>>| -> StoreResult<()> {
        done += batch.len() as u64;
        to.apply(&known_to(to, std::mem::take(batch))?)?;
        progress(CopyStep::Points { model, done, of });
        Ok(())
    };
    from.each_point(model, &mut |id, point| {
        // All points of a photo go together: they take the place of what it had.
        if batch.len() >= BATCH && !batch.contains_key(&id) {
            write(&mut batch)?;
        }
        batch.entry(id).or_default().push(point);
        Ok(())
    })?;
    write(&mut batch)
}

/// The points of photos that the store knows: those without a file stayed behind.
fn known_to(to: &dyn Store, points: BTreeMap<PhotoId, Vec<Point>>) -> StoreResult<Vec<Change>> {
    let ids: Vec<PhotoId> = points.keys().copied().collect();
    let there = to.photos(&ids)?;
    let known = points.into_iter().zip(there).filter(|(_, record)| record.is_some());
    Ok(known.map(|((id, points), _)| Change::Points { id, points }).collect())
}
