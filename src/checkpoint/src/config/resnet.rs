//! CLIP's residual network in OpenCLIP's words: a `vision_cfg` whose `layers` is a list.

use serde_json::Value;

use crate::config::ResNetConfig;
use crate::config::section::Section;
use crate::error::CheckpointError;

/// Whether `vision_cfg` describes one.
pub(super) fn is_one(section: &Section) -> bool {
    section.value("layers").is_some_and(Value::is_array)
}

/// `vision_cfg`. Defaults are those of open_clip's `CLIPVisionCfg`, heads as in its
/// `_build_vision_tower`: 32 times the width shared by heads of `head_width`.
pub(super) fn read(section: Section) -> Result<ResNetConfig, CheckpointError> {
    section.ignore(&["patch_size"]); // of other towers
    let blocks = section.value("layers").and_then(blocks);
    let blocks = blocks.ok_or_else(|| section.refuse("layers", "seer knows lists of four"))?;
    let width = section.size("width")?.ok_or_else(|| section.absent("width", "a size"))?;
    if width % 2 != 0 || width > 1 << 12 {
        return Err(section.refuse("width", "it should be an even number up to 4096"));
    }
    let [image, across] = section.extent("image_size")?.unwrap_or([224, 224]);
    if image != across || !image.is_multiple_of(ResNetConfig::SHRINK) {
        return Err(section.refuse("image_size", "it should be square, a multiple of 32"));
    }
    let head_width = section.size("head_width")?.unwrap_or(64);
    let heads = 32 * width / head_width;
    if heads == 0 || !(32 * width).is_multiple_of(heads) {
        return Err(section.refuse("width", "32 times it should be a multiple of the heads"));
    }
    section.finish().map(|()| ResNetConfig { image, width, blocks, heads })
}

fn blocks(layers: &Value) -> Option<[usize; 4]> {
    let count = |layers: &Value| {
        let number = layers.as_u64().filter(|n| (1..=1 << 10).contains(n))?;
        usize::try_from(number).ok()
    };
    layers.as_array()?.iter().map(count).collect::<Option<Vec<usize>>>()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_five_sizes_of_openai_are_read() {
        for (image, blocks, width, heads, features) in [
            (224, [3, 4, 6, 3], 64, 32, 2048),
            (224, [3, 4, 23, 3], 64, 32, 2048),
            (288, [4, 6, 10, 6], 80, 40, 2560),
            (384, [6, 8, 18, 8], 96, 48, 3072),
            (448, [3, 15, 36, 10], 128, 64, 4096),
        ] {
            let json = json!({"image_size": image, "layers": blocks, "width": width,
                              "patch_size": null});
            let section = Section::whole("f", &json).unwrap();
            assert!(is_one(&section));
            let config = read(section).unwrap();
            assert_eq!(config, ResNetConfig { image, width, blocks, heads });
            assert_eq!((config.features(), config.pixels()), (features, (image / 32).pow(2)));
        }
    }

    #[test]
    fn what_is_not_known_is_refused_by_name() {
        for (json, name) in [
            (json!({"layers": [3, 4, 6], "width": 64}), "layers"),
            (json!({"layers": [3, 4, 6, 0], "width": 64}), "layers"),
            (json!({"layers": [3, 4, 6, 3]}), "width"),
            (json!({"layers": [3, 4, 6, 3], "width": 63}), "width"),
            (json!({"layers": [3, 4, 6, 3], "width": 64, "image_size": 230}), "image_size"),
            (json!({"layers": [3, 4, 6, 3], "width": 64, "image_size": [64, 96]}), "image_size"),
            (json!({"layers": [3, 4, 6, 3], "width": 64, "head_width": 600}), "width"),
            (json!({"layers": [3, 4, 6, 3], "width": 64, "pool_type": "avg"}), "pool_type"),
        ] {
            let error = read(Section::whole("f", &json).unwrap()).unwrap_err().to_string();
            assert!(error.starts_with("f") && error.contains(name), "{error}");
        }
        assert!(!is_one(&Section::whole("f", &json!({"layers": 12})).unwrap()));
    }
}
