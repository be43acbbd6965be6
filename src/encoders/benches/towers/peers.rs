//! The half of the bench that answers `benches/peers/towers.py` and `builtin.py`, task by task.
//!
//! `--peers FOLDER`: the folder holds an OpenCLIP checkpoint and `pictures.u8`, pictures of the
//! checkpoint's size, 3 bytes a pixel. `--builtin FOLDER`: the built-in model, of whose size the
//! pictures are. Each line asked, `DTYPE pictures COUNT` or `DTYPE text
//! WORDS`, is answered with the milliseconds it took; `DTYPE write COUNT WORDS` writes
//! `DTYPE.pictures.f32` and `DTYPE.text.f32`, embeddings row by row, and answers 0.

use std::error::Error;
use std::io::{BufRead, Write};
use std::path::Path;
use std::time::Instant;

use seer_encoders::{Compute, DeviceChoice, DtypeChoice, LoadError, Model};
use seer_types::{Embedding, PreparedImage};

/// Answers until the input ends.
pub fn answer(
    folder: &Path,
    load: impl Fn(Compute) -> Result<Model, LoadError>,
) -> Result<(), Box<dyn Error>> {
    let load = |dtype| load(Compute::new(DeviceChoice::Cpu, dtype));
    let models = [load(DtypeChoice::F32)?, load(DtypeChoice::Q8)?];
    let (width, height) = (models[0].spec().width, models[0].spec().height);
    let pictures: Vec<PreparedImage> = std::fs::read(folder.join("pictures.u8"))?
        .chunks_exact((width * height * 3) as usize)
        .map(|pixels| PreparedImage::new(width, height, pixels.to_vec()))
        .collect();
    say(models[0].device())?;
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let (dtype, task) = line.split_once(' ').ok_or("a line has a dtype and a task")?;
        let dtype: DtypeChoice = dtype.parse()?;
        let model = models.iter().find(|model| model.dtype() == dtype).ok_or("f32 or q8")?;
        say(one(model, task, &pictures, folder)?)?;
    }
    Ok(())
}

fn say(answer: impl std::fmt::Display) -> std::io::Result<()> {
    println!("{answer}");
    std::io::stdout().flush()
}

fn one(
    model: &Model,
    task: &str,
    pictures: &[PreparedImage],
    folder: &Path,
) -> Result<f64, Box<dyn Error>> {
    let start = Instant::now();
    match task.split_once(' ').ok_or("a task has something to work on")? {
        ("pictures", count) => model.encode_images(&pictures[..count.parse()?])?,
        ("text", words) => model.encode_texts(&[words])?,
        ("write", rest) => {
            let (count, words) = rest.split_once(' ').ok_or("a count and words")?;
            let file = |what: &str| folder.join(format!("{}.{what}.f32", model.dtype()));
            let count: usize = count.parse()?;
            std::fs::write(file("pictures"), bytes(&model.encode_images(&pictures[..count])?))?;
            std::fs::write(file("text"), bytes(&model.encode_texts(&[words])?))?;
            return Ok(0.0);
        }
        (other, _) => return Err(format!("{other} is no task").into()),
    };
    Ok(start.elapsed().as_secs_f64() * 1e3)
}

fn bytes(embeddings: &[Embedding]) -> Vec<u8> {
    embeddings.iter().flat_map(|row| row.values()).flat_map(|value| value.to_le_bytes()).collect()
}
