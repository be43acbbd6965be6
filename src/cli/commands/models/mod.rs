//! `seer models`: what can be used by name, and fetching it.

use anyhow::{Result, bail};
use seer_encoders::registry::{self, BUILTIN, Entry};
use seer_encoders::{Model, hub, speed};
use serde::Serialize;

mod files;
mod list;
mod recommend;

use crate::args::{ModelsArgs, ModelsCommand, Shared};
use crate::choice::{self, Fetch, fetch_options};
use crate::exit::Outcome;
use crate::notices;
use crate::place;

pub fn run(shared: &Shared, args: &ModelsArgs) -> Result<Outcome> {
    match &args.command {
        ModelsCommand::List(args) => list::run(shared, args),
        ModelsCommand::Recommend(args) => recommend::run(shared, args),
        ModelsCommand::Verify { name } => files::verify(shared, name),
        ModelsCommand::Export { name, file } => files::export(shared, name, file),
        ModelsCommand::Import { file, to } => files::import(shared, file, to.as_deref()),
        ModelsCommand::Remove { name, yes } => files::remove(shared, name, *yes),
        ModelsCommand::Info { name } => info(shared, name),
        ModelsCommand::Pull { name } => pull(shared, name),
    }
}

/// What is known of a model before it is loaded.
#[derive(Serialize)]
struct Known<'a> {
    name: &'a str,
    family: &'a str,
    here: bool,
    loadable: bool,
    image_only: bool,
    recommended: bool,
    hub: Option<&'a str>,
    dim: Option<usize>,
    resolution: Option<u32>,
    context_length: Option<usize>,
    params_millions: Option<f32>,
    gflops: Option<f32>,
    image_gflops: Option<f32>,
    activation: Option<&'a str>,
    imagenet_fine_tuned: Option<f32>,
    flickr30k_recall_5: Option<f32>,
    coco_recall_5: Option<f32>,
    zero_shot_imagenet: Option<f32>,
    zero_shot_source: Option<&'a str>,
    languages: &'a [String],
    license: Option<&'a str>,
    note: &'a str,
}

impl<'a> Known<'a> {
    fn of(entry: &'a Entry, shared: &Shared) -> Self {
        Self {
            name: &entry.name,
            family: &entry.family,
            here: is_here(entry, shared),
            loadable: entry.check_loadable().is_ok(),
            image_only: entry.image_only,
            recommended: entry.recommended,
            hub: entry.hub.as_deref(),
            dim: entry.dim,
            resolution: entry.resolution,
            context_length: entry.context_length,
            params_millions: entry.params_millions,
            gflops: entry.gflops,
            image_gflops: entry.image_gflops,
            activation: entry.activation.as_deref(),
            imagenet_fine_tuned: entry.imagenet_fine_tuned,
            flickr30k_recall_5: entry.flickr30k_recall_5,
            coco_recall_5: entry.coco_recall_5,
            zero_shot_imagenet: entry.zero_shot_imagenet,
            zero_shot_source: entry.zero_shot_source.as_deref(),
            languages: &entry.languages,
            license: entry.license.as_deref(),
            note: &entry.note,
        }
    }
}

fn is_here(entry: &Entry, shared: &Shared) -> bool {
    entry.is_builtin() || hub::cached(&entry.name, &fetch_options(shared)).is_some()
}

fn info(shared: &Shared, name: &str) -> Result<Outcome> {
    if let Some(entry) = registry::find(name) {
        describe(shared, &Known::of(entry, shared))?;
        if let Err(error) = entry.check_loadable() {
            notices::line(&format!("seer cannot load this model yet: {error}"));
            return Ok(Outcome::Found);
        }
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
    let recall =
        |share: f32| format!("{:.1} % of captions find their photo in five", share * 100.0);
    line("Flickr30k", known.flickr30k_recall_5.map(recall));
    line("COCO", known.coco_recall_5.map(recall));
    line("license", known.license.map(str::to_string));
    if let Some(gflops) = known.image_gflops.filter(|_| !known.here) {
        let rate = speed::estimate(speed::gigaflops(), f64::from(gflops));
        line("speed", Some(format!("about {rate:.1} images/s on this processor (estimated)")));
    }
    if !known.here {
        line("here", Some(format!("no; next: seer models pull {}", known.name)));
    }
    Ok(())
}

/// What only the loaded model can say.
fn loaded(shared: &Shared, model: &Model) -> Result<Outcome> {
    let spec = model.spec();
    let rates = speed::measure(model)?;
    if shared.json {
        let value = serde_json::json!({
            "fingerprint": model.fingerprint(),
            "dim": model.dim(),
            "context_length": model.context_length(),
            "device": model.device(),
            "preprocess": spec,
            "images_per_second": rates.images_per_second,
            "texts_per_second": rates.texts_per_second,
            "resident_bytes": resident(),
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
        println!("runs on     {}", model.device());
        let (images, texts) = (rates.images_per_second, rates.texts_per_second);
        println!("speed       {images:.1} images/s, {texts:.1} texts/s (measured)");
        if let Some(bytes) = resident() {
            println!("memory      {} in use by this process", crate::text::bytes(bytes));
        }
    }
    Ok(Outcome::Found)
}

/// Bytes this process holds in memory, where the system says so (Linux).
fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
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
