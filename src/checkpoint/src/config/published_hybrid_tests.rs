//! Every published size of MobileCLIP, ViTamin and timm's CLIP classifiers is understood.

use serde_json::{Value, json};

use super::{ImageConfig, ModelConfig, TextConfig, openclip, timm_repository};
use crate::Checkpoint;

/// OpenCLIP's name, timm's, pixels, embedding size, text layers, whether the text tower is causal,
/// channels of the trunk. Facts of open_clip 3.3.0 and timm 1.0.
type Size = (&'static str, &'static str, usize, usize, usize, bool, usize);

const MOBILECLIP: [Size; 9] = [
    ("MobileCLIP-S1", "fastvit_mci1", 256, 512, 12, false, 512),
    ("MobileCLIP-S2", "fastvit_mci2", 256, 512, 12, false, 640),
    ("MobileCLIP-B", "vit_base_mci_224", 224, 512, 12, true, 768),
    ("MobileCLIP2-S0", "fastvit_mci0", 256, 512, 12, false, 512),
    ("MobileCLIP2-S2", "fastvit_mci2", 256, 512, 12, false, 640),
    ("MobileCLIP2-S3", "fastvit_mci3", 256, 768, 12, false, 1536),
    ("MobileCLIP2-S4", "fastvit_mci4", 256, 768, 12, false, 2048),
    ("MobileCLIP2-B", "vit_base_mci_224", 224, 512, 12, true, 768),
    ("MobileCLIP2-L-14", "vit_large_patch14_clip_224", 224, 768, 12, false, 1024),
];

const VITAMIN: [Size; 15] = [
    ("ViTamin-S", "vitamin_small_224", 224, 384, 12, true, 384),
    ("ViTamin-S-LTT", "vitamin_small_224", 224, 768, 12, true, 384),
    ("ViTamin-B", "vitamin_base_224", 224, 512, 12, true, 768),
    ("ViTamin-B-LTT", "vitamin_base_224", 224, 768, 12, true, 768),
    ("ViTamin-L", "vitamin_large_224", 224, 768, 12, true, 1024),
    ("ViTamin-L-256", "vitamin_large_256", 256, 768, 12, true, 1024),
    ("ViTamin-L-336", "vitamin_large_336", 336, 768, 12, true, 1024),
    ("ViTamin-L-384", "vitamin_large_384", 384, 768, 12, true, 1024),
    ("ViTamin-L2", "vitamin_large2_224", 224, 1024, 24, true, 1024),
    ("ViTamin-L2-256", "vitamin_large2_256", 256, 1024, 24, true, 1024),
    ("ViTamin-L2-336", "vitamin_large2_336", 336, 1024, 24, true, 1024),
    ("ViTamin-L2-384", "vitamin_large2_384", 384, 1024, 24, true, 1024),
    ("ViTamin-XL-256", "vitamin_xlarge_256", 256, 1152, 27, true, 1152),
    ("ViTamin-XL-336", "vitamin_xlarge_336", 336, 1152, 27, true, 1152),
    // OpenCLIP's own settings say 256 pixels here.
    ("ViTamin-XL-384", "vitamin_xlarge_384", 256, 1152, 27, true, 1152),
];

/// timm's names of CLIP towers that are published as classifiers, pixels, channels.
const CLASSIFIERS: [(&str, usize, usize); 9] = [
    ("vit_base_patch32_clip_224", 224, 768),
    ("vit_base_patch32_clip_384", 384, 768),
    ("vit_base_patch32_clip_448", 448, 768),
    ("vit_base_patch16_clip_224", 224, 768),
    ("vit_base_patch16_clip_384", 384, 768),
    ("vit_large_patch14_clip_224", 224, 1024),
    ("vit_large_patch14_clip_336", 336, 1024),
    ("vit_huge_patch14_clip_224", 224, 1280),
    ("vit_huge_patch14_clip_336", 336, 1280),
];

fn open_clip(model: &Value) -> ModelConfig {
    let folder = tempfile::tempdir().unwrap();
    let json = json!({"model_cfg": model});
    std::fs::write(folder.path().join("open_clip_config.json"), json.to_string()).unwrap();
    openclip::read(&Checkpoint::Folder(folder.path().to_path_buf())).unwrap()
}

/// `head`: what OpenCLIP's settings say about the trunk's pooling and projection.
fn check((name, trunk, image, dim, layers, causal, width): Size, head: [Value; 2], silent: bool) {
    let [pool, projection] = head;
    let heads = if dim == 1152 { 16 } else { dim / 64 };
    let mut text = json!({"context_length": 77, "vocab_size": 49408, "width": dim, "heads": heads,
                          "layers": layers});
    if !silent {
        text["no_causal_mask"] = json!(!causal);
    }
    let config = open_clip(&json!({
        "embed_dim": dim, "custom_text": true, "text_cfg": text,
        "vision_cfg": {"timm_model_name": trunk, "timm_model_pretrained": false,
                       "timm_pool": pool, "timm_proj": projection, "timm_drop": 0.0,
                       "timm_drop_path": 0.1, "image_size": image},
    }));
    let channels = match &config.image {
        ImageConfig::FastVit(net) => net.channels(),
        ImageConfig::TimmVit(vit) => vit.transformer.width,
        other => panic!("{name}: {other:?}"),
    };
    assert_eq!((config.image.image(), channels), ([image, image], width), "{name}");
    let Some(TextConfig::Transformer(text)) = &config.text else { panic!("{name}") };
    let found = (text.causal, text.transformer.layers, text.transformer.heads, config.dim);
    assert_eq!(found, (causal, layers, heads, dim), "{name}");
    assert!(config.text_apart, "{name}");
}

#[test]
fn every_mobileclip() {
    for size in MOBILECLIP {
        let pool = if size.1.starts_with("fastvit") { "avg" } else { "token" };
        check(size, [json!(pool), Value::Null], false);
    }
}

#[test]
fn every_vitamin() {
    for size in VITAMIN {
        check(size, [json!(""), json!("linear")], true);
    }
}

#[test]
fn every_classifier() {
    for (name, image, width) in CLASSIFIERS {
        for classes in [1000, 11821] {
            let config = timm_repository::read(&json!({
                "architecture": name, "num_classes": classes, "num_features": width,
                "global_pool": "token",
                "pretrained_cfg": {"input_size": [3, image, image], "num_classes": classes,
                                   "crop_pct": 1.0, "interpolation": "bicubic"},
            }));
            let config = config.unwrap();
            let found = (config.image.image(), config.dim, config.classes.len());
            assert_eq!(found, ([image, image], width, classes), "{name}");
        }
    }
}
