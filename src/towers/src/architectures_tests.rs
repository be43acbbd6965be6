//! Every architecture that the registry names is built at tiny size.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use candle_core::{Device, Tensor};
use safetensors::Dtype;
use safetensors::tensor::TensorView;
use seer_checkpoint::Checkpoint;
use seer_checkpoint::config::{self, Layout, ModelConfig};
use seer_checkpoint::registry::{all, settings};

use super::shrink::shrink;
use crate::Pictures;
use crate::weights::{Weights, invent};

#[test]
fn every_architecture_is_built_at_tiny_size() {
    let mut built = BTreeSet::new();
    for entry in all().iter().filter(|e| !e.is_builtin()) {
        let settings = settings(entry);
        let architecture = format!("{settings:?}");
        let name = &entry.name;
        let files = settings.iter().map(|(file, json)| (file.to_string(), json.to_string().into()));
        let checkpoint = Checkpoint::Memory(files.collect());
        if !built.insert(architecture) {
            continue;
        }
        let layout = checkpoint.layout().unwrap();
        let mut config = config::read(&checkpoint, layout).unwrap();
        assert_eq!(config.text.is_none(), entry.image_only, "{name}");
        shrink(&mut config);
        build(name, layout, &config);
    }
    assert!(built.len() >= 120, "{}", built.len());
}

/// Builds the towers from invented weights, then once more from a file that holds what they asked for.
fn build(name: &str, layout: Layout, config: &ModelConfig) {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let first = encode(name, layout, config, Weights::invented(Arc::clone(&asked)));
    let asked = std::mem::take(&mut *asked.lock().unwrap());
    let values: Vec<Vec<u8>> = asked
        .iter()
        .map(|(name, shape)| {
            invent(name, shape.iter().product()).iter().flat_map(|v| v.to_le_bytes()).collect()
        })
        .collect();
    let views = asked.iter().zip(&values).map(|((name, shape), bytes)| {
        (name.clone(), TensorView::new(Dtype::F32, shape.clone(), bytes).unwrap())
    });
    let folder = tempfile::tempdir().unwrap();
    let file = "model.safetensors";
    std::fs::write(folder.path().join(file), safetensors::serialize(views, None).unwrap()).unwrap();
    let checkpoint = Checkpoint::Folder(folder.path().to_path_buf());
    let weights = Weights::open(&checkpoint, &[file.to_owned()]).unwrap();
    assert_eq!(first, encode(name, layout, config, weights), "{name}");
}

/// One picture through the image tower, and one text where there is a tower for it.
fn encode(name: &str, layout: Layout, config: &ModelConfig, weights: Weights) -> Vec<Vec<f32>> {
    let towers = crate::load(config, layout, weights, &Device::Cpu);
    let towers = towers.unwrap_or_else(|e| panic!("{name}: {e}"));
    let [height, width] = config.image.image();
    let planes: Vec<f32> = (0..3 * height * width).map(|i| (i % 29) as f32 / 29.0 - 0.5).collect();
    let picture = towers.image.forward(Pictures::Planes(&planes)).unwrap();
    let text = towers.text.map(|tower| tower.forward(&[&[1, 5, 7, 2]]).unwrap());
    let values = |points: Tensor| {
        assert_eq!(points.dims(), [1, config.dim], "{name}");
        let values = points.flatten_all().unwrap().to_vec1::<f32>().unwrap();
        let is_sound = |value: &f32| value.is_finite();
        assert!(values.iter().all(is_sound) && values.iter().any(|v| *v != 0.0), "{name}");
        values
    };
    std::iter::once(picture).chain(text).map(values).collect()
}
