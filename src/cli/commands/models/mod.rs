//! `seer models`: what can be used by name, and fetching it.

use std::path::Path;

use anyhow::Result;
use seer_encoders::Captioner;
use seer_encoders::registry::BUILTIN;

mod files;
mod info;
mod known;
mod list;
mod recommend;
pub mod spaces;

use crate::analysts;
use crate::args::{ModelsArgs, ModelsCommand, Shared};
use crate::choice::{self, Fetch};
use crate::exit::Outcome;
use crate::notices;
use crate::outln;
use crate::place;
use crate::store;

pub fn run(shared: &Shared, args: &ModelsArgs) -> Result<Outcome> {
    match &args.command {
        ModelsCommand::List(args) => list::run(shared, args),
        ModelsCommand::Recommend(args) => recommend::run(shared, args),
        ModelsCommand::Verify { name } => files::verify(shared, name),
        ModelsCommand::Export { name, file } => files::export(shared, name, file),
        ModelsCommand::Import { file, to } => files::import(shared, file, to.as_deref()),
        ModelsCommand::Remove { name, yes } => files::remove(shared, name, *yes),
        ModelsCommand::Use { name } => spaces::use_one(shared, name),
        ModelsCommand::Forget { name } => spaces::forget(shared, name),
        ModelsCommand::Info { name } => info::run(shared, name),
        ModelsCommand::Pull { name } => pull(shared, name),
    }
}

fn pull(shared: &Shared, name: &str) -> Result<Outcome> {
    if name == BUILTIN {
        outln!("the built-in model is in the program: nothing to fetch");
        return Ok(Outcome::Found);
    }
    let folder = choice::pull(name, shared)?;
    if Captioner::is_one(&folder) {
        return pulled_captioner(shared, name, &folder);
    }
    // A download that cannot be loaded is better known now than at the first search.
    let (model, lasting) = choice::load(name, shared, Fetch::Refused)?;
    if shared.json {
        outln!("{}", serde_json::json!({ "name": lasting, "folder": folder, "dim": model.dim() }));
        return Ok(Outcome::Found);
    }
    outln!("{}", folder.display());
    if !shared.quiet {
        let known = shared.store.is_some() || place::is_there(&store::folder(shared)?);
        let folders = if known { "" } else { " FOLDER" };
        notices::line(&format!("next: seer index{folders} --model {lasting}"));
    }
    Ok(Outcome::Found)
}

/// The same for a model that describes photos.
fn pulled_captioner(shared: &Shared, name: &str, folder: &Path) -> Result<Outcome> {
    let (_, lasting) = analysts::load(name, shared, Fetch::Refused)?;
    if shared.json {
        outln!("{}", serde_json::json!({ "name": lasting, "folder": folder, "describes": true }));
        return Ok(Outcome::Found);
    }
    outln!("{}", folder.display());
    if !shared.quiet {
        notices::line(&format!("next: seer index --captions {lasting}"));
    }
    Ok(Outcome::Found)
}

/// A rate with the two digits it is good for.
fn digits(rate: f64) -> String {
    match rate {
        0.0..0.1 => format!("{rate:.3}"),
        0.1..1.0 => format!("{rate:.2}"),
        1.0..10.0 => format!("{rate:.1}"),
        _ => format!("{rate:.0}"),
    }
}
