//! What all routes share.

use std::net::SocketAddr;
use std::sync::Arc;

use actix_web::web;
use seer_engine::Library;

use crate::access::Access;
use crate::bodies::Bodies;
use crate::gate::Gate;
use crate::metrics::Metrics;
use crate::proof::ProofKey;
use crate::{IndexControl, Limits};

/// One running service.
pub(crate) struct State {
    /// All of it: routes answer from [`crate::access::Permit`]'s, which is what the asker may see.
    pub(crate) whole_library: Arc<Library>,
    pub(crate) index: Arc<dyn IndexControl>,
    pub(crate) limits: Limits,
    pub(crate) access: Access,
    /// Where this server is reached from its own machine, and how it shows that it is itself.
    pub(crate) address: SocketAddr,
    pub(crate) key: ProofKey,
    /// See [`crate::ServeOptions`].
    pub(crate) strip_metadata: bool,
    /// What is counted.
    pub(crate) metrics: web::Data<Metrics>,
    /// Memory for what comes in.
    pub(crate) bodies: Bodies,
    /// In front of the text tower and the vector index.
    pub(crate) searches: Gate,
    /// In front of decoding and the image tower.
    pub(crate) pictures: Gate,
    /// In front of records, thumbnails and files.
    pub(crate) readings: Gate,
    /// In front of archives that are being sent.
    pub(crate) downloads: Gate,
    /// In front of what looks at the whole library, one at a time.
    pub(crate) long_readings: Gate,
}

/// What one server is, before it has gates and room.
pub(crate) struct Parts {
    pub(crate) library: Arc<Library>,
    pub(crate) index: Arc<dyn IndexControl>,
    pub(crate) limits: Limits,
    pub(crate) access: Access,
    pub(crate) address: SocketAddr,
    pub(crate) key: ProofKey,
    pub(crate) strip_metadata: bool,
}

impl State {
    pub(crate) fn new(parts: Parts) -> Self {
        let Parts { library, index, limits, access, address, key, strip_metadata } = parts;
        let searches = Gate::new(limits.searches_at_once, limits.searches_waiting, limits.patience);
        let pictures = Gate::new(limits.pictures_at_once, limits.searches_waiting, limits.patience);
        let readings = Gate::new(limits.readings_at_once, limits.readings_waiting, limits.patience);
        let downloads = Gate::new(limits.downloads_at_once, 0, limits.patience);
        let long_readings = Gate::new(1, 1, limits.long_patience);
        let bodies = Bodies::new(limits.body_memory);
        Self {
            whole_library: library,
            index,
            limits,
            access,
            address,
            key,
            strip_metadata,
            metrics: web::Data::new(Metrics::new()),
            bodies,
            searches,
            pictures,
            readings,
            downloads,
            long_readings,
        }
    }
}
