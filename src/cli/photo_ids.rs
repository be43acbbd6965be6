//! Photos that a command names by their ids.

use std::io;

use anyhow::{Context, Result};
use seer_types::PhotoId;

use crate::backend::Backend;

/// The photos with these ids, or with ids that begin so; `-`: those that standard input names, separated by white
/// space. Each is looked up.
///
/// # Errors
/// No photo, or several, with an id that begins so; standard input cannot be read.
pub fn named(backend: &Backend, ids: &[String]) -> Result<Vec<PhotoId>> {
    let mut photos = Vec::with_capacity(ids.len());
    for id in ids {
        if id != "-" {
            photos.push(photo(backend, id)?);
            continue;
        }
        let text = io::read_to_string(io::stdin()).context("standard input cannot be read")?;
        for id in text.split_whitespace() {
            photos.push(photo(backend, id)?);
        }
    }
    Ok(photos)
}

fn photo(backend: &Backend, id: &str) -> Result<PhotoId> {
    Ok(match backend {
        Backend::Remote(client) => client.photo(id)?.id.parse()?,
        Backend::Local(library) => library.find(id)?.id,
    })
}
