//! A library whose photos are in the space of the model that reads the queries.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use seer_encoders::Model;
use seer_engine::{Change, Library, OpenOptions, Point};
use seer_types::{Embedding, LibraryPath, PhotoClass, Signature};

use crate::data::{Random, Vectors, growing};
use crate::library::photo;

/// Photos per batch.
const BATCH: usize = 1024;
/// One photo of so many shows what the one before it shows.
const COPIES: usize = 50;

pub fn make(folder: &Path, photos: usize, model: &Arc<Model>) -> io::Result<()> {
    let start = Instant::now();
    let relevance =
        model.relevance().ok_or_else(|| io::Error::other("a model without pictures"))?;
    let base = relevance.pictures();
    let values: Vec<f32> = base.iter().flat_map(|one| one.values().iter().copied()).collect();
    let base = Vectors { dim: values.len() / base.len().max(1), values };

    let options = OpenOptions { model: Some(Arc::clone(model)), ..OpenOptions::default() };
    let library = Library::open(folder, options).map_err(io::Error::other)?;
    library.choose_model("builtin").map_err(io::Error::other)?;
    library.add_root(&LibraryPath::new("/photos")).map_err(io::Error::other)?;
    let mut random = Random(11);
    let mut batch = Vec::with_capacity(BATCH);
    let mut last: Option<(Vec<f32>, Signature)> = None;
    for (number, vector) in growing(&base).take(photos).enumerate() {
        let signature = Signature::new(&std::array::from_fn(|_| (random.next() % 64) as u8));
        let shown = match last.take() {
            Some(last) if number.is_multiple_of(COPIES) => last,
            _ => (vector, signature),
        };
        last = Some(shown.clone());
        batch.push(change(number as u64, shown, model, &mut random)?);
        if batch.len() == BATCH || number + 1 == photos {
            library.apply(std::mem::take(&mut batch)).map_err(io::Error::other)?;
        }
    }
    library.save_indexes(&mut |_, _| true).map_err(io::Error::other)?;
    eprintln!("{photos} photos made in {:.0} s", start.elapsed().as_secs_f64());
    Ok(())
}

fn change(
    number: u64,
    (vector, signature): (Vec<f32>, Signature),
    model: &Model,
    random: &mut Random,
) -> io::Result<Change> {
    let embedding = Embedding::new(model.fingerprint(), vector).map_err(io::Error::other)?;
    let mut change = photo(number, embedding.clone());
    if let Change::Photo { facts, points, .. } = &mut change {
        facts.classes = classes(model, random);
        facts.signature = Some(signature);
        *points = vec![Point::whole(embedding)];
    }
    Ok(change)
}

/// Ten classes as the indexer notes them, the likeliest first.
fn classes(model: &Model, random: &mut Random) -> Vec<PhotoClass> {
    let all = model.classes();
    let mut left = 1.0;
    let class = |_| {
        let names = all[(random.next() % all.len() as u64) as usize].words()?.to_owned();
        let probability = left * (0.2 + (random.next() % 60) as f32 / 100.0);
        left -= probability;
        Some(PhotoClass { names, probability })
    };
    (0..10).filter_map(class).collect()
}
