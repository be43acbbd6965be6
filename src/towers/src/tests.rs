//! The towers of the built-in model's family against open_clip, on a tiny random model that has no
//! name in timm (`tests/fixtures/oc-efficientnet`); the named families are tested from outside.

use std::path::{Path, PathBuf};

use candle_core::{Device, Tensor};
use seer_checkpoint::Checkpoint;
use seer_checkpoint::config::{self, ImageConfig, Layout};

use super::{Pictures, Towers};
use crate::weights::Weights;

fn fixture() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/oc-efficientnet")
}

fn load() -> Towers {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("hf_text")).unwrap();
    for file in ["open_clip_config.json", "hf_text/config.json", "model.safetensors"] {
        std::fs::copy(fixture().join(file), folder.path().join(file)).unwrap();
    }
    let file = folder.path().join("open_clip_config.json");
    let named = std::fs::read_to_string(&file).unwrap();
    let named = named.replace("tinyt_efficientnet_lite", "tf_efficientnet_lite0");
    std::fs::write(&file, named).unwrap();
    let checkpoint = Checkpoint::Folder(folder.path().to_path_buf());
    let mut config = config::read(&checkpoint, Layout::OpenClip).unwrap();
    let ImageConfig::EfficientNet(net) = &mut config.image else { panic!() };
    net.stages = config::efficientnet_stages(0.25, 1.0);
    net.features = 96;
    let weights = Weights::open(&checkpoint, &["model.safetensors".to_owned()]).unwrap();
    super::load(&config, Layout::OpenClip, weights, &Device::Cpu).unwrap()
}

fn expected(name: &str) -> Vec<f32> {
    let bytes = std::fs::read(fixture().join("expected.safetensors")).unwrap();
    let tensors = safetensors::SafeTensors::deserialize(&bytes).unwrap();
    let data = tensors.tensor(name).unwrap().data();
    match name {
        "input_ids" => data.as_chunks().0.iter().map(|b| i64::from_le_bytes(*b) as f32).collect(),
        _ => data.as_chunks().0.iter().map(|b| f32::from_le_bytes(*b)).collect(),
    }
}

fn assert_directions(found: &Tensor, expected: &[f32]) {
    for (row, (found, expected)) in
        found.to_vec2::<f32>().unwrap().iter().zip(expected.chunks(24)).enumerate()
    {
        let length = found.iter().map(|v| v * v).sum::<f32>().sqrt();
        let differences = found.iter().zip(expected).map(|(a, b)| (a / length - b).abs());
        let largest = differences.fold(0.0, f32::max);
        assert!(largest <= 1e-5, "row {row}: off by {largest}");
    }
}

#[test]
fn efficientnet_and_bert_are_open_clips() {
    let towers = load();
    let pixels = expected("pixel_values");
    let images = towers.image.forward(Pictures::Planes(&pixels)).unwrap();
    assert_eq!(images.dims(), [3, 24]);
    assert_directions(&images, &expected("image_embeds"));
    let ids: Vec<u32> = expected("input_ids").iter().map(|id| *id as u32).collect();
    let texts: Vec<&[u32]> = ids.chunks(20).collect();
    assert_directions(
        &towers.text.as_ref().unwrap().forward(&texts).unwrap(),
        &expected("text_embeds"),
    );
    let unpadded = towers.text.as_ref().unwrap().forward(&[&texts[1][..5]]).unwrap();
    assert_directions(&unpadded, &expected("text_embeds")[24..48]);
}
