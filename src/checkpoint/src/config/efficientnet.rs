//! EfficientNet-Lite by its name in timm.
//!
//! Stages, channels and their scaling as in timm's `_gen_efficientnet_lite` (1.0), which follows
//! <https://github.com/tensorflow/tpu/tree/master/models/official/efficientnet/lite>.

use serde_json::json;

use crate::config::section::Section;
use crate::config::{EfficientNetConfig, Projection, StageConfig, hubness, timm};
use crate::error::CheckpointError;

/// (blocks, kernel, stride, expansion, channels) of lite0.
const STAGES: [(usize, usize, usize, usize, usize); 7] = [
    (1, 3, 1, 1, 16),
    (2, 3, 2, 6, 24),
    (2, 5, 2, 6, 40),
    (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112),
    (4, 5, 2, 6, 192),
    (1, 3, 1, 6, 320),
];

/// What timm's kinds multiply channels and blocks by.
const KINDS: [(&str, f64, f64); 5] = [
    ("efficientnet_lite0", 1.0, 1.0),
    ("efficientnet_lite1", 1.0, 1.1),
    ("efficientnet_lite2", 1.1, 1.2),
    ("efficientnet_lite3", 1.2, 1.4),
    ("efficientnet_lite4", 1.4, 1.8),
];

/// `vision_cfg` with a `timm_model_name`.
pub(super) fn read(section: Section, dim: usize) -> Result<EfficientNetConfig, CheckpointError> {
    let name = section.text("timm_model_name")?.unwrap_or_default();
    let kind = name.strip_prefix("tf_").unwrap_or(name);
    let known = KINDS.iter().find(|(known, ..)| *known == kind);
    let (_, channels, blocks) = known.ok_or_else(|| timm::unknown(&section))?;
    section.only("timm_pool", &[json!("avg")])?;
    let projection = projection(&section, dim)?;
    let tensorflow = name != kind;
    let config = EfficientNetConfig {
        image: section.extent("image_size")?.unwrap_or([224, 224]),
        stem: 32,
        stages: stages(*channels, *blocks),
        features: 1280,
        same_padding: tensorflow,
        eps: if tensorflow { 1e-3 } else { 1e-5 },
        projection,
        hubness: hubness::read(&section)?,
        classes: None,
    };
    section.finish().map(|()| config)
}

/// OpenCLIP's head. The built-in model's own setting `timm_proj_hidden` gives the MLP's hidden width,
/// which is otherwise twice the embedding.
fn projection(section: &Section, dim: usize) -> Result<Projection, CheckpointError> {
    let own = section.size("timm_proj_hidden")?;
    match (timm::projection(section, dim)?, own) {
        (Projection::Mlp { inner_bias, bias, .. }, Some(hidden)) => {
            Ok(Projection::Mlp { hidden, inner_bias, bias })
        }
        (_, Some(_)) => Err(section.refuse("timm_proj_hidden", "only timm_proj mlp has it")),
        (projection, None) => Ok(projection),
    }
}

/// The stages with their channels and blocks multiplied; first and last keep their blocks.
pub fn stages(channels: f64, blocks: f64) -> Vec<StageConfig> {
    let last = STAGES.len() - 1;
    let scale = |(number, (count, kernel, stride, expansion, width)): (
        usize,
        &(usize, usize, usize, usize, usize),
    )| {
        let ends = number == 0 || number == last;
        StageConfig {
            blocks: if ends { *count } else { (*count as f64 * blocks).ceil() as usize },
            kernel: *kernel,
            stride: *stride,
            expansion: *expansion,
            channels: round_channels(*width as f64 * channels),
        }
    };
    STAGES.iter().enumerate().map(scale).collect()
}

/// The nearest multiple of 8, but never less than 9/10 of what was asked for.
fn round_channels(channels: f64) -> usize {
    let rounded = ((channels + 4.0) as usize / 8 * 8).max(8);
    if (rounded as f64) < 0.9 * channels { rounded + 8 } else { rounded }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn larger_kinds_are_wider_and_deeper() {
        let channels =
            |stages: &[StageConfig]| stages.iter().map(|s| s.channels).collect::<Vec<_>>();
        let blocks = |stages: &[StageConfig]| stages.iter().map(|s| s.blocks).collect::<Vec<_>>();
        let lite2 = stages(1.1, 1.2);
        assert_eq!(channels(&lite2), [16, 24, 48, 88, 120, 208, 352]);
        assert_eq!(blocks(&lite2), [1, 3, 3, 4, 4, 5, 1]);
        assert_eq!(blocks(&stages(1.0, 1.0)), [1, 2, 2, 3, 3, 4, 1]);
    }

    #[test]
    fn other_towers_are_refused_by_name() {
        for json in [
            json!({"timm_model_name": "resnet50"}),
            json!({"timm_model_name": "tf_efficientnet_lite0", "timm_pool": "map"}),
            json!({"timm_model_name": "tf_efficientnet_lite0", "timm_proj": "none"}),
            json!({"timm_model_name": "tf_efficientnet_lite0", "wings": 2}),
            json!({"timm_model_name": "tf_efficientnet_lite0", "timm_proj_hidden": 8}),
            json!({"timm_model_name": "tf_efficientnet_lite0", "hubness": {"prototypes": 0}}),
        ] {
            let error = read(Section::whole("f", &json).unwrap(), 8).unwrap_err().to_string();
            assert!(error.starts_with("f: "), "{error}");
        }
        for (own, hidden) in [(json!(null), 16), (json!(24), 24)] {
            let json = json!({"timm_model_name": "tf_efficientnet_lite0", "timm_proj": "mlp",
                              "timm_proj_hidden": own});
            let config = read(Section::whole("f", &json).unwrap(), 8).unwrap();
            assert!(config.same_padding && config.hubness.is_none());
            let expected = Projection::Mlp { hidden, inner_bias: true, bias: false };
            assert_eq!(config.projection, expected);
        }
    }
}
