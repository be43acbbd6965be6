//! What 8-bit weights and activations cost: the cosine between a model's embeddings in q8 and in
//! f32, for each family that has a fixture. The figures are printed as a table:
//! `cargo test -p seer-encoders --test eight_bit -- --nocapture`.
//!
//! The fixtures have random weights; trained ones have larger outliers and more margin between
//! pictures. What the built-in model, which is trained, loses is measured beside them.

use std::path::{Path, PathBuf};

use safetensors::{Dtype, SafeTensors};
use seer_encoders::{Compute, DeviceChoice, DtypeChoice, Model};
use seer_types::{Embedding, PreparedImage};
use tempfile::TempDir;

const Q8: Compute = Compute { device: DeviceChoice::Cpu, dtype: DtypeChoice::Q8 };

/// Sets of the same layout and tokenizer as `clip-tiny`, and where their pixels are.
const SETS: [(&str, &str); 7] = [
    ("clip-tiny", "clip-tiny"),
    ("clip-tiny-gelu", "clip-tiny"),
    ("oc-vit-gelu", "oc-vit-gelu"),
    ("oc-vit-quickgelu", "oc-vit-gelu"),
    ("oc-rn50", "oc-rn50"),
    ("oc-convnext", "oc-convnext"),
    ("oc-convnext-mlp", "oc-convnext"),
];

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures")
}

fn folder(name: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for source in ["clip-tiny", name] {
        for entry in std::fs::read_dir(fixtures().join(source)).unwrap() {
            let path = entry.unwrap().path();
            let file = path.file_name().unwrap();
            if source == name || file.to_string_lossy().starts_with("tokenizer") {
                std::fs::copy(&path, folder.path().join(file)).unwrap();
            }
        }
    }
    folder
}

fn numbers(set: &str, tensor: &str) -> (Vec<f64>, Vec<usize>) {
    let bytes = std::fs::read(fixtures().join(set).join("expected.safetensors")).unwrap();
    let tensors = SafeTensors::deserialize(&bytes).unwrap();
    let view = tensors.tensor(tensor).unwrap();
    let values = match view.dtype() {
        Dtype::F32 => {
            view.data().as_chunks().0.iter().map(|b| f64::from(f32::from_le_bytes(*b))).collect()
        }
        Dtype::I64 => view.data().as_chunks().0.iter().map(|b| i64::from_le_bytes(*b) as f64).collect(),
        other => panic!("{tensor} holds {other:?}"),
    };
    (values, view.shape().to_vec())
}

/// The lowest cosine between two lists of embeddings.
fn lowest(exact: &[Embedding], rounded: &[Embedding]) -> f32 {
    assert_eq!(exact.len(), rounded.len());
    let cosine = |(a, b): (&Embedding, &Embedding)| -> f32 {
        a.values().iter().zip(b.values()).map(|(a, b)| a * b).sum()
    };
    exact.iter().zip(rounded).map(cosine).fold(1.0, f32::min)
}

fn check(name: &str, [pictures, texts]: [f32; 2]) {
    println!("| {name} | {pictures:.5} | {texts:.5} |");
    assert!(pictures >= 0.995, "{name}: pictures have cosine {pictures}");
    assert!(texts >= 0.995, "{name}: texts have cosine {texts}");
}

#[test]
fn every_family_stays_close() {
    println!("| set | pictures, lowest cosine | texts, lowest cosine |\n|---|---|---|");
    for (set, pixels_in) in SETS {
        let folder = folder(set);
        let exact = Model::load(folder.path(), DeviceChoice::Cpu).unwrap();
        let rounded = Model::load(folder.path(), Q8).unwrap();
        assert_ne!(exact.fingerprint(), rounded.fingerprint());
        assert_eq!((exact.dtype(), rounded.dtype()), (DtypeChoice::F32, DtypeChoice::Q8));
        let planes: Vec<f32> =
            numbers(pixels_in, "pixel_values").0.into_iter().map(|v| v as f32).collect();
        let (ids, shape) = numbers(set, "input_ids");
        let ids: Vec<u32> = ids.into_iter().map(|id| id as u32).collect();
        let texts: Vec<&[u32]> = ids.chunks(shape[1]).collect();
        let images = |model: &Model| model.encode_planes(&planes).unwrap();
        let words = |model: &Model| model.encode_ids(&texts).unwrap();
        let pictures = lowest(&images(&exact), &images(&rounded));
        check(set, [pictures, lowest(&words(&exact), &words(&rounded))]);
    }
}

#[test]
fn the_built_in_model_stays_close() {
    let exact = Model::builtin(DeviceChoice::Cpu).unwrap();
    let rounded = Model::builtin(Q8).unwrap();
    let (width, height) = (exact.spec().width, exact.spec().height);
    let waves = |number: usize| {
        let pixel = |i: usize| {
            let (y, x, c) = (i / 3 / width as usize, i / 3 % width as usize, i % 3);
            let wave = (x * (number + 1) / 7 + y * (c + 2) / 9) as f32;
            (127.0 + 120.0 * (wave / (3.0 + number as f32)).sin()) as u8
        };
        PreparedImage::new(width, height, (0..(width * height * 3) as usize).map(pixel).collect())
    };
    let pictures: Vec<PreparedImage> = (0..6).map(waves).collect();
    let texts = ["a dog", "two red kites over snow", "my grandmother's kitchen in 1974"];
    let images = |model: &Model| model.encode_images(&pictures).unwrap();
    let words = |model: &Model| model.encode_texts(&texts).unwrap();
    let pictures = lowest(&images(&exact), &images(&rounded));
    check("builtin", [pictures, lowest(&words(&exact), &words(&rounded))]);
}
