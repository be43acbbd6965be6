//! What the watching thread and the requests of the server tell each other.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use seer_http::Watching;

/// Shared between them.
#[derive(Default)]
pub struct Board {
    changed: AtomicBool,
    folders: Mutex<Vec<Watching>>,
}

impl Board {
    /// Other folders are to be watched.
    pub fn change(&self) {
        self.changed.store(true, Ordering::Relaxed);
    }

    /// Whether that was said since this was asked last.
    pub fn has_changed(&self) -> bool {
        self.changed.swap(false, Ordering::Relaxed)
    }

    /// How each folder is watched.
    pub fn folders(&self) -> Vec<Watching> {
        self.folders.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Says how each folder is watched now; gives those of which that is news.
    pub fn show(&self, folders: Vec<Watching>) -> Vec<Watching> {
        let mut shown = self.folders.lock().unwrap_or_else(PoisonError::into_inner);
        let news = folders.iter().filter(|folder| !shown.contains(folder)).cloned().collect();
        *shown = folders;
        news
    }
}
