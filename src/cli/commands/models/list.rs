//! `seer models list`.

use anyhow::Result;
use seer_encoders::registry::{self, Entry, Filter, SortBy};

use super::{Known, is_here};
use crate::args::{ModelOrder, ModelsListArgs, Shared};
use crate::exit::Outcome;
use crate::notices;

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
    if shared.json {
        for entry in &entries {
            println!("{}", serde_json::to_string(&Known::of(entry, shared))?);
        }
    } else {
        if !entries.is_empty() {
            table(&entries, shared);
        }
    }
    if entries.is_empty() {
        notices::line("no model fulfils all of that (\"seer models list --all\" shows every one)");
        return Ok(Outcome::NothingFound);
    }
    if !shared.quiet && !shared.json {
        footer(is_few, entries.len());
    }
    Ok(Outcome::Found)
}

fn table(entries: &[&Entry], shared: &Shared) {
    println!("{:<44} {:>4} {:>7} {:>5} {:>9}  note", "name", "here", "params", "dim", "ImageNet");
    for entry in entries {
        let accuracy = entry.zero_shot_imagenet.or(entry.imagenet_fine_tuned);
        println!(
            "{:<44} {:>4} {:>7} {:>5} {:>9}  {}",
            entry.name,
            if is_here(entry, shared) { "yes" } else { "" },
            entry.params_millions.map_or(String::new(), |p| format!("{p:.0} M")),
            entry.dim.map_or(String::new(), |d| d.to_string()),
            accuracy.map_or(String::new(), |z| format!("{:.1} %", z * 100.0)),
            entry.note,
        );
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
        "here: usable now, offline. ImageNet: zero-shot accuracy as published (\"seer models info\" names the \
         source).\nAlso: any CLIP on the Hugging Face hub as owner/name, or a local folder.",
    );
}
