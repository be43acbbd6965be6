//! `seer search`: words, filters and picture files.

use std::path::Path;

use anyhow::{Context, Result};
use seer_http::wire;

use crate::args::{OutputArgs, SearchArgs, Shared};
use crate::backend::Backend;
use crate::exit::Outcome;
use crate::output;

pub fn run(shared: &Shared, args: &SearchArgs) -> Result<Outcome> {
    let mut words: Vec<&str> = Vec::new();
    let mut pictures = Vec::new();
    for part in &args.query {
        match Path::new(part).is_file() {
            true => pictures.push(read_picture(Path::new(part))?),
            false => words.push(part),
        }
    }
    ask(shared, &Backend::reach(shared)?, &args.output, words.join(" "), pictures)
}

/// Asks the library and prints the answer.
pub fn ask(
    shared: &Shared,
    backend: &Backend,
    output: &OutputArgs,
    query: String,
    pictures: Vec<wire::Picture>,
) -> Result<Outcome> {
    let request = wire::SearchRequest { query, pictures, k: output.k, offset: output.offset };
    let answer = backend.search(shared, request)?;
    output::answer(shared, output, &answer)
}

/// A picture file as part of a query.
fn read_picture(path: &Path) -> Result<wire::Picture> {
    let size = std::fs::metadata(path)
        .with_context(|| format!("the picture {} cannot be read", path.display()))?
        .len();
    seer_engine::check_query_picture(path, size)?;
    let bytes = seer_engine::read_query_picture(path)?;
    Ok(wire::Picture::from_bytes(&bytes))
}
