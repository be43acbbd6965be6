//! ViTamin by its name in timm.
//!
//! Sizes as in timm's `vitamin.py` (1.0), which follows <https://github.com/Beckschen/ViTamin>.

use serde_json::json;

use crate::config::section::Section;
use crate::config::{
    Activation, TimmHead, TimmPosition, TimmStem, TimmVitConfig, TransformerConfig, timm, timm_vit,
};
use crate::error::CheckpointError;

/// (size, channels of the stem and its two stages, width, layers, heads, edges of the image).
type Size = (&'static str, [usize; 2], usize, usize, usize, &'static [usize]);

const SIZES: [Size; 7] = [
    ("vitamin_small", [64, 128], 384, 14, 6, &[224]),
    ("vitamin_base", [128, 256], 768, 14, 12, &[224]),
    ("vitamin_large", [160, 320], 1024, 31, 16, &[224, 256, 336, 384]),
    ("vitamin_large2", [160, 320], 1024, 31, 16, &[224, 256, 336, 384]),
    ("vitamin_xlarge", [192, 384], 1152, 32, 16, &[256, 336, 384]),
    // No sizes of timm's: the towers of the fixtures that the tests compare with.
    ("tinyt_vitamin", [8, 16], 32, 2, 2, &[48]),
    ("tinyt_vitamin_xlarge", [8, 16], 32, 2, 2, &[48]),
];

/// Bottlenecks of the two stages.
const BLOCKS: [usize; 2] = [2, 4];

/// Whether `name` should be one of these towers.
pub(super) fn is_one(name: &str) -> bool {
    name.starts_with("vitamin_") || name.starts_with("tinyt_vitamin")
}

/// `vision_cfg` with such a `timm_model_name`. An empty `timm_pool` leaves timm's own, the average.
pub(super) fn read(section: Section, dim: usize) -> Result<TimmVitConfig, CheckpointError> {
    let name = section.text("timm_model_name")?.unwrap_or_default();
    let (size, named) = by_name(name).ok_or_else(|| timm::unknown(&section))?;
    let (kind, channels, width, layers, heads, _) = *size;
    section.only("timm_pool", &[json!(""), json!("avg")])?;
    let projection = timm::projection(&section, dim)?;
    let has_position = !kind.ends_with("xlarge");
    // Without positions any size will do: OpenCLIP's XL-384 is set to 256 pixels.
    let found = section.extent("image_size")?;
    let image = match found {
        Some(found) if !has_position && found.iter().all(|n| (32..=1024).contains(n)) => found,
        _ => timm_vit::check_image(&section, [named, named], found)?,
    };
    section.finish()?;
    let blocks = if kind.starts_with("tinyt") { [2, 2] } else { BLOCKS };
    Ok(TimmVitConfig {
        prefix: "visual.trunk.",
        image,
        stem: TimmStem::Bottlenecks([0, 1].map(|stage| (blocks[stage], channels[stage]))),
        transformer: TransformerConfig {
            width,
            layers,
            heads,
            mlp_width: 2 * width,
            activation: Activation::Gelu,
            eps: 1e-6,
            layer_scale: false,
        },
        gated: true,
        class: false,
        position: if has_position { TimmPosition::All } else { TimmPosition::None },
        norm_before: false,
        head: TimmHead::Behind(projection),
    })
}

/// The size and the edge of the image in `vitamin_SIZE_EDGE`; the fixtures' have no edge.
fn by_name(name: &str) -> Option<(&'static Size, usize)> {
    let of = |kind: &str| SIZES.iter().find(|(known, ..)| *known == kind);
    if let Some(size) = of(name).filter(|_| name.starts_with("tinyt")) {
        return Some((size, size.5[0]));
    }
    let (kind, edge) = name.rsplit_once('_')?;
    let edge = edge.parse().ok()?;
    of(kind).filter(|size| size.5.contains(&edge)).map(|size| (size, edge))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Projection;

    fn from(name: &str, size: usize) -> Result<TimmVitConfig, CheckpointError> {
        let json = json!({"timm_model_name": name, "timm_model_pretrained": false,
                          "timm_pool": "", "timm_proj": "linear", "timm_drop": 0.0,
                          "timm_drop_path": 0.1, "image_size": size});
        read(Section::whole("f", &json).unwrap(), 768)
    }

    #[test]
    fn sizes_are_known_by_name() {
        let config = from("vitamin_large2_336", 336).unwrap();
        assert_eq!(config.stem, TimmStem::Bottlenecks([(2, 160), (4, 320)]));
        assert_eq!((config.transformer.layers, config.transformer.mlp_width), (31, 2048));
        assert_eq!(config.head, TimmHead::Behind(Projection::Linear { bias: false }));
        let config = from("vitamin_xlarge_384", 256).unwrap();
        assert_eq!((config.position, config.image), (TimmPosition::None, [256, 256]));
    }

    #[test]
    fn others_are_refused_by_name() {
        for (name, size, key) in [
            ("vitamin_large_224", 256, "image_size"),
            ("vitamin_large_225", 225, "timm_model_name"),
            ("vitamin_huge_224", 224, "timm_model_name"),
        ] {
            let error = from(name, size).unwrap_err().to_string();
            assert!(error.starts_with(&format!("f: {key}")), "{error}");
        }
    }
}
