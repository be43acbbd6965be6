//! Image sizes and contexts other than those a checkpoint was trained with, against the reference
//! implementations on the fixtures' own pixels and token ids; and tensors that do not fit.

mod support;

use safetensors::SafeTensors;
use seer_encoders::{DeviceChoice, LoadOptions, Model};
use seer_types::Embedding;
use support::fixtures::{expected, fixtures, folder};
use support::{Agreement, Bar};
use tempfile::TempDir;

fn load(name: &str) -> Model {
    Model::load(folder(name).path(), DeviceChoice::Cpu).unwrap()
}

fn assert_equal(what: &str, found: &[Embedding], expected: &[f32]) {
    Agreement::of(found, expected).assert(what, Bar::F32);
}

fn at(name: &str, edge: u32) -> Model {
    let options = LoadOptions { image_size: Some(edge), ..LoadOptions::default() };
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
        assert_equal(&format!("{name} at {edge}"), &images, &reference);
        for (one, together) in pixels.chunks(pixels.len() / shape[0]).zip(&images) {
            let single = model.encode_planes(one).unwrap();
            assert_equal("one image alone", &single, together.values());
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
        let options = LoadOptions { image_size: Some(edge), ..LoadOptions::default() };
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
    assert_equal("80", &images, &expected("resized", "oc-vit-gelu/80/image_embeds").0);

    let context = "/model_cfg/text_cfg/context_length";
    let folder = with_setting("oc-vit-gelu", "open_clip_config.json", context, 40);
    let model = Model::load(folder.path(), DeviceChoice::Cpu).unwrap();
    let (ids, shape) = expected("resized", "oc-vit-gelu/40/input_ids");
    let ids: Vec<u32> = ids.iter().map(|id| *id as u32).collect();
    let ids: Vec<&[u32]> = ids.chunks(shape[1]).collect();
    let texts = model.encode_ids(&ids).unwrap();
    assert_equal("40", &texts, &expected("resized", "oc-vit-gelu/40/text_embeds").0);
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
