//! Photos that people hid from searches. Their files and all that is known of them stay.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use seer_store::{Filter, hidden, hidden_setting};
use seer_types::PhotoId;

use crate::{EngineError, Library};

/// Photos that can be hidden: searches look through the list.
pub const MOST_HIDDEN: usize = 10_000;
/// How long the list is believed: on another machine that shares the library, a photo that was hidden is
/// found for so long.
const BELIEVED: Duration = Duration::from_secs(3);

/// The list as it was read last.
#[derive(Default)]
pub(crate) struct HiddenPhotos(Mutex<Option<(Instant, Arc<[PhotoId]>)>>);

impl Library {
    /// The hidden photos, by id.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn hidden(&self) -> Result<Arc<[PhotoId]>, EngineError> {
        let known = || self.hidden.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((read, list)) = &*known()
            && read.elapsed() < BELIEVED
        {
            return Ok(list.clone());
        }
        let list: Arc<[PhotoId]> = hidden(&self.store.settings()?).into();
        *known() = Some((Instant::now(), list.clone()));
        Ok(list)
    }

    /// Hides photos from searches, or shows them again; returns how many are hidden then.
    ///
    /// # Errors
    /// `OutOfRange` when more than [`MOST_HIDDEN`] would be hidden: then none of these is. When the store
    /// cannot be written: those before are.
    pub fn hide(&self, ids: &[PhotoId], hide: bool) -> Result<usize, EngineError> {
        let before = hidden(&self.store.settings()?);
        let new: Vec<&PhotoId> = ids.iter().filter(|id| before.contains(id) != hide).collect();
        let found = before.len() + new.len();
        if hide && found > MOST_HIDDEN {
            let what = "the number of hidden photos";
            return Err(EngineError::OutOfRange { what, min: 0, max: MOST_HIDDEN, found });
        }
        let changed = new
            .into_iter()
            .try_for_each(|id| self.store.set_setting(&hidden_setting(*id), hide.then_some("")));
        *self.hidden.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
        changed?;
        Ok(self.hidden()?.len())
    }

    /// What a search may find: all but the hidden photos, or those alone.
    pub(crate) fn shown(&self, hidden_alone: bool) -> Result<Option<Filter>, EngineError> {
        let list = self.hidden()?;
        Ok(match hidden_alone {
            true => Some(Filter::Ids(list)),
            false if list.is_empty() => None,
            false => Some(Filter::Not(Box::new(Filter::Ids(list)))),
        })
    }
}
