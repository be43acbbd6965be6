//! FastViT by its name in timm, as MobileCLIP's image towers MCi use it.
//!
//! Blocks, channels and what differs between the kinds as in timm's `fastvit.py` (1.0), which
//! follows <https://github.com/apple/ml-mobileclip>.

use serde_json::json;

use crate::config::section::Section;
use crate::config::timm;
use crate::error::CheckpointError;

/// FastViT: a stem of three convolutions, stages of convolutional blocks, then of attention.
#[derive(Clone, PartialEq, Debug)]
pub struct FastVitConfig {
    /// Pixels down and across.
    pub image: [usize; 2],
    /// Blocks and channels of each stage; all but the first begin by halving the image.
    pub stages: &'static [(usize, usize)],
    /// The last so many stages mix pixels by attention, after a position encoding.
    pub attention_stages: usize,
    /// How many times wider the inside of an MLP is.
    pub mlp_ratio: usize,
    /// Whether channels are weighed (squeeze and excitation) where an image is halved, from the
    /// third stage on.
    pub weighed: bool,
    /// Layer norm before attention instead of batch norm.
    pub layer_norm: bool,
    /// Whether the stem's blocks have a branch that sees one pixel, beside that of the kernel.
    pub stem_scale: bool,
}

impl FastVitConfig {
    /// Channels of each attention head.
    pub const HEAD: usize = 32;

    /// Channels after the last stage.
    pub fn channels(&self) -> usize {
        self.stages.last().map_or(0, |(_, channels)| *channels)
    }
}

/// Blocks and channels of timm's MCi, by name.
const KINDS: [(&str, &[(usize, usize)]); 7] = [
    ("fastvit_mci0", &[(2, 64), (6, 128), (10, 256), (2, 512)]),
    ("fastvit_mci1", &[(4, 64), (12, 128), (20, 256), (4, 512)]),
    ("fastvit_mci2", &[(4, 80), (12, 160), (24, 320), (4, 640)]),
    ("fastvit_mci3", &[(2, 96), (12, 192), (24, 384), (4, 768), (2, 1536)]),
    ("fastvit_mci4", &[(2, 128), (12, 256), (24, 512), (4, 1024), (4, 2048)]),
    // No kinds of timm's: the towers of the fixtures that the tests compare with.
    ("tinyt_fastvit_mci", &[(1, 8), (2, 16), (1, 32), (2, 64)]),
    ("tinyt_fastvit_mci_deep", &[(1, 4), (1, 8), (2, 16), (1, 32), (1, 64)]),
];

/// Whether `name` is one of these towers.
pub(super) fn is_one(name: &str) -> bool {
    KINDS.iter().any(|(known, _)| *known == name)
}

/// `vision_cfg` with such a `timm_model_name`.
pub(super) fn read(section: Section) -> Result<FastVitConfig, CheckpointError> {
    let name = section.text("timm_model_name")?.unwrap_or_default();
    let kind = KINDS.iter().find(|(known, _)| *known == name);
    let stages = kind.map(|(_, stages)| *stages).ok_or_else(|| timm::unknown(&section))?;
    section.only("timm_pool", &[json!("avg")])?;
    timm::head_in_trunk(&section)?;
    let deep = stages.len() == 5;
    let config = FastVitConfig {
        image: section.extent("image_size")?.unwrap_or([224, 224]),
        stages,
        attention_stages: if deep { 2 } else { 1 },
        mlp_ratio: if deep { 4 } else { 3 },
        weighed: !deep,
        layer_norm: deep,
        stem_scale: !deep,
    };
    section.finish().map(|()| config)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_stages_differ_from_four() {
        let read = |name: &str| {
            let json = json!({"timm_model_name": name, "timm_pool": "avg", "timm_proj": null,
                              "timm_model_pretrained": false, "timm_drop": 0.0,
                              "timm_drop_path": 0.0, "image_size": 256});
            read(Section::whole("f", &json).unwrap()).unwrap()
        };
        let (small, large) = (read("fastvit_mci2"), read("fastvit_mci4"));
        assert_eq!((small.channels(), small.mlp_ratio, small.attention_stages), (640, 3, 1));
        assert_eq!((large.channels(), large.mlp_ratio, large.attention_stages), (2048, 4, 2));
        assert!(small.weighed && small.stem_scale && !small.layer_norm);
        assert!(!large.weighed && !large.stem_scale && large.layer_norm);
        assert!(is_one("fastvit_mci0") && !is_one("fastvit_sa12"));
    }

    #[test]
    fn other_heads_are_refused_by_name() {
        for (json, key) in [
            (json!({"timm_pool": "avg", "timm_proj": "linear"}), "timm_proj"),
            (json!({"timm_pool": "avg"}), "timm_proj"),
            (json!({"timm_pool": "max", "timm_proj": null}), "timm_pool"),
            (json!({"timm_proj": null, "wings": 2}), "wings"),
        ] {
            let mut json = json;
            json["timm_model_name"] = json!("fastvit_mci0");
            let error = read(Section::whole("f", &json).unwrap()).unwrap_err().to_string();
            assert!(error.starts_with("f") && error.contains(key), "{error}");
        }
    }
}
