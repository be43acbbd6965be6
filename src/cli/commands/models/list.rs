//! `seer models list`.

use std::io::Write;

use anyhow::Result;
use seer_encoders::hub::{self, CachedModel};
use seer_encoders::registry::{self, Captioner, Entry, Filter, SortBy};
use serde_json::json;

use super::known::{self, Known, is_here, languages};
use crate::args::{ModelOrder, ModelsListArgs, Shared};
use crate::choice::fetch_options;
use crate::exit::Outcome;
use crate::notices;
use crate::stdio;
use crate::text::{bytes, printable};

pub fn run(shared: &Shared, args: &ModelsListArgs) -> Result<Outcome> {
    let filter = Filter {
        family: args.family.clone(),
        language: args.language.clone(),
        max_params_millions: args.max_params,
        max_dim: args.max_dim,
    };
    let sort = args.sort.map(|order| match order {
        ModelOrder::Name => SortBy::Name,
        ModelOrder::Size => SortBy::Size,
        ModelOrder::Speed => SortBy::Speed,
        ModelOrder::Accuracy => SortBy::Accuracy,
    });
    let is_few = !args.all && filter == Filter::default();
    let loadable = |entry: &Entry| args.all || entry.check_loadable().is_ok();
    let shown = |entry: &&Entry| {
        loadable(entry) && (!is_few || entry.recommended || is_here(entry, shared))
    };
    let entries: Vec<&Entry> =
        registry::select(registry::all(), &filter, sort).into_iter().filter(shown).collect();
    let others = if filter == Filter::default() { fetched_others(shared) } else { Vec::new() };
    let captioners = if filter == Filter::default() { registry::captioners() } else { &[] };
    if entries.is_empty() {
        notices::line(&nothing(args));
        return Ok(Outcome::NothingFound);
    }
    if shared.json {
        let mut out = stdio::writer();
        for entry in &entries {
            writeln!(out, "{}", serde_json::to_string(&Known::of(entry, shared))?)?;
        }
        for model in captioners {
            let is_here = hub::cached(model.name, &fetch_options(shared)).is_some();
            writeln!(out, "{}", known::captioner(model, is_here))?;
        }
        for CachedModel { name, hub, bytes, .. } in &others {
            let line = json!({ "name": name, "hub": hub, "here": true, "bytes": bytes });
            writeln!(out, "{line}")?;
        }
    } else {
        table(&entries, &others, captioners, shared)?;
    }
    if !shared.quiet && !shared.json {
        footer(is_few, entries.len());
    }
    Ok(Outcome::Found)
}

/// Models fetched by their hub id that the registry does not know.
fn fetched_others(shared: &Shared) -> Vec<CachedModel> {
    let cached = hub::list_cached(&fetch_options(shared)).unwrap_or_default();
    let is_known = |model: &CachedModel| {
        registry::find(&model.name).is_some() || registry::find_captioner(&model.name).is_some()
    };
    cached.into_iter().filter(|model| !is_known(model)).collect()
}

/// What to say where nothing fits; a family that does not exist is the likeliest reason.
fn nothing(args: &ModelsListArgs) -> String {
    let families = registry::families();
    match &args.family {
        Some(family) if !families.iter().any(|known| known.eq_ignore_ascii_case(family)) => {
            format!("there is no family \"{family}\"; there are: {}", families.join(" "))
        }
        _ => "no model fulfils all of that (\"seer models list --all\" shows every one)".to_owned(),
    }
}

fn table(
    entries: &[&Entry],
    others: &[CachedModel],
    captioners: &[Captioner],
    shared: &Shared,
) -> Result<()> {
    let mut out = stdio::writer();
    let head = ["name", "here", "params", "dim", "lang", "ImageNet"];
    let row = |[name, here, params, dim, language, accuracy]: [&str; 6], note: &str| {
        format!("{name:<44} {here:>4} {params:>7} {dim:>5} {language:>5} {accuracy:>9}  {note}")
    };
    writeln!(out, "{}", row(head, "note"))?;
    for entry in entries {
        let accuracy = entry.zero_shot_imagenet.or(entry.imagenet_fine_tuned);
        let cells = [
            entry.name.as_str(),
            if is_here(entry, shared) { "yes" } else { "" },
            &entry.params_millions.map_or(String::new(), |p| format!("{p:.0} M")),
            &entry.dim.map_or(String::new(), |d| d.to_string()),
            &languages(&entry.languages),
            &accuracy.map_or(String::new(), |z| format!("{:.1} %", z * 100.0)),
        ];
        writeln!(out, "{}", row(cells, &note(entry)))?;
    }
    for other in others {
        let note = format!("Fetched by its hub id ({}).", bytes(other.bytes));
        writeln!(out, "{}", row([&printable(&other.name), "yes", "", "", "", ""], &note))?;
    }
    for model in captioners {
        let here = hub::cached(model.name, &fetch_options(shared)).map_or("", |_| "yes");
        let params = format!("{:.0} M", model.params_millions);
        let note = format!("Describes photos (seer index --captions). {}", model.note);
        writeln!(out, "{}", row([model.name, here, &params, "", model.language, ""], &note))?;
    }
    Ok(())
}

fn note(entry: &Entry) -> String {
    let note = &entry.note;
    match entry.check_loadable() {
        Ok(()) => note.clone(),
        Err(_) => format!("(not loadable yet) {note}"),
    }
}

fn footer(is_few: bool, count: usize) {
    if is_few {
        notices::line(&format!(
            "\n{count} of {} models; --all shows every one, --family, --language, --max-params, --max-dim and \
             --sort narrow them.\nThe built-in model is the quick start; for a better one: seer models recommend",
            registry::all().len()
        ));
    }
    notices::line(
        "here: usable now, offline. ImageNet: accuracy as published, zero-shot where the model reads text (\"seer \
         models info\" names the source).\nAlso: any CLIP on the Hugging Face hub as owner/name, or a local folder.",
    );
}
