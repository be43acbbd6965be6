//! Every published size of the families that come in many: its settings, written from the facts
//! below, are read, and the plan has as many parameters as the reference implementation
//! (OpenCLIP 3.3's `model_configs`, built by OpenCLIP and timm without allocating them).

use serde_json::{Value, json};

use super::{
    EvaConfig, EvaPooling, EvaQkv, ImageConfig, ImagePooling, Layout, ModelConfig, TextConfig,
    TextPooling, TransformerConfig, VitConfig,
};
use crate::Checkpoint;

/// [dim, pixels, context, vocabulary, width, heads, layers]: the last five of the text tower.
type Sizes = [usize; 7];

/// (name, sizes, timm's tower, parameters of the image and of the text tower).
const TIMM: [(&str, Sizes, &str, [usize; 2]); 12] = [
    (
        "PE-Core-T-16-384",
        [512, 384, 32, 49_408, 512, 8, 12],
        "vit_pe_core_tiny_patch16_384",
        [6_141_056, 63_405_056],
    ),
    (
        "PE-Core-S-16-384",
        [512, 384, 32, 49_408, 512, 8, 12],
        "vit_pe_core_small_patch16_384",
        [23_783_168, 63_405_056],
    ),
    (
        "PE-Core-B-16",
        [1024, 224, 32, 49_408, 1024, 16, 24],
        "vit_pe_core_base_patch16_224",
        [93_673_984, 353_986_560],
    ),
    (
        "PE-Core-L-14-336",
        [1024, 336, 32, 49_408, 1024, 16, 24],
        "vit_pe_core_large_patch14_336",
        [317_152_256, 353_986_560],
    ),
    (
        "PE-Core-bigG-14-448",
        [1280, 448, 72, 49_408, 1280, 20, 24],
        "vit_pe_core_gigantic_patch14_448",
        [1_882_033_920, 537_233_920],
    ),
    (
        "EVA01-g-14",
        [1024, 224, 77, 49_408, 768, 12, 12],
        "eva_giant_patch14_224",
        [1_012_588_928, 123_846_912],
    ),
    (
        "EVA01-g-14-plus",
        [1024, 224, 77, 49_408, 1024, 16, 24],
        "eva_giant_patch14_224",
        [1_012_588_928, 354_032_640],
    ),
    (
        "EVA02-B-16",
        [512, 224, 77, 49_408, 512, 8, 12],
        "eva02_base_patch16_clip_224",
        [86_263_040, 63_428_096],
    ),
    (
        "EVA02-L-14",
        [768, 224, 77, 49_408, 768, 12, 12],
        "eva02_large_patch14_clip_224",
        [304_105_152, 123_650_304],
    ),
    (
        "EVA02-L-14-336",
        [768, 336, 77, 49_408, 768, 12, 12],
        "eva02_large_patch14_clip_336",
        [304_432_832, 123_650_304],
    ),
    (
        "EVA02-E-14",
        [1024, 224, 77, 49_408, 1024, 16, 24],
        "eva02_enormous_patch14_clip_224",
        [4_350_556_928, 354_032_640],
    ),
    (
        "EVA02-E-14-plus",
        [1024, 224, 77, 49_408, 1280, 20, 32],
        "eva02_enormous_patch14_clip_224",
        [4_350_556_928, 694_332_160],
    ),
];

