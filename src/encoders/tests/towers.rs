//! Our towers against the reference implementations, on the fixtures' own pixels and token ids:
//! what remains is the arithmetic of the towers alone. With `--nocapture` they print the rows of
//! `docs/PARITY.md`.

mod support;

use safetensors::SafeTensors;
use seer_encoders::{DeviceChoice, LoadOptions, Model};
use seer_types::Embedding;
use support::fixtures::{expected, fixtures, folder, ids};
use support::{Agreement, print_row};
use tempfile::TempDir;

fn load(name: &str) -> Model {
    Model::load(folder(name).path(), DeviceChoice::Cpu).unwrap()
}

fn assert_equal(what: &str, found: &[Embedding], expected: &[f32], tolerance: f32) {
    Agreement::of(found, expected).assert(what, tolerance);
}

fn check(name: &str, pixels_in: &str) {
    check_within(name, pixels_in, 1e-4);
}

fn check_within(name: &str, pixels_in: &str, tolerance: f32) {
    let model = load(name);
    let (pixels, shape) = expected(pixels_in, "pixel_values");
    let images = model.encode_planes(&pixels).unwrap();
    assert_eq!(images.len(), shape[0]);
    let image_agreement = Agreement::of(&images, &expected(name, "image_embeds").0);
    image_agreement.assert(&format!("{name} images"), tolerance);

    let ids = ids(name);
    let ids: Vec<&[u32]> = ids.iter().map(Vec::as_slice).collect();
    let texts = model.encode_ids(&ids).unwrap();
    let text_agreement = Agreement::of(&texts, &expected(name, "text_embeds").0);
    text_agreement.assert(&format!("{name} texts"), tolerance);
    print_row(name, Some(&image_agreement), Some(&text_agreement));

    let size = pixels.len() / shape[0];
    for (row, one) in pixels.chunks(size).enumerate() {
        let single = model.encode_planes(one).unwrap();
        assert_equal("one image alone", &single, images[row].values(), tolerance);
    }
    for (row, one) in ids.iter().enumerate() {
        let single = model.encode_ids(&[one]).unwrap();
        assert_equal("one text alone", &single, texts[row].values(), tolerance);
    }
}

#[test]
fn clip_as_transformers_computes_it() {
    check("clip-tiny", "clip-tiny");
}

#[test]
fn clip_with_the_legacy_end_id() {
    check("clip-tiny-eos2", "clip-tiny");
}

#[test]
fn clip_with_gelu_and_other_heads() {
    check("clip-tiny-gelu", "clip-tiny");
}

#[test]
fn tinyclip_with_a_smaller_text_tower() {
    check("tinyclip-tiny", "clip-tiny");
}

#[test]
fn open_clip_with_gelu() {
    check("oc-vit-gelu", "oc-vit-gelu");
}

#[test]
fn open_clip_with_quick_gelu() {
    check("oc-vit-quickgelu", "oc-vit-gelu");
}

#[test]
fn roberta_with_mean_pooling_and_mlp() {
    check("oc-roberta", "oc-vit-gelu");
}

#[test]
fn roberta_with_its_own_pooler() {
    check("oc-roberta-cls", "oc-vit-gelu");
}

/// The embeddings of different pictures are close to each other here (cosine 0.98), so a cosine
/// alone would not tell them apart.
#[test]
fn residual_network_with_attention_pooling() {
    check_within("oc-rn50", "oc-rn50", 1e-5);
}

/// Random ConvNeXts embed different pictures close together, so little may differ.
const CONVNEXT_TOLERANCE: f32 = 1e-5;

#[test]
fn convnext_with_a_linear_head() {
    check_within("oc-convnext", "oc-convnext", CONVNEXT_TOLERANCE);
}

#[test]
fn convnext_with_an_mlp_head() {
    check_within("oc-convnext-mlp", "oc-convnext", CONVNEXT_TOLERANCE);
}

#[test]
fn siglip_as_transformers_computes_it() {
    check("siglip-tiny", "siglip-tiny");
}

#[test]
fn siglip_2_as_transformers_computes_it() {
    check("siglip2-tiny", "siglip2-tiny");
}

#[test]
fn siglip_as_open_clip_computes_it() {
    check("oc-siglip", "oc-siglip");
}

#[test]
fn siglip_2_as_open_clip_computes_it() {
    check("oc-siglip2", "oc-siglip");
}

#[test]
fn mobileclip_with_its_branches() {
    check("oc-mobileclip-s", "oc-mobileclip-s");
}

#[test]
fn mobileclip_with_its_branches_put_together() {
    check("oc-mobileclip-fused", "oc-mobileclip-s");
}

#[test]
fn mobileclip_of_five_stages() {
    check("oc-mobileclip-deep", "oc-mobileclip-s");
}

#[test]
fn mobileclip_with_a_vision_transformer() {
    check("oc-mobileclip-b", "oc-mobileclip-b");
}

#[test]
fn mobileclip_with_clips_tower() {
    check("oc-mobileclip-l", "oc-vit-gelu");
}

#[test]
fn vitamin() {
    check("oc-vitamin", "oc-vit-gelu");
}

