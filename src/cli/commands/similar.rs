//! `seer similar`: photos that look like a picture or like a photo of the library.

use std::path::Path;

use anyhow::{Result, bail};
use seer_http::wire;

use super::search::read_picture;
use crate::args::{Shared, SimilarArgs};
use crate::backend::Backend;
use crate::exit::Outcome;
use crate::output;

pub fn run(shared: &Shared, args: &SimilarArgs) -> Result<Outcome> {
    let mut query = args.filters.clone();
    let mut pictures = Vec::new();
    if Path::new(&args.image).is_file() {
        pictures.push(read_picture(Path::new(&args.image))?);
    } else if args.image.len() >= 4 && args.image.bytes().all(|b| b.is_ascii_hexdigit()) {
        query.push(format!("like:{}", args.image));
    } else {
        bail!(
            "there is no file \"{}\" (and it is no photo id of at least 4 hex digits)",
            args.image
        );
    }
    let request = wire::SearchRequest {
        query: query.join(" "),
        pictures,
        k: args.output.k,
        offset: args.output.offset,
    };
    let answer = Backend::reach(shared)?.search(shared, request)?;
    output::answer(shared, &args.output, &answer)
}
