//! The settings of published checkpoints, family by family, as open_clip 3.3 and the hub have them.

use serde_json::{Value, json};

use crate::Checkpoint;
use crate::config::TokenizerFamily;
use crate::config::{
    self, Activation, ImageConfig, ImagePooling, Layout, ModelConfig, TextConfig, TextPooling,
    TransformerConfig,
};

fn read(layout: Layout, files: &[(&str, Value)]) -> ModelConfig {
    let folder = tempfile::tempdir().unwrap();
    for (file, json) in files {
        std::fs::write(folder.path().join(file), json.to_string()).unwrap();
    }
    let checkpoint = Checkpoint::Folder(folder.path().to_path_buf());
    config::read(&checkpoint, layout).unwrap_or_else(|e| panic!("{e}: {files:?}"))
}

fn open_clip(model: Value) -> ModelConfig {
    read(Layout::OpenClip, &[("open_clip_config.json", json!({"model_cfg": model}))])
}

fn vit(config: &ModelConfig) -> &config::VitConfig {
    let ImageConfig::Vit(vit) = &config.image else { panic!("{:?}", config.image) };
    vit
}

fn clip_text(config: &ModelConfig) -> &config::TextTransformerConfig {
    let Some(TextConfig::Transformer(text)) = &config.text else { panic!("{:?}", config.text) };
    text
}

/// Width, layers, heads.
fn shape(blocks: &TransformerConfig) -> [usize; 3] {
    [blocks.width, blocks.layers, blocks.heads]
}

