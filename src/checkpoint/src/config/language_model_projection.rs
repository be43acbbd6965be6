//! How OpenCLIP projects the output of a language model (BERT, RoBERTa, NLLB) into the shared space.

use crate::config::Projection;
use crate::config::section::Section;
use crate::error::CheckpointError;

/// `hf_proj_type` of `text_cfg`, for a language model of `width` channels and a shared space of `dim`.
///
/// OpenCLIP takes two layers where the key is absent; `null` says that there is no projection, which
/// needs equal sizes. `hf_proj_hidden` is seer's own: another size between the two layers.
///
/// # Errors
/// `Setting` for a value that OpenCLIP does not have, and for `null` between different sizes.
pub(super) fn read(
    section: &Section,
    width: usize,
    dim: usize,
) -> Result<Projection, CheckpointError> {
    const KEY: &str = "hf_proj_type";
    if section.is_null(KEY) {
        let known = "no projection needs a language model as wide as the shared space";
        return (width == dim)
            .then_some(Projection::None)
            .ok_or_else(|| section.refuse(KEY, known));
    }
    match section.text(KEY)?.unwrap_or("mlp") {
        "linear" => Ok(Projection::Linear { bias: false }),
        "mlp" => {
            let hidden = section.size("hf_proj_hidden")?.unwrap_or((width + dim) / 2);
            Ok(Projection::Mlp { hidden, inner_bias: false, bias: false })
        }
        _ => Err(section.refuse(KEY, "seer knows linear and mlp")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn from(text: &Value, dim: usize) -> Result<Projection, CheckpointError> {
        read(&Section::whole("open_clip_config.json", text).unwrap(), 768, dim)
    }

    #[test]
    fn what_is_absent_is_two_layers_as_in_open_clip() {
        let two_layers = Projection::Mlp { hidden: 640, inner_bias: false, bias: false };
        assert_eq!(from(&json!({}), 512).unwrap(), two_layers);
        assert_eq!(from(&json!({"hf_proj_type": "mlp"}), 512).unwrap(), two_layers);
        let wider = Projection::Mlp { hidden: 1024, inner_bias: false, bias: false };
        assert_eq!(from(&json!({"hf_proj_hidden": 1024}), 512).unwrap(), wider);
        let linear = json!({"hf_proj_type": "linear"});
        assert_eq!(from(&linear, 512).unwrap(), Projection::Linear { bias: false });
    }

    #[test]
    fn null_is_no_projection_between_equal_sizes() {
        let none = json!({"hf_proj_type": null});
        assert_eq!(from(&none, 768).unwrap(), Projection::None);
        for (text, dim) in [(none, 512), (json!({"hf_proj_type": "conv"}), 512)] {
            let error = from(&text, dim).unwrap_err().to_string();
            assert!(error.contains("hf_proj_type"), "{error}");
        }
    }
}
