//! Every entry is sound, every architecture it names is built at tiny size.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::rc::Rc;

use candle_core::Device;
use safetensors::Dtype;
use safetensors::tensor::TensorView;

use super::*;
use crate::checkpoint::Checkpoint;
use crate::config::{self, ImageConfig, Layout, ModelConfig, TextConfig, TransformerConfig};
use crate::towers::{self, Pictures};
use crate::weights::{Weights, invent};

/// Families of which the loader refuses some or all entries. It says so itself; this list only makes a change show.
const NOT_LOADABLE_YET: &[&str] = &[
    "chinese-clip",
    "clipa",
    "coca",
    "eva",
    "metaclip2",
    "mobileclip",
    "mobileclip2",
    "naflex",
    "nllb",
    "pe-core",
    "roberta",
    "timm",
    "vitamin",
];

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
fn the_loader_says_which_families_it_knows() {
    let mut refused: BTreeMap<&str, String> = BTreeMap::new();
    for entry in all() {
        if let Err(error) = entry.check_loadable() {
            refused.entry(&entry.family).or_insert_with(|| format!("{}: {error}", entry.name));
        }
    }
    let families: BTreeSet<&str> = refused.keys().copied().collect();
    let listed: BTreeSet<&str> = NOT_LOADABLE_YET.iter().copied().collect();
    let details: Vec<&String> = refused.values().collect();
    assert_eq!(families, listed, "refused: {details:#?}");
}

#[test]
fn every_architecture_is_built_at_tiny_size() {
    let mut built = BTreeSet::new();
    for entry in all().iter().filter(|e| e.layout == Some(Published::OpenClip)) {
        if entry.check_loadable().is_err() || !built.insert(entry.architecture()) {
            continue;
        }
        let files = settings(entry).into_iter();
        let files = files.map(|(name, json)| (name.to_owned(), json.to_string().into_bytes()));
        let checkpoint = Checkpoint::Memory(files.collect());
        let mut config = config::read(&checkpoint, Layout::OpenClip).unwrap();
        shrink(&mut config);
        build(entry.architecture(), &config);
    }
    assert!(built.len() >= 47, "{built:?}");
}

/// Builds both towers from invented weights, then once more from a file that holds what they asked for.
fn build(name: &str, config: &ModelConfig) {
    let asked = Rc::new(RefCell::new(Vec::new()));
    let first = encode(name, config, Weights::invented(Rc::clone(&asked)));
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
    let file = "open_clip_model.safetensors";
    std::fs::write(folder.path().join(file), safetensors::serialize(views, None).unwrap()).unwrap();
    let checkpoint = Checkpoint::Folder(folder.path().to_path_buf());
    let weights = Weights::open(&checkpoint, &[file.to_owned()]).unwrap();
    assert_eq!(first, encode(name, config, weights), "{name}");
}

/// One picture and one text through both towers.
fn encode(name: &str, config: &ModelConfig, weights: Weights) -> [Vec<f32>; 2] {
    let towers = towers::load(config, Layout::OpenClip, weights, &Device::Cpu);
    let towers = towers.unwrap_or_else(|e| panic!("{name}: {e}"));
    let [height, width] = config.image.image();
    let planes: Vec<f32> = (0..3 * height * width).map(|i| (i % 29) as f32 / 29.0 - 0.5).collect();
    let picture = towers.image.forward(Pictures::Planes(&planes)).unwrap();
    let text = towers.text.forward(&[&[1, 5, 7, 2]]).unwrap();
    [picture, text].map(|points| {
        assert_eq!(points.dims(), [1, config.dim], "{name}");
        let values = points.flatten_all().unwrap().to_vec1::<f32>().unwrap();
        let is_sound = |value: &f32| value.is_finite();
        assert!(values.iter().all(is_sound) && values.iter().any(|v| *v != 0.0), "{name}");
        values
    })
}

/// Numbers that a tiny model has instead of an architecture's own; what is not here stays.
const WIDTH: usize = 32;

/// The same kind of model with everything that costs time cut down. A new family needs its line here.
fn shrink(config: &mut ModelConfig) {
    config.dim = WIDTH;
    match &mut config.image {
        ImageConfig::Vit(vit) => {
            transformer(&mut vit.transformer);
            vit.image = vit.patch.map(|edge| 2 * edge);
        }
        ImageConfig::ResNet(net) => {
            (net.image, net.width, net.blocks, net.heads) = (64, 8, [1, 2, 1, 1], 4);
        }
        ImageConfig::ConvNext(net) => {
            net.image = [64, 64];
            net.stages = [(1, 8), (1, 16), (2, 16), (1, 32)];
        }
        ImageConfig::EfficientNet(net) => net.image = [64, 64],
    }
    let [height, width] = config.image.image();
    config.preprocess.width = u32::try_from(width).unwrap();
    config.preprocess.height = u32::try_from(height).unwrap();
    match &mut config.text {
        TextConfig::Transformer(text) => {
            transformer(&mut text.transformer);
            (text.vocab_size, text.context_length) = (40, 12);
        }
        TextConfig::Bert(text) => {
            transformer(&mut text.transformer);
            text.vocab_size = 40;
        }
    }
}

fn transformer(config: &mut TransformerConfig) {
    (config.width, config.layers, config.heads, config.mlp_width) = (WIDTH, 1, 4, 48);
}
