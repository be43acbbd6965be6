//! Vision transformers as timm builds them, by their names: CLIP's, and MobileCLIP's with its
//! stem of convolutions (ViTamin: `vitamin.rs`; SigLIP: `timm_siglip.rs`).
//!
//! Sizes as in timm's `vision_transformer.py` and `vision_transformer_hybrid.py` (1.0).

use serde_json::json;

use crate::config::section::Section;
use crate::config::{Activation, Projection, TransformerConfig, timm};
use crate::error::CheckpointError;

/// A vision transformer with timm's names for its tensors.
#[derive(Clone, PartialEq, Debug)]
pub struct TimmVitConfig {
    /// What stands before the names of its tensors: `visual.trunk.` in OpenCLIP.
    pub prefix: &'static str,
    /// Pixels down and across.
    pub image: [usize; 2],
    /// From pixels to the tokens of the first block.
    pub stem: TimmStem,
    /// The blocks.
    pub transformer: TransformerConfig,
    /// Whether the MLPs are gated (GEGLU), with a norm of their own.
    pub gated: bool,
    /// Whether a class token goes with the others and is the picture's point; without one, it is
    /// their mean, normalised after that.
    pub class: bool,
    /// Which tokens have a position.
    pub position: TimmPosition,
    /// Layer norm before the first block.
    pub norm_before: bool,
    /// The way into the shared space.
    pub head: TimmHead,
}

/// From pixels to tokens.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TimmStem {
    /// Square patches of this edge, without anything added.
    Patches(usize),
    /// MobileCLIP's: three convolutions whose steps are their kernels' edges (4, 2, 2), with
    /// channels between them.
    Convolutions(usize),
    /// ViTamin's: inverted bottlenecks, 2 and 4 of them with so many channels.
    Bottlenecks([(usize, usize); 2]),
}

impl TimmStem {
    /// Pixels down and across that become one token.
    pub fn edge(self) -> usize {
        match self {
            Self::Patches(edge) => edge,
            Self::Convolutions(_) | Self::Bottlenecks(_) => 16,
        }
    }
}

/// Which tokens have a learnt position.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TimmPosition {
    /// All of them.
    All,
    /// All but the class token.
    Patches,
    /// None.
    None,
}

/// What follows the trunk.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TimmHead {
    /// timm's own classifier as a projection: a matrix, with something added.
    InTrunk,
    /// OpenCLIP's head behind the trunk.
    Behind(Projection),
    /// Nothing: the trunk's features are the embedding.
    None,
}

/// (size, width, layers, heads, hidden channels of the MLP).
const SIZES: [(&str, usize, usize, usize, usize); 10] = [
    ("xsmall", 256, 10, 4, 1024),
    ("medium", 512, 12, 8, 2048),
    ("betwixt", 640, 12, 10, 2560),
    ("base", 768, 12, 12, 3072),
    ("base_plus", 896, 12, 14, 3584),
    ("large", 1024, 24, 16, 4096),
    ("huge", 1280, 32, 16, 5120),
    ("giant", 1408, 40, 16, 6144),
    ("gigantic", 1664, 48, 16, 8192),
    // No size of timm's: the towers of the fixtures that the tests compare with.
    ("tiny", 32, 2, 2, 128),
];

/// (size, edge of a patch, edges of the image).
const CLIP: [(&str, usize, &[usize]); 11] = [
    ("xsmall", 16, &[224]),
    ("medium", 32, &[224]),
    ("medium", 16, &[224]),
    ("betwixt", 32, &[224]),
    ("base", 32, &[224, 256, 384, 448]),
    ("base", 16, &[224, 384]),
    ("base_plus", 16, &[240]),
    ("large", 14, &[224, 336]),
    ("huge", 14, &[224, 336, 378]),
    ("giant", 14, &[224]),
    ("gigantic", 14, &[224, 378]),
];

/// MobileCLIP's tower and the fixtures' (name, size, channels inside the stem, edge of the image).
const MOBILE: [(&str, &str, usize, usize); 2] =
    [("vit_base_mci_224", "base", 192, 224), ("tinyt_vit_mci", "tiny", 8, 48)];

/// Whether `name` should be one of these towers.
pub(super) fn is_one(name: &str) -> bool {
    let clip = name.starts_with("vit_") && name.contains("_clip_");
    clip || name == "tinyt_vit_clip" || MOBILE.iter().any(|(known, ..)| *known == name)
}

/// `vision_cfg` with such a `timm_model_name`.
pub(super) fn read(section: Section) -> Result<TimmVitConfig, CheckpointError> {
    let name = section.text("timm_model_name")?.unwrap_or_default();
    let tower = by_name(name).ok_or_else(|| timm::unknown(&section))?;
    section.only("timm_pool", &[json!("token")])?;
    timm::head_in_trunk(&section)?;
    let image = check_image(&section, tower.image, section.extent("image_size")?)?;
    section.finish()?;
    Ok(TimmVitConfig { image, prefix: "visual.trunk.", head: TimmHead::InTrunk, ..tower })
}

