//! The families that have fixtures.

/// A fixture with what is compared of it.
pub struct Family {
    /// Its folder.
    pub fixture: &'static str,
    /// The fixture whose pixels it was computed on; `None` where its pictures are compared elsewhere.
    pub pixels: Option<&'static str>,
    /// Whether it reads texts.
    pub texts: bool,
    /// How its pictures lie.
    pub pictures: Pictures,
}

/// How the embeddings of a family's pictures lie.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Pictures {
    /// Apart from each other.
    Apart,
    /// So close to each other (cosine 0.98) that little may differ.
    Close,
    /// Where small errors move them more than elsewhere: FastViT with random weights.
    Rough,
}

const fn family(fixture: &'static str, pixels: &'static str) -> Family {
    Family { fixture, pixels: Some(pixels), texts: true, pictures: Pictures::Apart }
}

const fn close(fixture: &'static str, pixels: &'static str) -> Family {
    Family { pictures: Pictures::Close, ..family(fixture, pixels) }
}

const fn rough(fixture: &'static str, pixels: &'static str) -> Family {
    Family { pictures: Pictures::Rough, ..family(fixture, pixels) }
}

const fn pictures(fixture: &'static str, pixels: &'static str) -> Family {
    Family { texts: false, ..family(fixture, pixels) }
}

/// All of them.
pub const FAMILIES: &[Family] = &[
    family("clip-tiny", "clip-tiny"),
    family("clip-tiny-eos2", "clip-tiny"),
    family("clip-tiny-gelu", "clip-tiny"),
    family("tinyclip-tiny", "clip-tiny"),
    family("oc-vit-gelu", "oc-vit-gelu"),
    family("oc-vit-quickgelu", "oc-vit-gelu"),
    family("oc-roberta", "oc-vit-gelu"),
    family("oc-roberta-cls", "oc-vit-gelu"),
    family("siglip-tiny", "siglip-tiny"),
    family("siglip2-tiny", "siglip2-tiny"),
    family("oc-siglip", "oc-siglip"),
    family("oc-siglip2", "oc-siglip"),
    rough("oc-mobileclip-s", "oc-mobileclip-s"),
    rough("oc-mobileclip-fused", "oc-mobileclip-s"),
    family("oc-mobileclip-deep", "oc-mobileclip-s"),
    family("oc-mobileclip-b", "oc-mobileclip-b"),
    family("oc-mobileclip-l", "oc-vit-gelu"),
    family("oc-vitamin", "oc-vit-gelu"),
    family("oc-vitamin-xlarge", "oc-vit-gelu"),
    family("oc-coca", "oc-vit-gelu"),
    family("oc-coca-apart", "oc-vit-gelu"),
    family("oc-pe-core", "oc-pe-core"),
    family("oc-pe-core-g", "oc-pe-core"),
    family("oc-eva02", "oc-vit-gelu"),
    family("oc-eva02-e", "oc-vit-gelu"),
    family("oc-eva", "oc-vit-gelu"),
    family("oc-eva-avg", "oc-vit-gelu"),
    family("chinese-clip-tiny", "chinese-clip-tiny"),
    family("oc-clipa", "oc-clipa"),
    family("oc-worldwide", "oc-vit-gelu"),
    family("metaclip2-tiny", "clip-tiny"),
    family("oc-nllb", "oc-vit-gelu"),
    family("oc-nllb-siglip", "oc-siglip"),
    close("oc-rn50", "oc-rn50"),
    close("oc-convnext", "oc-convnext"),
    close("oc-convnext-mlp", "oc-convnext"),
    pictures("timm-clip", "timm-clip"),
    pictures("timm-convnext", "timm-convnext"),
    pictures("timm-convnext-mlp", "timm-convnext"),
    // Pictures of any shape: `src/towers/src/naflex_tests.rs`.
    Family { pixels: None, ..family("siglip2-naflex-tiny", "") },
];

/// Fixtures that are no family of their own, or are compared elsewhere: sets that others share; the
/// weights of timm-clip with other preprocessing; the built-in model and its family
/// (`builtin.rs`, `src/towers/src/tests.rs`); captions (`captions.rs`).
pub const NO_FAMILY: [&str; 7] = [
    "images",
    "tokenizer",
    "resized",
    "timm-clip-squash",
    "builtin",
    "oc-efficientnet",
    "blip-tiny",
];
