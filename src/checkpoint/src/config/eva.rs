//! EVA, EVA-02 and the Perception Encoder by their names in timm.
//!
//! Sizes as in timm's `eva.py` (1.0), whose `eva*` towers follow
//! <https://github.com/baaivision/EVA> and whose `vit_pe_core_*` follow
//! <https://github.com/facebookresearch/perception_models>.

use crate::config::section::Section;
use crate::error::CheckpointError;

/// One of timm's `Eva` towers, as OpenCLIP uses them.
#[derive(Clone, PartialEq, Debug)]
pub struct EvaConfig {
    /// Pixels down and across.
    pub image: [usize; 2],
    /// Pixels down and across of one patch.
    pub patch: usize,
    /// Channels of the residual stream.
    pub width: usize,
    /// Number of blocks.
    pub layers: usize,
    /// Attention heads; `width` is a multiple of it.
    pub heads: usize,
    /// Hidden channels of the MLP.
    pub mlp_width: usize,
    /// Added to the variance in every layer norm.
    pub eps: f32,
    /// Whether a class token stands before the patches.
    pub class_token: bool,
    /// Layer norm before the first block; the patch embedding then has no bias.
    pub norm_before: bool,
    /// How queries, keys and values are stored.
    pub qkv: EvaQkv,
    /// How queries and keys are turned by their place.
    pub rotary: Option<RotaryConfig>,
    /// Whether the MLP multiplies two layers (SwiGLU) instead of one through GELU.
    pub gated: bool,
    /// Layer norms before the last layers of attention and MLP.
    pub inner_norms: bool,
    /// Whether the blocks' norms come after attention and MLP instead of before.
    pub norms_after: bool,
    /// Which tokens make the embedding.
    pub pooling: EvaPooling,
}

/// Which biases queries, keys and values have, and whether their matrices are one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum EvaQkv {
    /// One layer.
    Joined,
    /// One matrix, a bias for queries and one for values.
    JoinedWithoutKeyBias,
    /// Three layers, of which that of the keys has no bias.
    ApartWithoutKeyBias,
}

/// Rotary positions on a grid of patches.
#[derive(Clone, PartialEq, Debug)]
pub struct RotaryConfig {
    /// Patches down and across in the first training, to which places are scaled.
    pub reference: usize,
    /// Added to the number of a row or column.
    pub offset: f32,
    /// Whether the first half of the turns goes by the column, not by the row.
    pub across_first: bool,
}

/// Which tokens of a picture make its embedding.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum EvaPooling {
    /// The class token.
    Class,
    /// The mean over the patches.
    Average,
    /// A learnt query over all tokens.
    Attention {
        /// Heads of the pooling.
        heads: usize,
    },
}

/// One of timm's towers: its name, edges of image and patch, blocks, and what kind they are of.
#[derive(Debug)]
pub(super) struct Kind(&'static str, [usize; 2], Blocks, Family);

/// (width, blocks, heads, hidden channels of the MLP).
type Blocks = (usize, usize, usize, usize);

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Family {
    /// EVA.
    Eva,
    /// EVA-02 with its reference grid.
    Eva02(usize),
    /// The largest EVA-02, which is built otherwise.
    Enormous,
    /// The Perception Encoder with its reference grid and the heads of its pooling.
    Perception(usize, usize),
    /// Its largest, without class token.
    Gigantic(usize, usize),
}

use Family::{Enormous, Eva, Eva02, Gigantic, Perception};

const GIANT: Blocks = (1408, 40, 16, 6144);
const LARGE: Blocks = (1024, 24, 16, 2730);

const KINDS: [Kind; 16] = [
    Kind("eva_giant_patch14_224", [224, 14], GIANT, Eva),
    Kind("eva_giant_patch14_clip_224", [224, 14], GIANT, Eva),
    Kind("eva02_base_patch16_clip_224", [224, 16], (768, 12, 12, 2048), Eva02(16)),
    Kind("eva02_large_patch14_clip_224", [224, 14], LARGE, Eva02(16)),
    Kind("eva02_large_patch14_clip_336", [336, 14], LARGE, Eva02(16)),
    Kind("eva02_enormous_patch14_clip_224", [224, 14], (1792, 64, 16, 15_360), Enormous),
    Kind("vit_pe_core_tiny_patch16_384", [384, 16], (192, 12, 3, 768), Perception(24, 8)),
    Kind("vit_pe_core_small_patch16_384", [384, 16], (384, 12, 6, 1536), Perception(24, 8)),
    Kind("vit_pe_core_base_patch16_224", [224, 16], (768, 12, 12, 3072), Perception(14, 8)),
    Kind("vit_pe_core_large_patch14_336", [336, 14], (1024, 24, 16, 4096), Perception(24, 8)),
    Kind("vit_pe_core_gigantic_patch14_448", [448, 14], (1536, 50, 16, 8960), Gigantic(32, 8)),
    // No kinds of timm's: the towers of the fixtures that the tests compare with.
    Kind("tinyt_eva", [48, 16], (32, 2, 2, 80), Eva),
    Kind("tinyt_eva02", [48, 16], (32, 2, 2, 85), Eva02(3)),
    Kind("tinyt_eva02_e", [48, 16], (32, 2, 2, 80), Enormous),
    Kind("tinyt_pe", [48, 16], (32, 2, 2, 128), Perception(3, 4)),
    Kind("tinyt_pe_g", [48, 16], (32, 2, 2, 80), Gigantic(4, 4)),
];

/// The kind of this name.
pub(super) fn kind(name: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|Kind(known, ..)| *known == name)
}

