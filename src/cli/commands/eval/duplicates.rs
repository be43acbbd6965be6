//! `seer eval duplicates`: how many mild copies are told, and how many other pictures are taken for
//! copies.

use anyhow::{Result, bail};
use seer_engine::eval::duplicates::duplicates;
use seer_engine::is_picture_name;

use crate::args::{EvalDuplicatesArgs, Shared};
use crate::commands::eval::folders::files;
use crate::exit::Outcome;
use crate::outln;
use crate::progress::Counter;
use crate::text::{printable, thousands};

pub fn run(shared: &Shared, args: &EvalDuplicatesArgs) -> Result<Outcome> {
    let mut pictures = Vec::new();
    for folder in &args.folders {
        pictures.extend(files(folder)?.into_iter().filter(|path| is_picture_name(path)));
    }
    if pictures.is_empty() {
        bail!("there is no picture in these folders");
    }
    let counter = Counter::new(shared.quiet || shared.json, "copying and comparing");
    let report = duplicates(&pictures, args.copied, &|done, of| counter.show(done, of))?;
    drop(counter);
    if shared.json {
        let mut value = serde_json::to_value(&report)?;
        value["pairs_per_10_000"] = report.pairs_per_10_000().into();
        outln!("{value}");
        return Ok(Outcome::Found);
    }
    let percent = |told: usize, of: usize| told as f64 / of.max(1) as f64 * 100.0;
    for kind in &report.copies {
        outln!("{:22} {:5.1} % of {} told", kind.kind, percent(kind.told, kind.of), kind.of);
    }
    let sum = |count: fn(&seer_engine::eval::duplicates::CopiesReport) -> usize| {
        report.copies.iter().map(count).sum::<usize>()
    };
    let (told, of) = (sum(|kind| kind.told), sum(|kind| kind.of));
    outln!("{:22} {:5.1} % of {} told", "all", percent(told, of), thousands(of as u64));
    outln!(
        "taken for copies among {} pictures ({} flat): {:.1} in 10,000",
        thousands(report.pictures as u64),
        report.flat,
        report.pairs_per_10_000()
    );
    for group in &report.groups {
        let names: Vec<_> = group.iter().map(|path| printable(&path.to_string_lossy())).collect();
        outln!("  {}", names.join("  "));
    }
    Ok(Outcome::Found)
}
