//! What a walk gives.

use std::collections::HashSet;
use std::path::PathBuf;

use seer_types::{DevicePlace, FileStamp};

use super::SkipRule;

/// One file that may be a picture.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct FoundFile {
    /// Absolute path.
    pub path: PathBuf,
    /// The indexed folder it was found under: an index into the roots of the walk.
    pub root: usize,
    /// Its state.
    pub stamp: FileStamp,
    /// By its extension a picture; otherwise its first bytes decide.
    pub surely_picture: bool,
}

/// A folder or link that could not be followed; what the library knows below it is kept.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Unread {
    /// The folder, file or link.
    pub path: PathBuf,
    /// Why, in words.
    pub reason: String,
}

/// A file or folder that a rule leaves out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct LeftOut {
    /// Where; of a folder all that it holds is left out too.
    pub path: PathBuf,
    /// Why.
    pub rule: SkipRule,
    /// Whether it is a folder.
    pub is_folder: bool,
}

/// What a walk gave.
#[derive(Debug, Default)]
pub(crate) struct Walk {
    /// Files sorted by path, each once.
    pub files: Vec<FoundFile>,
    /// What could not be read.
    pub unread: Vec<Unread>,
    /// Files that are no pictures by their extension.
    pub other: u64,
    /// Files that speak of a photo beside them.
    pub sidecars: HashSet<PathBuf>,
    /// What rules left out.
    pub left_out: Vec<LeftOut>,
    /// Folders that ask to be left out, and are walked because they were named.
    pub marked_roots: Vec<PathBuf>,
    /// Links to folders that were followed: they may lead to a drive that is not connected.
    pub linked_folders: Vec<PathBuf>,
    /// Roots, linked folders and mount points, each with the device its files lie on; empty where
    /// the system does not say.
    pub places: Vec<DevicePlace>,
}
