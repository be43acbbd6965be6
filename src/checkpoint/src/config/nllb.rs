//! NLLB's encoder as a text tower (NLLB-CLIP): `text_cfg` and the translation model's settings.

use crate::config::huggingface::IGNORED;
use crate::config::section::Section;
use crate::config::{Activation, NllbConfig, TransformerConfig, language_model_projection};
use crate::error::CheckpointError;

/// Added to the variance in every layer norm; transformers has it as a constant.
const EPS: f32 = 1e-5;

/// `text_cfg` and `config.json` of a model of the type "m2m_100"; `dim` is the size of the shared
/// space.
pub(super) fn read(
    section: Section,
    model: Section,
    dim: usize,
) -> Result<NllbConfig, CheckpointError> {
    if section.text("hf_pooler_type")?.unwrap_or("mean_pooler") != "cls_pooler" {
        return Err(section.refuse("hf_pooler_type", "seer knows cls_pooler for this model"));
    }
    let transformer = transformer(&model)?;
    let width = transformer.width;
    let projection = language_model_projection::read(&section, width, dim)?;
    let scaled = model.flag("scale_embedding", true)?;
    let config = NllbConfig {
        context_length: section.size("context_length")?.unwrap_or(77),
        vocab_size: model.size("vocab_size")?.unwrap_or(128_112),
        scale: if scaled { (width as f32).sqrt() } else { 1.0 },
        transformer,
        pad_id: model.id("pad_token_id")?.unwrap_or(1),
        projection,
    };
    // The decoder's, and numbers that positions without parameters are not bound by.
    model.ignore(&["decoder_attention_heads", "decoder_ffn_dim", "decoder_layerdrop"]);
    model.ignore(&["decoder_layers", "max_position_embeddings", "num_hidden_layers"]);
    model.ignore(&["bos_token_id", "eos_token_id", "init_std", "encoder_layerdrop"]);
    model.ignore(&["activation_dropout"]);
    model.ignore(IGNORED);
    model.finish()?;
    section.finish().map(|()| config)
}

fn transformer(model: &Section) -> Result<TransformerConfig, CheckpointError> {
    let config = TransformerConfig {
        width: model.size("d_model")?.unwrap_or(1024),
        layers: model.size("encoder_layers")?.unwrap_or(12),
        heads: model.size("encoder_attention_heads")?.unwrap_or(16),
        mlp_width: model.size("encoder_ffn_dim")?.unwrap_or(4096),
        activation: match model.text("activation_function")?.unwrap_or("relu") {
            "relu" => Activation::Relu,
            "gelu" => Activation::Gelu,
            _ => return Err(model.refuse("activation_function", "seer knows relu and gelu")),
        },
        eps: EPS,
        layer_scale: false,
    };
    if !config.width.is_multiple_of(config.heads) {
        return Err(model.refuse("encoder_attention_heads", "it should divide d_model"));
    }
    if !config.width.is_multiple_of(2) || config.width < 4 {
        return Err(model.refuse("d_model", "half of it are sines, half cosines"));
    }
    Ok(config)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn from(text: &Value, model: &Value) -> Result<NllbConfig, CheckpointError> {
        let model = Section::whole("hf_text/config.json", model)?;
        model.ignore(&["model_type"]);
        read(Section::whole("open_clip_config.json", text)?, model, 512)
    }

    #[test]
    fn what_is_absent_is_as_in_transformers() {
        let config =
            from(&json!({"hf_pooler_type": "cls_pooler", "hf_proj_type": "linear"}), &json!({}))
                .unwrap();
        assert_eq!((config.scale, config.pad_id, config.context_length), (32.0, 1, 77));
        assert_eq!(config.transformer.activation, Activation::Relu);
    }

    #[test]
    fn unknown_settings_are_refused_by_name() {
        let linear = json!({"hf_pooler_type": "cls_pooler", "hf_proj_type": "linear"});
        let mean = json!({"hf_proj_type": "linear", "hf_pooler_type": "mean_pooler"});
        for (text, model, name) in [
            (&linear, json!({"activation_function": "swish"}), "activation_function"),
            (&linear, json!({"d_model": 100}), "encoder_attention_heads"),
            (&linear, json!({"wings": 2}), "wings"),
            (
                &json!({"hf_pooler_type": "cls_pooler", "hf_proj_type": "conv"}),
                json!({}),
                "hf_proj_type",
            ),
            (&mean, json!({}), "hf_pooler_type"),
        ] {
            let error = from(text, &model).unwrap_err().to_string();
            assert!(error.contains(name), "{error}");
        }
    }
}
