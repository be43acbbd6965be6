//! `seer similar`: photos that look like a picture or like a photo of the library.

use std::path::Path;

use anyhow::{Result, bail};
use seer_http::wire;
use seer_types::PhotoId;

use super::search::ask;
use crate::args::{Shared, SimilarArgs};
use crate::backend::Backend;
use crate::exit::Outcome;

pub fn run(shared: &Shared, args: &SimilarArgs) -> Result<Outcome> {
    let (image, mut query) = (Path::new(&args.image), args.filters.clone());
    let is_file = image.is_file();
    if !is_file {
        query.push(like(&args.image)?);
    }
    let backend = Backend::reach(shared)?;
    let pictures = if is_file { vec![example(&backend, image)?] } else { Vec::new() };
    ask(shared, &backend, &args.output, query.join(" "), pictures)
}

fn like(id: &str) -> Result<String> {
    if id.len() >= 4 && id.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Ok(format!("like:{id}"));
    }
    bail!("there is no file \"{id}\" (and it is no photo id of at least 4 hex digits)")
}

/// The library's own photo when the file is one, which leaves it out of the answer; else the
/// file's content.
fn example(backend: &Backend, path: &Path) -> Result<wire::Picture> {
    let bytes = seer_engine::read_query_picture(path)?;
    let id = PhotoId(*blake3::hash(&bytes).as_bytes());
    Ok(match backend.has_photo(id)? {
        true => wire::Picture::Id(id.to_string()),
        false => {
            seer_engine::check_query_picture(path, bytes.len() as u64)?;
            wire::Picture::from_bytes(&bytes)
        }
    })
}
