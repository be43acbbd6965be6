//! ConvNeXt by its name in timm.
//!
//! Blocks, channels and epsilons as in timm's `convnext.py` (1.0), which follows
//! <https://github.com/facebookresearch/ConvNeXt>.

use serde_json::json;

use crate::config::section::Section;
use crate::config::{ConvNextConfig, timm};
use crate::error::LoadError;

/// One of timm's ConvNeXts: its name, blocks and channels of its stages, epsilon of its norms.
#[derive(Debug)]
pub(super) struct Kind(&'static str, [(usize, usize); 4], f32);

/// Those without a hidden layer in the head.
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

/// The kind of this name.
pub(super) fn kind(name: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|Kind(known, ..)| *known == name)
}

/// `vision_cfg` whose `timm_model_name` is `kind`. An empty `timm_pool` leaves timm's own, the
/// average.
pub(super) fn read(section: Section, kind: &Kind, dim: usize) -> Result<ConvNextConfig, LoadError> {
    section.only("timm_pool", &[json!(""), json!("avg")])?;
    let &Kind(_, stages, eps) = kind;
    let config = ConvNextConfig {
        image: section.extent("image_size")?.unwrap_or([224, 224]),
        stages,
        eps,
        projection: timm::projection(&section, dim)?,
    };
    if config.image.iter().any(|length| *length < REDUCTION) {
        return Err(section.refuse("image_size", "a ConvNeXt halves it five times"));
    }
    section.ignore(&["timm_model_name"]); // `kind` comes from it
    section.finish().map(|()| config)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Projection;
    use serde_json::Value;

    fn from(json: &Value) -> Result<ConvNextConfig, LoadError> {
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
        assert_eq!(config.projection, mlp);
        let config = from(&json!({"timm_model_name": "convnext_xxlarge"})).unwrap();
        assert_eq!((config.stages[2], config.eps), ((30, 1536), 1e-5));
        assert_eq!(config.projection, Projection::Linear { bias: false });
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
