//! From files to embeddings: all cores decode, one thread encodes.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::time::{Duration, Instant};

use seer_encoders::Model;
use seer_images::{DecodeOptions, decode_prepared};
use seer_types::{PreparedImage, PreprocessSpec};

/// Prints pictures a second of the whole and of decoding alone, `seconds` of each, from the JPEGs in
/// `folder`.
///
/// # Errors
/// Where the folder holds no picture that can be read, or the device fails.
pub fn print(model: &Model, folder: &Path, seconds: f64) -> Result<(), Box<dyn Error>> {
    let entries = std::fs::read_dir(folder)?.map(|entry| Ok(entry?.path()));
    let mut files: Vec<PathBuf> = entries.collect::<std::io::Result<_>>()?;
    files.retain(|path| path.extension().is_some_and(|ending| ending == "jpg" || ending == "jpeg"));
    let seconds = Duration::from_secs_f64(seconds);
    let whole = rate(model, &files, seconds, |batch| Ok(model.encode_images(batch).map(drop)?))?;
    let decoding = rate(model, &files, seconds, |_| Ok(()))?;
    println!("whole {whole:.1} decoding {decoding:.1}");
    Ok(())
}

/// Pictures a second that `take` is given in batches.
fn rate(
    model: &Model,
    files: &[PathBuf],
    seconds: Duration,
    take: impl Fn(&[PreparedImage]) -> Result<(), Box<dyn Error>>,
) -> Result<f64, Box<dyn Error>> {
    let size = model.image_batch();
    let (next, threads) = (AtomicUsize::new(0), std::thread::available_parallelism()?.get());
    std::thread::scope(|scope| {
        let (sender, receiver) = sync_channel(2 * size);
        for _ in 0..threads {
            let (sender, next) = (sender.clone(), &next);
            scope.spawn(move || decode_all(files, model.spec(), next, &sender));
        }
        drop(sender);
        let (mut batch, mut count, mut start) = (Vec::with_capacity(size), 0, None::<Instant>);
        for picture in &receiver {
            batch.push(picture?);
            if batch.len() < size {
                continue;
            }
            take(&batch)?;
            batch.clear();
            // The first batch warms up the device and is not counted.
            let Some(start) = start else {
                start = Some(Instant::now());
                continue;
            };
            count += size;
            if start.elapsed() >= seconds {
                return Ok(count as f64 / start.elapsed().as_secs_f64());
            }
        }
        Err("no picture to decode".into())
    })
}

/// One file after the other, again and again, until nobody wants more.
fn decode_all(
    files: &[PathBuf],
    spec: &PreprocessSpec,
    next: &AtomicUsize,
    sender: &SyncSender<Result<PreparedImage, String>>,
) {
    let options = DecodeOptions::default();
    while !files.is_empty() {
        let file = &files[next.fetch_add(1, Ordering::Relaxed) % files.len()];
        let bytes = std::fs::read(file).map_err(|error| error.to_string());
        let decoded = bytes.and_then(|bytes| {
            let decoded = decode_prepared(&bytes, &options, spec);
            decoded.map(|(_, prepared)| prepared).map_err(|error| error.to_string())
        });
        let decoded = decoded.map_err(|error| format!("{}: {error}", file.display()));
        if sender.send(decoded).is_err() {
            return;
        }
    }
}
