//! Models to choose from: those that the registry recommends, and those of the library.

use seer_encoders::registry::{self, Entry};
use seer_encoders::{DtypeChoice, speed};

use crate::advice::about;
use crate::{EngineError, Library};

/// What is known of a model before photos are encoded with it.
#[derive(Clone, PartialEq, Debug)]
pub struct OfferedModel {
    /// Its name, by which it is loaded.
    pub name: String,
    /// How good it is, in a sentence or two.
    pub about: String,
    /// Share of ImageNet's pictures that it names right without having been taught their classes, 0 to 1;
    /// `None` where that is not known.
    pub imagenet: Option<f32>,
    /// SPDX identifier of its licence, or the publisher's name for it; `None` where it is not known.
    pub license: Option<String>,
    /// Whether the licence, as far as it is known, lets everybody use it for everything.
    pub is_free: bool,
    /// Languages it was trained on, ISO 639-1; `mul` for many.
    pub languages: Vec<String>,
    /// Parameters of both towers, in millions.
    pub params_millions: Option<f32>,
    /// Numbers per embedding.
    pub dim: Option<usize>,
    /// Photos that this machine's processor encodes in a second.
    pub images_per_second: Option<f64>,
    /// Whether that was measured with the model, and not estimated from its operations.
    pub is_measured: bool,
    /// About how many bytes of memory the program takes with it in f32.
    pub memory_bytes: Option<u64>,
}

impl Library {
    /// The models to choose from, the built-in one first, then those with least work for a photo. Takes up to a
    /// second: the model that is loaded and the processor are measured, unless they were a few minutes ago.
    ///
    /// # Errors
    /// When the store cannot be read, or the loaded model fails.
    pub fn offered_models(&self) -> Result<Vec<OfferedModel>, EngineError> {
        let spaces = self.store.spaces()?;
        let loaded = self.model().ok();
        let is_kept = |entry: &Entry| spaces.iter().any(|space| space.name == entry.name);
        let wanted = |entry: &&Entry| entry.check_loadable().is_ok() && !entry.image_only;
        let mut entries: Vec<&Entry> = registry::all()
            .iter()
            .filter(|entry| entry.recommended || is_kept(entry))
            .filter(wanted)
            .collect();
        let work = |entry: &Entry| entry.image_gflops.unwrap_or(f32::MAX);
        entries
            .sort_by(|a, b| b.is_builtin().cmp(&a.is_builtin()).then(work(a).total_cmp(&work(b))));
        let speed_here = self.speed.with(loaded.as_deref())?;
        let offered = |entry: &Entry| {
            let is_loaded = loaded.as_ref().is_some_and(|model| *model.name() == entry.name);
            let measured = speed_here.images.filter(|_| is_loaded).map(|(_, rate)| rate);
            let estimated = speed::estimate(speed_here.gigaflops, entry).filter(|rate| *rate > 0.0);
            OfferedModel {
                name: entry.name.clone(),
                about: about(entry),
                imagenet: entry.zero_shot_imagenet,
                license: entry.license.clone(),
                is_free: entry.is_free(),
                languages: entry.languages.clone(),
                params_millions: entry.params_millions,
                dim: entry.dim,
                is_measured: measured.is_some(),
                images_per_second: measured.or(estimated),
                memory_bytes: speed::estimate_memory(DtypeChoice::F32, entry),
            }
        };
        Ok(entries.into_iter().map(offered).collect())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use seer_encoders::{DeviceChoice, Model};

    use super::*;
    use crate::OpenOptions;

    #[test]
    fn what_is_offered_says_what_it_costs() {
        let folder = tempfile::tempdir().unwrap();
        let model = Some(Arc::new(Model::builtin(DeviceChoice::Cpu).unwrap()));
        let options = OpenOptions { model, ..OpenOptions::default() };
        let library = Library::open(folder.path(), options).unwrap();
        let offered = library.offered_models().unwrap();
        assert!(offered.len() > 5 && offered[0].name == registry::BUILTIN, "{}", offered[0].name);
        assert!(offered[0].is_measured && offered[0].images_per_second > Some(0.0));
        let rest = &offered[1..];
        assert!(rest.iter().all(|model| !model.is_measured && model.memory_bytes.is_some()));
        let rates: Vec<f64> = rest.iter().filter_map(|model| model.images_per_second).collect();
        assert!(rates.len() > 5 && rates[0] > rates[rates.len() - 1]);
        assert!(rest.iter().any(|model| model.is_free && model.license.is_some()));
        assert!(rest.iter().any(|model| !model.is_free));
    }
}
