//! Photos that people hid from searches. Their files and all that is known of them stay.

use std::sync::Arc;

use seer_store::{Filter, hidden, hidden_setting};
use seer_types::PhotoId;

use crate::{Believed, EngineError, Library};

/// Photos that can be hidden: searches look through the list.
pub const MOST_HIDDEN: usize = 10_000;
/// The list as it was read last: on another machine that shares the library, a photo that was hidden is
/// found until it is read again.
pub(crate) type HiddenPhotos = Believed<Arc<[PhotoId]>>;

impl Library {
    /// The hidden photos, by id.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn hidden(&self) -> Result<Arc<[PhotoId]>, EngineError> {
        let as_of = match self.hidden.get() {
            Ok(list) => return Ok(list),
            Err((as_of, _)) => as_of,
        };
        let list: Arc<[PhotoId]> = hidden(&self.store.settings()?).into();
        self.hidden.keep(as_of, list.clone());
        Ok(list)
    }

    /// Hides photos from searches, or shows them again; returns how many are hidden then.
    ///
    /// # Errors
    /// `OutOfRange` when more than [`MOST_HIDDEN`] would be hidden: then none of these is. When the store
    /// cannot be written: those before are.
    pub fn hide(&self, ids: &[PhotoId], hide: bool) -> Result<usize, EngineError> {
        let before = hidden(&self.store.settings()?);
        // By id, as settings are by name.
        let is_hidden = |id: &PhotoId| before.binary_search(id).is_ok();
        let new: Vec<&PhotoId> = ids.iter().filter(|id| is_hidden(id) != hide).collect();
        let found = before.len() + new.len();
        if hide && found > MOST_HIDDEN {
            let what = "the number of hidden photos";
            return Err(EngineError::OutOfRange { what, min: 0, max: MOST_HIDDEN, found });
        }
        let changed = new
            .into_iter()
            .try_for_each(|id| self.store.set_setting(&hidden_setting(*id), hide.then_some("")));
        self.hidden.forget();
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
