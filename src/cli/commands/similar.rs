//! `seer similar`: photos that look like a picture or like a photo of the library.

use std::path::Path;

use anyhow::{Result, bail};

use super::search::{ask, read_picture};
use crate::args::{Shared, SimilarArgs};
use crate::exit::Outcome;

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
    ask(shared, &args.output, query.join(" "), pictures)
}
