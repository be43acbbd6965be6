//! `seer embed`: texts and pictures as numbers, for other programs.

use std::borrow::Cow;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use seer_encoders::Model;
use seer_engine::encode_all;
use seer_types::Embedding;
use serde::Serialize;

use crate::args::{EmbedArgs, Shared};
use crate::choice::{self, Fetch};
use crate::exit::Outcome;
use crate::matrix_file;
use crate::progress::Counter;
use crate::stdio;
use crate::text;

/// What is embedded.
enum Item {
    Text(String),
    Picture(PathBuf),
}

/// How embeddings are written to a file.
#[derive(Clone, Copy)]
enum Format {
    Npy,
    Safetensors,
    JsonLines,
}

pub fn run(shared: &Shared, args: &EmbedArgs) -> Result<Outcome> {
    let mut items: Vec<Item> = args.items.iter().map(|item| Item::of(item)).collect();
    if let Some(file) = &args.texts_file {
        items.extend(text::lines(file)?.into_iter().map(Item::Text));
    }
    if items.is_empty() {
        bail!("nothing to embed: write texts or picture files, or --texts FILE");
    }
    let output = match args.output.as_deref() {
        Some(path) => Some((path, Format::of(path)?)),
        None => None,
    };
    let (model, name) = choice::load_chosen(shared, Fetch::Refused)?;
    let embeddings = embed(shared, &model, &items)?;
    match output {
        Some((path, format)) => {
            std::fs::write(path, format.bytes(&items, &name, &embeddings)?)
                .with_context(|| format!("{} cannot be written", path.display()))?;
        }
        None => {
            let mut out = stdio::writer();
            for (item, embedding) in items.iter().zip(&embeddings) {
                writeln!(out, "{}", line(item, &name, embedding)?)?;
            }
            out.flush()?;
        }
    }
    Ok(Outcome::Found)
}

impl Format {
    fn of(path: &Path) -> Result<Self> {
        let extension =
            path.extension().map(|extension| extension.to_string_lossy().to_lowercase());
        match extension.as_deref() {
            Some("npy") => Ok(Self::Npy),
            Some("safetensors") => Ok(Self::Safetensors),
            Some("jsonl" | "ndjson") => Ok(Self::JsonLines),
            _ => bail!(
                "{}: the name must end in .npy, .safetensors, .jsonl or .ndjson",
                path.display()
            ),
        }
    }

    fn bytes(self, items: &[Item], model: &str, embeddings: &[Embedding]) -> Result<Vec<u8>> {
        let rows: Vec<&[f32]> = embeddings.iter().map(Embedding::values).collect();
        match self {
            Self::Npy => Ok(matrix_file::npy(&rows)),
            Self::Safetensors => matrix_file::safetensors(&rows, model),
            Self::JsonLines => {
                let lines = items.iter().zip(embeddings);
                let lines = lines.map(|(item, e)| line(item, model, e).map(|line| line + "\n"));
                Ok(lines.collect::<Result<String>>()?.into_bytes())
            }
        }
    }
}

impl Item {
    /// An existing file is a picture, anything else a text; as in `seer search`.
    fn of(argument: &str) -> Self {
        let path = Path::new(argument);
        if path.is_file() {
            return Self::Picture(path.to_owned());
        }
        if path.extension().is_some() && !argument.contains(' ') {
            log::warn!("there is no file \"{argument}\": it is taken as a text");
        }
        Self::Text(argument.to_owned())
    }
}

/// In the items' order; the first picture that cannot be read ends it, so that no row is missing.
fn embed(shared: &Shared, model: &Model, items: &[Item]) -> Result<Vec<Embedding>> {
    let texts = items.iter().filter_map(|item| match item {
        Item::Text(text) => Some(text.as_str()),
        Item::Picture(_) => None,
    });
    let paths = items.iter().filter_map(|item| match item {
        Item::Picture(path) => Some(path.clone()),
        Item::Text(_) => None,
    });
    let texts: Vec<&str> = texts.collect();
    // A model that reads pictures only refuses even no texts.
    let texts = if texts.is_empty() { Vec::new() } else { model.encode_texts(&texts)? };
    let mut texts = texts.into_iter();
    let paths: Vec<PathBuf> = paths.collect();
    let counter = Counter::new(shared.quiet, "encoding");
    let mut pictures =
        encode_all(model, &paths, &|done| counter.show(done, paths.len()))?.into_iter();
    let mut embeddings = Vec::with_capacity(items.len());
    for item in items {
        embeddings.extend(match item {
            Item::Text(_) => texts.next(),
            Item::Picture(_) => pictures.next(),
        });
    }
    Ok(embeddings)
}

/// One embedding as a line of JSON.
#[derive(Serialize)]
struct Line<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    picture: Option<Cow<'a, str>>,
    model: &'a str,
    embedding: &'a [f32],
}

fn line(item: &Item, model: &str, embedding: &Embedding) -> Result<String> {
    let (text, picture) = match item {
        Item::Text(text) => (Some(text.as_str()), None),
        Item::Picture(path) => (None, Some(path.to_string_lossy())),
    };
    Ok(serde_json::to_string(&Line { text, picture, model, embedding: embedding.values() })?)
}
