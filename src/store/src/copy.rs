//! From one store into another, whatever keeps them.

use std::collections::{BTreeMap, HashSet};
use std::panic::resume_unwind;
use std::thread;

use seer_types::{LibraryPath, ModelFingerprint, PhotoId, PhotoRecord};

use crate::at_once::at_once;
use crate::digest::{Summary, summary};
use crate::{Analysis, Change, Point, Settings, Store, StoreResult};

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
    /// Both stores are read again and compared, and indexes of vectors are built.
    Finishing,
}

/// What both stores hold after a copy.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Copied {
    /// What was to be copied.
    pub from: Summary,
    /// What is there now. The same, where nobody wrote to either meanwhile.
    pub to: Summary,
}

/// Settings that are written at once.
const SETTINGS_AT_ONCE: usize = 10_000;

/// Makes `to` hold what `from` holds: photos with a file, failures, indexed folders, settings, albums,
/// spaces with their points. What `to` has besides leaves it. It can be repeated at any time, and goes on where
/// it was stopped.
///
/// Photos without a file stay behind: they are in no answer. Of analyses those come over whose
/// results do: embeddings, what is read of files, classes of models with a space, and those that the
/// settings ask for.
///
/// # Errors
/// Those of both stores. What was written until then stays.
pub fn copy(
    from: &dyn Store,
    to: &dyn Store,
    progress: &mut dyn FnMut(CopyStep),
) -> StoreResult<Copied> {
    settings(from, to)?;
    let known = photos(from, to, progress)?;
    remove_others(to, &known.paths)?;
    remove_other_spaces(from, to)?;
    for space in from.spaces()? {
        points(from, to, space.model, space.photos, &known.photos, progress)?;
    }
    if let Some(model) = from.current_space()? {
        to.use_space(model)?;
    }
    progress(CopyStep::Finishing);
    finish(from, to)
}

/// Builds what `to` builds of what came, and compares meanwhile.
fn finish(from: &dyn Store, to: &dyn Store) -> StoreResult<Copied> {
    thread::scope(|scope| {
        let maintained = scope.spawn(|| to.maintain(&mut |_, _| true));
        let compared = summary(from).and_then(|from| Ok(Copied { from, to: summary(to)? }));
        maintained.join().unwrap_or_else(|panic| resume_unwind(panic))?;
        compared
    })
}

/// What has a file in the store that is copied from.
#[derive(Default)]
struct Known {
    paths: HashSet<LibraryPath>,
    photos: HashSet<PhotoId>,
}

fn settings(from: &dyn Store, to: &dyn Store) -> StoreResult<()> {
    for root in from.roots()? {
        to.add_root(&root)?;
        to.set_places(&root, &from.places(&root)?)?;
        to.set_excludes(&root, &from.excludes(&root)?)?;
    }
    for space in from.spaces()?.iter().filter(|space| space.dim > 0) {
        to.add_space(space.model, &space.name, space.dim)?;
        to.set_index(space.model, space.index)?;
    }
    copy_settings(from, to)?;
    let albums = from.albums()?;
    albums.iter().try_for_each(|album| to.put_album(album))?;
    for other in to.albums()? {
        if albums.iter().all(|album| album.name != other.name) {
            to.remove_album(&other.name)?;
        }
    }
    let roots = from.roots()?;
    to.roots()?
        .iter()
        .filter(|root| !roots.contains(root))
        .try_for_each(|root| to.remove_root(root))
}

fn copy_settings(from: &dyn Store, to: &dyn Store) -> StoreResult<()> {
    let chosen = from.settings("")?;
    let mut known = to.settings("")?;
    known.retain(|name, _| !chosen.contains_key(name));
    let removed = known.into_keys().map(|name| (name, None));
    let chosen = chosen.into_iter().map(|(name, value)| (name, Some(value)));
    let changes: Vec<(String, Option<String>)> = removed.chain(chosen).collect();
    changes.chunks(SETTINGS_AT_ONCE).try_for_each(|some| to.set_settings(some))
}

