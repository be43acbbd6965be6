//! Every architecture that the registry names is built at tiny size, and by candle comes to the same
//! as by kernels.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use candle_core::Tensor;
use safetensors::Dtype;
use safetensors::tensor::TensorView;
use seer_checkpoint::Checkpoint;
use seer_checkpoint::config::{self, Layout, ModelConfig};
use seer_checkpoint::registry::{all, settings};

use super::shrink::shrink;
use crate::bars::{Bar, runtimes};
use crate::weights::{Weights, invent};
use crate::{Pictures, Runtime};

#[test]
fn every_architecture_is_built_at_tiny_size() {
    let mut built = BTreeSet::new();
    let mut worst = runtimes().map(|_| Bar::PERFECT);
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
        for (worst, found) in worst.iter_mut().zip(build(name, layout, &config)) {
            *worst = worst.or(found);
        }
    }
    assert!(built.len() >= 120, "{}", built.len());
    for ((what, ..), worst) in runtimes().iter().zip(worst) {
        println!("{what}: {worst}");
    }
}

/// Builds the towers from invented weights, then on every runtime from a file that holds what they
/// asked for; how far each is from the first.
fn build(name: &str, layout: Layout, config: &ModelConfig) -> [Bar; 4] {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let invented = Weights::invented(Arc::clone(&asked));
    let first = encode(name, layout, config, invented, &Runtime::default());
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
    runtimes().map(|(what, runtime, bar)| {
        let weights = Weights::open(&checkpoint, &[file.to_owned()]).unwrap();
        let found = encode(name, layout, config, weights, &runtime);
        assert_eq!(first.len(), found.len(), "{name} {what}");
        let pairs = found.iter().zip(&first);
        let each = pairs
            .map(|(found, first)| bar.assert(&format!("{name} by {what}"), found, &flat(first)));
        each.fold(Bar::PERFECT, Bar::or)
    })
}

fn flat(points: &Tensor) -> Vec<f32> {
    points.flatten_all().unwrap().to_vec1().unwrap()
}

/// One picture through the image tower, and one text where there is a tower for it.
fn encode(
    name: &str,
    layout: Layout,
    config: &ModelConfig,
    weights: Weights,
    runtime: &Runtime,
) -> Vec<Tensor> {
    let towers = crate::load(config, layout, weights, runtime);
    let towers = towers.unwrap_or_else(|e| panic!("{name}: {e}"));
    let [height, width] = config.image.image();
    let planes: Vec<f32> = (0..3 * height * width).map(|i| (i % 29) as f32 / 29.0 - 0.5).collect();
    let picture = towers.image.forward(Pictures::Planes(&planes)).unwrap();
    let text = towers.text.map(|tower| tower.forward(&[&[1, 5, 7, 2]]).unwrap());
    let sound = |points: Tensor| {
        assert_eq!(points.dims(), [1, config.dim], "{name}");
        let values = flat(&points);
        let is_sound = |value: &f32| value.is_finite();
        assert!(values.iter().all(is_sound) && values.iter().any(|v| *v != 0.0), "{name}");
        points
    };
    std::iter::once(picture).chain(text).map(sound).collect()
}
