//! `seer eval relevance`: how well answers tell what is there; fitting that, and comparing models.

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result};
use seer_encoders::{Model, RELEVANCE_FILE, Relevance};
use seer_engine::eval::relevance::{
    KindReport, KnownAnswers, Measured, RelevanceReport, fit, measure,
};

use crate::args::{EvalRelevanceArgs, Shared};
use crate::choice::{self, Fetch};
use crate::commands::eval::known;
use crate::commands::eval::{HEADER, figures};
use crate::exit::Outcome;
use crate::outln;
use crate::progress::Counter;
use crate::text::thousands;

/// A model, and what was found.
struct OfModel {
    name: String,
    /// Pictures encoded in a second.
    speed: f64,
    report: RelevanceReport,
}

pub fn run(shared: &Shared, args: &EvalRelevanceArgs) -> Result<Outcome> {
    let known = known::read(args)?;
    let (model, name) = choice::load_chosen(shared, Fetch::Refused)?;
    if let Some(file) = &args.fit {
        let file = file.clone().map_or_else(|| beside_weights(shared, &name), Ok)?;
        let (of, measured) = measured(shared, &model, name, &known)?;
        let (relevance, report) = fit(&measured)?;
        write(&file, &relevance)?;
        print(shared, &OfModel { report, ..of });
        if !shared.json {
            outln!("fitted: {}", file.display());
        }
        return Ok(Outcome::Found);
    }
    let mut models = vec![measured(shared, &model, name, &known)?.0];
    drop(model);
    for name in &args.also {
        let (model, name) = choice::load(name, shared, Fetch::Refused)?;
        models.push(measured(shared, &model, name, &known)?.0);
    }
    models.iter().for_each(|of| print(shared, of));
    if !shared.json && models.len() > 1 {
        outln!("{}", recommendation(&models));
    }
    Ok(Outcome::Found)
}

fn measured(
    shared: &Shared,
    model: &Model,
    name: String,
    known: &KnownAnswers,
) -> Result<(OfModel, Measured)> {
    let counter = Counter::new(shared.quiet || shared.json, "encoding");
    let start = Instant::now();
    let progress = |done, total| counter.show(done, total);
    let measured = measure(model, known, &progress)?;
    let pictures = known.pictures.len() + known.elsewhere.len();
    let speed = pictures as f64 / start.elapsed().as_secs_f64();
    let report = measured.report(model.relevance());
    Ok((OfModel { name, speed, report }, measured))
}

/// Where a model's fit is read.
fn beside_weights(shared: &Shared, name: &str) -> Result<PathBuf> {
    let folder = choice::folder(name, shared).with_context(|| {
        format!("{name} has no folder of its own\nnext: --fit FILE says where its fit is written")
    })?;
    Ok(folder.join(RELEVANCE_FILE))
}

fn write(file: &Path, relevance: &Relevance) -> Result<()> {
    let bytes = relevance.to_bytes().map_err(anyhow::Error::msg)?;
    let part = file.with_extension("part");
    let written = std::fs::write(&part, bytes).and_then(|()| std::fs::rename(&part, file));
    written.with_context(|| format!("{} cannot be written", file.display()))
}

fn print(shared: &Shared, of: &OfModel) {
    let OfModel { name, speed, report } = of;
    if shared.json {
        let mut value = serde_json::to_value(report).unwrap_or_default();
        value["model"] = name.as_str().into();
        value["pictures_per_second"] = (*speed).into();
        outln!("{value}");
        return;
    }
    outln!(
        "{name}: {} pictures, {:.1} encoded in a second",
        thousands(report.pictures as u64),
        speed
    );
    outln!(
        "is it there?      there  absent   AUC    absent let through   as searched: kept  let through"
    );
    outln!("{}", line(&report.all));
    report.kinds.iter().for_each(|kind| outln!("{}", line(kind)));
    outln!("{HEADER}");
    outln!("queries       {}", figures(report.recall));
    outln!("of the attainable ones, among the first ten {:5.1} %", report.attained_at_10 * 100.0);
    match report.bands {
        Some(bands) => {
            let percent = |share: f64| share * 100.0;
            outln!("strong photos right {:5.1} % of {}", percent(bands.strong_right), bands.strong);
            outln!("likely photos right {:5.1} % of {}", percent(bands.likely_right), bands.likely);
            outln!("right photos that are strong or likely {:5.1} %", percent(bands.right_shown));
        }
        None => outln!("the model judges no photos: it has no {RELEVANCE_FILE}\nnext: --fit"),
    }
}

/// The bar for "absent let through" is so low that nine of ten that are there pass.
fn line(kind: &KindReport) -> String {
    let name = match kind.kind {
        "named" => "names of classes",
        "akin" => "akin to classes",
        "words" => "other words",
        "sentence" => "sentences",
        other => other,
    };
    let percent = |share: Option<f64>| match share {
        Some(share) => format!("{:5.1} %", share * 100.0),
        None => "      -".to_owned(),
    };
    let auc = kind.auc.map_or("    -".to_owned(), |auc| format!("{auc:.3}"));
    format!(
        "{name:16} {:6} {:7}   {auc}  {} (90 % kept)   {}           {}",
        kind.present,
        kind.absent,
        percent(kind.false_alarms_at_90),
        percent(kind.kept),
        percent(kind.let_through),
    )
}

/// The fastest of the models that find as much as the best one, as far as so few queries can tell.
fn recommendation(models: &[OfModel]) -> String {
    let found = |of: &OfModel| of.report.attained_at_10;
    let Some(best) = models.iter().max_by(|a, b| found(a).total_cmp(&found(b))) else {
        return String::new();
    };
    let bar = found(best) - best.report.attained_error;
    let as_good = models.iter().filter(|of| found(of) >= bar);
    let Some(chosen) = as_good.max_by(|a, b| a.speed.total_cmp(&b.speed)) else {
        return String::new();
    };
    let why = match chosen.name == best.name {
        true => "it finds the most of what was asked for".to_owned(),
        false => format!(
            "it finds as much as {} as far as these queries can tell, and encodes {:.1} times as fast",
            best.name,
            chosen.speed / best.speed.max(1e-9)
        ),
    };
    format!("recommended: {} ({why})", chosen.name)
}
