//! Published settings of BLIP are understood, others are refused by name.

use seer_types::{Interpolation, ResizeMode};
use serde_json::{Value, json};

use super::*;

/// The settings that say something in `Salesforce/blip-image-captioning-base`, with some of those that say nothing.
fn published() -> Value {
    json!({
        "architectures": ["BlipForConditionalGeneration"], "image_text_hidden_size": 256,
        "initializer_factor": 1.0, "logit_scale_init_value": 2.6592, "model_type": "blip",
        "projection_dim": 512, "torch_dtype": "float32", "transformers_version": null,
        "text_config": {
            "attention_probs_dropout_prob": 0.0, "bos_token_id": 30522, "encoder_hidden_size": 768,
            "eos_token_id": 2, "hidden_act": "gelu", "hidden_dropout_prob": 0.0, "hidden_size": 768,
            "intermediate_size": 3072, "is_decoder": true, "layer_norm_eps": 1e-12,
            "max_length": 20, "max_position_embeddings": 512, "model_type": "blip_text_model",
            "num_attention_heads": 12, "num_beams": 1, "num_hidden_layers": 12, "pad_token_id": 0,
            "projection_dim": 768, "sep_token_id": 102, "use_cache": true, "vocab_size": 30524
        },
        "vision_config": {
            "attention_dropout": 0.0, "dropout": 0.0, "hidden_act": "gelu", "hidden_size": 768,
            "image_size": 384, "intermediate_size": 3072, "layer_norm_eps": 1e-5,
            "model_type": "blip_vision_model", "num_attention_heads": 12, "num_channels": 3,
            "num_hidden_layers": 12, "patch_size": 16, "projection_dim": 512
        }
    })
}

fn preprocessor() -> Value {
    json!({"do_normalize": true, "do_rescale": true, "do_resize": true,
        "image_mean": [0.48145466, 0.4578275, 0.40821073],
        "image_processor_type": "BlipImageProcessor",
        "image_std": [0.26862954, 0.26130258, 0.27577711], "processor_class": "BlipProcessor",
        "resample": 3, "rescale_factor": 0.00392156862745098,
        "size": {"height": 384, "width": 384}, "size_divisor": 32})
}

fn files(config: &Value, preprocessor: &Value) -> Checkpoint {
    let file = |name: &str, json: &Value| (name.to_owned(), json.to_string().into_bytes());
    Checkpoint::Memory(vec![file(CONFIG, config), file(PREPROCESSOR, preprocessor)])
}

fn read(config: &Value) -> Result<CaptionerConfig, CheckpointError> {
    read_captioner(&files(config, &preprocessor()))
}

#[test]
fn the_published_base_model_is_read() {
    let config = read(&published()).unwrap();
    let spec = &config.preprocess;
    assert_eq!((spec.width, spec.height, spec.resize), (384, 384, ResizeMode::Squash));
    assert_eq!(spec.interpolation, Interpolation::Bicubic);
    assert_eq!(spec.mean, [0.48145466, 0.4578275, 0.40821073]);
    assert_eq!((config.patch, config.image.layers, config.image.eps), (16, 12, 1e-5));
    assert_eq!((config.text.heads, config.text.eps, config.vocab_size), (12, 1e-12, 30_524));
    assert_eq!((config.start_id, config.end_id, config.pad_id), (30_522, 102, 0));
    assert_eq!(config.longest, 20);
}

#[test]
fn the_published_large_model_differs_in_its_image_tower() {
    let mut config = published();
    for (key, value) in [
        ("hidden_size", 1024),
        ("intermediate_size", 4096),
        ("num_hidden_layers", 24),
        ("num_attention_heads", 16),
    ] {
        config["vision_config"][key] = value.into();
    }
    config["text_config"]["encoder_hidden_size"] = 1024.into();
    let config = read(&config).unwrap();
    assert_eq!((config.image.width, config.image.layers, config.text.width), (1024, 24, 768));
}

#[test]
fn what_is_absent_is_as_in_transformers() {
    let config = read(&json!({"model_type": "blip"})).unwrap();
    assert_eq!((config.text.heads, config.image.heads), (8, 12));
    assert_eq!((config.patch, config.preprocess.width, config.start_id), (16, 384, 30_522));
}

#[test]
fn unknown_settings_are_refused_by_name() {
    for (section, key, value) in [
        ("", "wings", json!(2)),
        ("text_config", "wings", json!(2)),
        ("vision_config", "wings", json!(2)),
        ("text_config", "is_decoder", json!(false)),
        ("text_config", "hidden_act", json!("relu")),
        ("vision_config", "hidden_act", json!("quick_gelu")),
        ("vision_config", "num_channels", json!(1)),
        ("vision_config", "patch_size", json!(17)),
        ("vision_config", "image_size", json!([384, 192])),
        ("vision_config", "num_attention_heads", json!(7)),
        ("vision_config", "num_hidden_layers", json!(1_000_000)),
        ("text_config", "num_hidden_layers", json!(1_000_000)),
        ("text_config", "num_attention_heads", json!(7)),
        ("text_config", "encoder_hidden_size", json!(512)),
        ("text_config", "bos_token_id", json!(30_524)),
        ("text_config", "sep_token_id", json!(-1)),
        ("text_config", "max_position_embeddings", json!(8)),
        ("", "model_type", json!("blip-2")),
    ] {
        let mut config = published();
        match section {
            "" => config[key] = value,
            _ => config[section][key] = value,
        }
        let error = read(&config).expect_err(key).to_string();
        assert!(error.contains(key), "{error}");
    }
    let mut odd = preprocessor();
    odd["size"] = json!({"height": 224, "width": 224});
    let error = read_captioner(&files(&published(), &odd)).unwrap_err().to_string();
    assert!(error.contains("size"), "{error}");
}

#[test]
fn it_is_no_model_of_embeddings() {
    let checkpoint = files(&published(), &preprocessor());
    assert!(is_captioner(&checkpoint));
    let error = crate::config::read(&checkpoint, crate::config::Layout::HuggingFace).unwrap_err();
    assert!(error.to_string().contains("seer index --captions"), "{error}");
    assert!(!is_captioner(&files(&json!({"model_type": "clip"}), &preprocessor())));
    assert!(!is_captioner(&Checkpoint::Memory(Vec::new())));
    assert!(!is_captioner(&Checkpoint::Memory(vec![(CONFIG.to_owned(), b"{".to_vec())])));
}
