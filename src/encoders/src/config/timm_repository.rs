//! `config.json` of timm's repositories: an image tower with its classifier, and no text tower.
//!
//! Keys as timm's `save_config_for_hf` writes them, preprocessing as its `resolve_data_config` and
//! `transforms_imagenet_eval` read them (1.0). CLIP's image towers are known, fine-tuned as
//! classifiers: `vit_*_clip_*`.

use seer_types::{ColorOrder, CropRounding, Interpolation, PreprocessSpec, ResizeMode};
use serde_json::{Value, json};

use crate::config::huggingface::CONFIG;
use crate::config::section::Section;
use crate::config::{ImageConfig, ModelConfig, TimmStem, TimmVitConfig, classes, timm_vit};
use crate::error::LoadError;

const IMAGENET_MEAN: [f32; 3] = [0.485, 0.456, 0.406];
const IMAGENET_STD: [f32; 3] = [0.229, 0.224, 0.225];

/// The part of the resized picture that is kept where the file says nothing.
const CROP: f64 = 0.875;

/// Whether a `config.json` is timm's.
pub(super) fn is_one(json: &Value) -> bool {
    json.get("architecture").is_some()
}

pub(super) fn read(json: &Value) -> Result<ModelConfig, LoadError> {
    let whole = Section::whole(CONFIG, json)?;
    let name = whole.text("architecture")?.unwrap_or_default();
    let known = "of timm's repositories seer knows CLIP's image towers, vit_*_clip_*";
    let tower = timm_vit::by_name(name).filter(|t| matches!(t.stem, TimmStem::Patches(_)));
    let mut tower = tower.ok_or_else(|| whole.refuse("architecture", known))?;
    let width = tower.transformer.width;
    whole.only("global_pool", &[json!("token")])?;
    whole.only("num_features", &[json!(width)])?;
    let count = count(&whole)?;
    if let Some(arguments) = whole.section("model_args")? {
        let image = read_arguments(arguments, tower.image, count)?;
        tower = TimmVitConfig { image, ..tower };
    }
    let classes = classes::read(&whole, count)?;
    let preprocess = preprocess(whole.required("pretrained_cfg")?, tower.image)?;
    whole.finish()?;
    Ok(ModelConfig {
        dim: width,
        image: ImageConfig::TimmVit(tower),
        text: None,
        text_apart: false,
        preprocess,
        tokenizer: None,
        classes,
    })
}

/// Classes: none, or as many as there are.
fn count(whole: &Section) -> Result<usize, LoadError> {
    match whole.value("num_classes") {
        Some(value) if value.as_u64() == Some(0) => Ok(0),
        Some(_) => Ok(whole.size("num_classes")?.unwrap_or(0)),
        None => Err(whole.absent("num_classes", "a number")),
    }
}

/// What timm was told beside the architecture; gives the pixels down and across.
fn read_arguments(
    arguments: Section,
    named: [usize; 2],
    count: usize,
) -> Result<[usize; 2], LoadError> {
    arguments.only("num_classes", &[json!(count)])?;
    arguments.only("in_chans", &[json!(3)])?;
    arguments.only("global_pool", &[json!("token")])?;
    let image = arguments.extent("img_size")?.unwrap_or(named);
    arguments.finish().map(|()| image)
}

fn preprocess(section: Section, image: [usize; 2]) -> Result<PreprocessSpec, LoadError> {
    section.ignore(&[
        "architecture",
        "classifier",
        "custom_load",
        "description",
        "file",
        "first_conv",
        "fixed_input_size",
        "hf_hub_filename",
        "hf_hub_id",
        "label_descriptions",
        "label_names",
        "license",
        "min_input_size",
        "notes",
        "num_classes",
        "origin_url",
        "paper_ids",
        "paper_name",
        "pool_size",
        "source",
        "tag",
        "test_crop_pct",
        "test_input_size",
        "test_pool_size",
        "url",
    ]);
    section.only("input_size", &[json!([3, image[0], image[1]])])?;
    let std = section.channels("std")?.unwrap_or(IMAGENET_STD);
    if std.iter().any(|s| *s <= 0.0) {
        return Err(section.refuse("std", "it divides"));
    }
    let edge = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
    let spec = PreprocessSpec {
        width: edge(image[1]),
        height: edge(image[0]),
        resize: resize(&section, image)?,
        interpolation: match section.text("interpolation")?.unwrap_or("bicubic") {
            "bicubic" => Interpolation::Bicubic,
            "bilinear" => Interpolation::Bilinear,
            _ => return Err(section.refuse("interpolation", "seer knows bicubic and bilinear")),
        },
        crop: CropRounding::HalfToEven,
        order: ColorOrder::ConvertFirst,
        mean: section.channels("mean")?.unwrap_or(IMAGENET_MEAN),
        std,
    };
    section.finish().map(|()| spec)
}

