//! `config.json` and `preprocessor_config.json` of transformers' `CLIPModel` and `MetaClip2Model`
//! (`SiglipModel`: `siglip.rs`, `Siglip2Model`: `naflex.rs`, `ChineseCLIPModel`:
//! `chinese_clip.rs`; timm's repositories: `timm_repository.rs`).

use serde_json::{Value, json};

use crate::Checkpoint;
use crate::config::section::Section;
use crate::config::{
    Activation, ImageConfig, ImagePooling, Layout, ModelConfig, Projection, TextConfig,
    TextPooling, TextTransformerConfig, TransformerConfig, VitConfig, blip, chinese_clip, naflex,
    preprocess, siglip, timm_repository,
};
use crate::config::{TokenizerFamily, TokenizerSpec};
use crate::error::CheckpointError;

pub(super) const CONFIG: &str = "config.json";
pub(super) const PREPROCESSOR: &str = "preprocessor_config.json";

/// Keys that say how a model was trained, stored or generates text: no part of the towers.
pub(super) const IGNORED: &[&str] = &[
    "_attn_implementation_autoset",
    "_commit_hash",
    "_name_or_path",
    "add_cross_attention",
    "architectures",
    "attention_dropout",
    "bad_words_ids",
    "begin_suppress_tokens",
    "chunk_size_feed_forward",
    "cross_attention_hidden_size",
    "decoder_start_token_id",
    "diversity_penalty",
    "do_sample",
    "dropout",
    "dtype",
    "early_stopping",
    "encoder_no_repeat_ngram_size",
    "exponential_decay_length_penalty",
    "finetuning_task",
    "forced_bos_token_id",
    "forced_eos_token_id",
    "gradient_checkpointing",
    "id2label",
    "initializer_factor",
    "initializer_range",
    "is_composition",
    "is_decoder",
    "is_encoder_decoder",
    "label2id",
    "length_penalty",
    "logit_scale_init_value",
    "max_length",
    "min_length",
    "model_type",
    "no_repeat_ngram_size",
    "num_beam_groups",
    "num_beams",
    "num_return_sequences",
    "output_attentions",
    "output_hidden_states",
    "output_scores",
    "prefix",
    "problem_type",
    "projection_dim",
    "pruned_heads",
    "remove_invalid_values",
    "repetition_penalty",
    "return_dict",
    "return_dict_in_generate",
    "sep_token_id",
    "suppress_tokens",
    "task_specific_params",
    "temperature",
    "text_config_dict",
    "tf_legacy_loss",
    "tie_encoder_decoder",
    "tie_word_embeddings",
    "tokenizer_class",
    "top_k",
    "top_p",
    "torch_dtype",
    "torchscript",
    "transformers_version",
    "typical_p",
    "use_bfloat16",
    "use_cache",
    "use_return_dict",
    "vision_config_dict",
];

pub(super) fn read(checkpoint: &Checkpoint) -> Result<ModelConfig, CheckpointError> {
    let mut json = checkpoint.json(CONFIG)?;
    if timm_repository::is_one(&json) {
        return timm_repository::read(&json);
    }
    merge_legacy(&mut json);
    let whole = Section::whole(CONFIG, &json)?;
    let kind = match whole.text("model_type")? {
        Some("clip") => Kind::Clip,
        Some("metaclip_2") => Kind::MetaClip2,
        Some("siglip") => return siglip::read(checkpoint, whole),
        Some("siglip2") => return naflex::read(checkpoint, whole),
        Some("chinese_clip") => return chinese_clip::read(checkpoint, whole),
        Some(blip::MODEL_TYPE) => {
            return Err(CheckpointError::Captioner { name: checkpoint.name() });
        }
        Some(_) => {
            let known = "seer knows clip, metaclip_2, siglip, siglip2 and chinese_clip here";
            return Err(whole.refuse("model_type", known));
        }
        None => {
            let known = "clip, metaclip_2, siglip, siglip2 or chinese_clip";
            return Err(whole.absent("model_type", known));
        }
    };
    let dim = whole.size("projection_dim")?.unwrap_or(512);
    let empty = json!({});
    let vision =
        whole.section("vision_config")?.map_or_else(|| Section::whole(CONFIG, &empty), Ok)?;
    let image = vit(vision)?;
    let text = whole.section("text_config")?.map_or_else(|| Section::whole(CONFIG, &empty), Ok)?;
    let text = text_transformer(text, kind)?;
    whole.ignore(IGNORED);
    whole.finish()?;

    let preprocessor = checkpoint.json(PREPROCESSOR)?;
    let section = Section::whole(PREPROCESSOR, &preprocessor)?;
    let preprocess = preprocess::hugging_face(&section, image.image, &preprocess::CLIP)?;
    section.finish()?;
    let tokenizer = TokenizerSpec {
        layout: Layout::HuggingFace,
        family: match kind {
            Kind::Clip => TokenizerFamily::Clip,
            Kind::MetaClip2 => TokenizerFamily::LanguageModel,
        },
        context_length: text.context_length,
        vocab_size: text.vocab_size,
        end_id: match text.pooling {
            TextPooling::Id(id) => Some(id),
            _ => None,
        },
    };
    Ok(ModelConfig {
        dim,
        image: ImageConfig::Vit(image),
        text: Some(TextConfig::Transformer(text)),
        text_apart: false,
        preprocess,
        tokenizer: Some(tokenizer),
        classes: Vec::new(),
        name_weights: None,
    })
}

