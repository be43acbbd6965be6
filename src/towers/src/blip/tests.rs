//! The captioner against transformers, on a tiny random model (`tests/fixtures/blip-tiny`).

use std::path::{Path, PathBuf};

use candle_core::{DType, Device};
use candle_nn::VarBuilder;
use candle_transformers::models::blip::BlipForConditionalGeneration;
use safetensors::tensor::{Dtype, SafeTensors, TensorView};
use seer_checkpoint::{Checkpoint, CheckpointError, config};

use super::*;
use crate::bars::runtimes;

/// Name, shape and bytes of each tensor of a file.
type Tensors = Vec<(String, Vec<usize>, Vec<u8>)>;

/// How far logits may be off on each of [`runtimes`]; the largest are near 38.
const LOGITS: [f32; 4] = [3e-4, 3e-4, 3.0, 0.4];
/// The same for tokens of pictures, which are computed in f32 on all of them; the largest are near 3.
const FEATURES: f32 = 1e-4;

const OUTPUT: &str = "text_decoder.cls.predictions.decoder.weight";
const TOKENS: &str = "text_decoder.bert.embeddings.word_embeddings.weight";
const BIAS: &str = "text_decoder.cls.predictions.bias";
const OTHER_BIAS: &str = "text_decoder.cls.predictions.decoder.bias";

fn fixture() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/blip-tiny")
}

fn load(folder: &Path) -> std::result::Result<CaptionTower, TowerError> {
    load_for(folder, &Runtime::default())
}

fn load_for(folder: &Path, runtime: &Runtime) -> std::result::Result<CaptionTower, TowerError> {
    let config = config::read_captioner(&Checkpoint::Folder(fixture())).unwrap();
    let files = ["model.safetensors".to_owned()];
    let weights = Weights::open(&Checkpoint::Folder(folder.to_owned()), &files).unwrap();
    CaptionTower::load(config, weights, runtime)
}

/// The tower with tensors that `change` has changed: name, shape, numbers of f32.
fn changed(change: impl Fn(&mut Tensors)) -> std::result::Result<CaptionTower, TowerError> {
    let bytes = std::fs::read(fixture().join("model.safetensors")).unwrap();
    let tensors = SafeTensors::deserialize(&bytes).unwrap();
    let entry = |(name, view): (&str, TensorView)| {
        (name.to_owned(), view.shape().to_vec(), view.data().to_vec())
    };
    let mut all: Vec<_> = tensors.iter().map(entry).collect();
    change(&mut all);
    let views = all.iter().map(|(name, shape, data)| {
        let dtype = if name.ends_with("position_ids") { Dtype::I64 } else { Dtype::F32 };
        (name.clone(), TensorView::new(dtype, shape.clone(), data).unwrap())
    });
    let folder = tempfile::tempdir().unwrap();
    let bytes = safetensors::serialize(views, None).unwrap();
    std::fs::write(folder.path().join("model.safetensors"), bytes).unwrap();
    load(folder.path())
}

/// A tensor of the reference with its shape; numbers of another kind as they are.
fn expected(name: &str) -> (Vec<f32>, Vec<usize>) {
    let bytes = std::fs::read(fixture().join("expected.safetensors")).unwrap();
    let tensors = SafeTensors::deserialize(&bytes).unwrap();
    let view = tensors.tensor(name).unwrap();
    let data = view.data();
    let values = match view.dtype() {
        Dtype::F32 => data.as_chunks().0.iter().map(|b| f32::from_le_bytes(*b)).collect(),
        Dtype::I64 => data.as_chunks().0.iter().map(|b| i64::from_le_bytes(*b) as f32).collect(),
        Dtype::U8 => data.iter().map(|b| f32::from(*b)).collect(),
        other => panic!("{other:?}"),
    };
    (values, view.shape().to_vec())
}

/// The reference's pictures, made ready.
fn pictures() -> Vec<PreparedImage> {
    let (values, shape) = expected("cropped_u8");
    let one = |values: &[f32]| {
        let bytes = values.iter().map(|v| *v as u8).collect();
        PreparedImage::new(shape[2] as u32, shape[1] as u32, bytes)
    };
    values.chunks(shape[1] * shape[2] * 3).map(one).collect()
}

/// The reference's tokens, start and end left out.
fn captions(tower: &CaptionTower) -> Vec<Vec<u32>> {
    let (ids, shape) = expected("ids");
    let end = |id: &f32| *id as u32 != tower.config.end_id;
    let one = |row: &[f32]| row[1..].iter().take_while(|id| end(id)).map(|id| *id as u32).collect();
    ids.chunks(shape[1]).map(one).collect()
}

