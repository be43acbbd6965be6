//! Compares what the walk found with what the library knows: what to read, what is gone.
//!
//! Nothing is concluded to be gone on weak evidence: not below a folder that could not be read,
//! and not below an indexed folder that is missing or has no pictures left (unless pruning).

mod absence;
mod devices;

use std::collections::{HashMap, HashSet};
use std::path::Path;

use seer_engine::{Job, KnownFile, KnownState};
use seer_types::{LibraryPath, PhotoFile, PhotoId, PlanCounts};

use crate::walk::{FoundFile, Root, Walk};
use absence::Absence;
pub(crate) use devices::{Devices, Remembered};

/// A file of the library that is no longer on disk.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Gone {
    /// Where it was.
    pub path: LibraryPath,
    /// What it was; `None` for one that had failed.
    pub photo: Option<PhotoId>,
    /// Whether a file to be read may be this one under another name (it has the same length):
    /// it leaves after the reading, so that a moved photo is never out of the results.
    pub maybe_moved: bool,
}

/// What there is to do.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    /// Files to read, possible moves first.
    pub jobs: Vec<Job>,
    /// Files to let go of.
    pub gone: Vec<Gone>,
    /// Unchanged files of which the library does not know all of the stamp yet.
    pub restamped: Vec<(PhotoId, PhotoFile)>,
    /// The devices to remember for each indexed folder, where they differ from those remembered.
    pub places: Vec<Remembered>,
    /// For people.
    pub counts: PlanCounts,
    /// Things a person should know.
    pub notices: Vec<String>,
}

impl Plan {
    /// Of a run that did not look at all: what it did not find proves nothing.
    pub(crate) fn let_nothing_go(&mut self) {
        self.gone.clear();
        self.counts.gone = 0;
        self.notices.clear();
    }
}

/// What the comparison asks the library and the disk, file by file.
pub(crate) struct Questions<'a> {
    /// The photos of which the library has all that the model tells.
    pub analysed: &'a HashSet<PhotoId>,
    /// Whether a file that failed before, unchanged since, is to be tried again.
    pub retries: &'a dyn Fn(&LibraryPath) -> bool,
    /// Whether the first bytes of a file are those of a picture.
    pub looks_like_picture: &'a dyn Fn(&Path) -> bool,
    /// The folders the library remembers as indexed.
    pub indexed: &'a [LibraryPath],
    /// The devices that their files lay on when they were last looked at.
    pub places: &'a [Remembered],
    /// Whether to give up: the plan is then incomplete, with nothing in it concluded to be gone.
    pub stops: &'a dyn Fn() -> bool,
}

/// Compares. `known` are the library's files below all roots.
pub(crate) fn compare(
    roots: &[Root],
    walk: &Walk,
    known: Vec<KnownFile>,
    prune: bool,
    questions: &Questions<'_>,
) -> Plan {
    let mut known: HashMap<LibraryPath, KnownFile> =
        known.into_iter().map(|file| (file.path.clone(), file)).collect();
    let stored_roots: HashSet<LibraryPath> = known.values().map(|f| f.root.clone()).collect();
    let devices = Devices::new(roots, walk, known.values(), questions.places);
    let mut plan = Plan::default();
    plan.counts.other = walk.other;
    let mut pictures = Vec::new();
    for file in &walk.files {
        if (questions.stops)() {
            return plan;
        }
        let path = LibraryPath::from(file.path.as_path());
        let before = known.get(&path);
        if sort_out(file, &path, before, roots, questions, &mut plan) {
            known.remove(&path);
            pictures.push(file.path.as_path());
        }
    }
    plan.counts.found = pictures.len() as u64;
    let absence = Absence::new(roots, walk, &stored_roots, &pictures, prune, devices.held());
    plan.places = devices.to_remember(prune);
    let gone = absence.gone(known.into_values().collect(), &mut plan.notices);
    order(&mut plan, gone);
    plan
}

/// Puts one found file where it belongs; false when it is no picture after all.
fn sort_out(
    file: &FoundFile,
    path: &LibraryPath,
    before: Option<&KnownFile>,
    roots: &[Root],
    questions: &Questions<'_>,
    plan: &mut Plan,
) -> bool {
    let unchanged = before.filter(|known| known.stamp.agrees_with(&file.stamp));
    match unchanged.map(|known| (&known.state, known)) {
        Some((KnownState::Photo(id), known)) if questions.analysed.contains(id) => {
            if known.stamp != file.stamp {
                let (root, stamp) = (known.root.clone(), file.stamp);
                plan.restamped.push((*id, PhotoFile { path: path.clone(), root, stamp }));
            }
            plan.counts.unchanged += 1;
            return true;
        }
        Some((KnownState::Failed { decoders }, _))
            if *decoders >= seer_images::DECODERS && !(questions.retries)(path) =>
        {
            plan.counts.known_failures += 1;
            return true;
        }
        Some(_) => {}
        None => {
            if !file.surely_picture && !(questions.looks_like_picture)(&file.path) {
                plan.counts.other += 1;
                return false;
            }
        }
    }
    plan.counts.to_read += 1;
    let root = match &roots[file.root] {
        Root::Folder(path) => LibraryPath::from(path.as_path()),
        _ => before
            .map_or_else(|| folder_of(&file.path, questions.indexed), |known| known.root.clone()),
    };
    plan.jobs.push(Job { path: path.clone(), root, stamp: file.stamp });
    true
}

/// The folder a single file belongs to: an indexed one above it, else the one it lies in.
fn folder_of(file: &Path, indexed: &[LibraryPath]) -> LibraryPath {
    let above = indexed.iter().find(|folder| file.starts_with(folder));
    above.cloned().unwrap_or_else(|| LibraryPath::from(file.parent().unwrap_or(file)))
}

/// Marks possible moves and puts the files that may explain them first.
fn order(plan: &mut Plan, gone: Vec<KnownFile>) {
    let gone_sizes: HashSet<u64> = gone.iter().map(|file| file.stamp.size).collect();
    let new_sizes: HashSet<u64> = plan.jobs.iter().map(|job| job.stamp.size).collect();
    plan.jobs.sort_by_key(|job| !gone_sizes.contains(&job.stamp.size));
    for file in gone {
        let photo = match file.state {
            KnownState::Photo(id) => Some(id),
            KnownState::Failed { .. } => None,
        };
        plan.counts.gone += u64::from(photo.is_some());
        let maybe_moved = photo.is_some() && new_sizes.contains(&file.stamp.size);
        plan.gone.push(Gone { path: file.path, photo, maybe_moved });
    }
}

#[cfg(test)]
mod tests;
