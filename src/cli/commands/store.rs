//! `seer store`: a library in a PostgreSQL: preparing it, copying, checking.

use std::path::Path;

use anyhow::{Result, bail};
use indicatif::{ProgressBar, ProgressStyle};
use seer_engine::{
    CopyStep, InitOptions, PostgresConfig, StorePlace, Summary, check_store, copy_store, init_store,
};
use seer_http::client::Client;
use serde_json::json;

use crate::args::{Shared, StoreArgs, StoreCommand};
use crate::exit::Outcome;
use crate::notices;
use crate::outln;
use crate::place;
use crate::store;
use crate::text::{count, thousands};

pub fn run(shared: &Shared, args: &StoreArgs) -> Result<Outcome> {
    match &args.command {
        StoreCommand::Init { partitions } => init(shared, *partitions),
        StoreCommand::Copy { from, to } => copy(shared, from.as_str(), to.as_str()),
        StoreCommand::Check => check(shared),
    }
}

fn init(shared: &Shared, partitions: u32) -> Result<Outcome> {
    let Some(config) = store::config(shared)? else {
        bail!(
            "which database? Name it with --store postgres://USER@HOST/DATABASE, or in SEER_STORE"
        );
    };
    init_store(&config, InitOptions { partitions })?;
    if !shared.quiet {
        notices::line("the database is ready\nnext: seer index FOLDER, with the same --store");
    }
    Ok(Outcome::Found)
}

fn copy(shared: &Shared, from: &str, to: &str) -> Result<Outcome> {
    if from == to {
        bail!("both are the same library");
    }
    let (from, to) = (named(from)?, named(to)?);
    if let StorePlace::Folder(folder) = from {
        place::existing(folder)?;
    }
    let bar = match shared.quiet || shared.json {
        true => ProgressBar::hidden(),
        false => ProgressBar::new(0),
    };
    if let Ok(style) = ProgressStyle::with_template("{msg} {bar:30} {pos}/{len} {eta} left") {
        bar.set_style(style.progress_chars("━╸ "));
    }
    notices::around(Some(bar.clone()));
    let copied = copy_store(&from, &to, &mut |step| show(&bar, step));
    bar.finish_and_clear();
    notices::around(None);
    let copied = copied?;
    tell(shared, &copied.to)?;
    if copied.from == copied.to {
        return Ok(Outcome::Found);
    }
    bail!(
        "the two differ: {} was to be copied, {} is there; did somebody write to one of them \
         meanwhile?\nnext: run the command again",
        in_words(&copied.from),
        in_words(&copied.to)
    )
}

fn show(bar: &ProgressBar, step: CopyStep) {
    let (message, done, of) = match step {
        CopyStep::Photos { done, of } => ("records".to_owned(), done, of),
        CopyStep::Points { model, done, of } => (format!("embeddings {}", model.short()), done, of),
        CopyStep::Finishing => ("comparing, building indexes".to_owned(), 0, 1),
    };
    if bar.message() != message {
        bar.reset();
        bar.set_message(message);
    }
    bar.set_length(of);
    bar.set_position(done);
}

/// The store that an argument names.
fn named(text: &str) -> Result<StorePlace<'_>> {
    if store::is_address(text) {
        return Ok(StorePlace::Postgres(PostgresConfig::new(text)));
    }
    let folder = Path::new(text);
    if let Some(client) = Client::find(folder) {
        bail!(
            "a server uses the library {text}: {}/\nnext: stop it and run the command again",
            client.base()
        );
    }
    Ok(StorePlace::Folder(folder))
}

fn check(shared: &Shared) -> Result<Outcome> {
    let folder = store::folder(shared)?;
    let place = match store::config(shared)? {
        Some(config) => StorePlace::Postgres(config),
        None => {
            place::existing(&folder)?;
            StorePlace::Folder(&folder)
        }
    };
    let (summary, wrong) = check_store(&place)?;
    tell(shared, &summary)?;
    wrong.iter().for_each(|line| notices::line(line));
    Ok(if wrong.is_empty() { Outcome::Found } else { Outcome::NothingFound })
}

fn tell(shared: &Shared, summary: &Summary) -> Result<()> {
    let Summary { photos, files, failures, points, digest } = summary;
    match shared.json {
        true => outln!(
            "{}",
            json!({ "photos": photos, "files": files, "failures": failures, "points": points,
                "digest": format!("{digest:016x}") })
        ),
        false => outln!("{}", in_words(summary)),
    }
    Ok(())
}

fn in_words(summary: &Summary) -> String {
    format!(
        "{} in {}, {}, {} embeddings, digest {:016x}",
        count(summary.photos, "photo"),
        count(summary.files, "file"),
        count(summary.failures, "failure"),
        thousands(summary.points),
        summary.digest
    )
}