#[test]
fn vitamin_without_positions() {
    check("oc-vitamin-xlarge", "oc-vit-gelu");
}

#[test]
fn classifiers_of_timms_are_image_towers_alone() {
    for (name, pixels_in) in [
        ("timm-clip", "timm-clip"),
        ("timm-convnext", "timm-convnext"),
        ("timm-convnext-mlp", "timm-convnext"),
    ] {
        let model = load(name);
        let (pixels, shape) = expected(pixels_in, "pixel_values");
        let images = model.encode_planes(&pixels).unwrap();
        let agreement = Agreement::of(&images, &expected(name, "image_embeds").0);
        agreement.assert(name, 1e-4);
        print_row(name, Some(&agreement), None);
        for (row, one) in pixels.chunks(pixels.len() / shape[0]).enumerate() {
            let single = model.encode_planes(one).unwrap();
            assert_equal("one image alone", &single, images[row].values(), 1e-4);
        }
        assert!(!model.reads_text() && model.context_length() == 0);
        let error = model.encode_texts(&["a dog"]).unwrap_err().to_string();
        let helps = error.contains("reads pictures only") && error.contains("seer models list");
        assert!(helps, "{name}: {error}");
        assert!(model.encode_ids(&[&[1]]).is_err());
    }
}

#[test]
fn a_missing_and_a_foreign_branch_are_named() {
    let edit = |from: &str, to: &str| {
        let folder = folder("oc-mobileclip-s");
        let path = folder.path().join("open_clip_model.safetensors");
        let bytes = std::fs::read(&path).unwrap();
        let tensors = SafeTensors::deserialize(&bytes).unwrap();
        let renamed = tensors.iter().map(|(name, view)| (name.replace(from, to), view));
        let bytes = safetensors::serialize(renamed, None).unwrap();
        std::fs::write(&path, bytes).unwrap();
        Model::load(folder.path(), DeviceChoice::Cpu).unwrap_err().to_string()
    };
    let scale = "visual.trunk.final_conv.conv_scale.conv.weight";
    let error = edit(scale, "visual.trunk.final_conv.other");
    assert!(error.contains(scale) && error.contains("lack"), "{error}");
    let error = edit("visual.trunk.head.fc.bias", "visual.trunk.head.fc2.bias");
    assert!(error.contains("visual.trunk.head.fc.bias"), "{error}");
}

#[test]
fn coca_with_a_class_token_at_the_end() {
    check("oc-coca", "oc-vit-gelu");
}

#[test]
fn coca_whose_queries_keys_and_values_are_apart() {
    check("oc-coca-apart", "oc-vit-gelu");
}

#[test]
fn perception_encoder() {
    check("oc-pe-core", "oc-pe-core");
}

#[test]
fn perception_encoder_without_class_token() {
    check("oc-pe-core-g", "oc-pe-core");
}

#[test]
fn eva_02() {
    check("oc-eva02", "oc-vit-gelu");
}

#[test]
fn eva_02_with_norms_after() {
    check("oc-eva02-e", "oc-vit-gelu");
}

#[test]
fn eva() {
    check("oc-eva", "oc-vit-gelu");
}

#[test]
fn eva_with_average_pooling() {
    check("oc-eva-avg", "oc-vit-gelu");
}

#[test]
fn chinese_clip_as_transformers_computes_it() {
    check("chinese-clip-tiny", "chinese-clip-tiny");
}

#[test]
fn weights_of_another_trunk_are_refused_by_the_name_of_a_tensor() {
    for (settings, weights, tensor) in [
        ("oc-eva", "oc-eva-avg", "visual.trunk.norm.weight"),
        ("oc-eva", "oc-eva02", "visual.trunk.blocks.0.attn.qkv.weight"),
        ("oc-pe-core", "oc-eva02-e", "visual.trunk.blocks.0.attn.qkv.bias"),
        ("oc-coca", "oc-coca-apart", "visual.ln_post.weight"),
        ("oc-vit-gelu", "oc-coca", "visual.proj"),
    ] {
        let folder = folder(settings);
        let file = "open_clip_model.safetensors";
        std::fs::copy(fixtures().join(weights).join(file), folder.path().join(file)).unwrap();
        let error = Model::load(folder.path(), DeviceChoice::Cpu).unwrap_err().to_string();
        assert!(error.contains(tensor), "{settings} with {weights}: {error}");
    }
}

#[test]
fn siglip_2_for_pictures_of_any_shape() {
    let model = load("siglip2-naflex-tiny");
    let ids = ids("siglip2-naflex-tiny");
    let ids: Vec<&[u32]> = ids.iter().map(Vec::as_slice).collect();
    let texts = model.encode_ids(&ids).unwrap();
    let agreement = Agreement::of(&texts, &expected("siglip2-naflex-tiny", "text_embeds").0);
    agreement.assert("texts", 1e-4);
    print_row("siglip2-naflex-tiny", None, Some(&agreement));
}

#[test]
fn clipa_averages_patches_and_pools_the_last_token() {
    check("oc-clipa", "oc-clipa");
}

