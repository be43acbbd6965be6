//! Full-size architectures with random weights against open_clip: every published shape of a trunk
//! kind is wired as its tiny fixture is. The references take gigabytes, so they are made on demand:
//!
//! ```text
//! python tests/fixtures/make/full_size.py FOLDER
//! SEER_FULL_SIZE=FOLDER cargo test -p seer-encoders --test full_size -- --ignored --nocapture
//! ```
//! It prints the table of `docs/PARITY.md`.

use std::path::{Path, PathBuf};

use safetensors::SafeTensors;
use seer_encoders::{DeviceChoice, Model};
use seer_types::Embedding;

#[test]
#[ignore = "needs references of several gigabytes, see the top of this file"]
fn full_size_models_match_their_references() {
    let root = std::env::var_os("SEER_FULL_SIZE").expect("SEER_FULL_SIZE: the references' folder");
    let mut folders: Vec<PathBuf> = std::fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("expected.safetensors").is_file())
        .collect();
    folders.sort();
    assert!(!folders.is_empty(), "no reference in SEER_FULL_SIZE");
    println!(
        "| model | images: cosine | largest difference | texts: cosine | largest difference |"
    );
    println!("|---|---|---|---|---|");
    let rows: Vec<(String, [Agreement; 2])> = folders.iter().map(|f| compare(f)).collect();
    for (name, agreements) in rows {
        for agreement in agreements {
            assert!(agreement.cosine >= 0.9999, "{name}: cosine {}", agreement.cosine);
            assert!(agreement.largest <= 1e-4, "{name}: a value is off by {}", agreement.largest);
        }
    }
}

/// The worst row of a comparison.
struct Agreement {
    cosine: f32,
    largest: f32,
}

fn compare(folder: &Path) -> (String, [Agreement; 2]) {
    let name = folder.file_name().unwrap().to_string_lossy().into_owned();
    let bytes = std::fs::read(folder.join("expected.safetensors")).unwrap();
    let expected = SafeTensors::deserialize(&bytes).unwrap();
    with_tokenizer(folder);
    let model = Model::load(folder, DeviceChoice::Cpu).unwrap_or_else(|e| panic!("{name}: {e}"));
    let images = model.encode_planes(&floats(&expected, "pixel_values")).unwrap();
    let ids = token_ids(&expected);
    let ids: Vec<&[u32]> = ids.iter().map(Vec::as_slice).collect();
    let texts = model.encode_ids(&ids).unwrap();
    let found = [
        agreement(&images, &floats(&expected, "image_embeds")),
        agreement(&texts, &floats(&expected, "text_embeds")),
    ];
    let [i, t] = &found;
    println!(
        "| {name} | {:.7} | {:.1e} | {:.7} | {:.1e} |",
        i.cosine, i.largest, t.cosine, t.largest
    );
    (name, found)
}

/// The references have ids only; models whose tokenizer is a file get one that knows nothing.
fn with_tokenizer(folder: &Path) {
    let config = std::fs::read_to_string(folder.join("open_clip_config.json")).unwrap();
    let tokenizer = if config.contains("hf_model_name") {
        WORD_PIECES
    } else if config.contains("hf_tokenizer_name") {
        SENTENCE_PIECES
    } else {
        return;
    };
    std::fs::write(folder.join("tokenizer.json"), tokenizer).unwrap();
}

const WORD_PIECES: &str = r#"{
    "version": "1.0", "truncation": null, "padding": null, "added_tokens": [],
    "normalizer": null, "pre_tokenizer": null, "decoder": null,
    "post_processor": {"type": "BertProcessing", "sep": ["</s>", 2], "cls": ["<s>", 0]},
    "model": {"type": "WordPiece", "unk_token": "<unk>", "continuing_subword_prefix": "",
        "max_input_chars_per_word": 100,
        "vocab": {"<s>": 0, "<pad>": 1, "</s>": 2, "<unk>": 3}}
}"#;

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

fn agreement(found: &[Embedding], expected: &[f32]) -> Agreement {
    let dim = expected.len() / found.len();
    let mut worst = Agreement { cosine: 1.0, largest: 0.0 };
    for (found, expected) in found.iter().zip(expected.chunks(dim)) {
        let pairs = || found.values().iter().zip(expected);
        worst.cosine = worst.cosine.min(pairs().map(|(a, b)| a * b).sum());
        worst.largest = pairs().map(|(a, b)| (a - b).abs()).fold(worst.largest, f32::max);
    }
    worst
}

fn floats(tensors: &SafeTensors<'_>, name: &str) -> Vec<f32> {
    let data = tensors.tensor(name).unwrap();
    data.data().as_chunks().0.iter().map(|b| f32::from_le_bytes(*b)).collect()
}

fn token_ids(tensors: &SafeTensors<'_>) -> Vec<Vec<u32>> {
    let view = tensors.tensor("input_ids").unwrap();
    let ids: Vec<u32> =
        view.data().as_chunks().0.iter().map(|b| i64::from_le_bytes(*b) as u32).collect();
    ids.chunks(view.shape()[1]).map(<[u32]>::to_vec).collect()
}
