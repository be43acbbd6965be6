//! The model inside the program: its files, trained by this project (see `MODEL_CARD.md` beside
//! them), stored as an OpenCLIP checkpoint whose matrices are 8-bit rows with a scale each; those of
//! its second text tower are 4-bit blocks.

/// Names and contents, as a checkpoint's folder would have them.
pub(crate) static FILES: [(&str, &[u8]); 11] = [
    ("head_classes.json", include_bytes!("../builtin/head_classes.json")),
    ("hf_text/config.json", include_bytes!("../builtin/hf_text/config.json")),
    ("languages/hf_text/config.json", include_bytes!("../builtin/languages/hf_text/config.json")),
    ("languages/model.safetensors", include_bytes!("../builtin/languages/model.safetensors")),
    (
        "languages/open_clip_config.json",
        include_bytes!("../builtin/languages/open_clip_config.json"),
    ),
    ("languages/tokenizer.json", include_bytes!("../builtin/languages/tokenizer.json")),
    ("model.safetensors", include_bytes!("../builtin/model.safetensors")),
    ("open_clip_config.json", include_bytes!("../builtin/open_clip_config.json")),
    ("picture_head.safetensors", include_bytes!("../builtin/picture_head.safetensors")),
    ("relevance.safetensors", include_bytes!("../builtin/relevance.safetensors")),
    ("tokenizer.json", include_bytes!("../builtin/tokenizer.json")),
];
