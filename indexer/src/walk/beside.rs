//! Sidecars that a walk met, and the photos that they speak of.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use seer_images::Neighbours;

use super::FoundFile;
use crate::sidecars::{State, States, folder_of, names_in, number, of_photo};

/// Sidecars by the folder that they lie in.
#[derive(Default)]
pub(super) struct SeenSidecars {
    folders: HashMap<PathBuf, States>,
}

impl SeenSidecars {
    /// Notes a file if it may be a sidecar by its name.
    pub(super) fn note(&mut self, path: &Path) {
        let Some(state) = State::of(path) else { return };
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else { return };
        self.folders.entry(folder_of(path)).or_default().insert(name.to_owned(), state);
    }

    /// Notes all of the folder of a file that was named alone.
    pub(super) fn note_all_beside(&mut self, path: &Path) {
        let folder = folder_of(path);
        if !self.folders.contains_key(&folder) {
            names_in(&folder).iter().for_each(|name| self.note(&folder.join(name)));
        }
    }

    /// Completes the stamps of files, which are sorted by path; gives the sidecars that speak of one
    /// of them.
    pub(super) fn give(self, files: &mut [FoundFile]) -> HashSet<PathBuf> {
        let mut speaking = HashSet::new();
        let mut last: Option<(PathBuf, Neighbours)> = None;
        for file in files {
            let folder = folder_of(&file.path);
            let Some(states) = self.folders.get(&folder) else { continue };
            let (_, neighbours) = match last.take() {
                Some((known, neighbours)) if known == folder => last.insert((known, neighbours)),
                _ => last.insert((folder, Neighbours::new(states.keys().cloned()))),
            };
            let own = of_photo(file.path.file_name(), neighbours, |name| states.get(name).copied());
            file.stamp.sidecars = number(&own);
            let folder = folder_of(&file.path);
            speaking.extend(own.into_iter().map(|(sidecar, _)| folder.join(sidecar.name)));
        }
        speaking
    }
}
