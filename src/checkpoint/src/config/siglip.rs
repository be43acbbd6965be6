//! `config.json` and `preprocessor_config.json` of transformers' `SiglipModel`: SigLIP (Zhai and
//! others, 2023) and the SigLIP 2 models of fixed resolution (Tschannen and others, 2025).

use serde_json::json;

use crate::Checkpoint;
use crate::config::huggingface::{IGNORED, PREPROCESSOR};
use crate::config::section::Section;
use crate::config::{
    Activation, ImageConfig, ImagePooling, Layout, ModelConfig, Projection, TextConfig,
    TextPooling, TextTransformerConfig, TransformerConfig, VitConfig, preprocess,
};
use crate::config::{TokenizerFamily, TokenizerSpec};
use crate::error::CheckpointError;

/// `whole` is `config.json` with the `model_type` "siglip".
pub(super) fn read(
    checkpoint: &Checkpoint,
    whole: Section,
) -> Result<ModelConfig, CheckpointError> {
    let empty = json!({});
    let part =
        |name: &str| whole.section(name)?.map_or_else(|| Section::whole("config.json", &empty), Ok);
    let image = vit(part("vision_config")?)?;
    let dim = image.transformer.width;
    let text = text_transformer(part("text_config")?, dim)?;
    whole.ignore(IGNORED);
    whole.finish()?;
    let preprocessor = checkpoint.json(PREPROCESSOR)?;
    let section = Section::whole(PREPROCESSOR, &preprocessor)?;
    let preprocess = preprocess::hugging_face(&section, image.image, &preprocess::SIGLIP)?;
    section.finish()?;
    let tokenizer = TokenizerSpec {
        layout: Layout::HuggingFace,
        family: TokenizerFamily::SentencePieces { canonical: true },
        context_length: text.context_length,
        vocab_size: text.vocab_size,
        end_id: None,
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

pub(super) fn transformer(section: &Section) -> Result<TransformerConfig, CheckpointError> {
    let config = TransformerConfig {
        width: section.size("hidden_size")?.unwrap_or(768),
        layers: section.size("num_hidden_layers")?.unwrap_or(12),
        heads: section.size("num_attention_heads")?.unwrap_or(12),
        mlp_width: section.size("intermediate_size")?.unwrap_or(3072),
        activation: match section.text("hidden_act")?.unwrap_or("gelu_pytorch_tanh") {
            "gelu_new" | "gelu_pytorch_tanh" => Activation::GeluTanh,
            "gelu" => Activation::Gelu,
            _ => {
                let known = "seer knows gelu, gelu_new and gelu_pytorch_tanh";
                return Err(section.refuse("hidden_act", known));
            }
        },
        eps: section.number("layer_norm_eps")?.unwrap_or(1e-6) as f32,
        layer_scale: false,
    };
    if !config.width.is_multiple_of(config.heads) {
        return Err(section.refuse("num_attention_heads", "it should divide hidden_size"));
    }
    Ok(config)
}

fn vit(section: Section) -> Result<VitConfig, CheckpointError> {
    section.only("num_channels", &[json!(3)])?;
    section.only("vision_use_head", &[json!(true)])?;
    let config = VitConfig {
        image: section.extent("image_size")?.unwrap_or([224, 224]),
        patch: section.extent("patch_size")?.unwrap_or([16, 16]),
        transformer: transformer(&section)?,
        norm_before: false,
        pooling: ImagePooling::Attention,
        norm_after_pooling: false,
        projection: Projection::None,
    };
    if config.patch[0] > config.image[0] || config.patch[1] > config.image[1] {
        return Err(section.refuse("patch_size", "it should not exceed image_size"));
    }
    section.ignore(IGNORED);
    section.finish().map(|()| config)
}

/// `dim`: the width of the image tower, which is the shared space.
pub(super) fn text_transformer(
    section: Section,
    dim: usize,
) -> Result<TextTransformerConfig, CheckpointError> {
    // Files carry ids of another tokenizer here (49406, 49407); the tokenizer knows its own.
    section.ignore(&["bos_token_id", "eos_token_id"]);
    let transformer = transformer(&section)?;
    if section.size("projection_size")?.unwrap_or(transformer.width) != dim {
        return Err(section.refuse("projection_size", "it should be the image tower's width"));
    }
    let config = TextTransformerConfig {
        context_length: section.size("max_position_embeddings")?.unwrap_or(64),
        vocab_size: section.size("vocab_size")?.unwrap_or(32_000),
        transformer,
        causal: false,
        pooling: TextPooling::Last,
        pad_id: section.id("pad_token_id")?.unwrap_or(1),
        projection: Projection::Linear { bias: true },
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
        let preprocessor = json!({"size": {"height": 224, "width": 224}});
        std::fs::write(folder.path().join(PREPROCESSOR), preprocessor.to_string()).unwrap();
        let checkpoint = Checkpoint::Folder(folder.path().to_path_buf());
        let whole = Section::whole("config.json", config).unwrap();
        whole.ignore(&["model_type"]);
        read(&checkpoint, whole)
    }

    #[test]
    fn what_is_absent_is_as_in_the_base_model() {
        let config = from(&json!({"model_type": "siglip"})).unwrap();
        let ImageConfig::Vit(vit) = &config.image else { panic!() };
        assert_eq!((config.dim, vit.pooling), (768, ImagePooling::Attention));
        assert_eq!(vit.transformer.activation, Activation::GeluTanh);
        let Some(TextConfig::Transformer(text)) = &config.text else { panic!() };
        assert_eq!((text.context_length, text.pad_id, text.causal), (64, 1, false));
        assert_eq!(config.preprocess.mean, [0.5; 3]);
    }

    #[test]
    fn unknown_settings_are_refused_by_name() {
        for (vision, text, name) in [
            (json!({"vision_use_head": false}), json!({}), "vision_use_head"),
            (json!({"hidden_act": "relu"}), json!({}), "vision_config.hidden_act"),
            (json!({"num_patches": 256}), json!({}), "num_patches"),
            (json!({}), json!({"projection_size": 512}), "projection_size"),
            (json!({}), json!({"hidden_size": 512, "num_attention_heads": 8}), "projection_size"),
            (json!({}), json!({"wings": 2}), "text_config.wings"),
        ] {
            let error = from(&json!({"vision_config": vision, "text_config": text}));
            let error = error.unwrap_err().to_string();
            assert!(error.contains(name), "{error}");
        }
    }
}
