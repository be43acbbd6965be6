//! A store in memory that is right because it is simple: maps, and a loop over all photos for
//! every question. The suite compares other stores with it.

mod answers;
mod changes;
mod filter;
mod half_precision;
mod library;
mod settings;
mod store;

use std::sync::{Arc, PoisonError, RwLock};

use seer_store::{Store, StoreError, StoreErrorKind, StoreResult};

pub use filter::allows;
pub use half_precision::as_stored;

use crate::Place;
use library::Library;

/// A library in memory. A clone is the same library.
///
/// A question works on the state that it finds; a change makes a new state and puts it in the
/// place of the old one when all of it has worked.
#[derive(Clone, Default)]
pub struct PlainStore {
    now: Arc<RwLock<Arc<Library>>>,
}

impl PlainStore {
    /// An empty library.
    pub fn new() -> Self {
        Self::default()
    }

    fn now(&self) -> Arc<Library> {
        Arc::clone(&self.now.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn change<T>(&self, change: impl FnOnce(&mut Library) -> StoreResult<T>) -> StoreResult<T> {
        let mut now = self.now.write().unwrap_or_else(PoisonError::into_inner);
        let mut next = Library::clone(&now);
        let answer = change(&mut next)?;
        *now = Arc::new(next);
        Ok(answer)
    }
}

impl Place for PlainStore {
    fn open(&self) -> Box<dyn Store> {
        Box::new(self.clone())
    }
}

fn refused<T>(why: &str) -> StoreResult<T> {
    Err(StoreError::new(StoreErrorKind::Refused, why))
}