/// (name, dim, image [width, layers, heads], hidden channels of its MLP, text [width, layers,
/// heads]).
type Large = (&'static str, usize, [usize; 3], usize, [usize; 3]);

/// OpenCLIP's towers of patch 14.
const LARGE: [Large; 3] = [
    ("L", 768, [1024, 24, 16], 4096, [768, 12, 12]),
    ("H", 1024, [1280, 32, 16], 5120, [1024, 24, 16]),
    ("bigG", 1280, [1664, 48, 16], 8192, [1280, 32, 20]),
];

fn large(size: usize, edge: u32, extra_image: &Value, text: &Value) -> Value {
    let (_, dim, [width, layers, heads], _, [text_width, text_layers, text_heads]) = LARGE[size];
    let mut image = json!({"image_size": edge, "layers": layers, "width": width,
        "head_width": width / heads, "patch_size": 14});
    if size == 2 {
        image["mlp_ratio"] = json!(4.9231);
    }
    image.as_object_mut().unwrap().extend(extra_image.as_object().unwrap().clone());
    let mut text = text.clone();
    (text["width"], text["layers"], text["heads"]) =
        (json!(text_width), json!(text_layers), json!(text_heads));
    json!({"embed_dim": dim, "vision_cfg": image, "text_cfg": text})
}

fn check_large(config: &ModelConfig, size: usize, edge: usize) {
    let (name, dim, image, mlp_width, text) = LARGE[size];
    let tower = vit(config);
    assert_eq!((config.dim, tower.image, tower.patch), (dim, [edge; 2], [14; 2]), "{name}");
    assert_eq!((shape(&tower.transformer), tower.transformer.mlp_width), (image, mlp_width));
    assert_eq!(shape(&clip_text(config).transformer), text);
}

#[test]
fn clipa() {
    for (size, edge) in [(0, 224), (0, 336), (1, 224), (1, 336), (2, 224), (2, 336)] {
        let image = json!({"no_ln_pre": true, "pool_type": "avg", "final_ln_after_pool": true});
        let text = json!({"context_length": 32, "vocab_size": 32_000, "pool_type": "last",
            "hf_tokenizer_name": "bert-base-uncased", "no_causal_mask": true,
            "tokenizer_kwargs": {"strip_sep_token": true}});
        let config = open_clip(large(size, edge, &image, &text));
        check_large(&config, size, edge as usize);
        let tower = vit(&config);
        assert_eq!((tower.pooling, tower.norm_before), (ImagePooling::Average, false));
        let text = clip_text(&config);
        assert_eq!((text.pooling, text.causal), (TextPooling::Last, false));
        assert_eq!(config.tokenizer.as_ref().unwrap().family, TokenizerFamily::WithoutSeparator);
    }
}

#[test]
fn metaclip_2_of_open_clip() {
    for (size, edge, quick_gelu) in
        [(1, 224, false), (1, 224, true), (1, 378, false), (2, 224, false), (2, 378, false)]
    {
        let text = json!({"hf_tokenizer_name": "facebook/xlm-v-base", "pool_type": "eos",
            "eos_id": 2, "context_length": 77, "vocab_size": 901_629});
        let mut model = large(size, edge, &json!({}), &text);
        model["quick_gelu"] = json!(quick_gelu);
        let config = open_clip(model);
        check_large(&config, size, edge as usize);
        let activation = if quick_gelu { Activation::QuickGelu } else { Activation::Gelu };
        assert_eq!(clip_text(&config).transformer.activation, activation);
        assert_eq!(clip_text(&config).pooling, TextPooling::Id(2));
        assert_eq!(config.tokenizer.as_ref().unwrap().family, TokenizerFamily::LanguageModel);
        assert_eq!(
            (
                config.tokenizer.as_ref().unwrap().end_id,
                config.tokenizer.as_ref().unwrap().vocab_size
            ),
            (Some(2), 901_629)
        );
    }
    // The L/14 has mT5's tokenizer.
    let text = json!({"hf_tokenizer_name": "google/mt5-base", "pool_type": "eos", "eos_id": 1,
        "tokenizer_kwargs": {"clean": "canonicalize"}, "context_length": 77,
        "vocab_size": 250_100});
    let config = open_clip(large(0, 224, &json!({}), &text));
    check_large(&config, 0, 224);
    assert_eq!(config.tokenizer.as_ref().unwrap().family, TokenizerFamily::CanonicalLanguageModel);
    assert_eq!(config.tokenizer.as_ref().unwrap().end_id, Some(1));
}

#[test]
fn metaclip_2_of_hugging_face() {
    for (size, edge) in [(1, 224), (1, 378), (2, 224), (2, 378)] {
        let (_, dim, [width, layers, heads], mlp_width, text) = LARGE[size];
        let [text_width, text_layers, text_heads] = text;
        let config = json!({"model_type": "metaclip_2", "projection_dim": dim,
            "vision_config": {"model_type": "metaclip_2_vision_model", "hidden_size": width,
                "num_hidden_layers": layers, "num_attention_heads": heads, "patch_size": 14,
                "intermediate_size": mlp_width, "image_size": edge, "projection_dim": dim},
            "text_config": {"model_type": "metaclip_2_text_model", "hidden_size": text_width,
                "num_hidden_layers": text_layers, "num_attention_heads": text_heads,
                "intermediate_size": 4 * text_width, "vocab_size": 901_629, "eos_token_id": 2,
                "bos_token_id": 0, "projection_dim": dim}});
        let preprocessor = json!({"size": {"shortest_edge": edge}, "crop_size": edge});
        let files = [("config.json", config), ("preprocessor_config.json", preprocessor)];
        let config = read(Layout::HuggingFace, &files);
        check_large(&config, size, edge);
        assert_eq!(clip_text(&config).pooling, TextPooling::Id(2));
        assert_eq!(config.tokenizer.as_ref().unwrap().family, TokenizerFamily::LanguageModel);
    }
}

/// (name, patch, image [width, layers, heads], text [width, layers, heads]).
const TINY: [(&str, usize, [usize; 3], [usize; 3]); 4] = [
    ("ViT-8M-16-Text-3M", 16, [256, 10, 4], [256, 3, 4]),
    ("ViT-39M-16-Text-19M", 16, [512, 12, 8], [512, 6, 8]),
    ("ViT-40M-32-Text-19M", 32, [512, 12, 8], [512, 6, 8]),
    ("ViT-61M-32-Text-29M", 32, [640, 12, 10], [512, 9, 8]),
];

#[test]
fn tiny_clip_in_both_layouts() {
    for (name, patch, image, text) in TINY {
        let in_open_clip = open_clip(json!({"embed_dim": 512,
            "vision_cfg": {"image_size": 224, "layers": image[1], "width": image[0],
                "patch_size": patch},
            "text_cfg": {"context_length": 77, "vocab_size": 49_408, "width": text[0],
                "heads": text[2], "layers": text[1]}}));
        let part = |[width, layers, heads]: [usize; 3]| {
            json!({"hidden_size": width, "num_hidden_layers": layers, "num_attention_heads": heads,
                "intermediate_size": 4 * width, "hidden_act": "gelu", "projection_dim": 512,
                "patch_size": patch})
        };
        let mut text_config = part(text);
        text_config.as_object_mut().unwrap().remove("patch_size");
        let config = json!({"model_type": "clip", "projection_dim": 512,
            "vision_config": part(image), "text_config": text_config});
        let preprocessor = json!({"size": 224, "crop_size": 224});
        let files = [("config.json", config), ("preprocessor_config.json", preprocessor)];
        let in_hugging_face = read(Layout::HuggingFace, &files);
        for config in [in_open_clip, in_hugging_face] {
            assert_eq!((config.dim, vit(&config).patch), (512, [patch; 2]), "{name}");
            assert_eq!(shape(&vit(&config).transformer), image, "{name}");
            assert_eq!(shape(&clip_text(&config).transformer), text, "{name}");
            assert_eq!(config.tokenizer.as_ref().unwrap().family, TokenizerFamily::Clip);
        }
    }
}

#[test]
fn nllb_clip() {
    let siglip = |name: &str| {
        json!({"image_size": 384, "timm_model_name": name, "timm_model_pretrained": false,
            "timm_pool": "map", "timm_proj": "none"})
    };
    let clip = |layers: usize, width: usize, head_width: usize, patch: usize| {
        json!({"image_size": 224, "layers": layers, "width": width, "head_width": head_width,
            "patch_size": patch})
    };
    for (dim, image, model, layers, mlp_width) in [
        (512, clip(12, 768, 64, 32), "600M", 12, 4096),
        (1024, clip(32, 1280, 80, 14), "1.3B", 24, 8192),
        (768, siglip("vit_base_patch16_siglip_384"), "600M", 12, 4096),
        (1152, siglip("vit_so400m_patch14_siglip_384"), "1.3B", 24, 8192),
    ] {
        let name = format!("facebook/nllb-200-distilled-{model}");
        let config = open_clip(json!({"embed_dim": dim, "custom_text": true,
            "init_logit_bias": -10, "vision_cfg": image,
            "text_cfg": {"hf_model_name": name, "hf_tokenizer_name": name,
                "hf_proj_type": "linear", "hf_pooler_type": "cls_pooler"}}));
        let Some(TextConfig::Nllb(text)) = &config.text else { panic!() };
        assert_eq!(shape(&text.transformer), [1024, layers, 16]);
        assert_eq!((text.transformer.mlp_width, text.scale), (mlp_width, 32.0));
        assert_eq!(
            (config.tokenizer.as_ref().unwrap().family, config.dim),
            (TokenizerFamily::Nllb, dim)
        );
        assert!(config.text_apart);
    }
}

#[test]
fn siglip_of_many_languages() {
    for (name, dim, layers, text) in [
        ("vit_base_patch16_siglip_256", 768, 12, json!({"heads": 12, "proj_bias": true})),
        (
            "vit_so400m_patch16_siglip_256",
            1152,
            27,
            json!({"heads": 16, "mlp_ratio": 3.7362, "proj_type": "none"}),
        ),
    ] {
        let mut whole = json!({"context_length": 64, "vocab_size": 250_000,
            "hf_tokenizer_name": "timm/ViT-B-16-SigLIP-i18n-256", "width": dim, "layers": layers,
            "tokenizer_kwargs": {"clean": "canonicalize"}, "no_causal_mask": true,
            "pool_type": "last", "norm_kwargs": {"eps": 1e-6}});
        whole.as_object_mut().unwrap().extend(text.as_object().unwrap().clone());
        let config = open_clip(json!({"embed_dim": dim, "custom_text": true,
            "init_logit_bias": -10, "text_cfg": whole,
            "vision_cfg": {"image_size": 256, "timm_model_name": name, "timm_pool": "map",
                "timm_model_pretrained": false, "timm_proj": "none"}}));
        assert_eq!((vit(&config).image, vit(&config).patch), ([256; 2], [16; 2]));
        assert_eq!(clip_text(&config).transformer.layers, layers);
        assert_eq!(
            config.tokenizer.as_ref().unwrap().family,
            TokenizerFamily::SentencePieces { canonical: true }
        );
    }
}

#[test]
fn siglip_2_naflex() {
    for (width, layers, heads, mlp_width) in [(768, 12, 12, 3072), (1152, 27, 16, 4304)] {
        let blocks = json!({"hidden_size": width, "num_hidden_layers": layers,
            "num_attention_heads": heads, "intermediate_size": mlp_width,
            "hidden_act": "gelu_pytorch_tanh", "layer_norm_eps": 1e-6, "attention_dropout": 0.0});
        let with = |more: Value| {
            let mut blocks = blocks.clone();
            blocks.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            blocks
        };
        let config = json!({"model_type": "siglip2", "initializer_factor": 1.0,
            "vision_config": with(json!({"model_type": "siglip2_vision_model", "num_channels": 3,
                "num_patches": 256, "patch_size": 16})),
            "text_config": with(json!({"model_type": "siglip2_text_model", "vocab_size": 256_000,
                "max_position_embeddings": 64, "projection_size": width}))});
        let preprocessor = json!({"do_convert_rgb": true, "do_normalize": true, "do_resize": true,
            "do_rescale": true, "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5],
            "image_processor_type": "Siglip2ImageProcessor", "max_num_patches": 256,
            "patch_size": 16, "processor_class": "Siglip2Processor", "resample": 2,
            "rescale_factor": 1.0 / 255.0});
        let files = [("config.json", config), ("preprocessor_config.json", preprocessor)];
        let config = read(Layout::HuggingFace, &files);
        let ImageConfig::NaFlex(net) = &config.image else { panic!() };
        assert_eq!(shape(&net.transformer), [width, layers, heads]);
        assert_eq!((net.positions, net.patches, config.dim), (16, 256, width));
    }
}
