//! What is known of a model before it is loaded: one line of `seer models list --json`.

use seer_encoders::hub;
use seer_encoders::registry::{Captioner, Entry};
use serde::Serialize;
use serde_json::{Value, json};

use crate::args::Shared;
use crate::choice::fetch_options;

/// An entry of the registry, and how it stands with it here.
#[derive(Serialize)]
pub struct Known<'a> {
    pub name: &'a str,
    pub family: &'a str,
    pub note: &'a str,
    /// Usable now, without a network.
    pub here: bool,
    /// Whether this seer can load it.
    pub loadable: bool,
    pub image_only: bool,
    pub recommended: bool,
    pub languages: &'a [String],
    pub license: Option<&'a str>,
    pub hub: Option<&'a str>,
    pub params_millions: Option<f32>,
    pub image_params_millions: Option<f32>,
    pub gflops: Option<f32>,
    pub image_gflops: Option<f32>,
    pub dim: Option<usize>,
    pub resolution: Option<u32>,
    pub context_length: Option<usize>,
    pub activation: Option<&'a str>,
    pub zero_shot_imagenet: Option<f32>,
    pub imagenet_fine_tuned: Option<f32>,
    pub flickr30k_recall_5: Option<f32>,
    pub coco_recall_5: Option<f32>,
    /// Who published the figures above.
    pub zero_shot_source: Option<&'a str>,
}

impl<'a> Known<'a> {
    pub fn of(entry: &'a Entry, shared: &Shared) -> Self {
        Self {
            name: &entry.name,
            family: &entry.family,
            note: &entry.note,
            here: is_here(entry, shared),
            loadable: entry.check_loadable().is_ok(),
            image_only: entry.image_only,
            recommended: entry.recommended,
            languages: &entry.languages,
            license: entry.license.as_deref(),
            hub: entry.hub.as_deref(),
            params_millions: entry.params_millions,
            image_params_millions: entry.image_params_millions,
            gflops: entry.gflops,
            image_gflops: entry.image_gflops,
            dim: entry.dim,
            resolution: entry.resolution,
            context_length: entry.context_length,
            activation: entry.activation.as_deref(),
            zero_shot_imagenet: entry.zero_shot_imagenet,
            imagenet_fine_tuned: entry.imagenet_fine_tuned,
            flickr30k_recall_5: entry.flickr30k_recall_5,
            coco_recall_5: entry.coco_recall_5,
            zero_shot_source: entry.zero_shot_source.as_deref(),
        }
    }
}

/// Whether a model can be used now, without a network.
pub fn is_here(entry: &Entry, shared: &Shared) -> bool {
    entry.is_builtin() || hub::cached(&entry.name, &fetch_options(shared)).is_some()
}

/// Codes of languages in few letters: `en`, `many`; nothing for a model that reads no text.
pub fn languages(known: &[String]) -> String {
    match known {
        [one] if one == "mul" => "many".to_owned(),
        some => some.join(" "),
    }
}

/// A model that describes photos: another line of `seer models list --json`.
pub fn captioner(model: &Captioner, is_here: bool) -> Value {
    json!({
        "name": model.name,
        "note": model.note,
        "here": is_here,
        "describes": true,
        "languages": [model.language],
        "license": model.license,
        "hub": model.hub,
        "params_millions": model.params_millions,
        "resolution": model.resolution,
    })
}
