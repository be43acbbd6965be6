//! `seer search`: words, filters and picture files.

mod batch;

use std::path::Path;

use anyhow::{Context, Result};
use seer_http::wire;

use crate::args::{OutputArgs, SearchArgs, Shared};
use crate::backend::Backend;
use crate::exit::Outcome;
use crate::notices;
use crate::output;
use crate::query_args::{self, QueryArgs};
use crate::text::count;

pub fn run(shared: &Shared, args: &SearchArgs) -> Result<Outcome> {
    if let Some(file) = &args.batch {
        return batch::run(shared, &args.output, file);
    }
    let QueryArgs { words, pictures } = query_args::tell_apart(&args.query)?;
    let pictures = pictures.iter().map(|path| read_picture(path)).collect::<Result<_>>()?;
    ask(shared, &Backend::reach(shared)?, &args.output, words, pictures)
}

/// Asks for words and filters, in this order of photos unless the options say another one.
pub fn ask_in_order(
    shared: &Shared,
    backend: &Backend,
    output: &OutputArgs,
    query: String,
    sort: wire::Sort,
) -> Result<Outcome> {
    let sort = if output.sort == wire::Sort::default() { sort } else { output.sort };
    ask(shared, backend, &OutputArgs { sort, ..*output }, query, Vec::new())
}

/// Asks the library and prints the answer.
pub fn ask(
    shared: &Shared,
    backend: &Backend,
    output: &OutputArgs,
    query: String,
    pictures: Vec<wire::Picture>,
) -> Result<Outcome> {
    let OutputArgs { k, offset, sort, timeline, all, explain, .. } = *output;
    let request = wire::SearchRequest { query, pictures, k, offset, sort, timeline, all, explain };
    let answer = backend.search(shared, request)?;
    if answer.unencoded > 0 && !shared.quiet && !shared.json {
        let are = if answer.unencoded == 1 { "is" } else { "are" };
        notices::line(&format!(
            "{} {are} not encoded with this model yet, and not found by meaning\nnext: seer index",
            count(answer.unencoded, "photo")
        ));
    }
    match &answer.timeline {
        Some(timeline) => output::timeline(shared, timeline),
        None => output::answer(shared, output, &answer),
    }
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
