//! ConvNeXt by its name in timm.
//!
//! Blocks, channels and epsilons as in timm's `convnext.py` (1.0), which follows
//! <https://github.com/facebookresearch/ConvNeXt>.

use serde_json::json;

use crate::config::section::Section;
use crate::config::{ConvNextConfig, ConvNextHead, timm};
use crate::error::CheckpointError;

/// One of timm's ConvNeXts: its name, blocks and channels of its stages, epsilon of its norms.
#[derive(Debug)]
pub(super) struct Kind(&'static str, [(usize, usize); 4], f32);

/// Those without a hidden layer in timm's head.
const KINDS: [Kind; 7] = [
    Kind("convnext_tiny", [(3, 96), (3, 192), (9, 384), (3, 768)], 1e-6),
    Kind("convnext_small", [(3, 96), (3, 192), (27, 384), (3, 768)], 1e-6),
    Kind("convnext_base", [(3, 128), (3, 256), (27, 512), (3, 1024)], 1e-6),
    Kind("convnext_large", [(3, 192), (3, 384), (27, 768), (3, 1536)], 1e-6),
    Kind("convnext_xlarge", [(3, 256), (3, 512), (27, 1024), (3, 2048)], 1e-6),
    Kind("convnext_xxlarge", [(3, 384), (4, 768), (30, 1536), (3, 3072)], 1e-5),
    // No kind of timm's: the tower of the fixtures that the tests compare with.
    Kind("tinyt_convnext", [(1, 16), (1, 24), (2, 32), (1, 48)], 1e-6),
];

/// How many times smaller than the image the last stage is.
const REDUCTION: usize = 32;

/// timm's kinds with a hidden layer in the head: the name, the kind without it, its numbers.
const WITH_HIDDEN: [(&str, &str, usize); 2] =
    [("convnext_large_mlp", "convnext_large", 1536), ("tinyt_convnext_mlp", "tinyt_convnext", 40)];

/// The kind of this name.
pub(super) fn kind(name: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|Kind(known, ..)| *known == name)
}

/// `vision_cfg` whose `timm_model_name` is `kind`. An empty `timm_pool` leaves timm's own, the
/// average.
pub(super) fn read(
    section: Section,
    kind: &Kind,
    dim: usize,
) -> Result<ConvNextConfig, CheckpointError> {
    section.only("timm_pool", &[json!(""), json!("avg")])?;
    let config = ConvNextConfig {
        prefix: "visual.trunk.",
        image: section.extent("image_size")?.unwrap_or([224, 224]),
        head: ConvNextHead::Behind(timm::projection(&section, dim)?),
        ..trunk(kind)
    };
    check_image(&section, "image_size", config.image)?;
    section.ignore(&["timm_model_name"]); // `kind` comes from it
    section.finish().map(|()| config)
}

/// A kind without a prefix or a head.
fn trunk(&Kind(_, stages, eps): &Kind) -> ConvNextConfig {
    ConvNextConfig { prefix: "", image: [224, 224], stages, eps, head: ConvNextHead::None }
}

/// The tower of this name in timm's own repositories.
pub(super) fn by_name(name: &str) -> Option<ConvNextConfig> {
    match WITH_HIDDEN.iter().find(|(known, ..)| *known == name) {
        Some((_, plain, hidden)) => {
            let head = ConvNextHead::Hidden(*hidden);
            Some(ConvNextConfig { head, ..trunk(kind(plain)?) })
        }
        None => kind(name).map(trunk),
    }
}

/// Refuses a size (it stands under `key`) of which nothing would be left.
pub(super) fn check_image(
    section: &Section,
    key: &str,
    image: [usize; 2],
) -> Result<(), CheckpointError> {
    if image.iter().any(|length| *length < REDUCTION) {
        return Err(section.refuse(key, "a ConvNeXt halves it five times"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Projection;
    use serde_json::Value;

    fn from(json: &Value) -> Result<ConvNextConfig, CheckpointError> {
        let name = json["timm_model_name"].as_str().unwrap();
        read(Section::whole("f", json).unwrap(), kind(name).unwrap(), 768)
    }

    #[test]
    fn open_clips_kinds_are_read() {
        let config = from(&json!({
            "timm_model_name": "convnext_large", "timm_model_pretrained": false, "timm_pool": "",
            "timm_proj": "mlp", "timm_drop": 0.0, "timm_drop_path": 0.1, "image_size": 320,
        }));
        let config = config.unwrap();
        assert_eq!((config.image, config.eps), ([320, 320], 1e-6));
        assert_eq!(config.stages[3], (3, 1536));
        let mlp = Projection::Mlp { hidden: 1536, inner_bias: true, bias: false };
        assert_eq!(config.head, ConvNextHead::Behind(mlp));
        let config = from(&json!({"timm_model_name": "convnext_xxlarge"})).unwrap();
        assert_eq!((config.stages[2], config.eps), ((30, 1536), 1e-5));
        let linear = Projection::Linear { bias: false };
        assert_eq!(config.head, ConvNextHead::Behind(linear));
    }

    #[test]
    fn other_settings_are_refused_by_name() {
        assert!(kind("convnextv2_base").is_none() && kind("convnext_large_mlp").is_none());
        for (key, value) in [
            ("timm_pool", json!("max")),
            ("timm_proj", json!("none")),
            ("image_size", json!(31)),
            ("wings", json!(2)),
        ] {
            let error = from(&json!({"timm_model_name": "convnext_base", key: value}));
            let error = error.unwrap_err().to_string();
            assert!(error.starts_with("f: ") && error.contains(key), "{error}");
        }
    }
}