/// Copies records and failures; gives what is known.
fn photos(
    from: &dyn Store,
    to: &dyn Store,
    progress: &mut dyn FnMut(CopyStep),
) -> StoreResult<Known> {
    let of = from.counts()?.photos;
    let mut known = Known::default();
    let mut done = 0;
    at_once(
        |batch: Vec<Change>| to.apply(&batch),
        |give| {
            let mut batch = Vec::new();
            from.each_photo(&mut |record| {
                known.paths.extend(record.files.iter().map(|file| file.path.clone()));
                if !record.files.is_empty() {
                    known.photos.insert(record.id);
                    done += 1;
                }
                batch.extend(changes_of(record));
                if batch.len() >= BATCH {
                    give(std::mem::take(&mut batch))?;
                    progress(CopyStep::Photos { done, of });
                }
                Ok(())
            })?;
            let failures = from.failures()?;
            known.paths.extend(failures.iter().map(|failure| failure.path.clone()));
            batch.extend(failures.into_iter().map(Change::Failed));
            batch.chunks(BATCH).try_for_each(|batch| give(batch.to_vec()))
        },
    )?;
    analyses(from, to, &known)?;
    progress(CopyStep::Photos { done, of });
    Ok(known)
}

/// Notes which analyses the copied photos are done with.
fn analyses(from: &dyn Store, to: &dyn Store, known: &Known) -> StoreResult<()> {
    let ids: Vec<PhotoId> = known.photos.iter().copied().collect();
    for analysis in Settings::read(from)?.analyses() {
        for ids in ids.chunks(BATCH) {
            let done = from.analysed(&analysis, ids)?.into_iter().zip(ids);
            let done = done.filter(|(done, _)| *done);
            let note = |(_, id): (bool, &PhotoId)| Change::Analysed {
                id: *id,
                analysis: analysis.clone(),
            };
            to.apply(&done.map(note).collect::<Vec<Change>>())?;
        }
    }
    Ok(())
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

/// Copies a space's points, photo by photo, of photos that came over.
fn points(
    from: &dyn Store,
    to: &dyn Store,
    model: ModelFingerprint,
    of: u64,
    photos: &HashSet<PhotoId>,
    progress: &mut dyn FnMut(CopyStep),
) -> StoreResult<()> {
    let mut done = 0;
    at_once(
        |batch: BTreeMap<PhotoId, Vec<Point>>| to.apply(&changes_of_points(from, model, batch)?),
        |give| {
            let mut batch = BTreeMap::<PhotoId, Vec<Point>>::new();
            from.each_point(model, &mut |id, point| {
                if !photos.contains(&id) {
                    return Ok(());
                }
                // All points of a photo go together: they take the place of what it had.
                if batch.len() >= BATCH && !batch.contains_key(&id) {
                    done += batch.len() as u64;
                    give(std::mem::take(&mut batch))?;
                    progress(CopyStep::Points { model, done, of });
                }
                batch.entry(id).or_default().push(point);
                Ok(())
            })?;
            done += batch.len() as u64;
            give(batch)
        },
    )?;
    progress(CopyStep::Points { model, done, of });
    Ok(())
}

/// The points, and which of the photos have the model's classes.
fn changes_of_points(
    from: &dyn Store,
    model: ModelFingerprint,
    points: BTreeMap<PhotoId, Vec<Point>>,
) -> StoreResult<Vec<Change>> {
    let classes = Analysis::classes_of(model);
    let ids: Vec<PhotoId> = points.keys().copied().collect();
    let classified = from.analysed(&classes, &ids)?.into_iter().zip(&ids).filter(|(done, _)| *done);
    let noted = classified.map(|(_, id)| Change::Analysed { id: *id, analysis: classes.clone() });
    let noted: Vec<Change> = noted.collect();
    let points = points.into_iter().map(|(id, points)| Change::Points { id, points });
    Ok(points.chain(noted).collect())
}