/// The picture is made larger than the tower takes it by one over the kept part, rounded down.
fn resize(section: &Section, image: [usize; 2]) -> Result<ResizeMode, LoadError> {
    let kept = section.number("crop_pct")?.unwrap_or(CROP);
    if !(0.1..=1.0).contains(&kept) {
        return Err(section.refuse("crop_pct", "it should be a part of the picture"));
    }
    let mode = section.text("crop_mode")?.unwrap_or("center");
    if image[0] != image[1] {
        return Err(section.refuse("input_size", "seer knows square towers"));
    }
    let edge = (image[0] as f64 / kept).floor() as u32;
    match mode {
        "center" => Ok(ResizeMode::ShortestEdge(edge)),
        "squash" if edge as usize == image[0] => Ok(ResizeMode::Squash),
        "squash" => Ok(ResizeMode::SquashTo(edge)),
        _ => Err(section.refuse("crop_mode", "seer knows center and squash")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn published() -> Value {
        json!({
            "architecture": "vit_base_patch32_clip_384", "num_classes": 1000, "num_features": 768,
            "global_pool": "token",
            "pretrained_cfg": {
                "tag": "laion2b_ft_in12k_in1k", "custom_load": false, "input_size": [3, 384, 384],
                "fixed_input_size": true, "interpolation": "bicubic", "crop_pct": 1.0,
                "crop_mode": "center", "mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5],
                "num_classes": 1000, "pool_size": null, "first_conv": "patch_embed.proj",
                "classifier": "head", "license": "apache-2.0",
            },
        })
    }

    #[test]
    fn published_settings_are_read() {
        let config = read(&published()).unwrap();
        assert_eq!((config.dim, config.classes.len()), (768, 1000));
        assert!(config.text.is_none() && config.tokenizer.is_none());
        assert_eq!(config.image.image(), [384, 384]);
        assert_eq!(config.preprocess.resize, ResizeMode::ShortestEdge(384));
        for (mode, kept, expected) in [
            ("squash", 1.0, ResizeMode::Squash),
            ("squash", 0.95, ResizeMode::SquashTo(404)),
            ("center", 0.95, ResizeMode::ShortestEdge(404)),
            ("center", 0.9, ResizeMode::ShortestEdge(426)),
        ] {
            let mut json = published();
            json["pretrained_cfg"]["crop_mode"] = json!(mode);
            json["pretrained_cfg"]["crop_pct"] = json!(kept);
            assert_eq!(read(&json).unwrap().preprocess.resize, expected);
        }
    }

    #[test]
    fn another_size_than_the_named_is_an_argument() {
        let mut json = published();
        json["model_args"] = json!({"img_size": 416, "num_classes": 1000});
        json["pretrained_cfg"]["input_size"] = json!([3, 416, 416]);
        assert_eq!(read(&json).unwrap().image.image(), [416, 416]);
    }

    #[test]
    fn unknown_settings_are_refused_by_name() {
        for (place, value, key) in [
            ("/architecture", json!("resnet50"), "architecture"),
            ("/architecture", json!("vit_base_mci_224"), "architecture"),
            ("/global_pool", json!("avg"), "global_pool"),
            ("/num_features", json!(512), "num_features"),
            ("/num_classes", json!(-1), "num_classes"),
            ("/pretrained_cfg/crop_mode", json!("border"), "pretrained_cfg.crop_mode"),
            ("/pretrained_cfg/crop_pct", json!(1.5), "pretrained_cfg.crop_pct"),
            ("/pretrained_cfg/interpolation", json!("random"), "pretrained_cfg.interpolation"),
            ("/pretrained_cfg/input_size", json!([3, 224, 224]), "pretrained_cfg.input_size"),
            ("/pretrained_cfg/std", json!([0.0, 1.0, 1.0]), "pretrained_cfg.std"),
        ] {
            let mut json = published();
            *json.pointer_mut(place).unwrap() = value;
            let error = read(&json).unwrap_err().to_string();
            assert!(error.starts_with(&format!("config.json: {key}")), "{error}");
        }
        let mut json = published();
        json["model_args"] = json!({"reg_tokens": 4});
        assert!(read(&json).unwrap_err().to_string().contains("model_args.reg_tokens"));
    }
}
