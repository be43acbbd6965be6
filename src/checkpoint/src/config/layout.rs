//! Which of the two ways of writing a checkpoint down a folder follows.

use std::fmt;

/// How a checkpoint folder names its files, keys and settings.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Layout {
    /// `config.json`, `preprocessor_config.json`, `model.safetensors` as transformers writes them.
    HuggingFace,
    /// `open_clip_config.json`, `open_clip_model.safetensors` as open_clip publishes them.
    OpenClip,
}

impl fmt::Display for Layout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::HuggingFace => "Hugging Face",
            Self::OpenClip => "OpenCLIP",
        })
    }
}
