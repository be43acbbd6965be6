//! Tokenizers: the file that describes one, and the text it reads.

use std::sync::LazyLock;

use seer_encoders::{DeviceChoice, Model};

use super::folder;

/// One model of every family of tokenizers that a `tokenizer.json` describes.
const FAMILIES: [&str; 5] = ["clip-tiny", "metaclip2-tiny", "oc-clipa", "oc-nllb", "oc-worldwide"];
/// Its tokenizer is described by a list of words.
const WORDS: &str = "chinese-clip-tiny";

static MODELS: LazyLock<Vec<Model>> = LazyLock::new(|| {
    let load = |name: &&str| Model::load(&folder::fixture(name), DeviceChoice::Cpu);
    FAMILIES
        .iter()
        .chain([&WORDS])
        .map(|name| load(name).unwrap_or_else(|e| panic!("{name}: {e}")))
        .collect()
});

/// A text for the family that the first byte chooses.
pub fn text(bytes: &[u8]) -> bool {
    let Some((family, text)) = bytes.split_first() else { return false };
    let model = &MODELS[usize::from(*family) % MODELS.len()];
    let ids = model.token_ids(&String::from_utf8_lossy(text)).expect("every text has ids");
    assert!((1..=model.context_length()).contains(&ids.len()), "{} ids", ids.len());
    true
}

/// A `tokenizer.json` of the family that the first byte chooses.
pub fn file(bytes: &[u8]) -> bool {
    let Some((family, json)) = bytes.split_first() else { return false };
    let name = FAMILIES[usize::from(*family) % FAMILIES.len()];
    let unwanted = ["tokenizer.json", "expected.safetensors"];
    let there = folder::copy_of(name, |file| !unwanted.contains(&file));
    folder::put(there.path(), "tokenizer.json", json);
    let Ok(model) = Model::load(there.path(), DeviceChoice::Cpu) else { return false };
    let _ = model.token_ids("a photo of a cat, 1 + 1 = 2 <|endoftext|> \u{1f600}");
    true
}
