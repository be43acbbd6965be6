//! Photos that people hid from searches. Their files and all that is known of them stay.

use std::collections::BTreeSet;
use std::sync::Arc;

use seer_store::{Filter, HIDDEN, hidden, hidden_setting};
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
        let list: Arc<[PhotoId]> = hidden(&self.store.settings(HIDDEN)?).into();
        self.hidden.keep(as_of, list.clone());
        Ok(list)
    }

    /// Hides photos from searches, or shows them again; returns how many are hidden then.
    ///
    /// # Errors
    /// `OutOfRange` when more than [`MOST_HIDDEN`] would be hidden; when the store cannot be written. Then none
    /// of these is.
    pub fn hide(&self, ids: &[PhotoId], hide: bool) -> Result<usize, EngineError> {
        let before = hidden(&self.store.settings(HIDDEN)?);
        // By id, as settings are by name.
        let is_hidden = |id: &PhotoId| before.binary_search(id).is_ok();
        let new: BTreeSet<&PhotoId> = ids.iter().filter(|id| is_hidden(id) != hide).collect();
        let found = before.len() + new.len();
        if hide && found > MOST_HIDDEN {
            let what = "the number of hidden photos";
            return Err(EngineError::OutOfRange { what, min: 0, max: MOST_HIDDEN, found });
        }
        let setting = |id: &PhotoId| (hidden_setting(*id), hide.then(String::new));
        let settings: Vec<_> = new.into_iter().map(setting).collect();
        let changed = self.store.set_settings(&settings);
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
