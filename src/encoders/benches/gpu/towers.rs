//! Encoding alone.

use std::error::Error;
use std::path::Path;
use std::time::{Duration, Instant};

use seer_encoders::Model;
use seer_types::PreparedImage;

/// Prints pictures a second, the best and the median of rounds of one batch within `seconds`, after
/// one round that is not counted; writes the embeddings of `pictures.u8` beside it.
///
/// # Errors
/// Where files cannot be read or written, or the device fails.
pub fn print(model: &Model, folder: &Path, seconds: f64) -> Result<(), Box<dyn Error>> {
    let (width, height) = (model.spec().width, model.spec().height);
    let pictures: Vec<PreparedImage> = std::fs::read(folder.join("pictures.u8"))?
        .chunks_exact((width * height * 3) as usize)
        .map(|pixels| PreparedImage::new(width, height, pixels.to_vec()))
        .collect();
    let values = model.encode_images(&pictures)?;
    let values = values.iter().flat_map(|one| one.values()).flat_map(|value| value.to_le_bytes());
    std::fs::write(folder.join(format!("{}.f32", model.dtype())), values.collect::<Vec<u8>>())?;

    let batch: Vec<PreparedImage> =
        pictures.iter().cycle().take(model.image_batch()).cloned().collect();
    model.encode_images(&batch)?;
    let (start, mut rounds) = (Instant::now(), Vec::new());
    while rounds.len() < 3 || start.elapsed() < Duration::from_secs_f64(seconds) {
        let round = Instant::now();
        model.encode_images(&batch)?;
        rounds.push(round.elapsed().as_secs_f64());
    }
    rounds.sort_by(f64::total_cmp);
    let rate = |round: f64| batch.len() as f64 / round;
    println!("best {:.1} median {:.1}", rate(rounds[0]), rate(rounds[rounds.len() / 2]));
    Ok(())
}