/// Two models of the same towers.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Clip,
    /// With a tokenizer of many languages, and an end id that is believed whatever it is.
    MetaClip2,
}

/// Old files carry the settings twice; the `_dict` ones win, as transformers has it.
fn merge_legacy(json: &mut Value) {
    for name in ["text_config", "vision_config"] {
        let Some(legacy) = json.get_mut(format!("{name}_dict")).map(Value::take) else { continue };
        let Value::Object(legacy) = legacy else { continue };
        if let Some(section) = json.get_mut(name).and_then(Value::as_object_mut) {
            section.extend(legacy);
        } else {
            json[name] = Value::Object(legacy);
        }
    }
}

fn transformer(section: &Section, wide: bool) -> Result<TransformerConfig, CheckpointError> {
    let [width, mlp_width, heads] = if wide { [768, 3072, 12] } else { [512, 2048, 8] };
    let config = TransformerConfig {
        width: section.size("hidden_size")?.unwrap_or(width),
        layers: section.size("num_hidden_layers")?.unwrap_or(12),
        heads: section.size("num_attention_heads")?.unwrap_or(heads),
        mlp_width: section.size("intermediate_size")?.unwrap_or(mlp_width),
        activation: activation(section)?,
        eps: section.number("layer_norm_eps")?.unwrap_or(1e-5) as f32,
        layer_scale: false,
    };
    if !config.width.is_multiple_of(config.heads) {
        return Err(section.refuse("num_attention_heads", "it should divide hidden_size"));
    }
    Ok(config)
}

fn activation(section: &Section) -> Result<Activation, CheckpointError> {
    match section.text("hidden_act")?.unwrap_or("quick_gelu") {
        "quick_gelu" => Ok(Activation::QuickGelu),
        "gelu" => Ok(Activation::Gelu),
        "gelu_new" | "gelu_pytorch_tanh" => Ok(Activation::GeluTanh),
        _ => Err(section
            .refuse("hidden_act", "seer knows gelu, quick_gelu, gelu_new and gelu_pytorch_tanh")),
    }
}

pub(super) fn vit(section: Section) -> Result<VitConfig, CheckpointError> {
    section.only("num_channels", &[json!(3)])?;
    let config = VitConfig {
        image: section.extent("image_size")?.unwrap_or([224, 224]),
        patch: section.extent("patch_size")?.unwrap_or([32, 32]),
        transformer: transformer(&section, true)?,
        norm_before: true,
        pooling: ImagePooling::Class,
        norm_after_pooling: true,
        projection: Projection::Linear { bias: false },
    };
    if config.patch[0] > config.image[0] || config.patch[1] > config.image[1] {
        return Err(section.refuse("patch_size", "it should not exceed image_size"));
    }
    finish(section)?;
    Ok(config)
}