/// `vision_cfg` whose `timm_model_name` is `kind`.
pub(super) fn read(section: Section, kind: &Kind) -> Result<EvaConfig, CheckpointError> {
    section.ignore(&["timm_model_name", "timm_model_pretrained", "timm_drop", "timm_drop_path"]);
    // The trunk's own last layer leads into the shared space; absent means another one behind it.
    if !section.is_null("timm_proj") {
        return Err(section.refuse("timm_proj", "seer knows null for this tower"));
    }
    let mut config = kind.config();
    if section.extent("image_size")?.unwrap_or([224, 224]) != config.image {
        return Err(section.refuse("image_size", "it should be that of the timm_model_name"));
    }
    let by_attention = matches!(config.pooling, EvaPooling::Attention { .. });
    config.pooling = match section.text("timm_pool")?.unwrap_or("avg") {
        "map" if by_attention => config.pooling,
        "token" if !by_attention => EvaPooling::Class,
        "avg" if !by_attention => EvaPooling::Average,
        _ => return Err(section.refuse("timm_pool", "seer knows map, or else token and avg")),
    };
    section.finish().map(|()| config)
}

impl Kind {
    fn config(&self) -> EvaConfig {
        let &Self(_, [image, patch], (width, layers, heads, mlp_width), family) = self;
        let (rotary, pool_heads) = match family {
            Eva | Enormous => (None, None),
            Eva02(reference) => (Some((reference, 0.0)), None),
            Perception(reference, heads) => (Some((reference, 1.0)), Some(heads)),
            Gigantic(reference, heads) => (Some((reference, 0.0)), Some(heads)),
        };
        let perception = pool_heads.is_some();
        let eva02 = matches!(family, Eva02(_));
        EvaConfig {
            image: [image; 2],
            patch,
            width,
            layers,
            heads,
            mlp_width,
            eps: if perception { 1e-5 } else { 1e-6 },
            class_token: !matches!(family, Gigantic(..)),
            norm_before: perception,
            qkv: match family {
                Perception(..) | Gigantic(..) => EvaQkv::Joined,
                Eva02(_) => EvaQkv::ApartWithoutKeyBias,
                Eva | Enormous => EvaQkv::JoinedWithoutKeyBias,
            },
            rotary: rotary.map(|(reference, offset)| RotaryConfig {
                reference,
                offset,
                across_first: perception,
            }),
            gated: eva02,
            inner_norms: eva02,
            norms_after: family == Enormous,
            pooling: pool_heads.map_or(EvaPooling::Class, |heads| EvaPooling::Attention { heads }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn from(json: &Value) -> Result<EvaConfig, CheckpointError> {
        let name = json["timm_model_name"].as_str().unwrap();
        read(Section::whole("f", json).unwrap(), kind(name).unwrap())
    }

    #[test]
    fn families_differ_as_published() {
        let read = |name: &str, image: usize, pool: &str| {
            let json = json!({"timm_model_name": name, "timm_model_pretrained": false,
                "timm_pool": pool, "timm_proj": null, "image_size": image});
            from(&json).unwrap()
        };
        let pe = read("vit_pe_core_gigantic_patch14_448", 448, "map");
        assert!(!pe.class_token && pe.norm_before && !pe.gated && pe.eps == 1e-5);
        assert_eq!(pe.pooling, EvaPooling::Attention { heads: 8 });
        let rotary = RotaryConfig { reference: 32, offset: 0.0, across_first: true };
        assert_eq!(pe.rotary, Some(rotary));
        let eva02 = read("eva02_large_patch14_clip_336", 336, "token");
        assert!(eva02.gated && eva02.inner_norms && !eva02.norms_after && eva02.eps == 1e-6);
        let enormous = read("eva02_enormous_patch14_clip_224", 224, "avg");
        assert!(enormous.norms_after && enormous.rotary.is_none() && !enormous.gated);
        assert_eq!(enormous.pooling, EvaPooling::Average);
    }

    #[test]
    fn widths_are_shared_among_heads_and_axes() {
        for kind in &KINDS {
            let config = kind.config();
            assert!(config.width.is_multiple_of(config.heads), "{kind:?}");
            let quarters = 4 * config.heads;
            assert!(config.rotary.is_none() || config.width.is_multiple_of(quarters), "{kind:?}");
            if let EvaPooling::Attention { heads } = config.pooling {
                assert!(config.width.is_multiple_of(heads), "{kind:?}");
            }
            assert!(config.image[0].is_multiple_of(config.patch), "{kind:?}");
        }
    }

    #[test]
    fn other_settings_are_refused_by_name() {
        assert!(kind("eva02_tiny_patch14_224").is_none());
        let published = json!({"timm_model_name": "eva02_base_patch16_clip_224",
            "timm_pool": "token", "timm_proj": null});
        assert!(from(&published).is_ok());
        for (key, value) in [
            ("timm_pool", json!("map")),
            ("timm_proj", json!("linear")),
            ("image_size", json!(336)),
            ("wings", json!(2)),
        ] {
            let mut changed = published.clone();
            changed[key] = value;
            let error = from(&changed).unwrap_err().to_string();
            assert!(error.starts_with("f: ") && error.contains(key), "{error}");
        }
        let absent = json!({"timm_model_name": "eva02_base_patch16_clip_224"});
        assert!(from(&absent).unwrap_err().to_string().contains("timm_proj"));
    }
}
