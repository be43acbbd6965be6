//! `config.json` and `preprocessor_config.json` of transformers' `BlipForConditionalGeneration` (Li and others, 2022):
//! a model that describes pictures in words.

use seer_types::PreprocessSpec;
use serde_json::json;

use crate::Checkpoint;
use crate::config::huggingface::{CONFIG, IGNORED, PREPROCESSOR};
use crate::config::section::Section;
use crate::config::{Activation, TransformerConfig, bert, preprocess};
use crate::error::CheckpointError;

/// The `model_type` of its `config.json`.
pub(super) const MODEL_TYPE: &str = "blip";

/// Most tokens of a caption after the start token: transformers' default, which holds whatever the `max_length` in a
/// BLIP's settings says.
const LONGEST: usize = 20;

/// A model that describes pictures: an image tower, and a decoder that writes words while it looks at the tower's
/// tokens.
#[derive(Clone, PartialEq, Debug)]
pub struct CaptionerConfig {
    /// How pictures must be made ready; they are square.
    pub preprocess: PreprocessSpec,
    /// Pixels along an edge of a patch.
    pub patch: usize,
    /// Blocks of the image tower.
    pub image: TransformerConfig,
    /// Blocks of the decoder, each with attention to the picture.
    pub text: TransformerConfig,
    /// Rows of the token embedding.
    pub vocab_size: usize,
    /// Places in a text that the decoder has positions for.
    pub positions: usize,
    /// The id that a caption begins with.
    pub start_id: u32,
    /// The id that ends it.
    pub end_id: u32,
    /// The id that stands behind the end.
    pub pad_id: u32,
    /// Most tokens of a caption, start and end left out.
    pub longest: usize,
}

/// Whether the folder's settings are those of a model that describes pictures, and has no embeddings. False for what
/// cannot be read.
pub fn is_captioner(checkpoint: &Checkpoint) -> bool {
    let json = checkpoint.has(CONFIG).then(|| checkpoint.json(CONFIG).ok()).flatten();
    json.is_some_and(|json| json["model_type"] == MODEL_TYPE)
}

/// Reads the description of a model that describes pictures.
///
/// # Errors
/// `Setting` or `UnknownSetting` for what is not understood, by name; `FileMissing`, `Read`, `Json`.
pub fn read_captioner(checkpoint: &Checkpoint) -> Result<CaptionerConfig, CheckpointError> {
    let json = checkpoint.json(CONFIG)?;
    let whole = Section::whole(CONFIG, &json)?;
    if whole.text("model_type")? != Some(MODEL_TYPE) {
        return Err(whole.refuse("model_type", "seer describes pictures with blip alone"));
    }
    // Of the part that compares pictures with texts, which models of captions do not have.
    whole.ignore(&["image_text_hidden_size", "label_smoothing"]);
    whole.ignore(IGNORED);
    let empty = json!({});
    let part = |name: &str| whole.section(name)?.map_or_else(|| Section::whole(CONFIG, &empty), Ok);
    let vision = part("vision_config")?;
    let (image, size, patch) = image(&vision)?;
    let text = part("text_config")?;
    let config = CaptionerConfig {
        preprocess: preprocess(checkpoint, size)?,
        patch,
        text: decoder(&text, image.width)?,
        image,
        vocab_size: text.size("vocab_size")?.unwrap_or(30_524),
        positions: text.size("max_position_embeddings")?.unwrap_or(512),
        start_id: text.id("bos_token_id")?.unwrap_or(30_522),
        end_id: text.id("sep_token_id")?.unwrap_or(102),
        pad_id: text.id("pad_token_id")?.unwrap_or(0),
        longest: LONGEST,
    };
    for (key, id) in [
        ("bos_token_id", config.start_id),
        ("sep_token_id", config.end_id),
        ("pad_token_id", config.pad_id),
    ] {
        if id as usize >= config.vocab_size {
            return Err(text.refuse(key, "it should be below vocab_size"));
        }
    }
    if config.positions < config.longest {
        return Err(text.refuse("max_position_embeddings", "captions have up to 20 tokens"));
    }
    for section in [vision, text, whole] {
        section.finish()?;
    }
    Ok(config)
}

/// The image tower's blocks, the edge of its pictures and that of a patch.
fn image(section: &Section) -> Result<(TransformerConfig, usize, usize), CheckpointError> {
    section.only("num_channels", &[json!(3)])?;
    section.ignore(IGNORED);
    let image = TransformerConfig {
        width: section.size("hidden_size")?.unwrap_or(768),
        layers: section.size("num_hidden_layers")?.unwrap_or(12),
        heads: section.size("num_attention_heads")?.unwrap_or(12),
        mlp_width: section.size("intermediate_size")?.unwrap_or(3072),
        activation: activation(section)?,
        eps: section.number("layer_norm_eps")?.unwrap_or(1e-5) as f32,
        layer_scale: false,
    };
    check_blocks(section, &image)?;
    let edge = |key: &str, default: usize| match section.extent(key)?.unwrap_or([default; 2]) {
        [down, across] if down == across => Ok(down),
        _ => Err(section.refuse(key, "seer knows square ones")),
    };
    let (size, patch) = (edge("image_size", 384)?, edge("patch_size", 16)?);
    if !size.is_multiple_of(patch) {
        return Err(section.refuse("patch_size", "it should divide image_size"));
    }
    Ok((image, size, patch))
}

/// The decoder's blocks, for an image tower of this width.
fn decoder(section: &Section, image_width: usize) -> Result<TransformerConfig, CheckpointError> {
    section.only("is_decoder", &[json!(true)])?;
    section.ignore(&["encoder_hidden_size", "label_smoothing"]);
    section.ignore(IGNORED);
    // transformers gives BLIP's decoder 8 heads where nothing is said, BERT's 12.
    let heads = section.size("num_attention_heads")?.unwrap_or(8);
    let width = section.size("encoder_hidden_size")?.unwrap_or(image_width);
    if width != image_width {
        return Err(section.refuse("encoder_hidden_size", "it should be the image tower's"));
    }
    activation(section)?;
    let blocks = TransformerConfig { heads, ..bert::transformer(section)? };
    check_blocks(section, &blocks)?;
    Ok(blocks)
}

/// Memory is taken for as many blocks as the settings say before the first of them is read.
fn check_blocks(section: &Section, blocks: &TransformerConfig) -> Result<(), CheckpointError> {
    const MOST: usize = 256;
    if blocks.layers > MOST {
        return Err(section.refuse("num_hidden_layers", "seer knows up to 256"));
    }
    if !blocks.width.is_multiple_of(blocks.heads) {
        return Err(section.refuse("num_attention_heads", "it should divide hidden_size"));
    }
    Ok(())
}

fn activation(section: &Section) -> Result<Activation, CheckpointError> {
    match section.text("hidden_act")?.unwrap_or("gelu") {
        "gelu" => Ok(Activation::Gelu),
        _ => Err(section.refuse("hidden_act", "seer knows gelu in BLIP")),
    }
}

fn preprocess(checkpoint: &Checkpoint, size: usize) -> Result<PreprocessSpec, CheckpointError> {
    let json = checkpoint.json(PREPROCESSOR)?;
    let section = Section::whole(PREPROCESSOR, &json)?;
    // Left over from the processor that this one was copied from.
    section.ignore(&["size_divisor"]);
    let spec = preprocess::hugging_face(&section, [size, size], &preprocess::BLIP)?;
    section.finish().map(|()| spec)
}

#[cfg(test)]
#[path = "blip_tests.rs"]
mod tests;
