//! `open_clip_config.json`: `model_cfg` and `preprocess_cfg`.

use serde_json::json;

use crate::Checkpoint;
use crate::config::section::Section;
use crate::config::{
    Activation, ImageConfig, ImagePooling, ModelConfig, Projection, TextConfig, TextModelConfig,
    TextPooling, TextTransformerConfig, TransformerConfig, VitConfig, head_classes, language_model,
    open_clip_tokenizer, preprocess, resnet, timm, timm_siglip,
};
use crate::error::CheckpointError;

const CONFIG: &str = "open_clip_config.json";

pub(super) fn read(checkpoint: &Checkpoint) -> Result<ModelConfig, CheckpointError> {
    let json = checkpoint.json(CONFIG)?;
    let whole = Section::whole(CONFIG, &json)?;
    let model = whole.required("model_cfg")?;
    let dim = model.size("embed_dim")?.ok_or_else(|| model.absent("embed_dim", "a size"))?;
    let quick_gelu = model.flag("quick_gelu", false)?;
    let vision = model.required("vision_cfg")?;
    let mut image = match vision.value("timm_model_name") {
        None if resnet::is_one(&vision) => ImageConfig::ResNet(resnet::read(vision)?),
        None => ImageConfig::Vit(vit(vision, quick_gelu, dim)?),
        Some(name) if name.as_str().is_some_and(timm_siglip::is_one) => {
            ImageConfig::Vit(timm_siglip::read(vision, dim)?)
        }
        Some(_) => timm::read(vision, dim)?,
    };
    let section = model.required("text_cfg")?;
    let family = open_clip_tokenizer::family(&section, Some(&image))?;
    let text = text(section, checkpoint, quick_gelu, dim)?;
    check_width(&model, &text, dim)?;
    // The scale and bias of the logits, and how the weights were cast, leave embeddings alone.
    let is_clips = matches!(text, TextConfig::Transformer(_));
    let text_apart = model.flag("custom_text", false)? || !is_clips;
    model.ignore(&["cast_dtype", "init_logit_bias", "init_logit_scale"]);
    model.ignore(&["nonscalar_logit_scale", "output_dict"]);
    model.ignore(&["multimodal_cfg"]); // CoCa's decoder
    model.finish()?;

    let empty = json!({});
    let section = whole.section("preprocess_cfg")?;
    let section = section.map_or_else(|| Section::whole(CONFIG, &empty), Ok)?;
    let preprocess = preprocess::open_clip(&section, image.image())?;
    section.finish()?;
    let (classes, name_weights) = head_classes::read(checkpoint, &mut image)?;
    Ok(ModelConfig {
        dim,
        tokenizer: Some(open_clip_tokenizer::spec(&text, family)),
        image,
        text: Some(text),
        text_apart,
        preprocess,
        classes,
        name_weights,
    })
}

/// A text tower alone: settings with a `text_cfg` and nothing else.
pub(super) fn read_text(checkpoint: &Checkpoint) -> Result<TextModelConfig, CheckpointError> {
    let json = checkpoint.json(CONFIG)?;
    let whole = Section::whole(CONFIG, &json)?;
    let model = whole.required("model_cfg")?;
    let dim = model.size("embed_dim")?.ok_or_else(|| model.absent("embed_dim", "a size"))?;
    let section = model.required("text_cfg")?;
    let family = open_clip_tokenizer::family(&section, None)?;
    let text = text(section, checkpoint, false, dim)?;
    check_width(&model, &text, dim)?;
    model.finish()?;
    let languages =
        whole.texts("languages")?.ok_or_else(|| whole.absent("languages", "a list of texts"))?;
    whole.finish()?;
    let tokenizer = open_clip_tokenizer::spec(&text, family);
    Ok(TextModelConfig { dim, text, tokenizer, languages })
}

fn text(
    section: Section,
    checkpoint: &Checkpoint,
    quick_gelu: bool,
    dim: usize,
) -> Result<TextConfig, CheckpointError> {
    match section.value("hf_model_name") {
        None => Ok(TextConfig::Transformer(text_transformer(section, quick_gelu)?)),
        Some(_) => language_model::read(section, checkpoint, dim),
    }
}

