//! How fast models encode, and how the built-in one compares with CLIP's ViT-B/32.
//!
//! Measured: pictures per second in batches, one picture, one text, 32 texts, and loading, each as
//! the best of several rounds in turn (so that noise falls on all alike), with all of rayon's
//! threads. Pictures are made ready beforehand: decoding and resizing are left out. ViT-B/32 has
//! random weights of the real shapes, which take as long as trained ones.
//!
//! `cargo bench -p seer-encoders --bench towers` compares the two; `-- FOLDER…` after it adds other
//! checkpoints. Ratios survive a change of machine, the other figures do not.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use safetensors::Dtype;
use safetensors::tensor::TensorView;
use seer_encoders::{DeviceChoice, LoadError, Model};
use seer_types::PreparedImage;
use tempfile::TempDir;

const ROUNDS: usize = 5;
const PICTURES: usize = 64;
const QUERY: &str = "two dogs running on a beach";

fn main() -> Result<(), LoadError> {
    let reference = random_vit_b_32();
    let folders = std::env::args().skip(1).filter(|argument| !argument.starts_with('-'));
    let mut models = vec![load("builtin", || Model::builtin(DeviceChoice::Cpu))?];
    let vit = || Model::load(reference.path(), DeviceChoice::Cpu);
    models.push(load("ViT-B/32 (random weights)", vit)?);
    for folder in folders.map(PathBuf::from) {
        let name = folder.display().to_string();
        models.push(load(&name, || Model::load(&folder, DeviceChoice::Cpu))?);
    }
    for _ in 0..ROUNDS {
        models.iter_mut().for_each(Case::round);
    }
    println!("{} threads, best of {ROUNDS} rounds", rayon::current_num_threads());
    println!(
        "{:<30}{:>12}{:>12}{:>12}{:>12}{:>12}",
        "", "pictures/s", "picture ms", "text ms", "texts/s", "load ms"
    );
    for case in &models {
        case.print();
    }
    let rate = |case: &Case| 1.0 / case.batch.as_secs_f64();
    println!(
        "builtin : ViT-B/32 = {:.1} : 1 in pictures per second",
        rate(&models[0]) / rate(&models[1])
    );
    Ok(())
}

struct Case {
    name: String,
    model: Model,
    pictures: Vec<PreparedImage>,
    loading: Duration,
    batch: Duration,
    picture: Duration,
    text: Duration,
    texts: Duration,
}

fn load(name: &str, model: impl Fn() -> Result<Model, LoadError>) -> Result<Case, LoadError> {
    let start = Instant::now();
    let model = model()?;
    let loading = start.elapsed();
    let (width, height) = (model.spec().width, model.spec().height);
    let byte = |i: usize| ((i * 2_654_435_761) >> 13) as u8;
    let picture = |number: usize| {
        let size = (width * height * 3) as usize;
        PreparedImage::new(width, height, (0..size).map(|i| byte(i + number)).collect())
    };
    let pictures = (0..PICTURES).map(picture).collect();
    let slow = Duration::MAX;
    let name = name.to_owned();
    Ok(Case { name, model, pictures, loading, batch: slow, picture: slow, text: slow, texts: slow })
}

impl Case {
    fn round(&mut self) {
        let texts = vec![QUERY; 32];
        best(&mut self.batch, || self.model.encode_images(&self.pictures).map(|_| ()));
        best(&mut self.picture, || self.model.encode_images(&self.pictures[..1]).map(|_| ()));
        best(&mut self.text, || self.model.encode_texts(&[QUERY]).map(|_| ()));
        best(&mut self.texts, || self.model.encode_texts(&texts).map(|_| ()));
    }

    fn print(&self) {
        let ms = |time: Duration| time.as_secs_f64() * 1e3;
        println!(
            "{:<30}{:>12.1}{:>12.1}{:>12.2}{:>12.1}{:>12.0}",
            self.name,
            PICTURES as f64 / self.batch.as_secs_f64(),
            ms(self.picture),
            ms(self.text),
            32.0 / self.texts.as_secs_f64(),
            ms(self.loading),
        );
    }
}

fn best<E: std::fmt::Debug>(time: &mut Duration, work: impl Fn() -> Result<(), E>) {
    let start = Instant::now();
    work().expect("these inputs can be encoded");
    *time = (*time).min(start.elapsed());
}

/// A checkpoint in Hugging Face's layout with CLIP ViT-B/32's shapes.
fn random_vit_b_32() -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let write = |name: &str, text: &str| {
        std::fs::write(folder.path().join(name), text).expect("writing to a temporary folder");
    };
    write("config.json", r#"{"model_type": "clip"}"#);
    write("preprocessor_config.json", r#"{"size": 224, "crop_size": 224}"#);
    write_weights(&folder.path().join("model.safetensors"));
    folder
}

fn write_weights(path: &Path) {
    let mut shapes: Vec<(String, Vec<usize>)> = Vec::new();
    let mut add = |name: &str, shape: &[usize]| shapes.push((name.to_owned(), shape.to_vec()));
    for (tower, width, norms) in [
        ("vision_model", 768, &["pre_layrnorm", "post_layernorm"][..]),
        ("text_model", 512, &["final_layer_norm"][..]),
    ] {
        for layer in 0..12 {
            let base = format!("{tower}.encoder.layers.{layer}");
            for part in ["q_proj", "k_proj", "v_proj", "out_proj"] {
                add(&format!("{base}.self_attn.{part}.weight"), &[width, width]);
                add(&format!("{base}.self_attn.{part}.bias"), &[width]);
            }
            for (part, shape) in [("fc1", [4 * width, width]), ("fc2", [width, 4 * width])] {
                add(&format!("{base}.mlp.{part}.weight"), &shape);
                add(&format!("{base}.mlp.{part}.bias"), &shape[..1]);
            }
            for part in ["weight", "bias"] {
                add(&format!("{base}.layer_norm1.{part}"), &[width]);
                add(&format!("{base}.layer_norm2.{part}"), &[width]);
            }
        }
        for norm in norms {
            add(&format!("{tower}.{norm}.weight"), &[width]);
            add(&format!("{tower}.{norm}.bias"), &[width]);
        }
    }
    add("vision_model.embeddings.patch_embedding.weight", &[768, 3, 32, 32]);
    add("vision_model.embeddings.class_embedding", &[768]);
    add("vision_model.embeddings.position_embedding.weight", &[50, 768]);
    add("text_model.embeddings.token_embedding.weight", &[49_408, 512]);
    add("text_model.embeddings.position_embedding.weight", &[77, 512]);
    add("visual_projection.weight", &[512, 768]);
    add("text_projection.weight", &[512, 512]);
    let largest = shapes.iter().map(|(_, shape)| shape.iter().product::<usize>()).max();
    let noise = noise(largest.unwrap_or(0));
    let views = shapes.iter().map(|(name, shape)| {
        let data = &noise[..4 * shape.iter().product::<usize>()];
        (name, TensorView::new(Dtype::F32, shape.clone(), data).expect("shapes fit"))
    });
    safetensors::serialize_to_file(views, None, path).expect("writing to a temporary folder");
}

/// Small numbers around zero, little-endian f32.
fn noise(count: usize) -> Vec<u8> {
    let value = |i: usize| (((i * 2_654_435_761) >> 7) % 1000) as f32 / 10_000.0 - 0.05;
    (0..count).flat_map(|i| value(i).to_le_bytes()).collect()
}
