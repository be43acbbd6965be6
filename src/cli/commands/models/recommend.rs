//! `seer models recommend`: three models that fit, each with its reason.

use anyhow::Result;
use seer_encoders::registry::{self, Entry};
use seer_encoders::speed;
use serde_json::json;

use crate::args::{RecommendArgs, Shared};
use crate::exit::Outcome;
use crate::notices;

pub fn run(shared: &Shared, args: &RecommendArgs) -> Result<Outcome> {
    let gigaflops = speed::gigaflops();
    let limits = Limits::of(args);
    let candidate = |entry| Candidate::of(entry, &limits, gigaflops);
    let fitting: Vec<Candidate> = registry::all().iter().filter_map(candidate).collect();
    let chosen = choose(&fitting);
    if chosen.is_empty() {
        notices::line(&format!(
            "no model fits {limits}; next: a lower --speed, a higher --memory, or \"seer models list --all\""
        ));
        return Ok(Outcome::NothingFound);
    }
    if !shared.json {
        println!("{:<44} {:>8} {:>11} {:>8}  why", "name", "ImageNet", "pictures/s", "memory");
    }
    for (candidate, why) in chosen {
        candidate.print(why, shared.json);
    }
    if !shared.quiet && !shared.json {
        notices::line(&format!(
            "\nFor {limits}, among the models that are free for every use, by ImageNet's zero-shot accuracy as \
             published.\nSpeed and memory are estimates for this machine as busy as it is now.\n\
             next: seer models pull NAME (needs the network)"
        ));
    }
    Ok(Outcome::Found)
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
    fn of(entry: &'static Entry, limits: &Limits, gigaflops: f64) -> Option<Self> {
        let usable = !entry.is_builtin() && !entry.image_only && entry.is_free();
        let is_fit = usable && entry.knows(&limits.language) && entry.zero_shot_imagenet.is_some();
        if !is_fit || entry.check_loadable().is_err() {
            return None;
        }
        let images_per_second = speed::estimate(gigaflops, entry)?;
        let gibibytes = speed::estimate_memory(entry)? as f64 / GIB;
        let is_within = images_per_second >= limits.speed && gibibytes <= limits.memory;
        is_within.then_some(Self { entry, images_per_second, gibibytes })
    }

    fn print(&self, why: &str, json: bool) {
        let Self { entry, images_per_second, gibibytes } = self;
        let accuracy = entry.zero_shot_imagenet;
        if json {
            let line = json!({
                "name": entry.name, "reason": why, "zero_shot_imagenet": accuracy,
                "images_per_second": images_per_second, "memory_gib": gibibytes,
            });
            println!("{line}");
            return;
        }
        let percent = self.accuracy() * 100.0;
        let memory = format!("{gibibytes:.1} GiB");
        println!(
            "{:<44} {percent:>6.1} % {:>11} {memory:>8}  {why}",
            entry.name,
            super::digits(*images_per_second),
        );
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
