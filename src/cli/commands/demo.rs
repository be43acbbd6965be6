//! `seer demo`: the pictures in the program, indexed, searched and served.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result};
use seer_engine::{Library, OpenOptions, SearchRequest};
use seer_http::client::Client;
use seer_http::{IndexControl, Ready, ServeOptions, Shutdown};
use seer_indexer::{Cancel, IndexOptions};

use super::serve;
use crate::args::{DemoArgs, Shared};
use crate::browser;
use crate::choice::{self, Role};
use crate::demo;
use crate::exit::Outcome;
use crate::index_job::IndexJob;
use crate::notices;
use crate::outln;
use crate::place;
use crate::progress::Display;

/// Shown with what they find, as a start.
const QUERIES: [&str; 3] =
    ["a kitten playing with wool", "a bridge at night", "musicians on a stage"];
/// Photos shown for each of them.
const SHOWN: usize = 3;

pub fn run(shared: &Shared, args: &DemoArgs) -> Result<Outcome> {
    let folder = match &args.folder {
        Some(folder) => std::path::absolute(folder)?,
        None => place::demo_folder()?,
    };
    let (photos, home) = (folder.join("photos"), folder.join("library"));
    if let Some(client) = Client::find(&home) {
        announce(shared, args, &format!("{}/", client.base()));
        return Ok(Outcome::Found);
    }
    demo::write(&photos)?;
    if !shared.quiet && !shared.json {
        let (pictures, place) = (demo::PICTURES.len(), photos.display());
        outln!(
            "{pictures} pictures to try seer with, in {place} (who made them: CREDITS.md there)"
        );
    }
    let (cancel, shutdown) = (Cancel::default(), Shutdown::new());
    serve::stop_on_interrupt(&shutdown, cancel.clone())?;
    let library = Arc::new(
        Library::open(&home, OpenOptions::default())
            .with_context(|| format!("cannot open the library in {}", home.display()))?,
    );
    choice::load_into(&library, shared, Role::Answer)?;
    if index(shared, &library, photos.clone(), &cancel)? == Outcome::Interrupted {
        return Ok(Outcome::Interrupted);
    }
    let address = serve::resolve(&args.address)?;
    for query in QUERIES {
        example(shared, &library, query)?;
    }
    let ready = |ready: Ready| {
        if !shared.quiet && !shared.json {
            serve::say_how_to_change(&ready);
        }
        announce(shared, args, &ready.url);
    };
    let options = ServeOptions { address, ..Default::default() };
    let job = Arc::new(IndexJob::new(Arc::clone(&library), Vec::new(), shared.clone()));
    // The words in the pictures are read while somebody searches.
    job.start(args.analyses.order(vec![photos])).map_err(anyhow::Error::msg)?;
    serve::host(library, job, options, ready, shutdown, None)?;
    Ok(Outcome::Found)
}

/// Encodes what is new; the second time that is nothing.
fn index(shared: &Shared, library: &Library, photos: PathBuf, cancel: &Cancel) -> Result<Outcome> {
    let display = Display::choose(shared.json, shared.quiet);
    let events = |event| display.show(&event);
    let (model, options) = (library.model()?, IndexOptions::default());
    let summary = seer_indexer::run(library, &model, &[photos], &options, cancel, &events)?;
    Ok(if summary.interrupted { Outcome::Interrupted } else { Outcome::Found })
}

/// Searches, and says in words what was found.
fn example(shared: &Shared, library: &Library, query: &str) -> Result<()> {
    let request = SearchRequest { query: query.into(), k: SHOWN, ..SearchRequest::default() };
    let answer = library.search(&request)?;
    let paths = answer.hits.iter().flat_map(|hit| hit.photo.files.first());
    let names: Vec<String> = paths.map(|file| name_of(file.path.as_path())).collect();
    if shared.json {
        outln!("{}", serde_json::json!({ "event": "example", "query": query, "found": names }));
    } else if !shared.quiet {
        let shown = names.iter().map(|name| demo::shows(name).unwrap_or(name));
        outln!("  {:<28} finds  {}", format!("\"{query}\""), shown.collect::<Vec<_>>().join(", "));
    }
    Ok(())
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Says where the page is, and opens it where there is a screen.
fn announce(shared: &Shared, args: &DemoArgs, url: &str) {
    if shared.json {
        outln!("{}", serde_json::json!({ "event": "ready", "url": url }));
        return;
    }
    outln!("search them yourself: {url}");
    if !shared.quiet {
        notices::line("Ctrl-C stops it; your own photos: seer serve FOLDER");
    }
    if !args.no_open {
        browser::open(url);
    }
}
