//! How pictures are made ready, from either layout's JSON.

use seer_types::{ColorOrder, CropRounding, Interpolation, PreprocessSpec, ResizeMode};
use serde_json::{Value, json};

use crate::config::section::Section;
use crate::error::CheckpointError;

const CLIP_MEAN: [f32; 3] = [0.48145466, 0.4578275, 0.40821073];
const CLIP_STD: [f32; 3] = [0.26862955, 0.2613026, 0.2757771];

/// What a processor of transformers does where its file says nothing.
pub(super) struct Processor {
    crop: bool,
    mean: [f32; 3],
    std: [f32; 3],
}

/// `CLIPImageProcessor`.
pub(super) const CLIP: Processor = Processor { crop: true, mean: CLIP_MEAN, std: CLIP_STD };

/// `BlipImageProcessor`, which never crops.
pub(super) const BLIP: Processor = Processor { crop: false, mean: CLIP_MEAN, std: CLIP_STD };

/// `SiglipImageProcessor`, which never crops.
pub(super) const SIGLIP: Processor = Processor { crop: false, mean: [0.5; 3], std: [0.5; 3] };

/// Hugging Face's `preprocessor_config.json`; `image` is what the tower takes, [down, across].
pub(super) fn hugging_face(
    section: &Section,
    image: [usize; 2],
    processor: &Processor,
) -> Result<PreprocessSpec, CheckpointError> {
    let resize = resize(section, image, processor.crop)?;
    let interpolation = resample(section)?.unwrap_or(Interpolation::Bicubic);
    rescaled(section, image, processor, (resize, interpolation))
}

/// The same of `Siglip2ImageProcessor`, for patches of `patch` pixels. It neither crops nor takes
/// a size: the picture's own shape and `max_num_patches` decide.
pub(super) fn naflex(section: &Section, patch: usize) -> Result<PreprocessSpec, CheckpointError> {
    section.ignore(&["size", "crop_size"]);
    section.only("do_center_crop", &[json!(false)])?;
    if section.size("patch_size")?.unwrap_or(16) != patch {
        return Err(section.refuse("patch_size", "it should be the image tower's"));
    }
    let patches = section.size("max_num_patches")?.unwrap_or(256);
    let side = patches.isqrt() * patch;
    let (patch, patches) = (as_u32(patch), as_u32(patches));
    let interpolation = resample(section)?.unwrap_or(Interpolation::Bilinear);
    let resize = ResizeMode::PatchBudget { patch, patches };
    rescaled(section, [side, side], &SIGLIP, (resize, interpolation))
}

fn rescaled(
    section: &Section,
    image: [usize; 2],
    processor: &Processor,
    (resize, interpolation): (ResizeMode, Interpolation),
) -> Result<PreprocessSpec, CheckpointError> {
    section.ignore(&[
        "_valid_processor_keys",
        "data_format",
        "device",
        "disable_grouping",
        "do_convert_rgb",
        "feature_extractor_type",
        "image_processor_type",
        "input_data_format",
        "processor_class",
        "return_tensors",
        "default_to_square",
    ]);
    section.only("do_pad", &[json!(false)])?;
    for required in ["do_resize", "do_rescale"] {
        section.only(required, &[json!(true)])?;
    }
    let factor = section.number("rescale_factor")?.unwrap_or(1.0 / 255.0);
    if (factor * 255.0 - 1.0).abs() > 1e-6 {
        return Err(section.refuse("rescale_factor", "seer knows 1/255"));
    }
    let normalise = section.flag("do_normalize", true)?;
    let mean = section.channels("image_mean")?.unwrap_or(processor.mean);
    let std = section.channels("image_std")?.unwrap_or(processor.std);
    Ok(PreprocessSpec {
        width: as_u32(image[1]),
        height: as_u32(image[0]),
        resize,
        interpolation,
        crop: CropRounding::Floor,
        order: ColorOrder::ConvertFirst,
        mean: if normalise { mean } else { [0.0; 3] },
        std: checked_std(section, "image_std", if normalise { std } else { [1.0; 3] })?,
    })
}

fn resize(section: &Section, image: [usize; 2], crop: bool) -> Result<ResizeMode, CheckpointError> {
    let crop = section.flag("do_center_crop", crop)?;
    section.ignore(&["crop_size"]); // read below where it is used
    if crop
        && lengths(section, "crop_size")?.unwrap_or(Lengths::Both([224, 224]))
            != Lengths::Both(image)
    {
        let expected = format!("the image tower takes {}x{} pixels", image[1], image[0]);
        return Err(section.refuse("crop_size", &expected));
    }
    match lengths(section, "size")?.unwrap_or(Lengths::Shortest(224)) {
        Lengths::Both(size) if size == image => Ok(ResizeMode::Squash),
        Lengths::Shortest(edge) if crop && edge >= image[0].max(image[1]) => {
            Ok(ResizeMode::ShortestEdge(as_u32(edge)))
        }
        _ => Err(section.refuse("size", "that gives no picture of the size the tower takes")),
    }
}

#[derive(PartialEq)]
enum Lengths {
    Shortest(usize),
    Both([usize; 2]),
}

/// A number, `{"shortest_edge": n}` or `{"height": n, "width": n}`. A bare number is a shortest
/// edge as `size` and a square as `crop_size`.
fn lengths(section: &Section, key: &str) -> Result<Option<Lengths>, CheckpointError> {
    let Some(value) = section.value(key) else { return Ok(None) };
    let length =
        |value: &Value| value.as_u64().filter(|n| (1..=1 << 14).contains(n)).map(|n| n as usize);
    let by_name = |name: &str| value.get(name).and_then(length);
    let known = match value {
        Value::Number(_) if key == "size" => length(value).map(Lengths::Shortest),
        Value::Number(_) => length(value).map(|n| Lengths::Both([n, n])),
        Value::Object(map) if map.len() == 1 => by_name("shortest_edge").map(Lengths::Shortest),
        Value::Object(map) if map.len() == 2 => {
            by_name("height").zip(by_name("width")).map(|(h, w)| Lengths::Both([h, w]))
        }
        _ => None,
    };
    known.map(Some).ok_or_else(|| {
        section.refuse(key, "seer knows a number, shortest_edge, or height and width")
    })
}

