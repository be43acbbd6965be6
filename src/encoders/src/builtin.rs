//! The model inside the program: its files, trained by this project (see `MODEL_CARD.md` beside
//! them), stored as an OpenCLIP checkpoint whose matrices are 8-bit rows with a scale each; those of
//! its second text tower are 4-bit blocks.

use seer_checkpoint::{EmbeddedFile, packed};

macro_rules! plain {
    ($name:literal) => {
        EmbeddedFile::Plain(include_bytes!(concat!("../builtin/", $name)))
    };
}

/// Names and contents, as a checkpoint's folder would have them. The weights of the first towers
/// are used where they lie; what few runs need is packed (`build.rs`).
pub(crate) static FILES: [(&str, EmbeddedFile); 11] = [
    ("head_classes.json", plain!("head_classes.json")),
    ("hf_text/config.json", plain!("hf_text/config.json")),
    ("languages/hf_text/config.json", plain!("languages/hf_text/config.json")),
    ("languages/model.safetensors", packed!("languages/model.safetensors")),
    ("languages/open_clip_config.json", plain!("languages/open_clip_config.json")),
    ("languages/tokenizer.json", packed!("languages/tokenizer.json")),
    ("model.safetensors", plain!("model.safetensors")),
    ("open_clip_config.json", plain!("open_clip_config.json")),
    ("picture_head.safetensors", plain!("picture_head.safetensors")),
    ("relevance.safetensors", plain!("relevance.safetensors")),
    ("tokenizer.json", packed!("tokenizer.json")),
];
