//! Every entry is sound, every architecture it names is built at tiny size.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::rc::Rc;

use candle_core::{Device, Tensor};
use safetensors::Dtype;
use safetensors::tensor::TensorView;

use super::shrink::shrink;
use super::*;
use crate::checkpoint::Checkpoint;
use crate::config::{self, Layout, ModelConfig};
use crate::towers::{self, Pictures};
use crate::weights::{Weights, invent};

#[test]
fn every_line_is_an_entry() {
    for (line, text) in DATA.lines().enumerate() {
        let entry: Result<Entry, _> = serde_json::from_str(text);
        assert!(entry.is_ok(), "line {}: {:?}", line + 1, entry.err());
    }
    assert_eq!(all()[0].name, BUILTIN);
    assert!(all()[0].is_builtin());
}

#[test]
fn names_are_unique_and_every_architecture_has_one_default() {
    let names: HashSet<_> = all().iter().map(|e| e.name.to_lowercase()).collect();
    assert_eq!(names.len(), all().len());
    let mut defaults: HashMap<&str, usize> = HashMap::new();
    for entry in all().iter().filter(|e| e.layout == Some(Published::OpenClip) || e.is_builtin()) {
        *defaults.entry(entry.architecture()).or_default() += usize::from(entry.is_default);
    }
    assert!(defaults.values().all(|count| *count == 1), "{defaults:?}");
    assert!(all().iter().filter(|entry| entry.recommended).count() >= 10);
}

#[test]
fn fetched_entries_are_complete() {
    for entry in all().iter().filter(|e| !e.is_builtin()) {
        let name = &entry.name;
        let hub = entry.hub.as_deref().unwrap_or_default();
        assert!(hub.split('/').count() == 2 && !hub.contains(['@', ' ']), "{name}: {hub}");
        assert!(entry.layout.is_some() && entry.dim.is_some(), "{name}");
        assert_eq!(entry.context_length.is_none(), entry.image_only, "{name}");
        assert!(entry.resolution.is_none_or(|side| (196..=512).contains(&side)), "{name}");
        let activation = entry.activation.as_deref();
        assert!(activation.is_none_or(|a| ["gelu", "quick_gelu"].contains(&a)), "{name}");
        assert!(entry.license.as_deref() != Some(""), "{name}");
        let figures = [
            entry.zero_shot_imagenet,
            entry.imagenet_fine_tuned,
            entry.flickr30k_recall_5,
            entry.coco_recall_5,
        ];
        assert_eq!(figures.iter().any(Option::is_some), entry.zero_shot_source.is_some(), "{name}");
        for share in figures.into_iter().flatten() {
            assert!((0.005..0.99).contains(&share), "{name}: {share}");
        }
        let is_hugging_face = entry.layout == Some(Published::HuggingFace);
        assert_eq!(entry.model_type.is_some(), is_hugging_face, "{name}");
    }
}

#[test]
fn a_misspelt_field_is_refused() {
    let line = r#"{"name":"x/y","family":"vit","licence":"mit","languages":["en"],"note":""}"#;
    assert!(serde_json::from_str::<Entry>(line).is_err());
}

#[test]
fn the_loader_understands_every_entry() {
    for entry in all() {
        entry.check_loadable().unwrap_or_else(|error| panic!("{}: {error}", entry.name));
    }
}

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
    let asked = Rc::new(RefCell::new(Vec::new()));
    let first = encode(name, layout, config, Weights::invented(Rc::clone(&asked)));
    let asked = asked.take();
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
    let towers = towers::load(config, layout, weights, &Device::Cpu);
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