fn largest_difference(found: &Tensor, expected: &[f32]) -> f32 {
    let found: Vec<f32> = found.flatten_all().unwrap().to_vec1().unwrap();
    assert_eq!(found.len(), expected.len());
    found.iter().zip(expected).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

#[test]
fn planes_and_image_features_are_transformers() {
    for (what, runtime, _) in &runtimes() {
        let tower = load_for(&fixture(), runtime).unwrap();
        let planes = tower.planes(&pictures()).unwrap();
        let (expected_planes, shape) = expected("pixel_values");
        assert_eq!(planes.dims(), shape);
        assert!(largest_difference(&planes, &expected_planes) <= 1e-5);
        let features = tower.image.forward(&planes).unwrap();
        let (expected_features, shape) = expected("image_features");
        assert_eq!(features.dims(), shape);
        let off = largest_difference(&features, &expected_features);
        println!("{what}: image features: largest difference {off:.1e}");
        assert!(off <= FEATURES, "{what}: {off}");
    }
}

/// Feeds the reference's own tokens, and compares each step's logits of the captions that have not ended.
fn logits_differ(
    mut step: impl FnMut(&[u32]) -> Vec<Vec<f32>>,
    rows: std::ops::Range<usize>,
) -> f32 {
    let ((logits, shape), (ids, ids_shape)) = (expected("logits"), expected("ids"));
    let (steps, vocabulary) = (shape[1], shape[2]);
    let id = |row: usize, place: usize| ids[row * ids_shape[1] + place] as u32;
    let mut worst = 0f32;
    for place in 0..steps {
        let tokens: Vec<u32> = rows.clone().map(|row| id(row, place)).collect();
        for (found, row) in step(&tokens).iter().zip(rows.clone()) {
            let start = (row * steps + place) * vocabulary;
            let pairs = found.iter().zip(&logits[start..start + vocabulary]);
            let off = pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            // After the end the reference reads padding.
            worst = if id(row, place) == 0 { worst } else { worst.max(off) };
        }
    }
    worst
}

#[test]
fn logits_of_the_first_steps_are_transformers() {
    for ((what, runtime, _), bar) in runtimes().iter().zip(LOGITS) {
        let tower = load_for(&fixture(), runtime).unwrap();
        let features = tower.image.forward(&tower.planes(&pictures()).unwrap()).unwrap();
        let count = features.dim(0).unwrap();
        let mut captions = tower.decoder.begin(&features).unwrap();
        let step = |tokens: &[u32]| captions.read(tokens).unwrap().to_vec2().unwrap();
        let off = logits_differ(step, 0..count);
        println!("{what}: logits: largest difference {off:.1e}");
        assert!(off <= bar, "{what}: {off}");
    }
}

/// candle-transformers' whole module on the fixture's tensors.
fn of_candle(tower: &CaptionTower) -> BlipForConditionalGeneration {
    let tensors = candle_core::safetensors::load(fixture().join("model.safetensors"), &Device::Cpu);
    let mut tensors = tensors.unwrap();
    tensors.insert(OUTPUT.to_owned(), tensors[TOKENS].clone());
    let tensors = VarBuilder::from_tensors(tensors, DType::F32, &Device::Cpu);
    BlipForConditionalGeneration::new(&image::candle_config(&tower.config), tensors).unwrap()
}

#[test]
fn the_decoder_of_candle_is_right_for_one_picture_and_fails_for_two() {
    let tower = load(&fixture()).unwrap();
    let features = tower.image.forward(&tower.planes(&pictures()).unwrap()).unwrap();
    let mut model = of_candle(&tower);
    for row in 0..features.dim(0).unwrap() {
        let features = features.narrow(0, row, 1).unwrap();
        model.reset_kv_cache();
        let step = |tokens: &[u32]| {
            let ids = Tensor::new(tokens, &Device::Cpu).unwrap().unsqueeze(1).unwrap();
            let logits = model.text_decoder().forward(&ids, &features).unwrap();
            logits.squeeze(1).unwrap().to_vec2().unwrap()
        };
        let off = logits_differ(step, row..row + 1);
        assert!(off <= LOGITS[0], "{off}");
    }
    model.reset_kv_cache();
    let ids = Tensor::new(&[[88u32], [88]], &Device::Cpu).unwrap();
    let features = features.narrow(0, 0, 2).unwrap();
    // When it no longer fails, the decoder here can be weighed against it anew.
    assert!(model.text_decoder().forward(&ids, &features).is_err());
}

#[test]
fn captions_are_transformers_together_and_alone() {
    let tower = load(&fixture()).unwrap();
    let (pictures, expected) = (pictures(), captions(&tower));
    assert_eq!(tower.write(&pictures).unwrap(), expected);
    let lengths: Vec<usize> = expected.iter().map(Vec::len).collect();
    assert!(lengths.contains(&20) && lengths.iter().any(|n| *n < 10), "{lengths:?}");
    for (picture, expected) in pictures.chunks(1).zip(&expected) {
        assert_eq!(&tower.write(picture).unwrap()[0], expected);
    }
    assert!(tower.write(&[]).unwrap().is_empty());
}

#[test]
fn threads_do_not_disturb_each_other() {
    let tower = load(&fixture()).unwrap();
    let (pictures, expected) = (pictures(), captions(&tower));
    std::thread::scope(|scope| {
        let threads: Vec<_> =
            (0..3).map(|_| scope.spawn(|| tower.write(&pictures).unwrap())).collect();
        for thread in threads {
            assert_eq!(thread.join().unwrap(), expected);
        }
    });
}

#[test]
fn files_of_every_version_of_transformers_are_read() {
    let expected = captions(&load(&fixture()).unwrap());
    // As published: the output layer and its bias once more, constant numbers of positions.
    let published = changed(|all| {
        let copy = |all: &[(String, Vec<usize>, Vec<u8>)], from: &str, to: &str| {
            let (_, shape, data) = all.iter().find(|(name, ..)| name == from).unwrap();
            (to.to_owned(), shape.clone(), data.clone())
        };
        all.push(copy(all, TOKENS, OUTPUT));
        all.push(copy(all, BIAS, OTHER_BIAS));
        let name = "text_decoder.bert.embeddings.position_ids".to_owned();
        all.push((name, vec![1, 24], (0..24i64).flat_map(i64::to_le_bytes).collect()));
    });
    assert_eq!(published.unwrap().write(&pictures()).unwrap(), expected);
    let other_name = changed(|all| {
        let bias = all.iter_mut().find(|(name, ..)| name == BIAS).unwrap();
        bias.0 = OTHER_BIAS.to_owned();
    });
    assert_eq!(other_name.unwrap().write(&pictures()).unwrap(), expected);
    // An output layer of its own is another one.
    let own = changed(|all| {
        let (_, shape, data) = all.iter().find(|(name, ..)| name == TOKENS).unwrap();
        all.push((OUTPUT.to_owned(), shape.clone(), vec![0; data.len()]));
    });
    assert_ne!(own.unwrap().write(&pictures()).unwrap(), expected);
}

#[test]
fn tensors_that_do_not_fit_are_refused_by_name() {
    let refusal = |change: &dyn Fn(&mut Tensors)| {
        let Err(TowerError::Checkpoint(error)) = changed(change) else { panic!("not refused") };
        error
    };
    let name = "vision_model.encoder.layers.1.mlp.fc2.weight";
    let missing = refusal(&|all| all.retain(|(tensor, ..)| tensor != name));
    assert!(matches!(&missing, CheckpointError::TensorMissing { name: n, .. } if n == name));
    let misshapen = refusal(&|all| {
        let tensor = all.iter_mut().find(|(tensor, ..)| tensor == name).unwrap();
        tensor.1.reverse();
    });
    assert!(matches!(&misshapen, CheckpointError::TensorShape { name: n, .. } if n == name));
    let more = "text_decoder.bert.encoder.layer.2.output.dense.bias";
    let unused = refusal(&|all| all.push((more.to_owned(), vec![1], vec![0; 4])));
    assert!(matches!(&unused, CheckpointError::TensorsUnused { first, .. } if first == more));
}

/// How long the published base model takes, with invented weights: `cargo test -p seer-towers speed_of_the_base -- --ignored
/// --nocapture`.
#[test]
#[ignore = "takes a minute and a gigabyte"]
fn speed_of_the_base_model() {
    let files = [
        ("config.json", r#"{"model_type": "blip", "text_config": {"num_attention_heads": 12}}"#),
        ("preprocessor_config.json", r#"{"size": {"height": 384, "width": 384}}"#),
    ];
    let files = files.map(|(name, json)| (name.to_owned(), json.as_bytes().to_vec()));
    let config = config::read_captioner(&Checkpoint::Memory(files.to_vec())).unwrap();
    let tower =
        CaptionTower::load(config, Weights::invented(Default::default()), &Runtime::default());
    let tower = tower.unwrap();
    let byte = |i: u32| (i.wrapping_mul(2_654_435_761) >> 13) as u8;
    let picture = PreparedImage::new(384, 384, (0..384 * 384 * 3).map(byte).collect());
    for count in [1, tower.batch()] {
        let planes = tower.planes(&vec![picture.clone(); count]).unwrap();
        let mut start = std::time::Instant::now();
        let mut lap =
            || std::mem::replace(&mut start, std::time::Instant::now()).elapsed().as_secs_f64();
        let features = tower.image.forward(&planes).unwrap();
        let seen = lap() / count as f64;
        let mut captions = tower.decoder.begin(&features).unwrap();
        let begun = lap() / count as f64;
        for _ in 0..10 {
            captions.read(&vec![tower.config.start_id; count]).unwrap();
        }
        let read = lap() / (10 * count) as f64;
        println!(
            "{count} at once, seconds a picture: {seen:.3} image tower, {begun:.3} its keys and values, {read:.4} a token"
        );
    }
    let config = image::candle_config(&tower.config);
    let zeros = VarBuilder::zeros(DType::F32, &Device::Cpu);
    let mut model = BlipForConditionalGeneration::new(&config, zeros).unwrap();
    let features = Tensor::zeros((1, 577, 768), DType::F32, &Device::Cpu).unwrap();
    let ids = Tensor::new(&[[tower.config.start_id]], &Device::Cpu).unwrap();
    let start = std::time::Instant::now();
    for _ in 0..5 {
        model.text_decoder().forward(&ids, &features).unwrap();
    }
    println!("candle's own decoder: {:.3} s a token", start.elapsed().as_secs_f64() / 5.0);
}