fn text_transformer(
    section: Section,
    kind: Kind,
) -> Result<TextTransformerConfig, CheckpointError> {
    section.ignore(&["bos_token_id"]); // the tokenizer knows it
    // Files written before transformers 4.24 carry the generic default 2, with which the text is
    // pooled at its highest id.
    let pooling = match section.id("eos_token_id")?.unwrap_or(49_407) {
        2 if kind == Kind::Clip => TextPooling::HighestId,
        id => TextPooling::Id(id),
    };
    let config = TextTransformerConfig {
        context_length: section.size("max_position_embeddings")?.unwrap_or(77),
        vocab_size: section.size("vocab_size")?.unwrap_or(49_408),
        transformer: transformer(&section, false)?,
        causal: true,
        pooling,
        pad_id: section.id("pad_token_id")?.unwrap_or(1),
        projection: Projection::Linear { bias: false },
    };
    finish(section)?;
    Ok(config)
}

fn finish(section: Section) -> Result<(), CheckpointError> {
    section.ignore(IGNORED);
    section.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(config: Value) -> Result<ModelConfig, CheckpointError> {
        let folder = tempfile::tempdir().unwrap();
        let preprocessor = json!({"size": 224, "crop_size": 224});
        std::fs::write(folder.path().join(CONFIG), config.to_string()).unwrap();
        std::fs::write(folder.path().join(PREPROCESSOR), preprocessor.to_string()).unwrap();
        read(&Checkpoint::Folder(folder.path().to_path_buf()))
    }

    #[test]
    fn what_is_absent_is_as_in_the_first_clip() {
        let config = from(json!({"model_type": "clip"})).unwrap();
        let ImageConfig::Vit(vit) = &config.image else { panic!() };
        assert_eq!((config.dim, vit.transformer.width, vit.patch), (512, 768, [32, 32]));
        let Some(TextConfig::Transformer(text)) = &config.text else { panic!() };
        assert_eq!((text.transformer.heads, text.pooling), (8, TextPooling::Id(49_407)));
    }

    #[test]
    fn the_legacy_end_id_means_the_highest() {
        let config = from(json!({"model_type": "clip", "text_config": {"eos_token_id": 2}}));
        let Some(TextConfig::Transformer(text)) = config.unwrap().text else { panic!() };
        assert_eq!(text.pooling, TextPooling::HighestId);
    }

    #[test]
    fn metaclip_2_pools_at_its_end_id() {
        let config = from(json!({"model_type": "metaclip_2", "text_config": {"eos_token_id": 2}}));
        let config = config.unwrap();
        assert_eq!(config.tokenizer.as_ref().unwrap().family, TokenizerFamily::LanguageModel);
        assert_eq!(config.tokenizer.as_ref().unwrap().end_id, Some(2));
        let Some(TextConfig::Transformer(text)) = config.text else { panic!() };
        assert_eq!(text.pooling, TextPooling::Id(2));
    }

    #[test]
    fn legacy_dicts_win() {
        let config = from(json!({
            "model_type": "clip",
            "vision_config": {"hidden_act": "gelu", "num_hidden_layers": 3},
            "vision_config_dict": {"num_hidden_layers": 4},
            "text_config_dict": null,
        }));
        let ImageConfig::Vit(vit) = config.unwrap().image else { panic!() };
        assert_eq!((vit.transformer.layers, vit.transformer.activation), (4, Activation::Gelu));
    }

    #[test]
    fn unknown_settings_are_refused_by_name() {
        for (config, name) in [
            (json!({"model_type": "siglip3"}), "model_type"),
            (json!({}), "model_type"),
            (json!({"model_type": "clip", "wings": 2}), "wings"),
            (
                json!({"model_type": "clip", "text_config": {"hidden_act": "relu"}}),
                "text_config.hidden_act",
            ),
            (json!({"model_type": "clip", "vision_config": {"num_channels": 4}}), "num_channels"),
            (json!({"model_type": "clip", "vision_config": {"num_attention_heads": 7}}), "heads"),
            (json!({"model_type": "clip", "vision_config": {"use_rope": true}}), "use_rope"),
        ] {
            let error = from(config).unwrap_err().to_string();
            assert!(error.contains(name), "{error}");
        }
    }
}
