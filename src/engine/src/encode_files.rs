//! Picture files to embeddings, outside any library.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use seer_encoders::{ClassScore, EncodeError, Model};
use seer_images::DecodeOptions;
use seer_types::{Embedding, PreparedImage};

use crate::EngineError;
use crate::analyses::{Seen, see};
use crate::picture_file::prepare_file;

/// Pictures per call of the model.
const BATCH: usize = 64;

/// Encodes picture files in order; one that cannot be read gives its own error, with its path, and
/// stops nothing. `progress` hears how many are done.
///
/// # Errors
/// `Encode` when the model itself fails.
pub fn encode_files(
    model: &Model,
    paths: &[PathBuf],
    progress: &(dyn Fn(usize) + Sync),
) -> Result<Vec<Result<Embedding, EngineError>>, EngineError> {
    each_batch(model, paths, progress, |pictures| model.encode_images(pictures))
}

/// The `top` most probable of a classifier's own classes for each picture file, in order; one that cannot be read
/// gives its own error, with its path, and stops nothing. `progress` hears how many are done.
///
/// # Errors
/// `Encode` when the model has no classes, or fails.
pub fn classify_files(
    model: &Model,
    paths: &[PathBuf],
    top: usize,
    progress: &(dyn Fn(usize) + Sync),
) -> Result<Vec<Result<Vec<ClassScore>, EngineError>>, EngineError> {
    each_batch(model, paths, progress, |pictures| model.classify_images(pictures, top))
}

/// What `work` makes of each picture that can be read, batch after batch.
fn each_batch<T>(
    model: &Model,
    paths: &[PathBuf],
    progress: &(dyn Fn(usize) + Sync),
    work: impl Fn(&[PreparedImage]) -> Result<Vec<T>, EncodeError>,
) -> Result<Vec<Result<T, EngineError>>, EngineError> {
    let mut out = Vec::with_capacity(paths.len());
    for batch in paths.chunks(BATCH) {
        let mut pictures = Vec::with_capacity(batch.len());
        let mut errors = Vec::with_capacity(batch.len());
        for prepared in prepare(model, batch) {
            match prepared {
                Ok(picture) => (pictures.push(picture), errors.push(None)).1,
                Err(error) => errors.push(Some(error)),
            }
        }
        let mut made = work(&pictures)?.into_iter();
        out.extend(errors.into_iter().filter_map(|error| match error {
            Some(error) => Some(Err(error)),
            None => made.next().map(Ok),
        }));
        progress(out.len());
    }
    Ok(out)
}

/// Encodes picture files of which every one counts: the first that cannot be read or decoded ends it. Files that are
/// not there are found before anything is encoded.
///
/// # Errors
/// That picture's, with its path; `Encode` when the model itself fails.
pub fn encode_all(
    model: &Model,
    paths: &[PathBuf],
    progress: &(dyn Fn(usize) + Sync),
) -> Result<Vec<Embedding>, EngineError> {
    each_of_all(paths, progress, |batch| encode_files(model, batch, &|_| {}))
}

/// What a model tells of picture files of which every one counts: the first that cannot be read or decoded ends it.
/// Files that are not there are found before anything is encoded.
///
/// # Errors
/// That picture's, with its path; `Encode` when the model itself fails.
pub fn see_all(
    model: &Model,
    paths: &[PathBuf],
    progress: &(dyn Fn(usize) + Sync),
) -> Result<Vec<Seen>, EngineError> {
    each_of_all(paths, progress, |batch| each_batch(model, batch, &|_| {}, |p| see(model, p)))
}

fn each_of_all<T>(
    paths: &[PathBuf],
    progress: &(dyn Fn(usize) + Sync),
    work: impl Fn(&[PathBuf]) -> Result<Vec<Result<T, EngineError>>, EngineError>,
) -> Result<Vec<T>, EngineError> {
    for path in paths {
        std::fs::metadata(path).map_err(EngineError::io("read", path))?;
    }
    let mut out = Vec::with_capacity(paths.len());
    for batch in paths.chunks(BATCH) {
        for made in work(batch)? {
            out.push(made?);
        }
        progress(out.len());
    }
    Ok(out)
}

/// Decodes and resizes a batch on all cores.
fn prepare(model: &Model, paths: &[PathBuf]) -> Vec<Result<PreparedImage, EngineError>> {
    let next = AtomicUsize::new(0);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let work = || {
        let mut done = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(path) = paths.get(index) else { return done };
            done.push((index, prepare_one(model, path)));
        }
    };
    let mut prepared: Vec<(usize, Result<PreparedImage, EngineError>)> = std::thread::scope(|s| {
        let threads: Vec<_> = (0..cores.min(paths.len())).map(|_| s.spawn(work)).collect();
        let join = |t: std::thread::ScopedJoinHandle<'_, _>| match t.join() {
            Ok(part) => part,
            Err(panic) => std::panic::resume_unwind(panic),
        };
        threads.into_iter().flat_map(join).collect()
    });
    prepared.sort_by_key(|(index, _)| *index);
    prepared.into_iter().map(|(_, picture)| picture).collect()
}

fn prepare_one(model: &Model, path: &Path) -> Result<PreparedImage, EngineError> {
    prepare_file(path, &DecodeOptions::default(), model.spec())
}
