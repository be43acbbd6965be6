//! NaFlex against transformers, on the reference's own patches (`tests/fixtures/siglip2-naflex-tiny`);
//! from picture files it is tested from outside.

use std::path::{Path, PathBuf};

use candle_core::{Device, Tensor};
use seer_checkpoint::Checkpoint;
use seer_checkpoint::config::{self, ImageConfig, Layout};

use super::naflex::NaFlex;
use crate::weights::Weights;

fn fixture() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/siglip2-naflex-tiny")
}

fn tower() -> NaFlex {
    let checkpoint = Checkpoint::Folder(fixture());
    let config = config::read(&checkpoint, Layout::HuggingFace).unwrap();
    let ImageConfig::NaFlex(net) = &config.image else { panic!() };
    let mut weights = Weights::open(&checkpoint, &["model.safetensors".to_owned()]).unwrap();
    let (spec, layout) = (&config.preprocess, Layout::HuggingFace);
    NaFlex::load(net, spec, layout, &mut weights, &Device::Cpu).unwrap()
}

fn expected(tensor: &str) -> Vec<f32> {
    let bytes = std::fs::read(fixture().join("expected.safetensors")).unwrap();
    let tensors = safetensors::SafeTensors::deserialize(&bytes).unwrap();
    let data = tensors.tensor(tensor).unwrap().data();
    match tensor {
        "spatial_shapes" => {
            data.as_chunks().0.iter().map(|b| i64::from_le_bytes(*b) as f32).collect()
        }
        _ => data.as_chunks().0.iter().map(|b| f32::from_le_bytes(*b)).collect(),
    }
}

/// The least cosine and the largest difference, of 32 dimensions.
fn assert_directions(found: &Tensor, expected: &[f32]) -> (f32, f32) {
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

#[test]
fn pictures_of_every_shape_are_transformers() {
    let (tower, patches) = (tower(), expected("pixel_values"));
    let grids: Vec<[usize; 2]> =
        expected("spatial_shapes").chunks(2).map(|s| [s[0] as usize, s[1] as usize]).collect();
    let images = expected("image_embeds");
    assert_eq!(grids.iter().map(|[h, w]| h * w).max(), Some(24));
    let found = tower.encode(patches.clone(), &grids).unwrap();
    let (cosine, off) = assert_directions(&found, &images);
    println!("| siglip2-naflex-tiny | {cosine:.7} | {off:.1e} | | |");
    let each = patches.chunks(24 * 768).zip(&grids).zip(images.chunks(32));
    for ((patches, grid), image) in each {
        let own = patches[..grid[0] * grid[1] * 768].to_vec();
        assert_directions(&tower.encode(own, &[*grid]).unwrap(), image);
    }
}
