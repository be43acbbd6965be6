//! NaFlex against transformers, on the reference's own patches (`tests/fixtures/siglip2-naflex-tiny`);
//! from picture files it is tested from outside.

use std::path::{Path, PathBuf};

use seer_checkpoint::Checkpoint;
use seer_checkpoint::config::{self, ImageConfig, Layout};

use super::naflex::NaFlex;
use crate::bars::{print_row, runtimes};
use crate::runtime::Runtime;
use crate::weights::Weights;

fn fixture() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/siglip2-naflex-tiny")
}

fn tower(runtime: &Runtime) -> NaFlex {
    let checkpoint = Checkpoint::Folder(fixture());
    let config = config::read(&checkpoint, Layout::HuggingFace).unwrap();
    let ImageConfig::NaFlex(net) = &config.image else { panic!() };
    let mut weights = Weights::open(&checkpoint, &["model.safetensors".to_owned()]).unwrap();
    let (spec, layout) = (&config.preprocess, Layout::HuggingFace);
    NaFlex::load(net, spec, layout, &mut weights, runtime).unwrap()
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

#[test]
fn pictures_of_every_shape_are_transformers() {
    let patches = expected("pixel_values");
    let grids: Vec<[usize; 2]> =
        expected("spatial_shapes").chunks(2).map(|s| [s[0] as usize, s[1] as usize]).collect();
    let images = expected("image_embeds");
    assert_eq!(grids.iter().map(|[h, w]| h * w).max(), Some(24));
    for (what, runtime, bar) in runtimes() {
        let tower = tower(&runtime);
        let found = tower.encode(patches.clone(), &grids).unwrap();
        print_row(what, "siglip2-naflex-tiny", bar.assert(what, &found, &images));
        let each = patches.chunks(24 * 768).zip(&grids).zip(images.chunks(32));
        for ((patches, grid), image) in each {
            let own = patches[..grid[0] * grid[1] * 768].to_vec();
            bar.assert(what, &tower.encode(own, &[*grid]).unwrap(), image);
        }
    }
}
