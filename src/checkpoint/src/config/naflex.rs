//! `config.json` and `preprocessor_config.json` of transformers' `Siglip2Model`: the SigLIP 2
//! models for pictures of any shape (NaFlex; Tschannen and others, 2025). Those of fixed
//! resolution are published as `SiglipModel`: `siglip.rs`.

use serde_json::json;

use crate::Checkpoint;
use crate::config::huggingface::{IGNORED, PREPROCESSOR};
use crate::config::section::Section;
use crate::config::{
    ImageConfig, Layout, ModelConfig, NaFlexConfig, TextConfig, preprocess, siglip,
};
use crate::config::{TokenizerFamily, TokenizerSpec};
use crate::error::CheckpointError;
use seer_types::ResizeMode;

/// `whole` is `config.json` with the `model_type` "siglip2".
pub(super) fn read(
    checkpoint: &Checkpoint,
    whole: Section,
) -> Result<ModelConfig, CheckpointError> {
    let empty = json!({});
    let part =
        |name: &str| whole.section(name)?.map_or_else(|| Section::whole("config.json", &empty), Ok);
    let mut image = vision(part("vision_config")?)?;
    let dim = image.transformer.width;
    let text = siglip::text_transformer(part("text_config")?, dim)?;
    whole.ignore(IGNORED);
    whole.finish()?;
    let preprocessor = checkpoint.json(PREPROCESSOR)?;
    let section = Section::whole(PREPROCESSOR, &preprocessor)?;
    let preprocess = preprocess::naflex(&section, image.patch)?;
    section.finish()?;
    if let ResizeMode::PatchBudget { patches, .. } = preprocess.resize {
        image.patches = patches as usize;
    }
    let tokenizer = TokenizerSpec {
        layout: Layout::HuggingFace,
        family: TokenizerFamily::SentencePieces { canonical: true },
        context_length: text.context_length,
        vocab_size: text.vocab_size,
        end_id: None,
    };
    Ok(ModelConfig {
        dim,
        image: ImageConfig::NaFlex(image),
        text: Some(TextConfig::Transformer(text)),
        classes: Vec::new(),
        name_weights: None,
        text_apart: false,
        preprocess,
        tokenizer: Some(tokenizer),
    })
}

/// With as many patches as positions were learnt; the preprocessor may ask for another number.
fn vision(section: Section) -> Result<NaFlexConfig, CheckpointError> {
    section.only("num_channels", &[json!(3)])?;
    section.only("vision_use_head", &[json!(true)])?;
    let patches = section.size("num_patches")?.unwrap_or(256);
    let positions = patches.isqrt();
    if positions * positions != patches {
        return Err(section.refuse("num_patches", "it should be a square number"));
    }
    let patch = section.size("patch_size")?.unwrap_or(16);
    let config =
        NaFlexConfig { patch, patches, positions, transformer: siglip::transformer(&section)? };
    section.ignore(IGNORED);
    section.finish().map(|()| config)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    fn from(vision: &Value, preprocessor: &Value) -> Result<ModelConfig, CheckpointError> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(PREPROCESSOR), preprocessor.to_string()).unwrap();
        let checkpoint = Checkpoint::Folder(folder.path().to_path_buf());
        let json = json!({"vision_config": vision});
        read(&checkpoint, Section::whole("config.json", &json).unwrap())
    }

    #[test]
    fn the_preprocessor_sets_the_budget() {
        let config = from(&json!({}), &json!({"max_num_patches": 1024})).unwrap();
        let ImageConfig::NaFlex(net) = &config.image else { panic!() };
        assert_eq!((net.positions, net.patches, net.square()), (16, 1024, [512, 512]));
        let budget = ResizeMode::PatchBudget { patch: 16, patches: 1024 };
        assert_eq!((config.preprocess.resize, config.preprocess.width), (budget, 512));
        assert_eq!(config.preprocess.interpolation, seer_types::Interpolation::Bilinear);
    }

    #[test]
    fn what_does_not_fit_is_refused_by_name() {
        let none = json!({});
        for (vision, preprocessor, name) in [
            (json!({"num_patches": 250}), &none, "num_patches"),
            (json!({"image_size": 224}), &none, "image_size"),
            (json!({"vision_use_head": false}), &none, "vision_use_head"),
            (json!({"patch_size": 14}), &none, "patch_size"),
            (json!({}), &json!({"do_resize": false}), "do_resize"),
            (json!({}), &json!({"do_center_crop": true}), "do_center_crop"),
        ] {
            let error = from(&vision, preprocessor).unwrap_err().to_string();
            assert!(error.contains(name), "{error}");
        }
    }
}
