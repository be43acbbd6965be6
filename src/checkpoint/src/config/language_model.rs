//! `text_cfg` with an `hf_model_name`: a text tower of transformers behind OpenCLIP's projection.
//!
//! Its own settings lie beside it as `hf_text/config.json`, or are known by the name; checkpoints
//! on the hub leave them to the language model's repository.

use serde_json::{Value, json};

use crate::Checkpoint;
use crate::config::section::Section;
use crate::config::{TextConfig, bert, nllb};
use crate::error::CheckpointError;

pub(super) const CONFIG: &str = "hf_text/config.json";

/// For a shared space of size `dim`.
pub(super) fn read(
    section: Section,
    checkpoint: &Checkpoint,
    dim: usize,
) -> Result<TextConfig, CheckpointError> {
    let name = section.text("hf_model_name")?.unwrap_or_default();
    let json = match known(name) {
        Some(json) if !checkpoint.has(CONFIG) => json,
        _ => checkpoint.json(CONFIG)?,
    };
    section.ignore(&["hf_tokenizer_name", "hf_model_pretrained", "output_tokens", "width"]);
    let model = Section::whole(CONFIG, &json)?;
    if model.value("model_type") == Some(&json!("m2m_100")) {
        return nllb::read(section, model, dim).map(TextConfig::Nllb);
    }
    bert::read(section, model, dim).map(TextConfig::Bert)
}

/// The settings of language models that OpenCLIP's published models name.
fn known(name: &str) -> Option<Value> {
    let roberta = |kind: &str, vocab_size: usize, large: bool| {
        json!({
            "model_type": kind, "vocab_size": vocab_size, "max_position_embeddings": 514,
            "type_vocab_size": 1, "pad_token_id": 1, "layer_norm_eps": 1e-5, "hidden_act": "gelu",
            "hidden_size": if large { 1024 } else { 768 },
            "num_hidden_layers": if large { 24 } else { 12 },
            "num_attention_heads": if large { 16 } else { 12 },
            "intermediate_size": if large { 4096 } else { 3072 },
        })
    };
    let nllb = |layers: usize, mlp_width: usize| {
        json!({
            "model_type": "m2m_100", "vocab_size": 256_206, "d_model": 1024, "pad_token_id": 1,
            "encoder_layers": layers, "encoder_ffn_dim": mlp_width, "encoder_attention_heads": 16,
            "max_position_embeddings": 1024, "activation_function": "relu",
            "scale_embedding": true,
        })
    };
    Some(match name {
        "roberta-base" | "FacebookAI/roberta-base" => roberta("roberta", 50_265, false),
        "xlm-roberta-base" | "FacebookAI/xlm-roberta-base" => {
            roberta("xlm-roberta", 250_002, false)
        }
        "xlm-roberta-large" | "FacebookAI/xlm-roberta-large" => {
            roberta("xlm-roberta", 250_002, true)
        }
        "facebook/nllb-200-distilled-600M" => nllb(12, 4096),
        "facebook/nllb-200-distilled-1.3B" => nllb(24, 8192),
        _ => return None,
    })
}
