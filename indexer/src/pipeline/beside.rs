//! What stands beside a photo: its sidecars and its name, added to what the photo itself says.

use std::collections::VecDeque;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use seer_images::{LARGEST_SIDECAR, Neighbours, SidecarKind, date_from_name, merge_sidecars};
use seer_types::{LocalTime, PhotoFacts};

use crate::sidecars::{State, folder_of, names_in, number, of_photo};

/// Listings of folders that are kept: about as many as threads read in.
const LISTINGS: usize = 16;

/// The sidecars of one photo.
#[derive(Default)]
pub(crate) struct Beside {
    /// What stands for them in the photo's stamp.
    pub number: u64,
    /// Their bytes, the most trusted first.
    files: Vec<(SidecarKind, Vec<u8>)>,
}

impl Beside {
    /// Adds to a photo's facts what its sidecars and its name say.
    pub(crate) fn complete(&self, facts: &mut PhotoFacts, photo: &Path) {
        merge_sidecars(facts, &self.files);
        let name = photo.file_name().and_then(|name| name.to_str());
        if let Some(date) = name.and_then(|name| date_from_name(name, now())) {
            facts.taken = Some(facts.taken.map_or(date, |taken| taken.or_better(date)));
        }
    }
}

/// This moment, UTC: of dates in names it is asked whether they are past, to the day after.
fn now() -> LocalTime {
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    LocalTime::from_seconds(since_1970.as_secs().cast_signed())
}

/// Folders that were looked into for sidecars.
#[derive(Default)]
pub(crate) struct Folders {
    listed: Mutex<VecDeque<(PathBuf, Arc<Neighbours>)>>,
}

impl Folders {
    /// Reads the sidecars of a photo, as they are now. Those that cannot be read, and those that are
    /// too long, say nothing.
    pub(crate) fn beside(&self, photo: &Path) -> Beside {
        let folder = folder_of(photo);
        let neighbours = self.neighbours(&folder);
        let found = of_photo(photo.file_name(), &neighbours, |name| State::of(&folder.join(name)));
        let read = |name: &str, state: State| match state.size() <= LARGEST_SIDECAR as u64 {
            true => bytes_of(&folder.join(name)),
            false => Vec::new(),
        };
        let files =
            found.iter().map(|(sidecar, state)| (sidecar.kind, read(&sidecar.name, *state)));
        Beside { files: files.collect(), number: number(&found) }
    }

    fn neighbours(&self, folder: &Path) -> Arc<Neighbours> {
        let listed = || self.listed.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, known)) = listed().iter().find(|(known, _)| known == folder) {
            return Arc::clone(known);
        }
        let neighbours = Arc::new(Neighbours::new(names_in(folder)));
        let mut listed = listed();
        listed.truncate(LISTINGS - 1);
        listed.push_front((folder.to_path_buf(), Arc::clone(&neighbours)));
        neighbours
    }
}

/// At most one byte more than a sidecar may have, so that one that grew is too long.
fn bytes_of(path: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    let read = File::open(path)
        .and_then(|file| file.take(LARGEST_SIDECAR as u64 + 1).read_to_end(&mut bytes));
    match read {
        Ok(_) => bytes,
        Err(error) => {
            log::warn!("cannot read {}: {error}", path.display());
            Vec::new()
        }
    }
}
