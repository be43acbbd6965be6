//! What is known of one checkpoint before it is downloaded.

use serde::{Deserialize, Serialize};

use crate::config::Layout;

/// One line of `models.jsonl`.
///
/// Figures are of the whole model, both towers, unless they say otherwise. `None` where no source gives one, or, for
/// the built-in model, where the model itself says so.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Architecture and training run as OpenCLIP names them, `ViT-B-32/laion2b_s34b_b79k`; the hub id of a checkpoint
    /// that OpenCLIP does not name; `builtin` for the model in the program.
    pub name: String,
    /// The family of its towers, such as `vit`, `siglip2`, `convnext`.
    pub family: String,
    /// Repository on the Hugging Face hub; `None` for the built-in model.
    pub hub: Option<String>,
    /// A revision of the repository that holds the weights as safetensors, for one whose main revision had them
    /// only pickled when this list was made. It is asked only where the main revision still lacks them.
    pub conversion: Option<String>,
    /// How the repository's files are laid out.
    pub layout: Option<Published>,
    /// The weights file of a repository that holds nothing else; its settings are those of the architecture.
    pub bare_weights: Option<String>,
    /// `model_type` in the `config.json` of transformers' layout.
    pub model_type: Option<String>,
    /// Whether it has no text tower: it finds similar pictures, not words.
    #[serde(default)]
    pub image_only: bool,
    /// Classes of its classifier, for an image-only model.
    pub classes: Option<usize>,
    /// Parameters, in millions.
    pub params_millions: Option<f32>,
    /// Those of the image tower alone.
    pub image_params_millions: Option<f32>,
    /// Operations for one picture and one text of full length, in billions; a multiply-add counts as two.
    pub gflops: Option<f32>,
    /// Those for one picture alone.
    pub image_gflops: Option<f32>,
    /// Numbers in an embedding.
    pub dim: Option<usize>,
    /// Side of the square picture the image tower sees, in pixels; `None` where it follows the picture.
    pub resolution: Option<u32>,
    /// Most tokens in one text, start and end tokens included.
    pub context_length: Option<usize>,
    /// `gelu` or `quick_gelu`: what OpenCLIP's own transformers were trained with, whatever the checkpoint's JSON
    /// says; `None` where the checkpoint has none.
    pub activation: Option<String>,
    /// Mean of the pixels per channel, where it is not CLIP's.
    pub mean: Option<[f32; 3]>,
    /// Their standard deviation, where it is not CLIP's.
    pub std: Option<[f32; 3]>,
    /// Interpolation of the resize, where it is not `bicubic`.
    pub interpolation: Option<String>,
    /// `squash` or `longest`, where the resize is not to the shortest edge.
    pub resize_mode: Option<String>,
    /// SPDX identifier, or the publisher's own name for it.
    pub license: Option<String>,
    /// Share of ImageNet's 50,000 validation pictures named rightly without training on it, 0 to 1.
    pub zero_shot_imagenet: Option<f32>,
    /// The same after fine-tuning on ImageNet, for an image-only model.
    pub imagenet_fine_tuned: Option<f32>,
    /// Share of Flickr30k's test captions that find their picture among the first five of 1,000, 0 to 1.
    pub flickr30k_recall_5: Option<f32>,
    /// Share of COCO's test captions that find their picture among the first five of 5,000, 0 to 1.
    pub coco_recall_5: Option<f32>,
    /// Who published these figures.
    pub zero_shot_source: Option<String>,
    /// Languages of the captions it was trained on, ISO 639-1; `mul` for many.
    pub languages: Vec<String>,
    /// One sentence for people.
    pub note: String,
    /// Other names it goes by.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Whether it is one of the few worth trying first.
    #[serde(default)]
    pub recommended: bool,
    /// Whether the architecture's name alone means this one.
    #[serde(default, rename = "default")]
    pub is_default: bool,
}

/// How a repository's files are laid out.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Published {
    /// OpenCLIP's `open_clip_config.json`.
    OpenClip,
    /// transformers' `config.json` and `preprocessor_config.json`.
    HuggingFace,
    /// timm's `config.json`: an image tower with a classifier.
    Timm,
}

impl Entry {
    /// The part of the name before the slash; the whole of a hub id.
    pub fn architecture(&self) -> &str {
        match (self.layout, self.name.split_once('/')) {
            (Some(Published::OpenClip), Some((architecture, _))) => architecture,
            _ => &self.name,
        }
    }

    /// Whether this is the model in the program, which is never fetched.
    pub fn is_builtin(&self) -> bool {
        self.hub.is_none()
    }

    /// Whether its captions were in this language (ISO 639-1), or in many. A model of many languages knows some of
    /// them better than others.
    pub fn knows(&self, language: &str) -> bool {
        let is_it = |known: &String| known == "mul" || known.eq_ignore_ascii_case(language);
        self.languages.iter().any(is_it)
    }

    /// Whether everybody may use it for everything, as far as its licence is known.
    pub fn is_free(&self) -> bool {
        let license = self.license.as_deref().unwrap_or_default().to_lowercase();
        !license.is_empty()
            && license.split(" or ").all(|part| ["mit", "apache-2.0"].contains(&part.trim()))
    }

    /// The layout that is fetched first, where the repository has several.
    pub fn layout(&self) -> Option<Layout> {
        match self.layout? {
            Published::OpenClip => Some(Layout::OpenClip),
            Published::HuggingFace => Some(Layout::HuggingFace),
            Published::Timm => None,
        }
    }
}
