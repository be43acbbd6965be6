//! One watched folder: what watches it, and what became of that.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Instant;

use notify::{Config, Error, ErrorKind, RecommendedWatcher, RecursiveMode};

use crate::ear::{Ear, MOST};
use crate::files::files_below;
use crate::limit;
use crate::network::network_file_system;
use crate::still::Restless;
use crate::watcher::{MOST_FILES, Timing, What, Why};

/// How a folder is watched now.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum How {
    /// The system tells of changes.
    Told,
    /// Nobody tells: the folder has to be looked at now and then. Why, in words.
    Polled(String),
    /// It is not there; it is watched once it is.
    Away,
}

/// Which folder of the disk a path leads to: device and inode.
type Identity = (u64, u64);

/// One of the watched folders.
pub(crate) struct Folder {
    path: PathBuf,
    how: How,
    /// What is being watched; `None` while it is away.
    identity: Option<Identity>,
    /// Whether it was there before.
    known: bool,
    /// Ends with the watching.
    ears: Option<(RecommendedWatcher, Ear)>,
    restless: Restless,
    looked: Option<Instant>,
}

impl Folder {
    pub(crate) fn new(path: &Path) -> Self {
        Self {
            path: path.to_path_buf(),
            how: How::Away,
            identity: None,
            known: false,
            ears: None,
            restless: Restless::default(),
            looked: None,
        }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn how(&self) -> &How {
        &self.how
    }

    /// What is new, if anything.
    pub(crate) fn turn(
        &mut self,
        now: Instant,
        timing: &Timing,
        keep: &dyn Fn(&Path) -> bool,
    ) -> Option<What> {
        if self.is_due(now, timing)
            && let Some(why) = self.look()
        {
            return Some(What::All(why));
        }
        if let Some(why) = self.listen(now, keep) {
            self.restless.clear();
            return Some(What::All(why));
        }
        self.settled(now, timing, keep)
    }

    fn is_due(&mut self, now: Instant, timing: &Timing) -> bool {
        let due =
            self.looked.is_none_or(|looked| now.saturating_duration_since(looked) >= timing.look);
        if due {
            self.looked = Some(now);
        }
        due
    }

    /// Looks whether the folder is there, and the same one.
    fn look(&mut self) -> Option<Why> {
        let identity = identity(&self.path);
        if identity == self.identity {
            return None;
        }
        self.let_go();
        self.identity = identity;
        identity?;
        let known = std::mem::replace(&mut self.known, true);
        self.begin();
        Some(if known { Why::Back } else { Why::Begun })
    }

    fn let_go(&mut self) {
        self.ears = None;
        self.identity = None;
        self.how = How::Away;
        self.restless.clear();
    }

    fn begin(&mut self) {
        self.how = match network_file_system(&self.path) {
            Some(kind) => How::Polled(format!(
                "it is on a network file system ({kind}), which does not tell what others change"
            )),
            None => match self.watch() {
                Ok(()) => How::Told,
                Err(error) => How::Polled(reason(&error)),
            },
        };
    }

    fn watch(&mut self) -> Result<(), Error> {
        let ear = Ear::new(&self.path);
        let config = Config::default().with_follow_symlinks(false);
        let mut watcher: RecommendedWatcher = notify::Watcher::new(ear.clone(), config)?;
        notify::Watcher::watch(&mut watcher, &self.path, RecursiveMode::Recursive)?;
        self.ears = Some((watcher, ear));
        Ok(())
    }

    /// Takes over what the system told; a reason to look at all instead.
    fn listen(&mut self, now: Instant, keep: &dyn Fn(&Path) -> bool) -> Option<Why> {
        let heard = self.ears.as_ref()?.1.take();
        if heard.lost {
            // The same look that finds it again begins anew.
            self.let_go();
            self.looked = None;
            return None;
        }
        if heard.limited {
            self.ears = None;
            self.how = How::Polled(limit::of_watches());
            return Some(Why::Limited);
        }
        for path in heard.changed.into_iter().filter(|path| keep(path)) {
            self.restless.hear(path, now);
        }
        (heard.missed || self.restless.len() > MOST).then_some(Why::Missed)
    }

    fn settled(
        &mut self,
        now: Instant,
        timing: &Timing,
        keep: &dyn Fn(&Path) -> bool,
    ) -> Option<What> {
        let mut files = Vec::new();
        for place in self.restless.settled(now, timing.still) {
            if !place.state.is_some_and(|state| state.is_folder) {
                files.push(place.path);
                continue;
            }
            // Its files have to be still, too.
            let Some(found) = files_below(&place.path, keep, MOST_FILES) else {
                self.restless.clear();
                return Some(What::All(Why::Many));
            };
            found.into_iter().for_each(|path| self.restless.find(path, now));
        }
        match files.len() {
            0 => None,
            count if count > MOST_FILES => Some(What::All(Why::Many)),
            _ => Some(What::Files(files)),
        }
    }
}

fn reason(error: &Error) -> String {
    match &error.kind {
        ErrorKind::MaxFilesWatch => limit::of_watches(),
        ErrorKind::Io(error) if is_out_of_instances(error) => limit::of_instances(),
        _ => format!("the system cannot watch it: {error}"),
    }
}

/// EMFILE: of inotify, or of the process's files; the first is much more common.
fn is_out_of_instances(error: &io::Error) -> bool {
    cfg!(target_os = "linux") && error.raw_os_error() == Some(24)
}

#[cfg(unix)]
fn identity(path: &Path) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt;
    let metadata = fs::metadata(path).ok().filter(fs::Metadata::is_dir)?;
    Some((metadata.dev(), metadata.ino()))
}

