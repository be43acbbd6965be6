//! `config.json` of timm's repositories: an image tower with its classifier, and no text tower.
//!
//! Keys as timm's `save_config_for_hf` writes them, preprocessing as its `resolve_data_config` and
//! `transforms_imagenet_eval` read them (1.0). CLIP's image towers are known, fine-tuned as
//! classifiers: `vit_*_clip_*` and `convnext_*`.

use seer_types::{ColorOrder, CropRounding, Interpolation, PreprocessSpec, ResizeMode};
use serde_json::{Value, json};

use crate::config::huggingface::CONFIG;
use crate::config::section::Section;
use crate::config::{
    ConvNextHead, ImageConfig, ModelConfig, TimmStem, classes, convnext, timm_vit,
};
use crate::error::CheckpointError;

const IMAGENET_MEAN: [f32; 3] = [0.485, 0.456, 0.406];
const IMAGENET_STD: [f32; 3] = [0.229, 0.224, 0.225];

/// The part of the resized picture that is kept where the file says nothing.
const CROP: f64 = 0.875;

/// Whether a `config.json` is timm's.
pub(super) fn is_one(json: &Value) -> bool {
    json.get("architecture").is_some()
}

pub(super) fn read(json: &Value) -> Result<ModelConfig, CheckpointError> {
    let whole = Section::whole(CONFIG, json)?;
    let name = whole.text("architecture")?.unwrap_or_default();
    let known =
        "of timm's repositories seer knows CLIP's image towers, vit_*_clip_* and convnext_*";
    let mut trunk = by_name(name).ok_or_else(|| whole.refuse("architecture", known))?;
    whole.only("global_pool", &[json!(trunk.pool)])?;
    whole.only("num_features", &[json!(trunk.features)])?;
    let count = count(&whole)?;
    if let Some(arguments) = whole.section("model_args")? {
        read_arguments(arguments, &mut trunk, count)?;
    }
    let classes = classes::read(&whole, count)?;
    let pretrained = whole.required("pretrained_cfg")?;
    read_input_size(&pretrained, &mut trunk.image)?;
    let preprocess = preprocess(pretrained, trunk.image.image())?;
    whole.finish()?;
    Ok(ModelConfig {
        dim: trunk.dim,
        image: trunk.image,
        text: None,
        text_apart: false,
        preprocess,
        tokenizer: None,
        classes,
        name_weights: None,
    })
}

/// What a name of timm's says about an image tower.
struct Trunk {
    image: ImageConfig,
    /// Numbers after pooling.
    features: usize,
    /// Numbers that the classifier takes: the embedding.
    dim: usize,
    /// timm's word for how it pools.
    pool: &'static str,
}

fn by_name(name: &str) -> Option<Trunk> {
    if let Some(net) = convnext::by_name(name) {
        let [.., (_, features)] = net.stages;
        let dim = match net.head {
            ConvNextHead::Hidden(hidden) => hidden,
            _ => features,
        };
        return Some(Trunk { image: ImageConfig::ConvNext(net), features, dim, pool: "avg" });
    }
    let vit = timm_vit::by_name(name).filter(|t| matches!(t.stem, TimmStem::Patches(_)))?;
    let width = vit.transformer.width;
    Some(Trunk { image: ImageConfig::TimmVit(vit), features: width, dim: width, pool: "token" })
}

/// Classes: none, or as many as there are.
fn count(whole: &Section) -> Result<usize, CheckpointError> {
    match whole.value("num_classes") {
        Some(value) if value.as_u64() == Some(0) => Ok(0),
        Some(_) => Ok(whole.size("num_classes")?.unwrap_or(0)),
        None => Err(whole.absent("num_classes", "a number")),
    }
}

/// What timm was told beside the architecture: classes, and in transformers another image size.
fn read_arguments(
    arguments: Section,
    trunk: &mut Trunk,
    count: usize,
) -> Result<(), CheckpointError> {
    arguments.only("num_classes", &[json!(count)])?;
    arguments.only("in_chans", &[json!(3)])?;
    arguments.only("global_pool", &[json!(trunk.pool)])?;
    if let ImageConfig::TimmVit(vit) = &mut trunk.image {
        vit.image = arguments.extent("img_size")?.unwrap_or(vit.image);
    }
    arguments.finish()
}

/// `input_size`, which is the tower's own: a ConvNeXt takes any, a transformer has as many positions.
fn read_input_size(section: &Section, tower: &mut ImageConfig) -> Result<(), CheckpointError> {
    if let ImageConfig::ConvNext(net) = tower {
        net.image = size(section)?;
        return convnext::check_image(section, "input_size", net.image);
    }
    let [down, across] = tower.image();
    section.only("input_size", &[json!([3, down, across])])
}

/// `input_size` is [channels, down, across].
fn size(section: &Section) -> Result<[usize; 2], CheckpointError> {
    let expected = "[3, down, across]";
    let found =
        section.value("input_size").ok_or_else(|| section.absent("input_size", expected))?;
    let length = |value: &Value| value.as_u64().filter(|n| (1..=1 << 14).contains(n));
    let lengths: Option<Vec<usize>> = found
        .as_array()
        .and_then(|lengths| lengths.iter().map(|l| length(l).map(|n| n as usize)).collect());
    match lengths.as_deref() {
        Some([3, down, across]) => Ok([*down, *across]),
        _ => Err(section.refuse("input_size", &format!("it should be {expected}"))),
    }
}

fn preprocess(section: Section, image: [usize; 2]) -> Result<PreprocessSpec, CheckpointError> {
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
fn resize(section: &Section, image: [usize; 2]) -> Result<ResizeMode, CheckpointError> {
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
    fn convnexts_take_any_size_and_may_have_a_hidden_layer() {
        let published = json!({
            "architecture": "convnext_large_mlp", "num_classes": 11821, "num_features": 1536,
            "global_pool": "avg",
            "pretrained_cfg": {
                "tag": "clip_laion2b_soup_ft_in12k_320", "custom_load": false,
                "input_size": [3, 320, 320], "fixed_input_size": false, "interpolation": "bicubic",
                "crop_pct": 1.0, "crop_mode": "center", "mean": [0.5, 0.5, 0.5],
                "std": [0.5, 0.5, 0.5], "num_classes": 11821, "pool_size": [10, 10],
                "first_conv": "stem.0", "classifier": "head.fc", "license": "apache-2.0",
            },
        });
        let config = read(&published).unwrap();
        assert_eq!((config.dim, config.classes.len()), (1536, 11821));
        let ImageConfig::ConvNext(net) = &config.image else { panic!() };
        assert_eq!((net.image, net.head), ([320, 320], ConvNextHead::Hidden(1536)));
        assert_eq!(net.stages[2], (27, 768));
        for (place, value, key) in [
            ("/architecture", json!("convnextv2_base"), "architecture"),
            ("/global_pool", json!("token"), "global_pool"),
            ("/pretrained_cfg/input_size", json!([3, 16, 16]), "pretrained_cfg.input_size"),
            ("/pretrained_cfg/input_size", json!([1, 320, 320]), "pretrained_cfg.input_size"),
            ("/pretrained_cfg/input_size", json!(null), "pretrained_cfg.input_size"),
        ] {
            let mut json = published.clone();
            *json.pointer_mut(place).unwrap() = value;
            let error = read(&json).unwrap_err().to_string();
            assert!(error.contains(key), "{error}");
        }
        let mut json = published;
        json["model_args"] = json!({"img_size": 384});
        assert!(read(&json).unwrap_err().to_string().contains("model_args.img_size"));
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
