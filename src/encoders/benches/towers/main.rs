//! How fast models encode, and how the built-in one compares with CLIP's ViT-B/32.
//!
//! Measured: pictures per second in batches, one picture, 8 and 32 of them, one text, 32 texts, and
//! loading, each as the best of several rounds in turn (so that noise falls on all alike), on as many threads as
//! RAYON_NUM_THREADS says, or the machine has. Pictures are made ready beforehand: decoding and
//! resizing are left out. ViT-B/32 has random weights of the real shapes, which take as long as
//! trained ones; with pictures of 448 pixels a side it has 197 places instead of 50. Each model
//! computes in f32 and in 8-bit numbers.
//!
//! `cargo bench -p seer-encoders --bench towers` compares the two; `-- FOLDER…` after it adds other
//! checkpoints. Ratios survive a change of machine, the other figures do not. Against other
//! programs: `benches/peers/towers.py`.

mod peers;
mod random;

use std::error::Error;
use std::path::Path;
use std::time::{Duration, Instant};

use seer_encoders::{Compute, DeviceChoice, DtypeChoice, LoadError, Model};
use seer_types::PreparedImage;

const ROUNDS: usize = 5;
const PICTURES: usize = 64;
const FEW: [usize; 3] = [1, 8, 32];
const QUERY: &str = "two dogs running on a beach";

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [flag, folder] = arguments.as_slice() {
        let folder = Path::new(folder);
        match flag.as_str() {
            "--peers" => return peers::answer(folder, |compute| Model::load(folder, compute)),
            "--builtin" => return peers::answer(folder, Model::builtin),
            _ => {}
        }
    }
    let [reference, larger] = [224, 448].map(random::random_vit_b_32);
    let mut models = Vec::new();
    for dtype in [DtypeChoice::F32, DtypeChoice::Q8] {
        let compute = Compute::new(DeviceChoice::Cpu, dtype);
        models.push(load("builtin", || Model::builtin(compute))?);
        models.push(load("random ViT-B/32", || Model::load(reference.path(), compute))?);
        models.push(load("the same at 448 pixels", || Model::load(larger.path(), compute))?);
        for folder in arguments.iter().filter(|argument| !argument.starts_with('-')) {
            models.push(load(folder, || Model::load(Path::new(folder), compute))?);
        }
    }
    for _ in 0..ROUNDS {
        models.iter_mut().for_each(Case::round);
    }
    println!("{} threads, best of {ROUNDS} rounds", rayon::current_num_threads());
    println!(
        "{:<30}{:>12}{:>12}{:>12}{:>12}{:>12}{:>12}{:>12}",
        "", "pictures/s", "picture ms", "8 ms", "32 ms", "text ms", "texts/s", "load ms"
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
    /// Of 1, 8 and 32 pictures.
    few: [Duration; 3],
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
    let name = format!("{name}, {}", model.dtype());
    let few = [slow; 3];
    Ok(Case { name, model, pictures, loading, batch: slow, few, text: slow, texts: slow })
}

impl Case {
    fn round(&mut self) {
        let texts = vec![QUERY; 32];
        best(&mut self.batch, || self.model.encode_images(&self.pictures).map(|_| ()));
        for (time, count) in self.few.iter_mut().zip(FEW) {
            best(time, || self.model.encode_images(&self.pictures[..count]).map(|_| ()));
        }
        best(&mut self.text, || self.model.encode_texts(&[QUERY]).map(|_| ()));
        best(&mut self.texts, || self.model.encode_texts(&texts).map(|_| ()));
    }

    fn print(&self) {
        let ms = |time: Duration| time.as_secs_f64() * 1e3;
        println!(
            "{:<30}{:>12.1}{:>12.2}{:>12.2}{:>12.2}{:>12.2}{:>12.1}{:>12.0}",
            self.name,
            PICTURES as f64 / self.batch.as_secs_f64(),
            ms(self.few[0]),
            ms(self.few[1]),
            ms(self.few[2]),
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