/// The tower of this name, without a head or a prefix.
pub(super) fn by_name(name: &str) -> Option<TimmVitConfig> {
    let mobile = MOBILE.iter().find(|(known, ..)| *known == name);
    if let Some((_, size, channels, image)) = mobile {
        let blocks = transformer(size, Activation::Gelu, 1e-6)?;
        let stem = TimmStem::Convolutions(*channels);
        let position = TimmPosition::Patches;
        return Some(TimmVitConfig { position, norm_before: false, ..plain(*image, stem, blocks) });
    }
    if name == "tinyt_vit_clip" {
        let blocks = transformer("tiny", Activation::Gelu, 1e-5)?;
        return Some(plain(48, TimmStem::Patches(16), blocks));
    }
    let (size, rest) = name.strip_prefix("vit_")?.split_once("_patch")?;
    let (patch, rest) = rest.split_once('_')?;
    // timm says "vit_base_patch16_plus_clip_240".
    let (size, rest) = match rest.strip_prefix("plus_") {
        Some(rest) => (format!("{size}_plus"), rest),
        None => (size.to_owned(), rest),
    };
    let rest = rest.strip_prefix("clip_")?;
    let (activation, image) = match rest.strip_prefix("quickgelu_") {
        Some(image) => (Activation::QuickGelu, image),
        None => (Activation::Gelu, rest),
    };
    let (patch, image) = (patch.parse().ok()?, image.parse().ok()?);
    let known = |(known, edge, images): &(&str, usize, &[usize])| {
        *known == size && *edge == patch && images.contains(&image)
    };
    CLIP.iter().find(|tower| known(tower))?;
    Some(plain(image, TimmStem::Patches(patch), transformer(&size, activation, 1e-5)?))
}

/// CLIP's way: a class token, positions for all, a norm before the blocks.
fn plain(image: usize, stem: TimmStem, transformer: TransformerConfig) -> TimmVitConfig {
    TimmVitConfig {
        prefix: "",
        image: [image, image],
        stem,
        transformer,
        gated: false,
        class: true,
        position: TimmPosition::All,
        norm_before: true,
        head: TimmHead::None,
    }
}

fn transformer(size: &str, activation: Activation, eps: f32) -> Option<TransformerConfig> {
    let (_, width, layers, heads, mlp_width) = *SIZES.iter().find(|known| known.0 == size)?;
    let layer_scale = false;
    Some(TransformerConfig { width, layers, heads, mlp_width, activation, eps, layer_scale })
}

/// `image_size`, which OpenCLIP does not pass on to timm: the tower has the size of its name.
pub(super) fn check_image(
    section: &Section,
    named: [usize; 2],
    found: Option<[usize; 2]>,
) -> Result<[usize; 2], CheckpointError> {
    match found {
        Some(found) if found != named => {
            let expected = format!("that tower of timm's takes {} pixels", named[0]);
            Err(section.refuse("image_size", &expected))
        }
        _ => Ok(named),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_give_sizes() {
        let tower = by_name("vit_large_patch14_clip_336").unwrap();
        assert_eq!((tower.image, tower.stem), ([336, 336], TimmStem::Patches(14)));
        assert_eq!((tower.transformer.layers, tower.transformer.eps), (24, 1e-5));
        let tower = by_name("vit_base_patch16_plus_clip_240").unwrap();
        assert_eq!((tower.transformer.width, tower.transformer.heads), (896, 14));
        let tower = by_name("vit_huge_patch14_clip_quickgelu_378").unwrap();
        assert_eq!(tower.transformer.activation, Activation::QuickGelu);
        let mobile = by_name("vit_base_mci_224").unwrap();
        assert_eq!((mobile.position, mobile.transformer.eps), (TimmPosition::Patches, 1e-6));
        assert!(mobile.class && !mobile.norm_before);
        for other in ["vit_base_patch16_clip_225", "vit_base_patch16_224", "vit_base_clip_224"] {
            assert!(by_name(other).is_none(), "{other}");
        }
    }

    #[test]
    fn other_settings_are_refused_by_name() {
        for (pool, projection, size, key) in [
            ("avg", json!(null), 224, "timm_pool"),
            ("token", json!("mlp"), 224, "timm_proj"),
            ("token", json!(null), 256, "image_size"),
        ] {
            let json = json!({"timm_model_name": "vit_large_patch14_clip_224", "timm_pool": pool,
                              "timm_proj": projection, "image_size": size});
            let error = read(Section::whole("f", &json).unwrap()).unwrap_err().to_string();
            assert!(error.starts_with(&format!("f: {key}")), "{error}");
        }
    }
}
