//! From image files and text strings to embeddings, against the reference implementations: the
//! whole way through our own decoding, resizing, tokenizer and towers. With `--nocapture` they print
//! the rows of `docs/PARITY.md`.
//!
//! `tests/fixtures/README.md` says how the expected values were made. The references ignore the
//! EXIF orientation, so their rows are compared with undirected pixels; the turned picture has an
//! expectation of its own. Rows of `9_gray16.png` are left out: the references cut 16-bit grey
//! values off at 255, which makes the picture white; ours keeps the picture.

use std::path::{Path, PathBuf};

use safetensors::{Dtype, SafeTensors};
use seer_encoders::{DeviceChoice, Model};
use seer_images::{Limits, decode, decode_raw_orientation};
use seer_types::Embedding;
use serde_json::Value;
use tempfile::TempDir;

/// The least cosine, of pictures and of texts.
const LEAST: f32 = 0.9999;

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

/// The fixture as a folder that can be loaded, with what it shares taken from `clip-tiny`.
fn folder(name: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut files = vec![fixtures().join("clip-tiny/tokenizer.json")];
    if name == "timm-clip-squash" {
        files.push(fixtures().join("timm-clip/model.safetensors"));
    }
    if name == "chinese-clip-tiny" {
        files.clear(); // it has word pieces of its own
    }
    if name == "clip-tiny-eos2" {
        files.push(fixtures().join("clip-tiny/model.safetensors"));
    }
    let own = std::fs::read_dir(fixtures().join(name)).unwrap().map(|entry| entry.unwrap().path());
    for file in files.into_iter().chain(own.filter(|path| path.is_file())) {
        std::fs::copy(&file, folder.path().join(file.file_name().unwrap())).unwrap();
    }
    if name.starts_with("siglip") || name.starts_with("oc-siglip") {
        std::fs::write(folder.path().join("tokenizer.json"), SENTENCE_PIECES).unwrap();
    }
    if name.starts_with("oc-roberta") {
        std::fs::write(folder.path().join("tokenizer.json"), WORD_PIECES).unwrap();
    }
    let owner = if name == "oc-roberta-cls" { "oc-roberta" } else { name };
    let language_model = "hf_text/config.json";
    if fixtures().join(owner).join(language_model).exists() {
        std::fs::create_dir(folder.path().join("hf_text")).unwrap();
        let from = fixtures().join(owner).join(language_model);
        std::fs::copy(from, folder.path().join(language_model)).unwrap();
    }
    folder
}

/// Tokenizers that know nothing, for the fixtures that have token ids only.
const SENTENCE_PIECES: &str =
    include_str!("fixtures/tokenizer/blank-sentence-pieces.tokenizer.json");
const WORD_PIECES: &str = include_str!("fixtures/tokenizer/blank-word-pieces.tokenizer.json");

