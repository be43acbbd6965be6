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
    let fitting: Vec<Candidate> =
        registry::all().iter().filter_map(|entry| Candidate::of(entry, args, gigaflops)).collect();
    let chosen = choose(&fitting);
    if chosen.is_empty() {
        notices::line(
            "no freely usable model fits; ask for less speed or more memory, or see \"seer models list --all\"",
        );
        return Ok(Outcome::NothingFound);
    }
    if !shared.json {
        println!("{:<44} {:>8} {:>11} {:>8}  why", "name", "ImageNet", "pictures/s", "memory");
    }
    for (candidate, why) in chosen {
        candidate.print(why, shared.json);
    }
    if !shared.quiet && !shared.json {
        notices::line(
            "\nImageNet: zero-shot accuracy as published, by which these are chosen. Speed and memory are estimates for \
             this machine.\nLeft out: models with a licence that is not for every use (\"seer models list\" has them too).\n\
             next: seer models pull NAME (needs the network)",
        );
    }
    Ok(Outcome::Found)
}

#[derive(Clone, Copy)]
struct Candidate {
    entry: &'static Entry,
    images_per_second: f64,
    gibibytes: f64,
}

impl Candidate {
    /// An entry that can be loaded, may be used by everybody, and keeps within what was asked.
    fn of(entry: &'static Entry, args: &RecommendArgs, gigaflops: f64) -> Option<Self> {
        let usable = !entry.is_builtin() && !entry.image_only && entry.is_free();
        let is_fit = usable && entry.knows(&args.language) && entry.zero_shot_imagenet.is_some();
        if !is_fit || entry.check_loadable().is_err() {
            return None;
        }
        let images_per_second = speed::estimate(gigaflops, f64::from(entry.image_gflops?));
        let memory = speed::estimate_memory(f64::from(entry.params_millions?));
        let gibibytes = memory as f64 / f64::from(1 << 30);
        let is_within = args.speed.is_none_or(|least| images_per_second >= least)
            && args.memory.is_none_or(|most| gibibytes <= most);
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
        let fast = fitting.iter().filter(|c| c.images_per_second >= least);
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
