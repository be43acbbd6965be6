//! Which of the folders' devices are not those that the library remembers.
//!
//! An unmounted drive leaves its mount point behind, and there may be pictures in it. So where a
//! folder lies on another device than before, and most of its known photos are not there, nothing
//! below it is concluded to be gone. When most are there, the new device is taken over: the photos
//! moved to another drive, or the system numbers its drives anew.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use seer_engine::{KnownFile, KnownState, device};
use seer_types::{Device, DevicePlace, LibraryPath};

use crate::walk::{Root, Walk};

/// What the library remembers of one indexed folder.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Remembered {
    /// The folder.
    pub root: LibraryPath,
    /// Its own device and those below it; empty where none was remembered yet.
    pub places: Vec<DevicePlace>,
}

/// A folder on another device, most of whose known photos are not there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Held {
    pub folder: PathBuf,
    /// Photo files known there.
    pub known: u64,
    /// Of these, found.
    pub found: u64,
}

/// The comparison of devices.
pub(crate) struct Devices<'a> {
    walk: &'a Walk,
    walked: Vec<&'a Path>,
    remembered: &'a [Remembered],
    held: Vec<Held>,
}

impl<'a> Devices<'a> {
    /// `known` are the library's files below all roots.
    pub(crate) fn new<'k>(
        roots: &'a [Root],
        walk: &'a Walk,
        known: impl Iterator<Item = &'k KnownFile>,
        remembered: &'a [Remembered],
    ) -> Self {
        let folder = |root: &'a Root| matches!(root, Root::Folder(_)).then(|| root.path());
        let walked: Vec<&Path> = roots.iter().filter_map(folder).collect();
        let mut devices = Self { walk, walked, remembered, held: Vec::new() };
        devices.held = devices.compare(known);
        devices
    }

    /// Folders below which nothing may be concluded to be gone.
    pub(crate) fn held(&self) -> &[Held] {
        &self.held
    }

    /// Folders whose device is not the remembered one, with the photos known and found there.
    fn compare<'k>(&self, known: impl Iterator<Item = &'k KnownFile>) -> Vec<Held> {
        // Places on the same device too (`None`): a file belongs to the innermost place.
        let mut others: BTreeMap<PathBuf, Option<Held>> = BTreeMap::new();
        for (folder, before) in self.to_compare() {
            let now = self.device_now(&folder.path);
            let same = match (before, now) {
                (Some(before), Some(now)) => before.is_same(&now),
                // A mount point that is gone is no proof; a link that is gone was removed.
                (Some(_), None) => folder.linked || self.walk.places.is_empty(),
                // Nothing is remembered: as careful as with another one.
                (None, Some(_)) => false,
                (None, None) => true,
            };
            let path = folder.path.as_path().to_path_buf();
            let other = (!same).then(|| Held { folder: path.clone(), known: 0, found: 0 });
            others.insert(path, other);
        }
        let found: HashSet<&Path> = self.walk.files.iter().map(|f| f.path.as_path()).collect();
        for file in known.filter(|file| matches!(file.state, KnownState::Photo(_))) {
            let path = file.path.as_path();
            let innermost = path.ancestors().find(|above| others.contains_key(*above));
            let place = innermost.and_then(|above| others.get_mut(above)?.as_mut());
            let Some(place) = place else { continue };
            place.known += 1;
            place.found += u64::from(found.contains(path));
        }
        let lacks_most = |place: &Held| place.known > 0 && place.found * 2 <= place.known;
        others.into_values().flatten().filter(lacks_most).collect()
    }

    /// Every place of the walked part with the device remembered for it.
    fn to_compare(&self) -> Vec<(DevicePlace, Option<Device>)> {
        let mut places = Vec::new();
        for Remembered { root, places: before } in self.remembered {
            if before.is_empty()
                && self.is_walked(root.as_path())
                && let Some(now) = self.place_now(root.as_path())
            {
                places.push((now.clone(), None));
            }
            let walked = before.iter().filter(|place| self.is_walked(place.path.as_path()));
            places.extend(walked.map(|place| (place.clone(), Some(place.device))));
        }
        // A run over a part of an indexed folder: what holds for the folder holds for the part.
        for start in &self.walked {
            let is_place = |place: &&DevicePlace| start.starts_with(place.path.as_path());
            let all = self.remembered.iter().flat_map(|remembered| &remembered.places);
            let above =
                all.filter(is_place).max_by_key(|place| place.path.as_path().as_os_str().len());
            if let Some(above) = above.filter(|place| place.path.as_path() != *start) {
                let path = LibraryPath::from(*start);
                places.push((DevicePlace { path, ..above.clone() }, Some(above.device)));
            }
        }
        places
    }

    fn is_walked(&self, path: &Path) -> bool {
        self.walked.iter().any(|start| path.starts_with(start))
    }

    fn place_now(&self, path: &Path) -> Option<&'a DevicePlace> {
        self.walk.places.iter().find(|place| place.path.as_path() == path)
    }

    /// Where a place lies now, whether it is still a place of its own or not.
    fn device_now(&self, path: &LibraryPath) -> Option<Device> {
        if let Some(place) = self.place_now(path.as_path()) {
            return Some(place.device);
        }
        device(path.as_path(), &fs::metadata(path).ok()?)
    }

    /// What to remember from now on, for folders where that is not what is remembered. Held
    /// folders keep what they had, unless the run prunes.
    pub(crate) fn to_remember(&self, prune: bool) -> Vec<Remembered> {
        let is_held =
            |path: &Path| !prune && self.held.iter().any(|held| path.starts_with(&held.folder));
        let roots: Vec<&Path> = self.remembered.iter().map(|r| r.root.as_path()).collect();
        let mut changed = Vec::new();
        for Remembered { root, places: before } in self.remembered {
            let owner = |place: &DevicePlace| {
                let above = roots.iter().filter(|root| place.path.as_path().starts_with(root));
                above.max_by_key(|root| root.as_os_str().len()).copied() == Some(root.as_path())
            };
            // Of what cannot be looked at, such as a broken link, the note stays.
            let unseen = |path: &LibraryPath| !prune && self.device_now(path).is_none();
            let kept = before.iter().filter(|p| {
                let path = p.path.as_path();
                !self.is_walked(path) || is_held(path) || unseen(&p.path)
            });
            // Where a run starts inside an indexed folder is no place of its own.
            let is_start = |place: &DevicePlace| {
                let remembered = before.iter().any(|known| known.path == place.path);
                self.walked.contains(&place.path.as_path()) && place.path != *root && !remembered
            };
            let new = self
                .walk
                .places
                .iter()
                .filter(|p| owner(p) && !is_start(p) && !is_held(p.path.as_path()));
            let mut places: Vec<DevicePlace> = kept.chain(new).cloned().collect();
            places.sort_by(|a, b| a.path.cmp(&b.path));
            places.dedup_by(|a, b| a.path == b.path);
            if places != *before {
                changed.push(Remembered { root: root.clone(), places });
            }
        }
        changed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use seer_types::{FileStamp, PhotoId};

    use crate::walk::FoundFile;

    fn on(path: &str, file_system: u64) -> DevicePlace {
        let device = Device { number: file_system, file_system };
        DevicePlace { path: LibraryPath::new(path), device, linked: false }
    }

    fn walk(places: Vec<DevicePlace>, files: &[&str]) -> Walk {
        let found = |path: &&str| FoundFile {
            path: PathBuf::from(path),
            root: 0,
            stamp: FileStamp::new(1, 1),
            surely_picture: true,
        };
        Walk { files: files.iter().map(found).collect(), places, ..Walk::default() }
    }

    fn known(paths: &[&str]) -> Vec<KnownFile> {
        let file = |path: &&str| KnownFile {
            path: LibraryPath::new(path),
            root: LibraryPath::new("/p"),
            stamp: FileStamp::new(1, 1),
            state: KnownState::Photo(PhotoId([1; 32])),
        };
        paths.iter().map(file).collect()
    }

    fn remembered(places: Vec<DevicePlace>) -> Vec<Remembered> {
        vec![Remembered { root: LibraryPath::new("/p"), places }]
    }

    /// The folders held, and the places remembered anew.
    fn outcome(
        before: Vec<DevicePlace>,
        walk: &Walk,
        paths: &[&str],
    ) -> (Vec<String>, Vec<Remembered>) {
        let (roots, known) = ([Root::Folder("/p".into())], known(paths));
        let remembered = remembered(before);
        let devices = Devices::new(&roots, walk, known.iter(), &remembered);
        let held = devices.held().iter().map(|held| held.folder.display().to_string());
        (held.collect(), devices.to_remember(false))
    }

    #[test]
    fn the_same_device_holds_nothing() {
        let walk = walk(vec![on("/p", 1)], &["/p/stray.jpg"]);
        let (held, new) = outcome(vec![on("/p", 1)], &walk, &["/p/a.jpg", "/p/b.jpg"]);
        assert_eq!((held.len(), new.len()), (0, 0));
    }

    #[test]
    fn another_device_without_most_of_the_photos_is_held_and_not_taken_over() {
        let walk = walk(vec![on("/p", 2)], &["/p/a.jpg", "/p/stray.jpg"]);
        let (held, new) = outcome(vec![on("/p", 1)], &walk, &["/p/a.jpg", "/p/b.jpg"]);
        assert_eq!((held, new.len()), (vec!["/p".to_owned()], 0));
    }

    #[test]
    fn another_device_with_most_of_the_photos_is_taken_over() {
        let walk = walk(vec![on("/p", 2)], &["/p/a.jpg", "/p/b.jpg"]);
        let (held, new) = outcome(vec![on("/p", 1)], &walk, &["/p/a.jpg", "/p/b.jpg", "/p/c.jpg"]);
        assert_eq!((held.len(), new), (0, remembered(vec![on("/p", 2)])));
    }

    #[test]
    fn a_mount_point_below_the_folder_is_held_by_itself() {
        let before = vec![on("/p", 1), on("/p/usb", 9)];
        let walk = walk(vec![on("/p", 1)], &["/p/a.jpg", "/p/usb/stray.jpg"]);
        let (held, new) = outcome(before, &walk, &["/p/a.jpg", "/p/b.jpg", "/p/usb/x.jpg"]);
        assert_eq!((held, new.len()), (vec!["/p/usb".to_owned()], 0));
    }

    #[test]
    fn what_was_never_remembered_is_treated_as_another_device() {
        let (before, photos) = (Vec::new(), ["/p/a.jpg", "/p/b.jpg", "/p/c.jpg"]);
        let most = walk(vec![on("/p", 1)], &photos[..2]);
        let (held, new) = outcome(before.clone(), &most, &photos);
        assert_eq!((held.len(), new), (0, remembered(vec![on("/p", 1)])));
        let few = walk(vec![on("/p", 1)], &photos[..1]);
        let (held, new) = outcome(before, &few, &photos);
        assert_eq!((held.len(), new.len()), (1, 0));
    }

    #[test]
    fn an_empty_new_folder_is_remembered() {
        let walk = walk(vec![on("/p", 1)], &["/p/a.jpg"]);
        let (held, new) = outcome(Vec::new(), &walk, &[]);
        assert_eq!((held.len(), new), (0, remembered(vec![on("/p", 1)])));
    }
}
