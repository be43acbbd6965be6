//! What people chose for a library as a whole.

use std::collections::BTreeMap;

use seer_types::ModelFingerprint;

use crate::{Analysis, Store, StoreResult};

const TEXT: &str = "text";
const CAPTIONS: &str = "captions";
const OFF: &str = "off";

/// Which analyses run over the photos of a library beside the embeddings. The same for all machines that
/// fill it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Settings {
    /// Whether the words in pictures are read.
    pub reads_text: bool,
    /// The model that describes photos; `None`: none does.
    pub captions: Option<CaptionModel>,
}

/// A model that describes photos.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CaptionModel {
    /// Which one.
    pub fingerprint: ModelFingerprint,
    /// The name to load it by.
    pub name: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self { reads_text: true, captions: None }
    }
}

impl Settings {
    /// Those of a library.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn read(store: &dyn Store) -> StoreResult<Self> {
        let mut entries = store.settings(TEXT)?;
        entries.extend(store.settings(CAPTIONS)?);
        Ok(Self::of(&entries))
    }

    /// From what [`crate::Store::settings`] gives. What is not understood counts as not set.
    fn of(entries: &BTreeMap<String, String>) -> Self {
        let captions = entries.get(CAPTIONS).and_then(|value| {
            let (fingerprint, name) = value.split_once(' ')?;
            Some(CaptionModel { fingerprint: fingerprint.parse().ok()?, name: name.to_owned() })
        });
        Self { reads_text: entries.get(TEXT).is_none_or(|value| value != OFF), captions }
    }

    /// Each setting with its value, as [`crate::Store::set_settings`] takes them; without one: as in a new
    /// library.
    pub fn entries(&self) -> [(String, Option<String>); 2] {
        let captions = self.captions.as_ref();
        let captions = captions.map(|model| format!("{} {}", model.fingerprint, model.name));
        let text = (!self.reads_text).then(|| OFF.to_owned());
        [(TEXT.to_owned(), text), (CAPTIONS.to_owned(), captions)]
    }

    /// The analyses that these settings ask for, and those that no setting is about: all that no model of
    /// embeddings has a part in.
    pub fn analyses(&self) -> Vec<Analysis> {
        let mut analyses = Analysis::of_files().to_vec();
        analyses.extend(self.reads_text.then(Analysis::lines));
        analyses
            .extend(self.captions.as_ref().map(|model| Analysis::captions_by(model.fingerprint)));
        analyses
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_survive_and_odd_ones_are_not_set() {
        let model = CaptionModel { fingerprint: ModelFingerprint([7; 16]), name: "a b/c".into() };
        for settings in [
            Settings::default(),
            Settings { reads_text: false, captions: None },
            Settings { reads_text: true, captions: Some(model) },
        ] {
            let set = |(name, value): (String, Option<String>)| Some((name, value?));
            let entries: BTreeMap<_, _> = settings.entries().into_iter().filter_map(set).collect();
            assert_eq!(Settings::of(&entries), settings);
            assert_eq!(settings.analyses().contains(&Analysis::lines()), settings.reads_text);
        }
        let odd = [("captions".to_owned(), "no fingerprint".to_owned())];
        assert_eq!(Settings::of(&odd.into()), Settings::default());
    }
}
