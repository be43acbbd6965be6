//! SigLIP's image towers by their names in timm.
//!
//! Sizes and activations as in timm's `vision_transformer.py` (1.0), `vit_*_patch*_siglip_*`; layer
//! norms add 1e-6 throughout.

use serde_json::json;

use crate::config::section::Section;
use crate::config::{Activation, ImagePooling, Projection, TransformerConfig, VitConfig};
use crate::error::CheckpointError;

/// (size, width, layers, heads, hidden channels of the MLP).
const SIZES: [(&str, usize, usize, usize, usize); 5] = [
    ("base", 768, 12, 12, 3072),
    ("large", 1024, 24, 16, 4096),
    ("so400m", 1152, 27, 16, 4304),
    ("giantopt", 1536, 40, 16, 6144),
    // No size of timm's: the tower of the fixtures that the tests compare with.
    ("tiny", 32, 2, 4, 128),
];

/// (size, edge of a patch, edges of the image, activation).
const TOWERS: [(&str, usize, &[usize], Activation); 7] = [
    ("base", 32, &[256], Activation::GeluTanh),
    ("base", 16, &[224, 256, 384, 512], Activation::Gelu),
    ("large", 16, &[256, 384], Activation::Gelu),
    ("large", 16, &[512], Activation::GeluTanh),
    ("so400m", 14, &[224, 378, 384], Activation::Gelu),
    ("so400m", 16, &[256, 384, 512], Activation::GeluTanh),
    ("giantopt", 16, &[256, 384], Activation::GeluTanh),
];

/// Whether `name` should be one of these towers.
pub(super) fn is_one(name: &str) -> bool {
    name == "tinyt_siglip" || name.starts_with("vit_") && name.contains("_siglip_")
}

/// `vision_cfg` with such a `timm_model_name`; `dim` is the size of the shared space.
pub(super) fn read(section: Section, dim: usize) -> Result<VitConfig, CheckpointError> {
    let name = section.text("timm_model_name")?.unwrap_or_default();
    let (image, patch, transformer) = tower(name).ok_or_else(|| {
        section.refuse("timm_model_name", "seer does not know that one of timm's SigLIP towers")
    })?;
    if transformer.width != dim {
        return Err(section.refuse("timm_model_name", "its width should be embed_dim"));
    }
    section.ignore(&["timm_model_pretrained", "timm_drop", "timm_drop_path", "timm_proj_bias"]);
    for (key, value) in [("timm_pool", "map"), ("timm_proj", "none")] {
        if section.text(key)? != Some(value) {
            return Err(section.refuse(key, &format!("seer knows {value} for this tower")));
        }
    }
    let config = VitConfig {
        image: section.extent("image_size")?.unwrap_or([image, image]),
        patch: [patch, patch],
        transformer,
        norm_before: false,
        pooling: ImagePooling::Attention,
        norm_after_pooling: false,
        projection: Projection::None,
    };
    if config.image.iter().any(|edge| *edge < patch) {
        return Err(section.refuse("image_size", "it should hold a patch"));
    }
    section.only("timm_model_kwargs", &[json!({})])?;
    section.finish().map(|()| config)
}

/// Edges of image and patch, and the blocks of `vit_SIZE_patchPATCH_siglip_IMAGE`.
fn tower(name: &str) -> Option<(usize, usize, TransformerConfig)> {
    if name == "tinyt_siglip" {
        return Some((48, 16, transformer("tiny", Activation::Gelu)?));
    }
    let (size, rest) = name.strip_prefix("vit_")?.split_once("_patch")?;
    let (patch, image) = rest.split_once("_siglip_")?;
    let (patch, image) = (patch.parse().ok()?, image.parse().ok()?);
    let is_it = |t: &&(&str, usize, &[usize], Activation)| {
        t.0 == size && t.1 == patch && t.2.contains(&image)
    };
    let (.., activation) = *TOWERS.iter().find(is_it)?;
    Some((image, patch, transformer(size, activation)?))
}

fn transformer(size: &str, activation: Activation) -> Option<TransformerConfig> {
    let (_, width, layers, heads, mlp_width) = *SIZES.iter().find(|known| known.0 == size)?;
    let (eps, layer_scale) = (1e-6, false);
    Some(TransformerConfig { width, layers, heads, mlp_width, activation, eps, layer_scale })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_give_sizes() {
        let (image, patch, blocks) = tower("vit_so400m_patch14_siglip_384").unwrap();
        assert_eq!((image, patch, blocks.mlp_width), (384, 14, (1152.0 * 3.7362) as usize));
        assert_eq!(blocks.activation, Activation::Gelu);
        let (.., blocks) = tower("vit_large_patch16_siglip_512").unwrap();
        assert_eq!((blocks.layers, blocks.activation), (24, Activation::GeluTanh));
        for other in ["vit_base_patch16_siglip_gap_224", "vit_base_patch8_siglip_224", "resnet50"] {
            assert!(tower(other).is_none(), "{other}");
        }
    }

    #[test]
    fn other_heads_are_refused_by_name() {
        let name = "vit_base_patch16_siglip_224";
        for (pool, projection, dim, key) in [
            ("avg", "none", 768, "timm_pool"),
            ("map", "linear", 768, "timm_proj"),
            ("map", "none", 512, "timm_model_name"),
        ] {
            let json = json!({"timm_model_name": name, "timm_pool": pool, "timm_proj": projection});
            let error = read(Section::whole("f", &json).unwrap(), dim).unwrap_err().to_string();
            assert!(error.starts_with(&format!("f: {key}")), "{error}");
        }
    }
}
