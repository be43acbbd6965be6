//! `seer models info`: everything known about a model, and what it costs on this machine.

use anyhow::Result;
use seer_encoders::registry::{self, Captioner, Entry};
use seer_encoders::{DtypeChoice, Model, hub, speed};
use seer_types::{PreprocessSpec, ResizeMode};
use serde_json::{Value, json};

use super::digits;
use super::known::{self, Known, languages};
use crate::args::Shared;
use crate::choice::{self, Fetch, fetch_options};
use crate::exit::Outcome;
use crate::outln;
use crate::text::{self, bytes, printable};

pub fn run(shared: &Shared, name: &str) -> Result<Outcome> {
    let captioner = registry::find_captioner(name).filter(|_| !hub::is_folder(name));
    if let Some(captioner) = captioner {
        return describes(shared, captioner);
    }
    let entry = registry::find(name).filter(|_| !hub::is_folder(name));
    let known = entry.map(|entry| Known::of(entry, shared));
    let is_here = match &known {
        Some(known) => known.here && known.loadable,
        None => hub::cached(name, &fetch_options(shared)).is_some(),
    };
    if known.is_none() && !is_here {
        return Err(choice::not_here(name));
    }
    let mut facts = Facts::default();
    if let (Some(known), Some(entry)) = (&known, entry) {
        describe(&mut facts, known, entry)?;
    }
    if is_here {
        let lasting = entry.map_or(name, |entry| entry.name.as_str());
        let (model, _) = choice::load(lasting, shared, Fetch::Refused)?;
        measure(&mut facts, &model, known.is_some())?;
    } else if let (Some(known), Some(entry)) = (&known, entry) {
        estimate(&mut facts, known, entry, choice::dtype(shared)?)?;
    }
    facts.print(shared);
    Ok(Outcome::Found)
}

/// A model that describes photos.
fn describes(shared: &Shared, model: &Captioner) -> Result<Outcome> {
    let mut facts = Facts::default();
    let is_here = hub::cached(model.name, &fetch_options(shared)).is_some();
    facts.line("name", model.name.to_owned());
    facts.line("about", model.note.to_owned());
    facts.line("use", format!("describes photos: seer index --captions {}", model.name));
    facts.line("hub", model.hub.to_owned());
    facts.line("license", model.license.to_owned());
    facts.line("languages", model.language.to_owned());
    facts.line("parameters", format!("{:.1} million", model.params_millions));
    facts.line("picture", format!("{0} x {0} pixels", model.resolution));
    let next = format!("no; next: seer models pull {}", model.name);
    facts.line("here", if is_here { "yes".to_owned() } else { next });
    facts.add(known::captioner(model, is_here));
    facts.print(shared);
    Ok(Outcome::Found)
}

/// Lines for people, and the same for programs.
#[derive(Default)]
struct Facts {
    lines: Vec<(&'static str, String)>,
    json: serde_json::Map<String, Value>,
}

impl Facts {
    fn line(&mut self, label: &'static str, value: impl Into<Option<String>>) {
        self.lines.extend(value.into().map(|value| (label, value)));
    }

    fn add(&mut self, value: Value) {
        if let Value::Object(map) = value {
            self.json.extend(map);
        }
    }

