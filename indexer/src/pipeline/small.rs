//! Thumbnails of photos that are decoded anyway.

use std::sync::atomic::{AtomicBool, Ordering};

use seer_engine::Library;
use seer_types::PhotoId;

/// Keeps thumbnails as long as the disk takes them: one that cannot be kept is no failure.
pub(crate) struct Thumbnails<'a> {
    library: &'a Library,
    is_off: AtomicBool,
}

impl<'a> Thumbnails<'a> {
    pub(crate) fn new(library: &'a Library, is_off: bool) -> Self {
        Self { library, is_off: AtomicBool::new(is_off) }
    }

    /// Whether one is to be made of a photo.
    pub(crate) fn wants(&self, id: PhotoId) -> bool {
        !self.is_off.load(Ordering::Relaxed) && !self.library.has_thumbnail(id)
    }

    /// Keeps one. After the first that cannot be kept no more are made in this run.
    pub(crate) fn keep(&self, id: PhotoId, jpeg: &[u8]) {
        if let Err(error) = self.library.keep_thumbnail(id, jpeg)
            && !self.is_off.swap(true, Ordering::Relaxed)
        {
            log::warn!("this run makes no more thumbnails, as one could not be kept: {error}");
        }
    }
}
