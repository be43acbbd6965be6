//! All watched folders.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::folder::{Folder, How};

/// News of more files than this are news of the whole folder.
pub(crate) const MOST_FILES: usize = 1000;

/// How patient a watcher is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Timing {
    /// For so long a file's size and time have to be the same before it is told of.
    pub still: Duration,
    /// So often it is looked whether a folder is still there, or there again.
    pub look: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        Self { still: Duration::from_secs(2), look: Duration::from_secs(1) }
    }
}

/// Something happened in a folder.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct News {
    /// The folder, as it was given.
    pub folder: PathBuf,
    /// What.
    pub what: What,
}

/// What happened.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum What {
    /// These files below it are new, changed or gone, and still since; sorted, at most 1,000.
    Files(Vec<PathBuf>),
    /// Anything may have changed: all of it is to be looked at.
    All(Why),
}

/// Why all of a folder is to be looked at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Why {
    /// It is watched from now on; what changed before was not told.
    Begun,
    /// It was away and is there again.
    Back,
    /// The system told less than happened.
    Missed,
    /// The kernel's limit is reached: from now on nobody tells.
    Limited,
    /// More files changed than can be told one by one.
    Many,
}

/// Watches folders with all that lies below.
pub struct Watcher {
    timing: Timing,
    folders: Vec<Folder>,
}

impl Watcher {
    /// One that watches nothing yet.
    pub fn new(timing: Timing) -> Self {
        Self { timing, folders: Vec::new() }
    }

    /// Watches exactly these folders (absolute paths) from now on; those that were watched before
    /// go on as they are.
    pub fn set_folders(&mut self, folders: &[PathBuf]) {
        self.folders.retain(|known| folders.iter().any(|folder| folder == known.path()));
        for folder in folders {
            if !self.folders.iter().any(|known| known.path() == folder) {
                self.folders.push(Folder::new(folder));
            }
        }
    }

    /// What is new since the last turn. `keep` says of a file or folder below whether anybody wants
    /// to hear of it and of what lies in it.
    pub fn turn(&mut self, now: Instant, keep: &dyn Fn(&Path) -> bool) -> Vec<News> {
        let timing = self.timing;
        let news = |folder: &mut Folder| {
            let what = folder.turn(now, &timing, keep)?;
            Some(News { folder: folder.path().to_path_buf(), what })
        };
        self.folders.iter_mut().filter_map(news).collect()
    }

    /// The folders, each with how it is watched.
    pub fn folders(&self) -> impl Iterator<Item = (&Path, &How)> {
        self.folders.iter().map(|folder| (folder.path(), folder.how()))
    }
}