/// Without a projection, a tower's width is the size of the shared space.
fn check_width(model: &Section, text: &TextConfig, dim: usize) -> Result<(), CheckpointError> {
    let (projection, width) = match text {
        TextConfig::Transformer(text) => (text.projection, text.transformer.width),
        TextConfig::Bert(text) => (text.projection, text.transformer.width),
        TextConfig::Nllb(text) => (text.projection, text.transformer.width),
    };
    if projection == Projection::None && width != dim {
        return Err(model.refuse("embed_dim", "a text tower without projection has its own width"));
    }
    Ok(())
}

fn transformer(
    section: &Section,
    quick_gelu: bool,
    width: usize,
    heads: Option<usize>,
) -> Result<TransformerConfig, CheckpointError> {
    for (key, standard) in [
        ("block_type", json!("default")),
        ("qk_norm", json!(false)),
        ("scaled_cosine_attn", json!(false)),
        ("scale_heads", json!(false)),
        ("scale_attn_inner", json!(false)),
        ("scale_attn", json!(false)),
        ("scale_fc", json!(false)),
    ] {
        section.only(key, &[standard])?;
    }
    let width = section.size("width")?.unwrap_or(width);
    let heads = match heads {
        Some(default) => section.size("heads")?.unwrap_or(default),
        None => width / section.size("head_width")?.unwrap_or(64),
    };
    if heads == 0 || !width.is_multiple_of(heads) {
        return Err(section.refuse("width", "it should be a multiple of the heads"));
    }
    let ratio = section.number("mlp_ratio")?.unwrap_or(4.0);
    let mlp_width = width as f64 * ratio;
    if !(1.0..=f64::from(1 << 24)).contains(&mlp_width) {
        return Err(section.refuse("mlp_ratio", "it should give a width"));
    }
    Ok(TransformerConfig {
        width,
        layers: section.size("layers")?.unwrap_or(12),
        heads,
        mlp_width: mlp_width as usize,
        activation: activation(section, quick_gelu)?,
        eps: eps(section)?,
        layer_scale: section.number("ls_init_value")?.is_some(),
    })
}

fn activation(section: &Section, quick_gelu: bool) -> Result<Activation, CheckpointError> {
    let Some(kwargs) = section.section("act_kwargs")? else {
        return Ok(if quick_gelu { Activation::QuickGelu } else { Activation::Gelu });
    };
    let activation = match kwargs.text("approximate")? {
        Some("tanh") if !quick_gelu => Activation::GeluTanh,
        Some("none") | None if !quick_gelu => Activation::Gelu,
        _ => return Err(kwargs.refuse("approximate", "seer knows tanh and none, for gelu")),
    };
    kwargs.finish().map(|()| activation)
}

fn eps(section: &Section) -> Result<f32, CheckpointError> {
    let Some(kwargs) = section.section("norm_kwargs")? else { return Ok(1e-5) };
    let eps = kwargs.number("eps")?.unwrap_or(1e-5) as f32;
    kwargs.finish().map(|()| eps)
}

fn vit(section: Section, quick_gelu: bool, dim: usize) -> Result<VitConfig, CheckpointError> {
    section.ignore(&["patch_dropout", "output_tokens"]);
    section.only("input_patchnorm", &[json!(false)])?;
    section.only("global_average_pool", &[json!(false)])?;
    section.only("pos_embed_type", &[json!("learnable"), json!("sin_cos_2d")])?;
    let config = VitConfig {
        image: section.extent("image_size")?.unwrap_or([224, 224]),
        patch: section.extent("patch_size")?.unwrap_or([16, 16]),
        transformer: transformer(&section, quick_gelu, 768, None)?,
        norm_before: !section.flag("no_ln_pre", false)?,
        pooling: pooling(&section, dim)?,
        norm_after_pooling: section.flag("final_ln_after_pool", false)?,
        projection: Projection::Linear { bias: false },
    };
    if config.patch[0] > config.image[0] || config.patch[1] > config.image[1] {
        return Err(section.refuse("patch_size", "it should not exceed image_size"));
    }
    section.finish().map(|()| config)
}