#[test]
fn metaclip_2_as_open_clip_computes_it() {
    check("oc-worldwide", "oc-vit-gelu");
}

#[test]
fn metaclip_2_as_transformers_computes_it() {
    check("metaclip2-tiny", "clip-tiny");
}

#[test]
fn nllb_as_a_text_tower() {
    check("oc-nllb", "oc-vit-gelu");
}

#[test]
fn nllb_beside_siglips_image_tower() {
    check("oc-nllb-siglip", "oc-siglip");
}

fn at(name: &str, edge: u32) -> Model {
    let options = LoadOptions { image_size: Some(edge) };
    Model::load_with(folder(name).path(), DeviceChoice::Cpu, options).unwrap()
}

#[test]
fn pictures_of_another_size_than_trained_with() {
    for (name, edge) in [
        ("oc-vit-gelu", 80),
        ("oc-vit-gelu", 32),
        ("oc-siglip", 80),
        ("oc-siglip", 32),
        ("clip-tiny", 80),
        ("siglip-tiny", 80),
    ] {
        let model = at(name, edge);
        assert_eq!((model.spec().width, model.spec().height), (edge, edge));
        let (pixels, shape) = expected("resized", &format!("{name}/{edge}/pixel_values"));
        let images = model.encode_planes(&pixels).unwrap();
        assert_eq!((images.len(), shape[2] as u32), (shape[0], edge));
        let reference = expected("resized", &format!("{name}/{edge}/image_embeds")).0;
        assert_equal(&format!("{name} at {edge}"), &images, &reference, 1e-4);
        for (one, together) in pixels.chunks(pixels.len() / shape[0]).zip(&images) {
            let single = model.encode_planes(one).unwrap();
            assert_equal("one image alone", &single, together.values(), 1e-4);
        }
    }
}

#[test]
fn another_size_is_another_model_and_the_own_size_is_not() {
    let own = load("clip-tiny").fingerprint();
    assert_eq!(at("clip-tiny", 48).fingerprint(), own);
    assert_ne!(at("clip-tiny", 64).fingerprint(), own);
    assert_ne!(at("clip-tiny", 64).fingerprint(), at("clip-tiny", 80).fingerprint());
}

#[test]
fn what_cannot_take_another_size_says_so() {
    for (name, edge, reason) in [
        ("oc-rn50", 96, "takes its own size only"),
        ("siglip2-naflex-tiny", 64, "takes its own size only"),
        ("clip-tiny", 8, "should hold a patch"),
    ] {
        let options = LoadOptions { image_size: Some(edge) };
        let error = Model::load_with(folder(name).path(), DeviceChoice::Cpu, options);
        let error = error.unwrap_err().to_string();
        assert!(error.contains(reason) && error.contains(&edge.to_string()), "{error}");
    }
}

/// The fixture with a changed number in its settings.
fn with_setting(name: &str, file: &str, pointer: &str, value: u32) -> TempDir {
    let folder = folder(name);
    let path = folder.path().join(file);
    let json = std::fs::read(&path).unwrap();
    let mut json: serde_json::Value = serde_json::from_slice(&json).unwrap();
    *json.pointer_mut(pointer).unwrap() = value.into();
    std::fs::write(path, json.to_string()).unwrap();
    folder
}

#[test]
fn settings_and_weights_of_different_sizes() {
    let image = "/model_cfg/vision_cfg/image_size";
    let folder = with_setting("oc-vit-gelu", "open_clip_config.json", image, 80);
    let model = Model::load(folder.path(), DeviceChoice::Cpu).unwrap();
    let pixels = expected("resized", "oc-vit-gelu/80/pixel_values").0;
    let images = model.encode_planes(&pixels).unwrap();
    assert_equal("80", &images, &expected("resized", "oc-vit-gelu/80/image_embeds").0, 1e-4);

    let context = "/model_cfg/text_cfg/context_length";
    let folder = with_setting("oc-vit-gelu", "open_clip_config.json", context, 40);
    let model = Model::load(folder.path(), DeviceChoice::Cpu).unwrap();
    let (ids, shape) = expected("resized", "oc-vit-gelu/40/input_ids");
    let ids: Vec<u32> = ids.iter().map(|id| *id as u32).collect();
    let ids: Vec<&[u32]> = ids.chunks(shape[1]).collect();
    let texts = model.encode_ids(&ids).unwrap();
    assert_equal("40", &texts, &expected("resized", "oc-vit-gelu/40/text_embeds").0, 1e-4);
}

#[test]
fn tensors_that_cannot_be_resized_are_refused_by_name() {
    let folder = with_setting("clip-tiny", "config.json", "/vision_config/hidden_size", 32);
    let error = Model::load(folder.path(), DeviceChoice::Cpu).unwrap_err().to_string();
    assert!(error.contains("vision_model.embeddings"), "{error}");
    // transformers resizes no positions of texts.
    let places = "/text_config/max_position_embeddings";
    let folder = with_setting("clip-tiny", "config.json", places, 40);
    let error = Model::load(folder.path(), DeviceChoice::Cpu).unwrap_err().to_string();
    assert!(error.contains("text_model.embeddings.position_embedding"), "{error}");
}