fn json(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn strings(value: &Value) -> Vec<String> {
    value.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect()
}

/// Rows of an f32 tensor of the fixture's `expected.safetensors`.
fn rows(name: &str, tensor: &str) -> Vec<Vec<f32>> {
    rows_of(&format!("{name}/expected.safetensors"), tensor)
}

fn rows_of(file: &str, tensor: &str) -> Vec<Vec<f32>> {
    let bytes = std::fs::read(fixtures().join(file)).unwrap();
    let tensors = SafeTensors::deserialize(&bytes).unwrap();
    let view = tensors.tensor(tensor).unwrap();
    assert_eq!(view.dtype(), Dtype::F32);
    let values: Vec<f32> =
        view.data().as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
    values.chunks(view.shape()[1]).map(<[f32]>::to_vec).collect()
}

fn cosine(found: &Embedding, expected: &[f32]) -> f32 {
    found.values().iter().zip(expected).map(|(a, b)| a * b).sum()
}

/// timm drops the alpha channel, which uncovers whatever colours lie under it; ours puts such
/// pictures over white, as Hugging Face's processors do.
fn is_over_white(name: &str, file: &str) -> bool {
    name.starts_with("timm-") && ["2_rgba.png", "6_la.png"].contains(&file)
}

fn check_images(name: &str, files: &[String]) {
    let model = Model::load(folder(name).path(), DeviceChoice::Cpu).unwrap();
    let read = |file: &String| std::fs::read(fixtures().join("images").join(file)).unwrap();
    let limits = Limits::default();
    let prepared: Vec<_> = files
        .iter()
        .map(|file| decode_raw_orientation(&read(file), &limits).unwrap().prepare(model.spec()))
        .collect();
    let batch = model.encode_images(&prepared).unwrap();
    let expected = rows(name, "image_embeds");
    assert_eq!((batch.len(), expected.len()), (files.len(), files.len()));
    let (mut lossless, mut jpeg) = (1.0f32, 1.0f32);
    for (row, file) in files.iter().enumerate() {
        let alone = &model.encode_images(&prepared[row..=row]).unwrap()[0];
        assert!(alone.cosine(&batch[row]).unwrap() > 0.99999, "{name} {file}: alone or in a batch");
        if file == "9_gray16.png" || is_over_white(name, file) {
            continue;
        }
        let found = cosine(&batch[row], &expected[row]);
        assert!(found >= LEAST, "{name} {file}: cosine {found}");
        let worst = if file.ends_with(".jpg") { &mut jpeg } else { &mut lossless };
        *worst = worst.min(found);
    }
    println!("| {name} | {lossless:.7} | {jpeg:.7} |");
}

fn check_texts(name: &str, texts: &[String]) {
    check_texts_against(name, texts, rows(name, "text_embeds"));
}

fn check_texts_against(name: &str, texts: &[String], expected: Vec<Vec<f32>>) {
    let model = Model::load(folder(name).path(), DeviceChoice::Cpu).unwrap();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let batch = model.encode_texts(&texts).unwrap();
    assert_eq!((batch.len(), expected.len()), (texts.len(), texts.len()));
    for ((text, found), expected) in texts.iter().zip(&batch).zip(expected) {
        let similarity = cosine(found, &expected);
        assert!(similarity >= LEAST, "{name} {text:?}: cosine {similarity}");
        let alone = &model.encode_texts(&[text]).unwrap()[0];
        assert!(alone.cosine(found).unwrap() > 0.99999, "{name} {text:?}: alone or in a batch");
    }
}

fn check_with_own_texts(name: &str) {
    let about = json(&fixtures().join(name).join("texts.json"));
    check_images(name, &strings(&about["images"]));
    check_texts(name, &strings(&about["texts"]));
}

fn check_open_clip(name: &str) {
    let about = json(&fixtures().join(name).join("open_clip_config.json"));
    check_images(name, &strings(&about["images"]));
    // These expect the ids of clip-tiny's texts, cut by the same tokenizer.
    check_texts(name, &strings(&json(&fixtures().join("clip-tiny/texts.json"))["texts"]));
}

#[test]
fn clip_tiny() {
    check_with_own_texts("clip-tiny");
}

#[test]
fn clip_tiny_with_the_legacy_end_id() {
    check_with_own_texts("clip-tiny-eos2");
}

#[test]
fn clip_tiny_with_gelu() {
    check_with_own_texts("clip-tiny-gelu");
}

#[test]
fn tinyclip() {
    check_with_own_texts("tinyclip-tiny");
}

#[test]
fn open_clip_with_gelu() {
    check_open_clip("oc-vit-gelu");
}

#[test]
fn open_clip_with_quick_gelu() {
    check_open_clip("oc-vit-quickgelu");
}

/// These have tokenizers and texts of their own.
#[test]
fn clipa() {
    check_with_own_texts("oc-clipa");
}

#[test]
fn metaclip_2_in_both_layouts() {
    check_with_own_texts("oc-worldwide");
    check_with_own_texts("metaclip2-tiny");
}

#[test]
fn nllb_clip() {
    check_with_own_texts("oc-nllb");
    check_with_own_texts("oc-nllb-siglip");
}

/// Of their texts there are token ids only.
#[test]
fn pictures_of_models_with_token_ids_only() {
    for name in ["siglip-tiny", "siglip2-tiny", "siglip2-naflex-tiny"] {
        let about = json(&fixtures().join(name).join("texts.json"));
        check_images(name, &strings(&about["images"]));
    }
    for name in ["oc-siglip", "oc-siglip2", "oc-roberta", "oc-roberta-cls"] {
        let about = json(&fixtures().join(name).join("open_clip_config.json"));
        check_images(name, &strings(&about["images"]));
    }
}

#[test]
fn convolutional_networks() {
    for name in ["oc-rn50", "oc-convnext", "oc-convnext-mlp"] {
        check_open_clip(name);
    }
}

#[test]
fn mobileclip() {
    check_open_clip("oc-mobileclip-s");
}

#[test]
fn mobileclip_put_together() {
    check_open_clip("oc-mobileclip-fused");
}

#[test]
fn mobileclip_of_five_stages() {
    check_open_clip("oc-mobileclip-deep");
}

#[test]
fn mobileclip_b() {
    check_open_clip("oc-mobileclip-b");
}

#[test]
fn mobileclip_2_l() {
    check_open_clip("oc-mobileclip-l");
}

#[test]
fn vitamin() {
    check_open_clip("oc-vitamin");
}

#[test]
fn vitamin_xl() {
    check_open_clip("oc-vitamin-xlarge");
}

/// Pictures, and the probabilities of a classifier's classes.
fn check_timm(name: &str) {
    let files = strings(&json(&fixtures().join(name).join("images.json"))["images"]);
    check_images(name, &files);
    let model = Model::load(folder(name).path(), DeviceChoice::Cpu).unwrap();
    assert_eq!(model.classes().len(), 7);
    assert_eq!(model.classes()[3].name.as_deref(), Some("n00000003"));
    assert_eq!(model.classes()[3].description.as_deref(), Some("thing 3, item 3"));
    for (file, expected) in files.iter().zip(rows(name, "probabilities")) {
        if !file.ends_with(".png") || file == "9_gray16.png" || is_over_white(name, file) {
            continue;
        }
        let bytes = std::fs::read(fixtures().join("images").join(file)).unwrap();
        let photo = decode_raw_orientation(&bytes, &Limits::default()).unwrap();
        let scores = model.classify_images(&[photo.prepare(model.spec())], 7).unwrap().remove(0);
        assert!(scores.is_sorted_by(|a, b| a.probability >= b.probability));
        for score in scores {
            let wanted = expected[score.class];
            let off = (score.probability - wanted).abs();
            assert!(off < 0.01, "{name} {file}: class {} off by {off}", score.class);
        }
    }
}

#[test]
fn coca() {
    check_open_clip("oc-coca");
    check_open_clip("oc-coca-apart");
}

#[test]
fn perception_encoder() {
    check_open_clip("oc-pe-core");
    check_open_clip("oc-pe-core-g");
}

#[test]
fn eva() {
    for name in ["oc-eva", "oc-eva-avg", "oc-eva02", "oc-eva02-e"] {
        check_open_clip(name);
    }
}

#[test]
fn timm_classifier() {
    check_timm("timm-clip");
}

#[test]
fn timm_classifier_of_squashed_pictures() {
    check_timm("timm-clip-squash");
}

#[test]
fn timm_classifier_with_convnexts_trunk() {
    check_timm("timm-convnext");
    check_timm("timm-convnext-mlp");
}

#[test]
fn models_without_classes_say_so() {
    let model = Model::load(folder("clip-tiny").path(), DeviceChoice::Cpu).unwrap();
    let error = model.classify_images(&[], 5).unwrap_err().to_string();
    assert!(model.classes().is_empty() && error.contains("no classes"), "{error}");
}

#[test]
fn chinese_clip() {
    let name = "chinese-clip-tiny";
    check_images(name, &strings(&json(&fixtures().join(name).join("texts.json"))["images"]));
    let words = json(&fixtures().join(name).join("words.json"));
    let expected = rows_of("chinese-clip-tiny/words.safetensors", "text_embeds");
    check_texts_against(name, &strings(&words["texts"]), expected);
}

#[test]
fn a_picture_is_turned_upright_as_its_exif_says() {
    let about = json(&fixtures().join("clip-tiny/texts.json"));
    let turned = strings(&about["exif_rows"]);
    let model = Model::load(folder("clip-tiny").path(), DeviceChoice::Cpu).unwrap();
    for (file, expected) in turned.iter().zip(rows("clip-tiny", "image_embeds_exif")) {
        let bytes = std::fs::read(fixtures().join("images").join(file)).unwrap();
        let photo = decode(&bytes, &Limits::default()).unwrap();
        let found = &model.encode_images(&[photo.prepare(model.spec())]).unwrap()[0];
        let similarity = cosine(found, &expected);
        assert!(similarity >= LEAST, "{file}: cosine {similarity}");
    }
    assert_eq!(turned, ["4_exif6.jpg"]);
}