/// With `attentional_pool`, `pool_type` picks among what its queries found.
fn pooling(section: &Section, dim: usize) -> Result<ImagePooling, CheckpointError> {
    let queries = section.flag("attentional_pool", false)?;
    let count = section.size("attn_pooler_queries")?.unwrap_or(256);
    let heads = section.size("attn_pooler_heads")?.unwrap_or(8);
    match section.text("pool_type")?.unwrap_or("tok") {
        "tok" if queries && dim.is_multiple_of(heads) => Ok(ImagePooling::Queries { count, heads }),
        "tok" if queries => Err(section.refuse("attn_pooler_heads", "it should divide embed_dim")),
        "tok" => Ok(ImagePooling::Class),
        "avg" if !queries => Ok(ImagePooling::Average),
        _ => Err(section.refuse("pool_type", "seer knows tok, and avg without attentional_pool")),
    }
}

fn text_transformer(
    section: Section,
    quick_gelu: bool,
) -> Result<TextTransformerConfig, CheckpointError> {
    section.ignore(&["output_tokens", "tokenizer_mode"]);
    section.only("final_ln_after_pool", &[json!(false)])?;
    let vocab_size = section.size("vocab_size")?.unwrap_or(49_408);
    let causal = !section.flag("no_causal_mask", false)?;
    let appended = section.flag("embed_cls", false)?;
    if appended && !causal {
        return Err(section.refuse("embed_cls", "seer knows it under a causal mask only"));
    }
    let pooling = match section.text("pool_type")?.unwrap_or("argmax") {
        _ if appended => TextPooling::Appended, // whatever the type says
        "argmax" => TextPooling::HighestId,
        "eos" => TextPooling::Id(section.id("eos_id")?.unwrap_or(2)), // as in open_clip
        "last" => TextPooling::Last,
        "first" => TextPooling::First,
        _ => return Err(section.refuse("pool_type", "seer knows argmax, eos, first and last")),
    };
    section.ignore(&["eos_id"]); // used by the pooling above only
    let projection = match section.text("proj_type")?.unwrap_or("linear") {
        "linear" => Projection::Linear { bias: section.flag("proj_bias", false)? },
        "none" => Projection::None,
        _ => return Err(section.refuse("proj_type", "seer knows linear and none")),
    };
    let config = TextTransformerConfig {
        context_length: section.size("context_length")?.unwrap_or(77),
        vocab_size,
        transformer: transformer(&section, quick_gelu, 512, Some(8))?,
        causal,
        pooling,
        pad_id: section.id("pad_id")?.unwrap_or(0),
        projection,
    };
    section.ignore(&["proj_bias"]);
    section.finish().map(|()| config)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::TokenizerFamily;
    use serde_json::Value;

    fn from(model: &Value) -> Result<ModelConfig, CheckpointError> {
        let folder = tempfile::tempdir().unwrap();
        let json = json!({"model_cfg": model});
        std::fs::write(folder.path().join(CONFIG), json.to_string()).unwrap();
        read(&Checkpoint::Folder(folder.path().to_path_buf()))
    }

    #[test]
    fn the_standard_towers_need_few_settings() {
        let config = from(&json!({"embed_dim": 512, "vision_cfg": {}, "text_cfg": {}})).unwrap();
        let ImageConfig::Vit(vit) = &config.image else { panic!() };
        assert_eq!((vit.transformer.heads, vit.transformer.mlp_width), (12, 3072));
        assert_eq!(vit.transformer.activation, Activation::Gelu);
        let Some(TextConfig::Transformer(text)) = &config.text else { panic!() };
        assert_eq!((text.transformer.heads, text.pooling), (8, TextPooling::HighestId));
        assert!(text.causal);
    }

    #[test]
    fn variants_are_read() {
        let config = from(&json!({
            "embed_dim": 32, "quick_gelu": true,
            "vision_cfg": {"width": 96, "head_width": 48, "mlp_ratio": 2.5, "pool_type": "avg",
                           "no_ln_pre": true, "final_ln_after_pool": true, "patch_dropout": 0.5},
            "text_cfg": {"no_causal_mask": true, "pool_type": "last", "proj_bias": true, "pad_id": 1},
        }));
        let config = config.unwrap();
        let ImageConfig::Vit(vit) = &config.image else { panic!() };
        assert_eq!((vit.transformer.heads, vit.transformer.mlp_width), (2, 240));
        assert_eq!((vit.pooling, vit.norm_before), (ImagePooling::Average, false));
        let Some(TextConfig::Transformer(text)) = &config.text else { panic!() };
        assert_eq!((text.pooling, text.causal, text.pad_id), (TextPooling::Last, false, 1));
        assert_eq!(text.projection, Projection::Linear { bias: true });
    }

    #[test]
    fn siglip_as_it_is_published() {
        let read = |clean: &str| {
            from(&json!({
                "embed_dim": 768, "init_logit_bias": -10, "custom_text": true,
                "vision_cfg": {"image_size": 224, "timm_model_name": "vit_base_patch16_siglip_224",
                               "timm_model_pretrained": false, "timm_pool": "map",
                               "timm_proj": "none"},
                "text_cfg": {"context_length": 64, "vocab_size": 32000, "width": 768, "heads": 12,
                             "layers": 12, "no_causal_mask": true, "proj_bias": true,
                             "pool_type": "last", "norm_kwargs": {"eps": 1e-6},
                             "hf_tokenizer_name": "timm/ViT-B-16-SigLIP",
                             "tokenizer_kwargs": {"clean": clean}},
            }))
        };
        let config = read("canonicalize").unwrap();
        let tokenizer = config.tokenizer.unwrap();
        assert_eq!(tokenizer.family, TokenizerFamily::SentencePieces { canonical: true });
        let ImageConfig::Vit(vit) = &config.image else { panic!() };
        assert_eq!(vit.pooling, ImagePooling::Attention);
        let error = read("lower").unwrap_err().to_string();
        assert!(error.contains("tokenizer_kwargs.clean"), "{error}");
    }

    #[test]
    fn unknown_settings_are_refused_by_name() {
        for (vision, text, name) in [
            (
                json!({"timm_model_name": "vit_x"}),
                json!({}),
                "model_cfg.vision_cfg.timm_model_name",
            ),
            (json!({"pool_type": "map"}), json!({}), "vision_cfg.pool_type"),
            (json!({"layers": [3, 4, 6]}), json!({}), "vision_cfg.layers"),
            (json!({"qk_norm": true}), json!({}), "vision_cfg.qk_norm"),
            (json!({"wings": 2}), json!({}), "vision_cfg.wings"),
            (json!({}), json!({"embed_cls": true, "no_causal_mask": true}), "text_cfg.embed_cls"),
            (json!({"attentional_pool": "cascade"}), json!({}), "vision_cfg.attentional_pool"),
            (
                json!({"attentional_pool": true, "pool_type": "avg"}),
                json!({}),
                "vision_cfg.pool_type",
            ),
            (
                json!({"attentional_pool": true, "attn_pooler_heads": 5}),
                json!({}),
                "vision_cfg.attn_pooler_heads",
            ),
            (
                json!({}),
                json!({"hf_tokenizer_name": "x", "no_causal_mask": true}),
                "text_cfg.hf_tokenizer_name",
            ),
            (json!({}), json!({"proj_type": "mlp"}), "text_cfg.proj_type"),
            (json!({}), json!({"act_kwargs": {"approximate": "sinh"}}), "act_kwargs.approximate"),
        ] {
            let model = json!({"embed_dim": 32, "vision_cfg": vision, "text_cfg": text});
            let error = from(&model).unwrap_err().to_string();
            assert!(error.contains(name), "{error}");
        }
    }
}
