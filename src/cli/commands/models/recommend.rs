//! `seer models recommend`: three models that fit, each with its reason.

use anyhow::Result;
use seer_encoders::registry::{self, Entry};
use seer_encoders::{DtypeChoice, speed};
use serde_json::json;

use super::digits;
use crate::args::{RecommendArgs, Shared};
use crate::choice;
use crate::exit::Outcome;
use crate::notices;
use crate::outln;
use crate::text;

pub fn run(shared: &Shared, args: &RecommendArgs) -> Result<Outcome> {
    let dtype = choice::dtype(shared)?;
    let gigaflops = speed::gigaflops(dtype)?;
    let limits = Limits::of(args);
    let candidate = |entry| Candidate::of(entry, &limits, dtype, gigaflops);
    let fitting: Vec<Candidate> = registry::all().iter().filter_map(candidate).collect();
    let chosen = choose(&fitting);
    if chosen.is_empty() {
        let fastest = fastest(&limits, dtype, gigaflops).map_or_else(String::new, |rate| {
            format!(
                "; the fastest within that memory would do about {} pictures a second",
                digits(rate)
            )
        });
        notices::line(&format!(
            "no model fits {limits}{fastest}\nnext: a lower --speed (0 for any), a higher --memory, or --dtype q8, \
             which is faster and smaller"
        ));
        return Ok(Outcome::NothingFound);
    }
    if !shared.json {
        outln!("{:<44} {:>8} {:>11} {:>8}  why", "name", "ImageNet", "pictures/s", "memory");
    }
    for (candidate, why) in chosen {
        candidate.print(why, shared.json)?;
    }
    if !shared.quiet && !shared.json {
        let numbers = match dtype {
            DtypeChoice::Q8 => " in 8-bit numbers (--dtype q8)",
            _ => "",
        };
        notices::line(&format!(
            "\nFor {limits}, among the models that are free for every use, by ImageNet's zero-shot accuracy as \
             published.{}\nSpeed and memory are estimates{numbers} for this machine as busy as it is now.\n\
             next: seer models pull NAME (needs the network)",
            unranked(&limits),
        ));
    }
    Ok(Outcome::Found)
}

/// Whether a model may be recommended at all: it reads the language, everybody may use it, and it can be loaded.
fn is_usable(entry: &Entry, language: &str) -> bool {
    let is_open = !entry.is_builtin() && !entry.image_only && entry.is_free();
    is_open && entry.knows(language) && entry.check_loadable().is_ok()
}

/// The most pictures a second of a model that keeps within the memory, whatever speed was asked for.
fn fastest(limits: &Limits, dtype: DtypeChoice, gigaflops: f64) -> Option<f64> {
    let any_speed = Limits { speed: 0.0, language: limits.language.clone(), ..*limits };
    let candidate = |entry| Candidate::of(entry, &any_speed, dtype, gigaflops);
    let rates = registry::all().iter().filter_map(candidate).map(|c| c.images_per_second);
    rates.max_by(f64::total_cmp)
}

/// Says how many models nobody published the figure of that the others are ordered by.
fn unranked(limits: &Limits) -> String {
    let is_one =
        |entry: &&Entry| entry.zero_shot_imagenet.is_none() && is_usable(entry, &limits.language);
    let (count, language) = (registry::all().iter().filter(is_one).count(), &limits.language);
    match count {
        0 => String::new(),
        _ => format!(
            " {count} more are not ranked,\nbecause nobody published it for them: those without it in \"seer models \
             list --all --language {language}\"."
        ),
    }
}

const GIB: f64 = (1 << 30) as f64;

/// What a model must keep within.
struct Limits {
    language: String,
    /// Pictures a second, at least.
    speed: f64,
    /// GiB, at most.
    memory: f64,
}

impl Limits {
    fn of(args: &RecommendArgs) -> Self {
        /// Ten thousand photos in three hours.
        const SPEED: f64 = 1.0;
        /// Where the system does not say how much there is.
        const MEMORY: f64 = 4.0;
        Self {
            language: args.language.clone(),
            speed: args.speed.unwrap_or(SPEED),
            memory: args.memory.or_else(|| Some(total_memory()? / 2.0)).unwrap_or(MEMORY),
        }
    }
}

impl std::fmt::Display for Limits {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { language, speed, memory } = self;
        write!(f, "--language {language} --speed {speed} --memory {memory:.1}")
    }
}

/// GiB of this machine's memory, where the system says so (Linux).
fn total_memory() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    let kilobytes: f64 = line.trim().strip_suffix(" kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024.0 / GIB)
}

#[derive(Clone, Copy)]
struct Candidate {
    entry: &'static Entry,
    images_per_second: f64,
    gibibytes: f64,
}

impl Candidate {
    /// An entry that can be loaded, may be used by everybody, and keeps within what was asked.
    fn of(
        entry: &'static Entry,
        limits: &Limits,
        dtype: DtypeChoice,
        gigaflops: f64,
    ) -> Option<Self> {
        if entry.zero_shot_imagenet.is_none() || !is_usable(entry, &limits.language) {
            return None;
        }
        let images_per_second = speed::estimate(gigaflops, entry)?;
        let gibibytes = speed::estimate_memory(dtype, entry)? as f64 / GIB;
        let is_within = images_per_second >= limits.speed && gibibytes <= limits.memory;
        is_within.then_some(Self { entry, images_per_second, gibibytes })
    }

    fn print(&self, why: &str, json: bool) -> Result<()> {
        let Self { entry, images_per_second, gibibytes } = self;
        if json {
            let line = json!({
                "name": entry.name, "reason": why,
                "zero_shot_imagenet": text::json(&entry.zero_shot_imagenet)?,
                "images_per_second": images_per_second, "memory_gib": gibibytes,
            });
            outln!("{line}");
            return Ok(());
        }
        let percent = self.accuracy() * 100.0;
        let memory = format!("{gibibytes:.1} GiB");
        outln!(
            "{:<44} {percent:>6.1} % {:>11} {memory:>8}  {why}",
            entry.name,
            digits(*images_per_second),
        );
        Ok(())
    }

    fn accuracy(&self) -> f32 {
        self.entry.zero_shot_imagenet.unwrap_or(0.0)
    }
}

/// The most accurate, the best of those four times as fast, and the best of those sixteen times as fast.
fn choose(fitting: &[Candidate]) -> Vec<(Candidate, &'static str)> {
    let best = |least: f64| {
        // Of equals the last is taken: the same weights under OpenCLIP's name, which comes first in the registry.
        let fast = fitting.iter().rev().filter(|c| c.images_per_second >= least);
        fast.max_by(|a, b| {
            let by_speed = a.images_per_second.total_cmp(&b.images_per_second);
            a.accuracy().total_cmp(&b.accuracy()).then(by_speed)
        })
    };
    let Some(first) = best(0.0) else { return Vec::new() };
    let mut chosen = vec![(*first, "the most accurate that fits")];
    for (times, why) in
        [(4.0, "the best of those four times as fast"), (16.0, "the best of the light ones")]
    {
        match best(times * first.images_per_second) {
            Some(next) if chosen.iter().all(|(c, _)| c.entry.name != next.entry.name) => {
                chosen.push((*next, why));
            }
            _ => {}
        }
    }
    chosen
}
