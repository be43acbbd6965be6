//! `vision_cfg` of a tower from timm: which family, and what OpenCLIP puts behind it.

use crate::config::section::Section;
use crate::config::{
    ImageConfig, Projection, convnext, efficientnet, eva, fastvit, timm_vit, vitamin,
};
use crate::error::CheckpointError;

/// A section with a `timm_model_name`, for a space of size `dim`.
pub(super) fn read(section: Section, dim: usize) -> Result<ImageConfig, CheckpointError> {
    let name = section.text("timm_model_name")?.unwrap_or_default();
    if let Some(kind) = convnext::kind(name) {
        return convnext::read(section, kind, dim).map(ImageConfig::ConvNext);
    }
    if fastvit::is_one(name) {
        return fastvit::read(section).map(ImageConfig::FastVit);
    }
    if timm_vit::is_one(name) {
        return timm_vit::read(section).map(ImageConfig::TimmVit);
    }
    if vitamin::is_one(name) {
        return vitamin::read(section, dim).map(ImageConfig::TimmVit);
    }
    if let Some(kind) = eva::kind(name) {
        return eva::read(section, kind).map(ImageConfig::Eva);
    }
    efficientnet::read(section, dim).map(ImageConfig::EfficientNet)
}

/// An error about a name that belongs to no family.
pub(super) fn unknown(section: &Section) -> CheckpointError {
    let known = "of timm's towers seer knows (tf_)efficientnet_lite0 to 4, convnext_tiny, small, \
                 base, large, xlarge and xxlarge, eva_giant_patch14_(clip_)224, \
                 eva02_*_clip_*, vit_pe_core_*, fastvit_mci0 to 4, vit_base_mci_224, \
                 vit_*_clip_*, vit_*_siglip_* and vitamin_*";
    section.refuse("timm_model_name", known)
}

/// Checks that OpenCLIP takes timm's own classifier for the projection: a `timm_proj` that is there
/// and null. (Without the key OpenCLIP puts a linear layer behind the trunk.)
pub(super) fn head_in_trunk(section: &Section) -> Result<(), CheckpointError> {
    section.ignore(&["timm_model_pretrained", "timm_drop", "timm_drop_path", "timm_proj_bias"]);
    section.ignore(&["timm_proj"]);
    if section.is_null("timm_proj") {
        return Ok(());
    }
    Err(section.refuse("timm_proj", "seer knows null, written out, for this tower"))
}

/// OpenCLIP's head behind a trunk, of linear layers. What only matters in training is let pass.
pub(super) fn projection(section: &Section, dim: usize) -> Result<Projection, CheckpointError> {
    section.ignore(&["timm_model_pretrained", "timm_drop", "timm_drop_path"]);
    let bias = section.flag("timm_proj_bias", false)?;
    match section.text("timm_proj")?.unwrap_or("linear") {
        "linear" => Ok(Projection::Linear { bias }),
        "mlp" => Ok(Projection::Mlp { hidden: 2 * dim, inner_bias: true, bias }),
        _ => Err(section.refuse("timm_proj", "seer knows linear and mlp")),
    }
}
