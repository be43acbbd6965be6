//! What the system says of a folder, gathered until the next turn.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

use notify::event::{AccessKind, AccessMode, ModifyKind, RenameMode};
use notify::{ErrorKind, Event, EventHandler, EventKind};

/// With more than so many changed places one looks at the whole folder instead.
pub(crate) const MOST: usize = 100_000;

/// What was heard since the last turn.
#[derive(Default, Debug)]
pub(crate) struct Heard {
    /// Places where something happened.
    pub changed: HashSet<PathBuf>,
    /// Some of it was not told.
    pub missed: bool,
    /// The folder itself was moved or removed.
    pub lost: bool,
    /// Folders below are not watched: the kernel's limit is reached.
    pub limited: bool,
}

/// Gathers; clones gather together.
#[derive(Clone)]
pub(crate) struct Ear {
    folder: Arc<Path>,
    heard: Arc<Mutex<Heard>>,
}

impl Ear {
    pub(crate) fn new(folder: &Path) -> Self {
        Self { folder: folder.into(), heard: Arc::default() }
    }

    /// What was heard, once.
    pub(crate) fn take(&self) -> Heard {
        std::mem::take(&mut *self.lock())
    }

    fn lock(&self) -> MutexGuard<'_, Heard> {
        self.heard.lock().unwrap_or_else(|e| e.into_inner())
    }

    fn hear(&self, event: Event) {
        let mut heard = self.lock();
        heard.missed |= event.need_rescan();
        if !is_change(&event.kind) {
            return;
        }
        for path in event.paths {
            if path == *self.folder {
                heard.lost |= is_loss(&event.kind);
            } else {
                heard.changed.insert(path);
            }
        }
        if heard.changed.len() > MOST {
            heard.changed.clear();
            heard.missed = true;
        }
    }
}

impl EventHandler for Ear {
    fn handle_event(&mut self, event: notify::Result<Event>) {
        match event {
            Ok(event) => self.hear(event),
            Err(error) if matches!(error.kind, ErrorKind::MaxFilesWatch) => {
                self.lock().limited = true;
            }
            Err(error) => {
                log::debug!("watching {}: {error}", self.folder.display());
                self.lock().missed = true;
            }
        }
    }
}

/// Reading changes nothing.
fn is_change(kind: &EventKind) -> bool {
    match kind {
        EventKind::Access(how) => *how == AccessKind::Close(AccessMode::Write),
        _ => true,
    }
}

fn is_loss(kind: &EventKind) -> bool {
    matches!(kind, EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(RenameMode::From)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use notify::event::{CreateKind, Flag, RemoveKind};

    fn event(kind: EventKind, path: &str) -> notify::Result<Event> {
        Ok(Event::new(kind).add_path(path.into()))
    }

    #[test]
    fn changes_are_told_apart_from_readings_and_losses() {
        let mut ear = Ear::new(Path::new("/p"));
        let open = EventKind::Access(AccessKind::Open(AccessMode::Any));
        ear.handle_event(event(open, "/p/a"));
        ear.handle_event(event(EventKind::Create(CreateKind::File), "/p"));
        assert_eq!(format!("{:?}", ear.take()), format!("{:?}", Heard::default()));
        let close = EventKind::Access(AccessKind::Close(AccessMode::Write));
        ear.handle_event(event(close, "/p/a"));
        ear.handle_event(event(EventKind::Remove(RemoveKind::File), "/p/b"));
        let heard = ear.take();
        assert_eq!(heard.changed, ["/p/a", "/p/b"].map(PathBuf::from).into());
        assert!(!heard.missed && !heard.lost && !heard.limited);
        ear.handle_event(event(EventKind::Remove(RemoveKind::Folder), "/p"));
        assert!(ear.take().lost);
    }

    #[test]
    fn what_was_not_told_is_known_to_be_missing() {
        let mut ear = Ear::new(Path::new("/p"));
        ear.handle_event(Ok(Event::new(EventKind::Other).set_flag(Flag::Rescan)));
        assert!(ear.take().missed);
        ear.handle_event(Err(notify::Error::new(ErrorKind::MaxFilesWatch)));
        let heard = ear.take();
        assert!(heard.limited && !heard.missed);
        for number in 0..=MOST {
            ear.handle_event(event(EventKind::Any, &format!("/p/{number}")));
        }
        let heard = ear.take();
        assert!(heard.missed && heard.changed.is_empty());
    }
}
