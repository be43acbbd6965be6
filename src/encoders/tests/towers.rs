//! Our towers against the reference implementations, on the fixtures' own pixels and token ids:
//! what remains is the arithmetic of the towers alone.

use std::path::{Path, PathBuf};

use safetensors::SafeTensors;
use seer_encoders::{DeviceChoice, Model};
use seer_types::Embedding;
use tempfile::TempDir;

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures")
}

/// A loadable folder: the fixture's files, with what it shares taken from `clip-tiny`.
fn folder(name: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let copy = |from: PathBuf| {
        for entry in std::fs::read_dir(from).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                std::fs::copy(&path, folder.path().join(path.file_name().unwrap())).unwrap();
            }
        }
    };
    for shared in ["tokenizer.json", "tokenizer_config.json", "model.safetensors"] {
        if name == "chinese-clip-tiny" {
            continue; // it has word pieces of its own
        }
        if shared != "model.safetensors" || name == "clip-tiny-eos2" {
            let from = fixtures().join("clip-tiny").join(shared);
            std::fs::copy(from, folder.path().join(shared)).unwrap();
        }
    }
    copy(fixtures().join(name));
    if name.starts_with("oc-roberta") {
        let config = "hf_text/config.json";
        std::fs::create_dir(folder.path().join("hf_text")).unwrap();
        let from = fixtures().join("oc-roberta").join(config);
        std::fs::copy(from, folder.path().join(config)).unwrap();
        std::fs::write(folder.path().join("tokenizer.json"), WORD_PIECES).unwrap();
    }
    if name.starts_with("siglip") {
        std::fs::write(folder.path().join("tokenizer.json"), SENTENCE_PIECES).unwrap();
    }
    folder
}

/// A tokenizer for SigLIP's fixtures, which have ids only.
const SENTENCE_PIECES: &str = r#"{
    "version": "1.0", "truncation": null, "padding": null, "added_tokens": [],
    "normalizer": null, "pre_tokenizer": null, "decoder": null,
    "post_processor": {"type": "TemplateProcessing",
        "single": [{"Sequence": {"id": "A", "type_id": 0}},
            {"SpecialToken": {"id": "</s>", "type_id": 0}}],
        "pair": [{"Sequence": {"id": "A", "type_id": 0}}],
        "special_tokens": {"</s>": {"id": "</s>", "ids": [1], "tokens": ["</s>"]}}},
    "model": {"type": "Unigram", "unk_id": 2, "byte_fallback": false,
        "vocab": [["<pad>", 0.0], ["</s>", 0.0], ["<unk>", 0.0], ["a", -1.0]]}
}"#;

/// A tokenizer for models whose fixtures have ids only.
const WORD_PIECES: &str = r###"{
    "version": "1.0", "truncation": null, "padding": null, "added_tokens": [],
    "normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true,
        "strip_accents": null, "lowercase": true},
    "pre_tokenizer": {"type": "BertPreTokenizer"},
    "post_processor": {"type": "BertProcessing", "sep": ["[SEP]", 2], "cls": ["[CLS]", 0]},
    "decoder": null,
    "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
        "max_input_chars_per_word": 100, "vocab": {"[CLS]": 0, "[PAD]": 1, "[SEP]": 2, "[UNK]": 3}}
}"###;

fn load(name: &str) -> Model {
    Model::load(folder(name).path(), DeviceChoice::Cpu).unwrap()
}

/// A tensor of `expected.safetensors` as f32 values and its shape.
fn expected(name: &str, tensor: &str) -> (Vec<f32>, Vec<usize>) {
    let bytes = std::fs::read(fixtures().join(name).join("expected.safetensors")).unwrap();
    let tensors = SafeTensors::deserialize(&bytes).unwrap();
    let view = tensors.tensor(tensor).unwrap();
    let values = match view.dtype() {
        safetensors::Dtype::F32 => {
            view.data().as_chunks().0.iter().map(|b| f32::from_le_bytes(*b)).collect()
        }
        safetensors::Dtype::I64 => {
            view.data().as_chunks().0.iter().map(|b| i64::from_le_bytes(*b) as f32).collect()
        }
        other => panic!("{tensor} holds {other:?}"),
    };
    (values, view.shape().to_vec())
}

/// Rows of token ids, cut after the first `end` id where one is named.
fn ids(name: &str) -> Vec<Vec<u32>> {
    let (values, shape) = expected(name, "input_ids");
    values.chunks(shape[1]).map(|row| row.iter().map(|id| *id as u32).collect()).collect()
}

fn assert_equal(what: &str, found: &[Embedding], expected: &[f32], tolerance: f32) {
    let dim = expected.len() / found.len();
    for (row, (found, expected)) in found.iter().zip(expected.chunks(dim)).enumerate() {
        let cosine: f32 = found.values().iter().zip(expected).map(|(a, b)| a * b).sum();
        let differences = found.values().iter().zip(expected).map(|(a, b)| (a - b).abs());
        let largest = differences.fold(0.0, f32::max);
        assert!(cosine >= 0.9999, "{what} row {row}: cosine {cosine}");
        assert!(largest <= tolerance, "{what} row {row}: a value is off by {largest}");
    }
}

