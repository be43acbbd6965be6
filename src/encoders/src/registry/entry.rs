//! What is known of one checkpoint before it is downloaded.

use serde::Deserialize;

use crate::config::Layout;

/// One line of `models.jsonl`.
///
/// Figures are of the whole model, both towers. `None` where nothing was published or, for the built-in model,
/// where the model itself says so.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Architecture and training run as OpenCLIP names them, `ViT-B-32/laion2b_s34b_b79k`; `builtin` alone for the
    /// model in the program.
    pub name: String,
    /// Repository on the Hugging Face hub; `None` for the built-in model.
    pub hub: Option<String>,
    /// A revision of the repository that holds the weights as safetensors, for one whose main revision had them
    /// only pickled when this list was made. It is asked only where the main revision still lacks them.
    pub conversion: Option<String>,
    /// The layout that is fetched first, where the repository has both.
    #[serde(default, deserialize_with = "layout")]
    pub layout: Option<Layout>,
    /// Parameters, in millions.
    pub params_millions: Option<f32>,
    /// Multiply-add operations for one picture and one text, in billions (OpenCLIP's `docs/model_profile.csv`).
    pub gflops: Option<f32>,
    /// Numbers in an embedding.
    pub dim: Option<usize>,
    /// Side of the square picture the image tower sees, in pixels.
    pub resolution: Option<u32>,
    /// Most tokens in one text, start and end tokens included.
    pub context_length: Option<usize>,
    /// `gelu` or `quick_gelu`: what the weights were trained with, whatever the checkpoint's JSON says.
    pub activation: Option<String>,
    /// SPDX identifier, or the publisher's own name for it.
    pub license: String,
    /// Share of ImageNet's 50,000 validation pictures named rightly without training on it, 0 to 1.
    pub zero_shot_imagenet: Option<f32>,
    /// Who measured that.
    pub zero_shot_source: Option<String>,
    /// Languages of the captions it was trained on, ISO 639-1.
    pub languages: Vec<String>,
    /// One sentence for people.
    pub note: String,
    /// Whether the architecture's name alone means this one.
    #[serde(default, rename = "default")]
    pub is_default: bool,
}

impl Entry {
    /// The part of the name before the slash.
    pub fn architecture(&self) -> &str {
        self.name.split_once('/').map_or(&self.name, |(architecture, _)| architecture)
    }

    /// Whether this is the model in the program, which is never fetched.
    pub fn is_builtin(&self) -> bool {
        self.hub.is_none()
    }
}

fn layout<'de, D: serde::Deserializer<'de>>(value: D) -> Result<Option<Layout>, D::Error> {
    match Option::<String>::deserialize(value)?.as_deref() {
        None => Ok(None),
        Some("open_clip") => Ok(Some(Layout::OpenClip)),
        Some("hugging_face") => Ok(Some(Layout::HuggingFace)),
        Some(other) => Err(serde::de::Error::custom(format!("layout is {other:?}"))),
    }
}
