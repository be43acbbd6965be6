//! `vision_cfg` of a tower from timm: which family, and what OpenCLIP puts behind it.

use crate::config::section::Section;
use crate::config::{ImageConfig, Projection, convnext, efficientnet, eva};
use crate::error::LoadError;

/// A section with a `timm_model_name`, for a space of size `dim`.
pub(super) fn read(section: Section, dim: usize) -> Result<ImageConfig, LoadError> {
    let name = section.text("timm_model_name")?.unwrap_or_default();
    if let Some(kind) = convnext::kind(name) {
        return convnext::read(section, kind, dim).map(ImageConfig::ConvNext);
    }
    if let Some(kind) = eva::kind(name) {
        return eva::read(section, kind).map(ImageConfig::Eva);
    }
    efficientnet::read(section, dim).map(ImageConfig::EfficientNet)
}

/// An error about a name that belongs to no family.
pub(super) fn unknown(section: &Section) -> LoadError {
    let known = "of timm's towers seer knows (tf_)efficientnet_lite0 to 4, convnext_tiny, small, \
                 base, large, xlarge and xxlarge, eva_giant_patch14_(clip_)224, \
                 eva02_*_clip_* and vit_pe_core_*";
    section.refuse("timm_model_name", known)
}

/// OpenCLIP's head behind a trunk, of linear layers. What only matters in training is let pass.
pub(super) fn projection(section: &Section, dim: usize) -> Result<Projection, LoadError> {
    section.ignore(&["timm_model_pretrained", "timm_drop", "timm_drop_path"]);
    let bias = section.flag("timm_proj_bias", false)?;
    match section.text("timm_proj")?.unwrap_or("linear") {
        "linear" => Ok(Projection::Linear { bias }),
        "mlp" => Ok(Projection::Mlp { hidden: 2 * dim, inner_bias: true, bias }),
        _ => Err(section.refuse("timm_proj", "seer knows linear and mlp")),
    }
}
