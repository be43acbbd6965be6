//! BERT, RoBERTa and XLM-RoBERTa text towers of OpenCLIP: `text_cfg` and the language model's own
//! settings.

use serde_json::json;

use crate::config::huggingface::IGNORED;
use crate::config::section::Section;
use crate::config::{
    Activation, BertConfig, BertPooling, TransformerConfig, language_model_projection,
};
use crate::error::CheckpointError;

/// `text_cfg` and the language model's `config.json`; `dim` is the size of the shared space.
pub(super) fn read(
    section: Section,
    model: Section,
    dim: usize,
) -> Result<BertConfig, CheckpointError> {
    let (kind, transformer) = language_model(&model)?;
    let width = transformer.width;
    let pooling = match section.text("hf_pooler_type")?.unwrap_or("mean_pooler") {
        "mean_pooler" => BertPooling::Mean,
        "cls_pooler" => BertPooling::FirstPooled,
        "cls_last_hidden_state_pooler" => BertPooling::First,
        _ => {
            let known = "seer knows mean_pooler, cls_pooler and cls_last_hidden_state_pooler";
            return Err(section.refuse("hf_pooler_type", known));
        }
    };
    let projection = language_model_projection::read(&section, width, dim)?;
    let pad_id = model.id("pad_token_id")?.unwrap_or(kind.pad_id);
    let config = BertConfig {
        context_length: section.size("context_length")?.unwrap_or(77),
        vocab_size: model.size("vocab_size")?.unwrap_or(kind.vocab_size),
        positions: model.size("max_position_embeddings")?.unwrap_or(512),
        first_position: if kind.positions_after_pad { pad_id as usize + 1 } else { 0 },
        token_types: model.size("type_vocab_size")?.unwrap_or(2),
        transformer,
        pad_id,
        pooling,
        projection,
    };
    if config.first_position + config.context_length > config.positions {
        return Err(section.refuse("context_length", "it exceeds the language model's positions"));
    }
    model.ignore(IGNORED);
    model.finish()?;
    section.finish().map(|()| config)
}

/// What differs between the kinds of BERT.
struct Kind {
    pad_id: u32,
    vocab_size: usize,
    positions_after_pad: bool,
}

fn language_model(model: &Section) -> Result<(Kind, TransformerConfig), CheckpointError> {
    let kind = match model.text("model_type")? {
        Some("bert") => Kind { pad_id: 0, vocab_size: 30_522, positions_after_pad: false },
        Some("roberta" | "xlm-roberta") => {
            Kind { pad_id: 1, vocab_size: 50_265, positions_after_pad: true }
        }
        _ => {
            return Err(
                model.refuse("model_type", "seer knows bert, roberta, xlm-roberta and m2m_100")
            );
        }
    };
    transformer(model).map(|transformer| (kind, transformer))
}

/// The blocks of a BERT, and what does not change them.
pub(super) fn transformer(model: &Section) -> Result<TransformerConfig, CheckpointError> {
    model.only("position_embedding_type", &[json!("absolute")])?;
    model.ignore(&["bos_token_id", "eos_token_id", "classifier_dropout"]);
    model.ignore(&["attention_probs_dropout_prob", "hidden_dropout_prob"]);
    let transformer = TransformerConfig {
        width: model.size("hidden_size")?.unwrap_or(768),
        layers: model.size("num_hidden_layers")?.unwrap_or(12),
        heads: model.size("num_attention_heads")?.unwrap_or(12),
        mlp_width: model.size("intermediate_size")?.unwrap_or(3072),
        activation: match model.text("hidden_act")?.unwrap_or("gelu") {
            "gelu" => Activation::Gelu,
            "gelu_new" | "gelu_pytorch_tanh" => Activation::GeluTanh,
            _ => return Err(model.refuse("hidden_act", "seer knows gelu and gelu_new")),
        },
        eps: model.number("layer_norm_eps")?.unwrap_or(1e-12) as f32,
        layer_scale: false,
    };
    if !transformer.width.is_multiple_of(transformer.heads) {
        return Err(model.refuse("num_attention_heads", "it should divide hidden_size"));
    }
    Ok(transformer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Projection;
    use serde_json::Value;

    fn from(text: &Value, model: &Value) -> Result<BertConfig, CheckpointError> {
        let text = Section::whole("open_clip_config.json", text).unwrap();
        text.ignore(&["hf_model_name"]);
        read(text, Section::whole("hf_text/config.json", model).unwrap(), 24)
    }

    #[test]
    fn roberta_counts_positions_after_its_padding() {
        let text = json!({"hf_model_name": "x", "hf_proj_type": "mlp"});
        let config = from(&text, &json!({"model_type": "roberta"})).unwrap();
        assert_eq!((config.first_position, config.pad_id), (2, 1));
        assert_eq!(
            config.projection,
            Projection::Mlp { hidden: 396, inner_bias: false, bias: false }
        );
        let config = from(&text, &json!({"model_type": "bert", "hidden_size": 384})).unwrap();
        assert_eq!((config.first_position, config.pad_id, config.token_types), (0, 0, 2));
        assert_eq!(config.pooling, BertPooling::Mean);
    }

    #[test]
    fn unknown_settings_are_refused_by_name() {
        let linear = json!({"hf_proj_type": "linear"});
        for (text, model, name) in [
            (&linear, json!({"model_type": "t5"}), "model_type"),
            (
                &linear,
                json!({"model_type": "bert", "position_embedding_type": "rotary"}),
                "position_embedding_type",
            ),
            (
                &linear,
                json!({"model_type": "bert", "max_position_embeddings": 50}),
                "context_length",
            ),
            (&linear, json!({"model_type": "bert", "wings": 2}), "wings"),
            (
                &json!({"hf_pooler_type": "max_pooler"}),
                json!({"model_type": "bert"}),
                "hf_pooler_type",
            ),
            (&json!({"hf_proj_type": "conv"}), json!({"model_type": "bert"}), "hf_proj_type"),
        ] {
            let error = from(text, &model).unwrap_err().to_string();
            assert!(error.contains(name), "{error}");
        }
    }
}
