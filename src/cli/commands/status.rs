//! `seer status`: the library in numbers.

use anyhow::Result;
use seer_engine::{Library, SpaceStatus, model_advice};
use seer_http::wire;
use seer_types::IndexProgress;
use serde::Serialize;

use crate::args::Shared;
use crate::backend::Backend;
use crate::commands::models::spaces;
use crate::commands::watch;
use crate::exit::Outcome;
use crate::outln;
use crate::progress;
use crate::text::{bytes, count, printable, thousands};

/// What can be said without loading a model.
#[derive(Serialize)]
pub struct Report {
    folder: String,
    photos: u64,
    files: u64,
    failures: u64,
    roots: Vec<String>,
    model: Option<String>,
    model_about: Option<String>,
    better_model: Option<String>,
    disk_bytes: u64,
    models: Vec<SpaceStatus>,
    text: bool,
    captions: Option<String>,
    watching: Vec<wire::Watching>,
    server: Option<String>,
    indexing: Option<wire::IndexProgress>,
}

pub fn run(shared: &Shared) -> Result<Outcome> {
    let report = Report::of(&Backend::reach(shared)?)?;
    if shared.json {
        outln!("{}", serde_json::to_string(&report)?);
    } else {
        print(&report);
    }
    Ok(Outcome::Found)
}

impl Report {
    /// The numbers of a library, or what its server says.
    ///
    /// # Errors
    /// When the library cannot be read, or its server does not answer.
    pub fn of(backend: &Backend) -> Result<Self> {
        match backend {
            Backend::Remote(client) => Ok(of_server(client.status()?, client.base().to_string())),
            Backend::Local(library) => of_library(library),
        }
    }
}

fn of_library(library: &Library) -> Result<Report> {
    let status = library.status()?;
    let model = library.chosen_model()?.map(|(_, name)| name);
    let advice = model.as_deref().map(model_advice).unwrap_or_default();
    Ok(Report {
        folder: library.place().to_owned(),
        photos: status.photos,
        files: status.files,
        failures: status.failures,
        roots: status.roots.iter().map(|root| root.to_text()).collect(),
        model,
        model_about: advice.about,
        better_model: advice.better.map(|better| better.name),
        disk_bytes: disk_bytes(library.folder()),
        models: status.spaces,
        text: status.reads_text,
        captions: status.captions,
        watching: Vec::new(),
        server: None,
        indexing: None,
    })
}

fn of_server(status: wire::Status, address: String) -> Report {
    let model = status.model.as_ref();
    Report {
        model_about: model.and_then(|model| model.about.clone()),
        better_model: model.and_then(|model| model.better.as_ref()).map(|b| b.name.clone()),
        disk_bytes: disk_bytes(std::path::Path::new(&status.folder)),
        folder: status.folder,
        photos: status.photos,
        files: status.files,
        failures: status.failures,
        roots: status.roots,
        model: status.model.map(|model| model.name),
        models: status.models,
        text: status.text,
        captions: status.captions,
        watching: status.watching,
        server: Some(address),
        indexing: status.indexing.running.then_some(status.indexing.progress),
    }
}

fn print(report: &Report) {
    match report.disk_bytes {
        0 => outln!("library   {}", printable(&report.folder)),
        size => outln!("library   {} ({})", printable(&report.folder), bytes(size)),
    }
    outln!("photos    {} in {}", thousands(report.photos), count(report.files, "file"));
    for root in &report.roots {
        outln!("folder    {}", printable(root));
    }
    for watching in &report.watching {
        outln!("watched   {}", watch::in_words(&watching.folder, Some(watching)));
    }
    match report.failures {
        0 => {}
        failures => outln!("failed    {} (\"seer failures\" says why)", count(failures, "file")),
    }
    match &report.model {
        Some(name) => outln!("model     {name}"),
        None => outln!("model     none yet: \"seer index FOLDER\" takes the built-in one"),
    }
    if let Some(about) = &report.model_about {
        outln!("          {about}");
    }
    if let Some(better) = &report.better_model {
        outln!("          A larger one finds more: seer models pull {better}");
        match report.server {
            None => outln!("          and then: seer index --model {better}"),
            Some(_) => {
                outln!("          and then: seer index --model {better}; seer models use {better}")
            }
        }
    }
    if report.models.len() > 1 || report.models.iter().any(|space| space.lacking > 0) {
        report.models.iter().for_each(|space| outln!("encoded   {}", spaces::line(space)));
    }
    if !report.text {
        outln!("words     in pictures are not read (\"seer index --text on\" does)");
    }
    if let Some(model) = &report.captions {
        outln!("captions  by {model}");
    }
    if let Some(server) = &report.server {
        outln!("server    {server}/");
    }
    if let Some(progress) = &report.indexing {
        outln!("indexing  {}", progress::in_words(&IndexProgress::from(progress.clone())));
    }
}

/// What the library folder takes on disk.
fn disk_bytes(folder: &std::path::Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    let sizes = entries.flatten().map(|entry| match entry.file_type() {
        Ok(kind) if kind.is_dir() => disk_bytes(&entry.path()),
        Ok(kind) if kind.is_file() => entry.metadata().map_or(0, |meta| meta.len()),
        _ => 0,
    });
    sizes.sum()
}
