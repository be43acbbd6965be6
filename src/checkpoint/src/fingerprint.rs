//! Which model this is: a hash over everything that shapes its embeddings.

use seer_kernels::precision::Precision;
use seer_types::ModelFingerprint;

use crate::Checkpoint;
use crate::error::CheckpointError;

/// Files beside the weights that change what a model computes, where they exist.
pub const SMALL_FILES: [&str; 12] = [
    "added_tokens.json",
    "bpe_simple_vocab_16e6.txt.gz",
    "config.json",
    "hf_text/config.json",
    "merges.txt",
    "open_clip_config.json",
    "preprocessor_config.json",
    "special_tokens_map.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "vocab.json",
    "vocab.txt",
];

/// BLAKE3 over name and content of the weights and the small files that are there, and over what
/// the registry changes in their settings, cut to 16 bytes. Large files are hashed on all cores.
/// Weights rounded to 8 bits are another model: its embeddings are close to those of the exact one,
/// but not close enough to be mixed with them.
pub fn fingerprint(
    checkpoint: &Checkpoint,
    weight_files: &[String],
    changes: &[(&'static str, String)],
    precision: Precision,
) -> Result<ModelFingerprint, CheckpointError> {
    let present = SMALL_FILES.into_iter().filter(|name| checkpoint.has(name));
    let mut names: Vec<&str> = weight_files.iter().map(String::as_str).chain(present).collect();
    names.sort_unstable();
    let mut all = blake3::Hasher::new();
    for name in names {
        let bytes = checkpoint.bytes(name)?;
        let content = blake3::Hasher::new().update_rayon(&bytes).finalize();
        all.update(&(name.len() as u64).to_le_bytes());
        all.update(name.as_bytes());
        all.update(content.as_bytes());
    }
    for (file, change) in changes {
        all.update(format!("{file}: {change}\n").as_bytes());
    }
    if precision == Precision::EightBit {
        all.update(b"8 bits");
    }
    let mut short = [0; 16];
    short.copy_from_slice(&all.finalize().as_bytes()[..16]);
    Ok(ModelFingerprint(short))
}

/// The fingerprint of the same files with a setting changed from what they say.
pub fn changed_fingerprint(
    of_files: ModelFingerprint,
    setting: &str,
    values: &[usize],
) -> ModelFingerprint {
    let mut all = blake3::Hasher::new();
    all.update(&of_files.0).update(setting.as_bytes());
    for value in values {
        all.update(&(*value as u64).to_le_bytes());
    }
    let mut short = [0; 16];
    short.copy_from_slice(&all.finalize().as_bytes()[..16]);
    ModelFingerprint(short)
}

/// The fingerprint of what a further file of weights makes of the same pictures.
///
/// # Errors
/// When the file cannot be read.
pub fn further_fingerprint(
    of_files: ModelFingerprint,
    checkpoint: &Checkpoint,
    file: &str,
) -> Result<ModelFingerprint, CheckpointError> {
    let content = blake3::hash(&checkpoint.bytes(file)?);
    let mut all = blake3::Hasher::new();
    all.update(&of_files.0).update(file.as_bytes()).update(content.as_bytes());
    let mut short = [0; 16];
    short.copy_from_slice(&all.finalize().as_bytes()[..16]);
    Ok(ModelFingerprint(short))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::EmbeddedFile::{self, Plain};

    type Files = &'static [(&'static str, EmbeddedFile)];

    static ONE: [(&str, EmbeddedFile); 2] =
        [("config.json", Plain(b"{}")), ("model.safetensors", Plain(b"abc"))];
    static OTHER: [(&str, EmbeddedFile); 2] =
        [("config.json", Plain(b"{ }")), ("model.safetensors", Plain(b"abc"))];
    static MORE: [(&str, EmbeddedFile); 3] = [
        ("README.md", Plain(b"hello")),
        ("config.json", Plain(b"{}")),
        ("model.safetensors", Plain(b"abc")),
    ];

    fn of(files: Files) -> ModelFingerprint {
        with(files, &[], Precision::F32)
    }

    fn changed(files: Files, changes: &[(&'static str, String)]) -> ModelFingerprint {
        with(files, changes, Precision::F32)
    }

    fn with(
        files: Files,
        changes: &[(&'static str, String)],
        precision: Precision,
    ) -> ModelFingerprint {
        let weights = ["model.safetensors".to_owned()];
        fingerprint(&Checkpoint::Embedded(files), &weights, changes, precision).unwrap()
    }

    #[test]
    fn eight_bits_are_another_model_and_half_precision_is_not() {
        assert_eq!(of(&ONE), with(&ONE, &[], Precision::Bf16));
        assert_eq!(of(&ONE), with(&ONE, &[], Precision::F16));
        assert_ne!(of(&ONE), with(&ONE, &[], Precision::EightBit));
        assert_eq!(with(&ONE, &[], Precision::EightBit), with(&MORE, &[], Precision::EightBit));
    }

    #[test]
    fn weights_and_settings_make_the_model_and_nothing_else() {
        assert_eq!(of(&ONE), of(&ONE));
        assert_ne!(of(&ONE), of(&OTHER));
        assert_eq!(of(&ONE), of(&MORE));
        let change = [("config.json", "hidden_act \"gelu\"".to_owned())];
        assert_ne!(of(&ONE), changed(&ONE, &change));
    }
}