fn check(name: &str, pixels_in: &str) {
    check_within(name, pixels_in, 1e-4);
}

fn check_within(name: &str, pixels_in: &str, tolerance: f32) {
    let model = load(name);
    let (pixels, shape) = expected(pixels_in, "pixel_values");
    let images = model.encode_planes(&pixels).unwrap();
    assert_eq!(images.len(), shape[0]);
    assert_equal(&format!("{name} images"), &images, &expected(name, "image_embeds").0, tolerance);

    let ids = ids(name);
    let ids: Vec<&[u32]> = ids.iter().map(Vec::as_slice).collect();
    let texts = model.encode_ids(&ids).unwrap();
    assert_equal(&format!("{name} texts"), &texts, &expected(name, "text_embeds").0, tolerance);

    let size = pixels.len() / shape[0];
    for (row, one) in pixels.chunks(size).enumerate() {
        let single = model.encode_planes(one).unwrap();
        assert_equal("one image alone", &single, images[row].values(), tolerance);
    }
    for (row, one) in ids.iter().enumerate() {
        let single = model.encode_ids(&[one]).unwrap();
        assert_equal("one text alone", &single, texts[row].values(), tolerance);
    }
}

#[test]
fn clip_as_transformers_computes_it() {
    check("clip-tiny", "clip-tiny");
}

#[test]
fn clip_with_the_legacy_end_id() {
    check("clip-tiny-eos2", "clip-tiny");
}

#[test]
fn clip_with_gelu_and_other_heads() {
    check("clip-tiny-gelu", "clip-tiny");
}

#[test]
fn open_clip_with_gelu() {
    check("oc-vit-gelu", "oc-vit-gelu");
}

#[test]
fn open_clip_with_quick_gelu() {
    check("oc-vit-quickgelu", "oc-vit-gelu");
}

#[test]
fn roberta_with_mean_pooling_and_mlp() {
    check("oc-roberta", "oc-vit-gelu");
}

#[test]
fn roberta_with_its_own_pooler() {
    check("oc-roberta-cls", "oc-vit-gelu");
}

/// The embeddings of different pictures are close to each other here (cosine 0.98), so a cosine
/// alone would not tell them apart.
#[test]
fn residual_network_with_attention_pooling() {
    check_within("oc-rn50", "oc-rn50", 1e-5);
}

/// Random ConvNeXts embed different pictures close together, so little may differ.
const CONVNEXT_TOLERANCE: f32 = 1e-5;

#[test]
fn convnext_with_a_linear_head() {
    check_within("oc-convnext", "oc-convnext", CONVNEXT_TOLERANCE);
}

#[test]
fn convnext_with_an_mlp_head() {
    check_within("oc-convnext-mlp", "oc-convnext", CONVNEXT_TOLERANCE);
}

#[test]
fn siglip_as_transformers_computes_it() {
    check("siglip-tiny", "siglip-tiny");
}

#[test]
fn siglip_2_as_transformers_computes_it() {
    check("siglip2-tiny", "siglip2-tiny");
}

#[test]
fn coca_with_a_class_token_at_the_end() {
    check("oc-coca", "oc-vit-gelu");
}

#[test]
fn coca_whose_queries_keys_and_values_are_apart() {
    check("oc-coca-apart", "oc-vit-gelu");
}

#[test]
fn perception_encoder() {
    check("oc-pe-core", "oc-pe-core");
}

#[test]
fn perception_encoder_without_class_token() {
    check("oc-pe-core-g", "oc-pe-core");
}

#[test]
fn eva_02() {
    check("oc-eva02", "oc-vit-gelu");
}

#[test]
fn eva_02_with_norms_after() {
    check("oc-eva02-e", "oc-vit-gelu");
}

#[test]
fn eva() {
    check("oc-eva", "oc-vit-gelu");
}

#[test]
fn eva_with_average_pooling() {
    check("oc-eva-avg", "oc-vit-gelu");
}

#[test]
fn chinese_clip_as_transformers_computes_it() {
    check("chinese-clip-tiny", "chinese-clip-tiny");
}

#[test]
fn weights_of_another_trunk_are_refused_by_the_name_of_a_tensor() {
    for (settings, weights, tensor) in [
        ("oc-eva", "oc-eva-avg", "visual.trunk.norm.weight"),
        ("oc-eva", "oc-eva02", "visual.trunk.blocks.0.attn.qkv.weight"),
        ("oc-pe-core", "oc-eva02-e", "visual.trunk.blocks.0.attn.qkv.bias"),
        ("oc-coca", "oc-coca-apart", "visual.attn_pool.query"),
        ("oc-vit-gelu", "oc-coca", "visual.proj"),
    ] {
        let folder = folder(settings);
        let file = "open_clip_model.safetensors";
        std::fs::copy(fixtures().join(weights).join(file), folder.path().join(file)).unwrap();
        let error = Model::load(folder.path(), DeviceChoice::Cpu).unwrap_err().to_string();
        assert!(error.contains(tensor), "{settings} with {weights}: {error}");
    }
}
