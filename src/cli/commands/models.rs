//! `seer models`: what can be used by name, and fetching it.

use anyhow::{Result, bail};
use seer_encoders::registry::{self, BUILTIN, Entry};
use seer_encoders::{Model, hub};
use serde::Serialize;

use crate::args::{ModelsArgs, ModelsCommand, Shared};
use crate::choice::{self, Fetch, fetch_options};
use crate::exit::Outcome;
use crate::notices;
use crate::place;

pub fn run(shared: &Shared, args: &ModelsArgs) -> Result<Outcome> {
    match &args.command {
        ModelsCommand::List => list(shared),
        ModelsCommand::Info { name } => info(shared, name),
        ModelsCommand::Pull { name } => pull(shared, name),
    }
}

/// What is known of a model before it is loaded.
#[derive(Serialize)]
struct Known<'a> {
    name: &'a str,
    here: bool,
    hub: Option<&'a str>,
    dim: Option<usize>,
    resolution: Option<u32>,
    context_length: Option<usize>,
    params_millions: Option<f32>,
    gflops: Option<f32>,
    zero_shot_imagenet: Option<f32>,
    zero_shot_source: Option<&'a str>,
    languages: &'a [String],
    license: &'a str,
    note: &'a str,
}

impl<'a> Known<'a> {
    fn of(entry: &'a Entry, shared: &Shared) -> Self {
        Self {
            name: &entry.name,
            here: is_here(entry, shared),
            hub: entry.hub.as_deref(),
            dim: entry.dim,
            resolution: entry.resolution,
            context_length: entry.context_length,
            params_millions: entry.params_millions,
            gflops: entry.gflops,
            zero_shot_imagenet: entry.zero_shot_imagenet,
            zero_shot_source: entry.zero_shot_source.as_deref(),
            languages: &entry.languages,
            license: &entry.license,
            note: &entry.note,
        }
    }
}

fn is_here(entry: &Entry, shared: &Shared) -> bool {
    entry.is_builtin() || hub::cached(&entry.name, &fetch_options(shared)).is_some()
}

fn list(shared: &Shared) -> Result<Outcome> {
    if shared.json {
        for entry in registry::all() {
            println!("{}", serde_json::to_string(&Known::of(entry, shared))?);
        }
        return Ok(Outcome::Found);
    }
    println!("{:<44} {:>4} {:>7} {:>5} {:>9}  note", "name", "here", "params", "dim", "ImageNet");
    for entry in registry::all() {
        println!(
            "{:<44} {:>4} {:>7} {:>5} {:>9}  {}",
            entry.name,
            if is_here(entry, shared) { "yes" } else { "" },
            entry.params_millions.map_or(String::new(), |p| format!("{p:.0} M")),
            entry.dim.map_or(String::new(), |d| d.to_string()),
            entry.zero_shot_imagenet.map_or(String::new(), |z| format!("{:.1} %", z * 100.0)),
            entry.note,
        );
    }
    if !shared.quiet {
        notices::line(
            "\nhere: usable now, offline. ImageNet: zero-shot accuracy as published (\"seer models info\" \
             names the source).\nAlso: any CLIP on the Hugging Face hub as owner/name, or a local folder.",
        );
    }
    Ok(Outcome::Found)
}

fn info(shared: &Shared, name: &str) -> Result<Outcome> {
    if let Some(entry) = registry::find(name) {
        describe(shared, &Known::of(entry, shared))?;
        if !is_here(entry, shared) {
            return Ok(Outcome::Found);
        }
    }
    let known = registry::find(name).is_some();
    if !known && hub::cached(name, &fetch_options(shared)).is_none() {
        let near = registry::suggestions(name);
        match near.is_empty() {
            true => bail!("no model \"{name}\" is known or on this machine (seer models list)"),
            false => bail!("there is no model \"{name}\"; did you mean {}?", near.join(" or ")),
        }
    }
    let lasting = registry::find(name).map_or(name, |entry| entry.name.as_str());
    let (model, _) = choice::load(lasting, shared, Fetch::Refused)?;
    loaded(shared, &model)
}

fn describe(shared: &Shared, known: &Known<'_>) -> Result<()> {
    if shared.json {
        println!("{}", serde_json::to_string(known)?);
        return Ok(());
    }
    let line = |label: &str, value: Option<String>| {
        if let Some(value) = value {
            println!("{label:<12}{value}");
        }
    };
    line("name", Some(known.name.to_string()));
    line("note", Some(known.note.to_string()));
    line("hub", known.hub.map(str::to_string));
    line("parameters", known.params_millions.map(|p| format!("{p:.1} million")));
    line("cost", known.gflops.map(|g| format!("{g:.1} GFLOPs for a picture and a text")));
    line("picture", known.resolution.map(|r| format!("{r} x {r} pixels")));
    line("text", known.context_length.map(|c| format!("up to {c} tokens")));
    line("embedding", known.dim.map(|d| format!("{d} numbers")));
    let figure = known.zero_shot_imagenet.zip(known.zero_shot_source);
    line("ImageNet", figure.map(|(z, source)| format!("{:.1} % zero-shot ({source})", z * 100.0)));
    line("languages", Some(known.languages.join(" ")));
    line("license", Some(known.license.to_string()));
    if !known.here {
        line("here", Some(format!("no; next: seer models pull {}", known.name)));
    }
    Ok(())
}

/// What only the loaded model can say.
fn loaded(shared: &Shared, model: &Model) -> Result<Outcome> {
    let spec = model.spec();
    if shared.json {
        let value = serde_json::json!({
            "fingerprint": model.fingerprint(),
            "dim": model.dim(),
            "context_length": model.context_length(),
            "device": model.device(),
            "dtype": model.dtype().to_string(),
            "preprocess": spec,
        });
        println!("{value}");
    } else {
        println!("fingerprint {}", model.fingerprint());
        println!(
            "picture     {} x {}, {:?}, {:?}",
            spec.width, spec.height, spec.resize, spec.interpolation
        );
        println!(
            "embedding   {} numbers, texts up to {} tokens",
            model.dim(),
            model.context_length()
        );
        println!("runs on     {} in {}", model.device(), model.dtype());
    }
    Ok(Outcome::Found)
}

fn pull(shared: &Shared, name: &str) -> Result<Outcome> {
    if name == BUILTIN {
        println!("the built-in model is in the program: nothing to fetch");
        return Ok(Outcome::Found);
    }
    let folder = choice::pull(name, shared)?;
    // A download that cannot be loaded is better known now than at the first search.
    let (model, lasting) = choice::load(name, shared, Fetch::Refused)?;
    if shared.json {
        println!(
            "{}",
            serde_json::json!({ "name": lasting, "folder": folder, "dim": model.dim() })
        );
        return Ok(Outcome::Found);
    }
    println!("{}", folder.display());
    if !shared.quiet {
        let library = place::library_folder(shared.library.as_deref())?;
        let known = library.join("catalog").is_dir();
        let folders = if known { "" } else { " FOLDER" };
        notices::line(&format!("next: seer index{folders} --model {lasting}"));
    }
    Ok(Outcome::Found)
}