    fn print(self, shared: &Shared) {
        if shared.json {
            outln!("{}", Value::Object(self.json));
            return;
        }
        for (label, value) in self.lines {
            outln!("{label:<12}{}", printable(&value));
        }
    }
}

/// What the registry says.
fn describe(facts: &mut Facts, known: &Known<'_>, entry: &Entry) -> Result<()> {
    facts.add(text::json(known)?);
    facts.line("name", known.name.to_owned());
    facts.line("about", known.note.to_owned());
    facts.line("family", known.family.to_owned());
    facts.line("hub", known.hub.map(str::to_owned));
    facts.line("license", license(entry));
    facts.line("languages", Some(languages(known.languages)).filter(|codes| !codes.is_empty()));
    let image = known.image_params_millions.filter(|_| !known.image_only);
    let image = image.map_or_else(String::new, |p| format!(", {p:.1} of them for pictures"));
    facts.line("parameters", known.params_millions.map(|p| format!("{p:.1} million{image}")));
    facts.line("operations", operations(known));
    facts.line("picture", known.resolution.map(|side| format!("{side} x {side} pixels")));
    facts.line("text", known.context_length.map(|c| format!("up to {c} tokens")));
    facts.line("embedding", known.dim.map(|dim| format!("{dim} numbers")));
    let percent = |share: f32, what: &str| format!("{:.1} % {what}", share * 100.0);
    let named = |share| percent(share, "of its pictures named rightly, untrained (zero-shot)");
    facts.line("ImageNet", known.zero_shot_imagenet.map(named));
    let tuned = |share| percent(share, "of its pictures named rightly, after training on it");
    facts.line("ImageNet", known.imagenet_fine_tuned.map(tuned));
    let flickr = |share| percent(share, "of captions find their photo among the first 5 of 1,000");
    facts.line("Flickr30k", known.flickr30k_recall_5.map(flickr));
    let coco = |share| percent(share, "of captions find their photo among the first 5 of 5,000");
    facts.line("COCO", known.coco_recall_5.map(coco));
    facts.line("figures", known.zero_shot_source.map(|source| format!("as in {source}")));
    Ok(())
}

fn license(entry: &Entry) -> Option<String> {
    let name = entry.license.as_deref();
    Some(match name {
        Some(name) if entry.is_free() => name.to_owned(),
        Some(name) => format!("{name} (not for every use: read it first)"),
        None => "not known: see its page on the hub".to_owned(),
    })
}

fn operations(known: &Known<'_>) -> Option<String> {
    let image = known.image_gflops?;
    let text = known.gflops.map(|both| both - image).filter(|_| !known.image_only);
    let text = text.map_or_else(String::new, |text| format!(", {text:.1} a text"));
    Some(format!("{image:.1} GFLOPs a picture{text}"))
}

/// What only the loaded model can say.
fn measure(facts: &mut Facts, model: &Model, is_known: bool) -> Result<()> {
    let spec = model.spec();
    if !is_known {
        facts.line("name", model.name().to_owned());
        facts.line("embedding", format!("{} numbers", model.dim()));
        let text = match model.reads_text() {
            true => format!("up to {} tokens", model.context_length()),
            false => "none: it compares pictures only".to_owned(),
        };
        facts.line("text", text);
    }
    facts.line("prepared", prepared(spec));
    facts.line("fingerprint", model.fingerprint().to_string());
    facts.line("here", format!("yes, on {} in {}", model.device(), model.dtype()));
    let rates = speed::measure(model)?;
    let texts = rates.texts_per_second.map_or_else(String::new, |t| format!(", {t:.0} texts"));
    let images = digits(rates.images_per_second);
    facts.line("speed", format!("{images} pictures{texts} a second (measured now)"));
    let memory = seer_http::resident_memory();
    let measured = |memory| format!("{} (this process, now)", bytes(memory));
    facts.line("memory", memory.map(measured));
    facts.add(json!({
        "name": facts.json.get("name").cloned().unwrap_or_else(|| model.name().into()),
        "here": true,
        "fingerprint": model.fingerprint(),
        "dim": model.dim(),
        "context_length": model.reads_text().then(|| model.context_length()),
        "device": model.device(),
        "dtype": model.dtype().to_string(),
        "preprocess": text::json(spec)?,
        "images_per_second": rates.images_per_second,
        "texts_per_second": rates.texts_per_second,
        "memory_bytes": memory,
        "measured": true,
    }));
    Ok(())
}

fn prepared(spec: &PreprocessSpec) -> String {
    let (width, height) = (spec.width, spec.height);
    let how = match spec.resize {
        ResizeMode::ShortestEdge(edge) => format!("shorter edge to {edge}, then the centre"),
        ResizeMode::Squash => "stretched, all of it is seen".to_owned(),
        ResizeMode::SquashTo(edge) => format!("stretched to {edge}, then the centre"),
        ResizeMode::LongestEdge { .. } => "longer edge fits, the rest is filled".to_owned(),
        ResizeMode::PatchBudget { patch, patches } => {
            return format!("its own shape, up to {patches} patches of {patch} x {patch}");
        }
    };
    let interpolation = format!("{:?}", spec.interpolation).to_lowercase();
    format!("{width} x {height}: {how} ({interpolation})")
}

/// What a model that is not here would cost.
fn estimate(facts: &mut Facts, known: &Known<'_>, entry: &Entry, dtype: DtypeChoice) -> Result<()> {
    let rate = speed::estimate(speed::gigaflops(dtype)?, entry);
    let memory = speed::estimate_memory(dtype, entry);
    if let Err(error) = entry.check_loadable() {
        facts.line("here", format!("no, and seer cannot load it yet: {error}"));
    } else {
        facts.line("here", format!("no; next: seer models pull {}", known.name));
        let about = |rate| format!("about {} pictures a second (estimated)", digits(rate));
        facts.line("speed", rate.map(about));
        let about = |memory: u64| format!("about {} (estimated)", bytes(memory));
        facts.line("memory", memory.map(about));
    }
    facts.add(json!({ "images_per_second": rate, "memory_bytes": memory, "measured": false }));
    Ok(())
}