/// (name, sizes, [patch, width, layers] of the image tower, whether it pools by queries,
/// parameters without the decoder's).
type Coca = (&'static str, Sizes, [usize; 3], bool, [usize; 2]);

const COCA: [Coca; 3] = [
    (
        "coca_ViT-B-32",
        [512, 224, 76, 49_408, 512, 8, 12],
        [32, 768, 12],
        true,
        [89_164_032, 63_428_608],
    ),
    (
        "coca_ViT-L-14",
        [768, 224, 76, 49_408, 768, 12, 12],
        [14, 1024, 24],
        true,
        [306_724_864, 123_651_072],
    ),
    (
        "coca_base",
        [512, 288, 76, 64_000, 768, 12, 12],
        [18, 768, 12],
        false,
        [86_395_392, 134_661_120],
    ),
];

fn read(name: &str, model: &Value) -> ModelConfig {
    let folder = tempfile::tempdir().unwrap();
    let json = json!({"model_cfg": model}).to_string();
    std::fs::write(folder.path().join("open_clip_config.json"), json).unwrap();
    std::fs::create_dir(folder.path().join("hf_text")).unwrap();
    let roberta = json!({"model_type": "roberta", "max_position_embeddings": 514});
    std::fs::write(folder.path().join("hf_text/config.json"), roberta.to_string()).unwrap();
    let config = super::read(&Checkpoint::Folder(folder.path().to_path_buf()), Layout::OpenClip);
    config.unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn text([_, _, context, vocabulary, width, heads, layers]: Sizes) -> Value {
    json!({"context_length": context, "vocab_size": vocabulary, "width": width, "heads": heads,
        "layers": layers})
}

fn check(name: &str, config: &ModelConfig, sizes: Sizes, parameters: [usize; 2]) {
    let [dim, pixels, context, ..] = sizes;
    assert_eq!((config.dim, config.image.image()), (dim, [pixels; 2]), "{name}");
    assert_eq!(config.tokenizer.as_ref().unwrap().context_length, context, "{name}");
    let image = match &config.image {
        ImageConfig::Vit(vit) => of_vit(vit, dim),
        ImageConfig::Eva(eva) => of_eva(eva, dim),
        other => panic!("{name}: {other:?}"),
    };
    assert_eq!([image, of_text(config)], parameters, "{name}");
}

#[test]
fn perception_encoders_and_evas() {
    for (name, sizes, trunk, parameters) in TIMM {
        let pool = if name.starts_with("PE") { "map" } else { "token" };
        let model = json!({"embed_dim": sizes[0], "custom_text": true, "text_cfg": text(sizes),
            "vision_cfg": {"image_size": sizes[1], "timm_model_name": trunk,
                "timm_model_pretrained": false, "timm_pool": pool, "timm_proj": null}});
        check(name, &read(name, &model), sizes, parameters);
    }
}

#[test]
fn cocas() {
    for (name, sizes, [patch, width, layers], queries, parameters) in COCA {
        let mut text = text(sizes);
        text["embed_cls"] = true.into();
        text["output_tokens"] = true.into();
        let mut vision = json!({"image_size": sizes[1], "layers": layers, "width": width,
            "patch_size": patch, "output_tokens": true});
        if queries {
            vision["attentional_pool"] = true.into();
            vision["attn_pooler_heads"] = 8.into();
        }
        let model = json!({"embed_dim": sizes[0], "custom_text": true, "vision_cfg": vision,
            "text_cfg": text, "multimodal_cfg": {"context_length": 76, "width": sizes[4],
                "layers": 12, "attn_pooler_heads": 8, "n_queries": 256}});
        check(name, &read(name, &model), sizes, parameters);
    }
}

#[test]
fn coca_with_roberta() {
    let model = json!({"embed_dim": 512, "custom_text": true,
        "vision_cfg": {"image_size": 224, "layers": 12, "width": 768, "patch_size": 32,
            "output_tokens": true},
        "text_cfg": {"hf_model_name": "roberta-base", "hf_tokenizer_name": "roberta-base",
            "hf_proj_type": "linear", "width": 768, "output_tokens": true},
        "multimodal_cfg": {"context_length": 76, "width": 768, "heads": 8, "layers": 12}});
    let Some(TextConfig::Bert(text)) = read("coca_roberta-ViT-B-32", &model).text else { panic!() };
    assert_eq!((text.transformer.width, text.first_position, text.positions), (768, 2, 514));
}

/// Parameters of a layer with bias.
fn layer(inputs: usize, outputs: usize) -> usize {
    inputs * outputs + outputs
}

fn of_blocks(blocks: &TransformerConfig) -> usize {
    let (w, hidden) = (blocks.width, blocks.mlp_width);
    blocks.layers * (4 * layer(w, w) + layer(w, hidden) + layer(hidden, w) + 4 * w)
}

fn of_text(config: &ModelConfig) -> usize {
    let Some(TextConfig::Transformer(text)) = &config.text else { panic!() };
    let w = text.transformer.width;
    // The learnt token and its place.
    let appended = if text.pooling == TextPooling::Appended { 2 * w } else { 0 };
    let tables = (text.vocab_size + text.context_length) * w;
    tables + appended + of_blocks(&text.transformer) + 2 * w + w * config.dim
}

fn of_vit(vit: &VitConfig, dim: usize) -> usize {
    let (w, patches) = (vit.transformer.width, patches(vit.image, vit.patch));
    let tokens = 3 * vit.patch[0] * vit.patch[1] * w + w + (patches + 1) * w + 2 * w;
    let pool = match vit.pooling {
        ImagePooling::Queries { count, .. } => {
            let projections = layer(dim, dim) + 2 * layer(w, dim) + layer(dim, dim);
            count * dim + 2 * dim + 2 * w + projections + 2 * dim + dim * dim
        }
        _ => 2 * w + w * dim,
    };
    tokens + of_blocks(&vit.transformer) + pool
}

fn of_eva(eva: &EvaConfig, dim: usize) -> usize {
    let (w, hidden) = (eva.width, eva.mlp_width);
    let class = usize::from(eva.class_token);
    let places = patches(eva.image, [eva.patch; 2]) + class;
    let norm_or_bias = if eva.norm_before { 2 * w } else { w };
    let tokens = 3 * eva.patch * eva.patch * w + (places + class) * w + norm_or_bias;
    let key_bias = if eva.qkv == EvaQkv::Joined { 0 } else { w };
    let into = layer(w, hidden) * if eva.gated { 2 } else { 1 };
    let inner = if eva.inner_norms { 2 * (w + hidden) } else { 0 };
    let block = 4 * layer(w, w) - key_bias + into + layer(hidden, w) + 4 * w + inner;
    let pool = match eva.pooling {
        EvaPooling::Attention { .. } => {
            w + 4 * layer(w, w) + 2 * w + layer(w, 4 * w) + layer(4 * w, w)
        }
        EvaPooling::Class | EvaPooling::Average => 0,
    };
    tokens + eva.layers * block + pool + 2 * w + layer(w, dim)
}

fn patches(image: [usize; 2], patch: [usize; 2]) -> usize {
    (image[0] / patch[0]) * (image[1] / patch[1])
}
