//! `seer embed`: texts and pictures as numbers, for other programs.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use seer_encoders::Model;
use seer_types::Embedding;

use crate::args::{EmbedArgs, Shared};
use crate::choice::{self, Fetch};
use crate::exit::Outcome;
use crate::matrix_file;
use crate::pictures;
use crate::text;

/// What is embedded.
enum Item {
    Text(String),
    Picture(PathBuf),
}

pub fn run(shared: &Shared, args: &EmbedArgs) -> Result<Outcome> {
    let mut items: Vec<Item> = args.items.iter().map(|item| Item::of(item)).collect();
    if let Some(file) = &args.texts_file {
        items.extend(text::lines(file)?.into_iter().map(Item::Text));
    }
    if items.is_empty() {
        bail!("nothing to embed: write texts or picture files, or --texts FILE");
    }
    let (model, name) = choice::load_chosen(shared, Fetch::Refused)?;
    let embeddings = embed(&model, &items)?;
    let Some(output) = &args.output else {
        for (item, embedding) in items.iter().zip(&embeddings) {
            println!("{}", line(item, &name, embedding));
        }
        return Ok(Outcome::Found);
    };
    let rows: Vec<&[f32]> = embeddings.iter().map(Embedding::values).collect();
    let bytes = match extension(output).as_deref() {
        Some("npy") => matrix_file::npy(&rows),
        Some("safetensors") => matrix_file::safetensors(&rows, &name)?,
        Some("jsonl" | "ndjson") => {
            let lines = items.iter().zip(&embeddings);
            lines.map(|(item, e)| line(item, &name, e) + "\n").collect::<String>().into_bytes()
        }
        _ => bail!("{}: the name must end in .npy, .safetensors or .jsonl", output.display()),
    };
    std::fs::write(output, bytes)
        .with_context(|| format!("{} cannot be written", output.display()))?;
    Ok(Outcome::Found)
}

impl Item {
    /// An existing file is a picture, anything else a text; as in `seer search`.
    fn of(argument: &str) -> Self {
        match Path::new(argument).is_file() {
            true => Self::Picture(PathBuf::from(argument)),
            false => Self::Text(argument.to_owned()),
        }
    }
}

/// In the items' order; the first picture that cannot be read ends it, so that no row is missing.
fn embed(model: &Model, items: &[Item]) -> Result<Vec<Embedding>> {
    let texts = items.iter().filter_map(|item| match item {
        Item::Text(text) => Some(text.as_str()),
        Item::Picture(_) => None,
    });
    let paths = items.iter().filter_map(|item| match item {
        Item::Picture(path) => Some(path.clone()),
        Item::Text(_) => None,
    });
    let mut texts = model.encode_texts(&texts.collect::<Vec<_>>())?.into_iter();
    let paths: Vec<PathBuf> = paths.collect();
    let mut pictures = pictures::encode(model, &paths)?.into_iter();
    let mut embeddings = Vec::with_capacity(items.len());
    for item in items {
        match item {
            Item::Text(_) => embeddings.extend(texts.next()),
            Item::Picture(_) => {
                if let Some((_, embedding)) = pictures.next() {
                    embeddings.push(embedding?);
                }
            }
        }
    }
    Ok(embeddings)
}

fn line(item: &Item, model: &str, embedding: &Embedding) -> String {
    let (kind, value) = match item {
        Item::Text(text) => ("text", text.clone()),
        Item::Picture(path) => ("picture", path.to_string_lossy().into_owned()),
    };
    serde_json::json!({ kind: value, "model": model, "embedding": embedding.values() }).to_string()
}

fn extension(path: &Path) -> Option<String> {
    path.extension().map(|extension| extension.to_string_lossy().to_lowercase())
}
