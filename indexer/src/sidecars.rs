//! The files beside a photo that speak of it, as parts of its stamp.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use seer_engine::stamp;
use seer_images::{Neighbours, Sidecar, sidecar_kind};

/// What the disk says of a sidecar.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct State {
    size: u64,
    modified_ns: i64,
}

impl State {
    /// Of a file that may be a sidecar by its name; `None` for what is none, and for what is no
    /// file or is not there.
    pub(crate) fn of(path: &Path) -> Option<Self> {
        sidecar_kind(path.file_name()?.to_str()?)?;
        let metadata = fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
        let stamp = stamp(path, &metadata);
        Some(Self { size: stamp.size, modified_ns: stamp.modified_ns })
    }

    /// Its length in bytes.
    pub(crate) fn size(self) -> u64 {
        self.size
    }
}

/// The names in a folder that may be sidecars; none where it cannot be read.
pub(crate) fn names_in(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    names.filter(|name| State::of(&folder.join(name)).is_some()).collect()
}

/// The sidecars of one photo, with their states, the most trusted first.
pub(crate) fn of_photo(
    name: Option<&OsStr>,
    neighbours: &Neighbours,
    state: impl Fn(&str) -> Option<State>,
) -> Vec<(Sidecar, State)> {
    let Some(name) = name.and_then(OsStr::to_str) else { return Vec::new() };
    let sidecars = neighbours.of(name).into_iter();
    sidecars.filter_map(|sidecar| state(&sidecar.name).map(|state| (sidecar, state))).collect()
}

/// What stands for sidecars in a photo's stamp: 0 for none, else the first 8 bytes of the BLAKE3 of
/// their names (each with its length), sizes and modification times, all little-endian.
pub(crate) fn number(sidecars: &[(Sidecar, State)]) -> u64 {
    if sidecars.is_empty() {
        return 0;
    }
    let mut hasher = blake3::Hasher::new();
    for (sidecar, state) in sidecars {
        hasher.update(&(sidecar.name.len() as u64).to_le_bytes());
        hasher.update(sidecar.name.as_bytes());
        hasher.update(&state.size.to_le_bytes());
        hasher.update(&state.modified_ns.to_le_bytes());
    }
    let [a, b, c, d, e, f, g, h, ..] = *hasher.finalize().as_bytes();
    u64::from_le_bytes([a, b, c, d, e, f, g, h]).max(1)
}

/// The folder that a file lies in.
pub(crate) fn folder_of(path: &Path) -> PathBuf {
    path.parent().unwrap_or(Path::new("")).to_path_buf()
}

/// States by name.
pub(crate) type States = HashMap<String, State>;
