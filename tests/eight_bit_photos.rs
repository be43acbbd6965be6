//! What 8-bit numbers cost the built-in model on real photos, from file to embedding.

mod support;

use std::path::PathBuf;

use seer_encoders::{Compute, DeviceChoice, DtypeChoice, Model};
use seer_images::{Limits, decode};
use seer_types::Embedding;
use support::photos;

const MOST: usize = 100;

fn rows(model: &Model, files: &[PathBuf]) -> Vec<Embedding> {
    let prepared: Vec<_> = files
        .iter()
        .filter_map(|file| decode(&std::fs::read(file).ok()?, &Limits::default()).ok())
        .map(|picture| picture.prepare(model.spec()))
        .collect();
    model.encode_images(&prepared).expect("prepared pictures can be encoded")
}

#[test]
fn the_built_in_model_stays_close_on_photos() {
    let Some(folder) = photos("captioned/images") else { return };
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("folder")
        .map(|entry| entry.expect("entry").path())
        .collect();
    files.sort();
    files.truncate(MOST);
    let exact = rows(&Model::builtin(DeviceChoice::Cpu).expect("built in"), &files);
    let q8 = Compute::new(DeviceChoice::Cpu, DtypeChoice::Q8);
    let rounded = rows(&Model::builtin(q8).expect("built in"), &files);
    assert!(!exact.is_empty() && exact.len() == rounded.len());
    let dot = |(a, b): (&Embedding, &Embedding)| -> f32 {
        a.values().iter().zip(b.values()).map(|(a, b)| a * b).sum()
    };
    let mut cosines: Vec<f32> = exact.iter().zip(&rounded).map(dot).collect();
    cosines.sort_by(f32::total_cmp);
    let (lowest, median) = (cosines[0], cosines[cosines.len() / 2]);
    println!("{} photos: lowest cosine {lowest:.5}, median {median:.5}", cosines.len());
    assert!(lowest >= 0.995, "lowest cosine {lowest}");
}
