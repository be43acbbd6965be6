//! What all routes share.

use std::sync::Arc;

use seer_engine::Library;

use crate::access::Access;
use crate::gate::Gate;
use crate::{IndexControl, Limits};

/// One running service.
pub(crate) struct State {
    pub(crate) library: Arc<Library>,
    pub(crate) index: Arc<dyn IndexControl>,
    pub(crate) limits: Limits,
    pub(crate) access: Access,
    /// In front of the text tower and the vector index.
    pub(crate) searches: Gate,
    /// In front of decoding and the image tower.
    pub(crate) pictures: Gate,
    /// In front of records, thumbnails and files.
    pub(crate) readings: Gate,
}

impl State {
    pub(crate) fn new(
        library: Arc<Library>,
        index: Arc<dyn IndexControl>,
        limits: Limits,
        access: Access,
    ) -> Self {
        let searches = Gate::new(limits.searches_at_once, limits.searches_waiting, limits.patience);
        let pictures = Gate::new(limits.pictures_at_once, limits.searches_waiting, limits.patience);
        let readings = Gate::new(limits.readings_at_once, limits.readings_waiting, limits.patience);
        Self { library, index, limits, access, searches, pictures, readings }
    }
}
