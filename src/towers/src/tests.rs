//! The towers of the built-in model's family against open_clip, on a tiny random model that has no
//! name in timm (`tests/fixtures/oc-efficientnet`); the named families are tested from outside.

use std::path::{Path, PathBuf};

use seer_checkpoint::Checkpoint;
use seer_checkpoint::config::{self, ImageConfig, Layout};

use super::{Pictures, Towers};
use crate::bars::runtimes;
use crate::runtime::Runtime;
use crate::weights::Weights;

fn fixture() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/oc-efficientnet")
}

fn load(runtime: &Runtime) -> Towers {
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
    super::load(&config, Layout::OpenClip, weights, runtime).unwrap()
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

#[test]
fn efficientnet_and_bert_are_open_clips() {
    let pixels = expected("pixel_values");
    let ids: Vec<u32> = expected("input_ids").iter().map(|id| *id as u32).collect();
    let texts: Vec<&[u32]> = ids.chunks(20).collect();
    let (image_embeds, text_embeds) = (expected("image_embeds"), expected("text_embeds"));
    for (what, runtime, bar) in runtimes() {
        let towers = load(&runtime);
        let images = towers.image.forward(Pictures::Planes(&pixels)).unwrap();
        assert_eq!(images.dims(), [3, 24]);
        let worst = bar.assert(&format!("{what}, images"), &images, &image_embeds);
        let text = towers.text.as_ref().unwrap();
        let found = text.forward(&texts).unwrap();
        let texts_worst = bar.assert(&format!("{what}, texts"), &found, &text_embeds);
        println!("{what}: {worst}, texts {texts_worst}");
        let unpadded = text.forward(&[&texts[1][..5]]).unwrap();
        bar.assert(&format!("{what}, one text"), &unpadded, &text_embeds[24..48]);
    }
}
