//! SigLIP's towers against open_clip, on tiny random models that have no name in timm
//! (`tests/fixtures/oc-siglip`, `oc-siglip2`, with NLLB's text tower `oc-nllb-siglip`); Hugging Face's
//! layout is tested from outside.

use std::path::{Path, PathBuf};

use candle_core::{Device, Tensor};

use super::{Pictures, Towers};
use crate::checkpoint::Checkpoint;
use crate::config::{self, ImageConfig, Layout, TransformerConfig};
use crate::weights::Weights;

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures").join(name)
}

/// The settings under a name that timm has, with the fixture's own sizes but for pictures of `edge`
/// pixels.
fn load(name: &str, edge: u32) -> Towers {
    let folder = tempfile::tempdir().unwrap();
    let json = std::fs::read_to_string(fixture(name).join("open_clip_config.json")).unwrap();
    let mut json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let model = &mut json["model_cfg"];
    model["vision_cfg"]["timm_model_name"] = "vit_base_patch16_siglip_224".into();
    model["embed_dim"] = 768.into();
    std::fs::write(folder.path().join("open_clip_config.json"), json.to_string()).unwrap();
    let language_model = "hf_text/config.json";
    if fixture(name).join(language_model).exists() {
        std::fs::create_dir(folder.path().join("hf_text")).unwrap();
        std::fs::copy(fixture(name).join(language_model), folder.path().join(language_model))
            .unwrap();
    }
    let settings = Checkpoint::Folder(folder.path().to_path_buf());
    let mut config = config::read(&settings, Layout::OpenClip).unwrap();
    config.dim = 32;
    let ImageConfig::Vit(vit) = &mut config.image else { panic!() };
    vit.transformer =
        TransformerConfig { width: 32, layers: 2, heads: 4, mlp_width: 128, ..vit.transformer };
    config.set_image_size(edge).unwrap();
    let file = "open_clip_model.safetensors".to_owned();
    let weights = Weights::open(&Checkpoint::Folder(fixture(name)), &[file]).unwrap();
    super::load(&config, Layout::OpenClip, weights, &Device::Cpu).unwrap()
}

fn expected(name: &str, tensor: &str) -> Vec<f32> {
    let bytes = std::fs::read(fixture(name).join("expected.safetensors")).unwrap();
    let tensors = safetensors::SafeTensors::deserialize(&bytes).unwrap();
    let data = tensors.tensor(tensor).unwrap().data();
    match tensor {
        "input_ids" => data.as_chunks().0.iter().map(|b| i64::from_le_bytes(*b) as f32).collect(),
        _ => data.as_chunks().0.iter().map(|b| f32::from_le_bytes(*b)).collect(),
    }
}

/// The least cosine and the largest difference, of 32 dimensions.
pub(super) fn assert_directions(found: &Tensor, expected: &[f32]) -> (f32, f32) {
    let found = found.to_vec2::<f32>().unwrap();
    assert_eq!(found.len() * 32, expected.len());
    let mut worst = (1.0f32, 0.0f32);
    for (row, (found, expected)) in found.iter().zip(expected.chunks(32)).enumerate() {
        let length = found.iter().map(|v| v * v).sum::<f32>().sqrt();
        let cosine: f32 = found.iter().zip(expected).map(|(a, b)| a / length * b).sum();
        let differences = found.iter().zip(expected).map(|(a, b)| (a / length - b).abs());
        let largest = differences.fold(0.0, f32::max);
        assert!(cosine >= 0.9999 && largest <= 1e-4, "row {row}: {cosine}, off by {largest}");
        worst = (worst.0.min(cosine), worst.1.max(largest));
    }
    worst
}

fn check(name: &str, context_length: usize) {
    let towers = load(name, 48);
    let pixels = expected("oc-siglip", "pixel_values");
    let images = expected(name, "image_embeds");
    let found = towers.image.forward(Pictures::Planes(&pixels)).unwrap();
    let (image_cosine, image_off) = assert_directions(&found, &images);
    for (one, image) in pixels.chunks(3 * 48 * 48).zip(images.chunks(32)) {
        assert_directions(&towers.image.forward(Pictures::Planes(one)).unwrap(), image);
    }
    let ids: Vec<u32> = expected(name, "input_ids").iter().map(|id| *id as u32).collect();
    let ids: Vec<&[u32]> = ids.chunks(context_length).collect();
    let texts = expected(name, "text_embeds");
    let found = towers.text.as_ref().unwrap().forward(&ids).unwrap();
    let (text_cosine, text_off) = assert_directions(&found, &texts);
    println!(
        "| {name} | {image_cosine:.7} | {image_off:.1e} | {text_cosine:.7} | {text_off:.1e} |"
    );
    for (one, text) in ids.iter().zip(texts.chunks(32)) {
        assert_directions(&towers.text.as_ref().unwrap().forward(&[one]).unwrap(), text);
    }
}

#[test]
fn siglip_as_open_clip_computes_it() {
    check("oc-siglip", 64);
}

#[test]
fn siglip_2_as_open_clip_computes_it() {
    check("oc-siglip2", 64);
}

#[test]
fn siglip_with_nllbs_text_tower() {
    check("oc-nllb-siglip", 77);
}

#[test]
fn positions_are_resized_as_timm_does_it() {
    for edge in [80, 32] {
        let pixels = expected("resized", &format!("oc-siglip/{edge}/pixel_values"));
        let images = expected("resized", &format!("oc-siglip/{edge}/image_embeds"));
        let found = load("oc-siglip", edge).image.forward(Pictures::Planes(&pixels)).unwrap();
        assert_directions(&found, &images);
    }
}