fn resample(section: &Section) -> Result<Option<Interpolation>, CheckpointError> {
    let Some(value) = section.value("resample") else { return Ok(None) };
    match value.as_u64() {
        Some(0) => Ok(Some(Interpolation::Nearest)),
        Some(1) => Ok(Some(Interpolation::Lanczos)),
        Some(2) => Ok(Some(Interpolation::Bilinear)),
        Some(3) => Ok(Some(Interpolation::Bicubic)),
        _ => Err(section.refuse(
            "resample",
            "seer knows 0 (nearest), 1 (lanczos), 2 (bilinear) and 3 (bicubic)",
        )),
    }
}

/// OpenCLIP's `preprocess_cfg`; `image` is what the tower takes, [down, across].
pub(super) fn open_clip(
    section: &Section,
    image: [usize; 2],
) -> Result<PreprocessSpec, CheckpointError> {
    section.ignore(&["size"]); // open_clip takes the tower's size, whatever stands here
    section.only("mode", &[json!("RGB")])?;
    let interpolation = match section.text("interpolation")?.unwrap_or("bicubic") {
        "bicubic" => Interpolation::Bicubic,
        "bilinear" => Interpolation::Bilinear,
        _ => return Err(section.refuse("interpolation", "seer knows bicubic and bilinear")),
    };
    let fill = section.number("fill_color")?.unwrap_or(0.0);
    let resize = match section.text("resize_mode")?.unwrap_or("shortest") {
        "shortest" if image[0] == image[1] => ResizeMode::ShortestEdge(as_u32(image[0])),
        "squash" => ResizeMode::Squash,
        "longest" if (0.0..=255.0).contains(&fill) => ResizeMode::LongestEdge { fill: fill as u8 },
        _ => {
            return Err(section
                .refuse("resize_mode", "seer knows shortest (square towers), squash and longest"));
        }
    };
    let std = section.channels("std")?.unwrap_or(CLIP_STD);
    Ok(PreprocessSpec {
        width: as_u32(image[1]),
        height: as_u32(image[0]),
        resize,
        interpolation,
        crop: CropRounding::HalfToEven,
        order: ColorOrder::ResizeFirst,
        mean: section.channels("mean")?.unwrap_or(CLIP_MEAN),
        std: checked_std(section, "std", std)?,
    })
}

fn checked_std(section: &Section, key: &str, std: [f32; 3]) -> Result<[f32; 3], CheckpointError> {
    if std.iter().all(|s| *s > 0.0) { Ok(std) } else { Err(section.refuse(key, "it divides")) }
}

fn as_u32(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hf(json: &Value) -> Result<PreprocessSpec, CheckpointError> {
        let section = Section::whole("preprocessor_config.json", json)?;
        let spec = hugging_face(&section, [48, 48], &CLIP)?;
        section.finish().map(|()| spec)
    }

    #[test]
    fn both_ways_of_writing_a_size_are_read() {
        let spec = hf(&json!({"size": 52, "crop_size": 48, "resample": 2})).unwrap();
        assert_eq!(spec.resize, ResizeMode::ShortestEdge(52));
        assert_eq!((spec.interpolation, spec.mean), (Interpolation::Bilinear, CLIP_MEAN));
        let edge = json!({"size": {"shortest_edge": 48}, "crop_size": {"height": 48, "width": 48}});
        assert_eq!(hf(&edge).unwrap().resize, ResizeMode::ShortestEdge(48));
        let square = json!({"size": {"height": 48, "width": 48}, "do_center_crop": false,
            "crop_size": 40});
        assert_eq!(hf(&square).unwrap().resize, ResizeMode::Squash);
    }

    #[test]
    fn sizes_that_do_not_fit_the_tower_are_refused() {
        for json in [
            json!({"size": 48, "crop_size": 40}),
            json!({"size": 40, "crop_size": 48}),
            json!({"size": {"longest_edge": 48}, "crop_size": 48}),
            json!({"size": 48, "do_center_crop": false}),
            json!({"size": 48, "crop_size": 48, "resample": 4}),
            json!({"size": 48, "crop_size": 48, "do_rescale": false}),
            json!({"size": 48, "crop_size": 48, "image_std": [0.0, 1.0, 1.0]}),
            json!({"size": 48, "crop_size": 48, "rescale_factor": 0.5}),
            json!({"size": 48, "crop_size": 48, "sharpen": true}),
        ] {
            assert!(hf(&json).is_err(), "{json}");
        }
    }

    #[test]
    fn open_clip_modes_are_read_and_unknown_ones_refused() {
        let read = |json: Value, image| open_clip(&Section::whole("f", &json).unwrap(), image);
        let spec = read(json!({"resize_mode": "squash", "interpolation": "bilinear"}), [32, 64]);
        let spec = spec.unwrap();
        assert_eq!((spec.height, spec.width), (32, 64));
        assert_eq!((spec.resize, spec.order), (ResizeMode::Squash, ColorOrder::ResizeFirst));
        assert!(read(json!({"resize_mode": "stretch"}), [32, 32]).is_err());
        assert!(read(json!({"resize_mode": "shortest"}), [32, 64]).is_err());
        assert!(read(json!({"interpolation": "random"}), [32, 32]).is_err());
    }
}
