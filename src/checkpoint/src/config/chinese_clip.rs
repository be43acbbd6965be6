//! `config.json` and `preprocessor_config.json` of transformers' `ChineseCLIPModel` (Yang and
//! others, 2022): CLIP's image tower, BERT for text.

use serde_json::json;

use crate::Checkpoint;
use crate::config::huggingface::{self, IGNORED, PREPROCESSOR};
use crate::config::section::Section;
use crate::config::{
    BertConfig, BertPooling, ImageConfig, Layout, ModelConfig, Projection, TextConfig, bert,
    preprocess,
};
use crate::config::{TokenizerFamily, TokenizerSpec};
use crate::error::CheckpointError;

/// Most tokens in one text: all that the models were trained with, which is less than BERT has
/// positions for (`context_length` of `tokenize` in <https://github.com/OFA-Sys/Chinese-CLIP>).
const CONTEXT: usize = 52;

/// `whole` is `config.json` with the `model_type` `"chinese_clip"`.
pub(super) fn read(
    checkpoint: &Checkpoint,
    whole: Section,
) -> Result<ModelConfig, CheckpointError> {
    let empty = json!({});
    let part =
        |name: &str| whole.section(name)?.map_or_else(|| Section::whole("config.json", &empty), Ok);
    let dim = whole.size("projection_dim")?.unwrap_or(512);
    let image = huggingface::vit(part("vision_config")?)?;
    let text = text(part("text_config")?)?;
    whole.ignore(IGNORED);
    whole.finish()?;
    let preprocessor = checkpoint.json(PREPROCESSOR)?;
    let section = Section::whole(PREPROCESSOR, &preprocessor)?;
    let preprocess = preprocess::hugging_face(&section, image.image, &preprocess::CLIP)?;
    section.finish()?;
    let tokenizer = TokenizerSpec {
        layout: Layout::HuggingFace,
        family: TokenizerFamily::LanguageModel,
        context_length: text.context_length,
        vocab_size: text.vocab_size,
        end_id: None,
    };
    Ok(ModelConfig {
        dim,
        image: ImageConfig::Vit(image),
        text: Some(TextConfig::Bert(text)),
        text_apart: false,
        preprocess,
        tokenizer: Some(tokenizer),
        classes: Vec::new(),
        name_weights: None,
    })
}

fn text(section: Section) -> Result<BertConfig, CheckpointError> {
    // Left over from the language model that training began with; its pooler is not there.
    section.ignore(&["directionality", "output_past", "pooler_fc_size", "pooler_type"]);
    section.ignore(&["pooler_num_attention_heads", "pooler_num_fc_layers", "pooler_size_per_head"]);
    let transformer = bert::transformer(&section)?;
    let positions = section.size("max_position_embeddings")?.unwrap_or(512);
    let config = BertConfig {
        context_length: CONTEXT.min(positions),
        vocab_size: section.size("vocab_size")?.unwrap_or(30_522),
        positions,
        first_position: 0,
        token_types: section.size("type_vocab_size")?.unwrap_or(2),
        transformer,
        pad_id: section.id("pad_token_id")?.unwrap_or(0),
        pooling: BertPooling::First,
        projection: Projection::Linear { bias: false },
    };
    section.ignore(IGNORED);
    section.finish().map(|()| config)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    fn from(config: &Value) -> Result<ModelConfig, CheckpointError> {
        let folder = tempfile::tempdir().unwrap();
        let preprocessor = json!({"do_center_crop": false, "size": {"height": 224, "width": 224},
            "feature_extractor_type": "ChineseCLIPFeatureExtractor"});
        std::fs::write(folder.path().join(PREPROCESSOR), preprocessor.to_string()).unwrap();
        let whole = Section::whole("config.json", config).unwrap();
        read(&Checkpoint::Folder(folder.path().to_path_buf()), whole)
    }

    /// As OFA-Sys publishes it, in the settings that say something.
    fn published(dim: usize, vision: Value, text: Value) -> Value {
        let mut config = json!({"model_type": "chinese_clip", "projection_dim": dim,
            "text_config": {"directionality": "bidi", "output_past": true, "vocab_size": 21128,
                "model_type": "chinese_clip_text_model", "pooler_fc_size": 768,
                "pooler_num_attention_heads": 12, "pooler_num_fc_layers": 3,
                "pooler_size_per_head": 128, "pooler_type": "first_token_transform",
                "bos_token_id": 0, "eos_token_id": 2},
            "vision_config": {"dropout": 0.0, "model_type": "chinese_clip_vision_model"}});
        for (section, more) in [("vision_config", vision), ("text_config", text)] {
            let section = config[section].as_object_mut().unwrap();
            section.extend(more.as_object().unwrap().clone());
        }
        config
    }

    #[test]
    fn every_published_size_is_read() {
        // (dim, image tower: patch, width, blocks, heads, pixels; text tower: width, blocks, heads)
        for (dim, [patch, width, layers, heads, pixels], [text_width, text_layers, text_heads]) in [
            (512, [16, 768, 12, 12, 224], [768, 12, 12]),
            (768, [14, 1024, 24, 16, 224], [768, 12, 12]),
            (1024, [14, 1280, 32, 16, 224], [1024, 24, 16]),
        ] {
            let vision = json!({"patch_size": patch, "hidden_size": width, "image_size": pixels,
                "intermediate_size": 4 * width, "num_hidden_layers": layers,
                "num_attention_heads": heads});
            let text = json!({"hidden_size": text_width, "num_hidden_layers": text_layers,
                "intermediate_size": 4 * text_width, "num_attention_heads": text_heads});
            let config = from(&published(dim, vision, text)).unwrap();
            let (ImageConfig::Vit(vit), Some(TextConfig::Bert(bert))) =
                (&config.image, &config.text)
            else {
                panic!()
            };
            assert_eq!((config.dim, vit.transformer.width, vit.patch), (dim, width, [patch; 2]));
            assert_eq!((vit.transformer.heads, vit.transformer.layers), (heads, layers));
            assert_eq!(
                (bert.transformer.width, bert.transformer.layers),
                (text_width, text_layers)
            );
            assert_eq!((bert.context_length, bert.vocab_size, bert.positions), (52, 21_128, 512));
            assert_eq!((bert.pooling, bert.transformer.eps), (BertPooling::First, 1e-12));
        }
    }

    #[test]
    fn unknown_settings_are_refused_by_name() {
        for (vision, text, name) in [
            (json!({"wings": 2}), json!({}), "vision_config.wings"),
            (json!({}), json!({"position_embedding_type": "rotary"}), "position_embedding_type"),
            (json!({}), json!({"add_pooling_layer": true}), "text_config.add_pooling_layer"),
        ] {
            let error = from(&published(512, vision, text)).unwrap_err().to_string();
            assert!(error.contains(name), "{error}");
        }
    }
}