#[cfg(not(unix))]
fn identity(path: &Path) -> Option<Identity> {
    fs::metadata(path).ok().filter(fs::Metadata::is_dir).map(|_| (0, 0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use notify::event::Flag;
    use notify::{Event, EventHandler, EventKind};

    /// A watched folder after its first turn.
    fn begun(path: &Path) -> Folder {
        let mut folder = Folder::new(path);
        assert_eq!(turn(&mut folder), Some(What::All(Why::Begun)));
        assert_eq!(*folder.how(), How::Told);
        folder
    }

    fn turn(folder: &mut Folder) -> Option<What> {
        folder.turn(Instant::now(), &Timing::default(), &|_| true)
    }

    fn ear(folder: &Folder) -> Ear {
        folder.ears.as_ref().unwrap().1.clone()
    }

    #[test]
    fn beyond_the_kernel_s_limit_a_folder_is_polled_and_the_limit_named() {
        let dir = tempfile::tempdir().unwrap();
        let mut folder = begun(dir.path());
        ear(&folder).handle_event(Err(Error::new(ErrorKind::MaxFilesWatch)));
        assert_eq!(turn(&mut folder), Some(What::All(Why::Limited)));
        let How::Polled(why) = folder.how() else { panic!("{:?}", folder.how()) };
        assert!(why.contains("fs.inotify.max_user_watches"), "{why}");
        assert_eq!(turn(&mut folder), None, "told once");
        let out_of_instances = Error::io(io::Error::from_raw_os_error(24));
        assert!(reason(&out_of_instances).contains("fs.inotify.max_user_instances"));
        assert!(reason(&Error::generic("odd")).contains("odd"));
    }

    #[test]
    fn an_overflow_is_a_reason_to_look_at_all() {
        let dir = tempfile::tempdir().unwrap();
        let mut folder = begun(dir.path());
        let overflow = Event::new(EventKind::Other).set_flag(Flag::Rescan);
        ear(&folder).handle_event(Ok(overflow));
        assert_eq!(turn(&mut folder), Some(What::All(Why::Missed)));
        assert_eq!((turn(&mut folder), folder.how()), (None, &How::Told));
    }

    #[test]
    fn a_folder_that_is_not_there_is_no_news() {
        let dir = tempfile::tempdir().unwrap();
        let mut folder = Folder::new(&dir.path().join("later"));
        assert_eq!((turn(&mut folder), folder.how()), (None, &How::Away));
    }
}
