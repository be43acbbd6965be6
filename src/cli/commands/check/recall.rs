//! `seer check --recall`: the kinds of index compared on the library's own vectors.

use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result, bail};
use indicatif::{ProgressBar, ProgressStyle};
use seer_engine::{CompareStep, ComparedKind, RecallReport, check_recall};
use serde_json::json;

use crate::args::Shared;
use crate::exit::Outcome;
use crate::notices;
use crate::stdio;
use crate::text::{bytes, duration};

pub fn run(shared: &Shared, folder: &Path) -> Result<Outcome> {
    let bar = match shared.quiet || shared.json {
        true => ProgressBar::hidden(),
        false => ProgressBar::new(0),
    };
    if let Ok(style) = ProgressStyle::with_template("{msg} {bar:30} {pos}/{len} {eta} left") {
        bar.set_style(style.progress_chars("━╸ "));
    }
    notices::around(Some(bar.clone()));
    let report = check_recall(folder, &mut |step| {
        show(&bar, step);
        true
    });
    bar.finish_and_clear();
    notices::around(None);
    let report =
        report.with_context(|| format!("cannot compare the indexes of {}", folder.display()))?;
    let Some(report) = report else {
        bail!("no photo is encoded yet, so there is nothing to compare\nnext: seer index FOLDER");
    };
    let mut out = stdio::writer();
    for compared in &report.compared {
        match shared.json {
            true => writeln!(out, "{}", as_json(compared, &report))?,
            false => writeln!(out, "{}", as_line(compared, &report))?,
        }
    }
    out.flush()?;
    if !shared.quiet && !shared.json {
        notices::line(&format!(
            "the library is indexed by \"{}\", which answers by \"{}\" now; another kind: seer index --index KIND",
            report.chosen, report.method
        ));
    }
    Ok(Outcome::Found)
}

fn show(bar: &ProgressBar, step: CompareStep) {
    let (message, done, of) = match step {
        CompareStep::Building { kind, done, of } => (format!("building {kind}"), done, of),
        CompareStep::Asking { done, of } => ("asking".to_owned(), done, of),
    };
    if bar.message() != message {
        bar.reset();
        bar.set_message(message);
    }
    bar.set_length(of as u64);
    bar.set_position(done as u64);
}

fn as_line(compared: &ComparedKind, report: &RecallReport) -> String {
    let built = compared.build_ms.map(|ms| format!(", built in {}", duration(ms / 1000.0)));
    let extra = match compared.bytes {
        0 => String::new(),
        size => format!(", {} beside the vectors", bytes(size as u64)),
    };
    let in_use = if Some(compared.kind) == report.in_use { "  (in use)" } else { "" };
    format!(
        "{:<6} recall@10 {:.3}, {:.2} ms a query (median){extra}{}{in_use}",
        compared.kind.name(),
        compared.recall_at_10,
        compared.median_ms,
        built.unwrap_or_default()
    )
}

fn as_json(compared: &ComparedKind, report: &RecallReport) -> serde_json::Value {
    json!({
        "kind": compared.kind.name(),
        "in_use": Some(compared.kind) == report.in_use,
        "recall_at_10": compared.recall_at_10,
        "median_ms": compared.median_ms,
        "mean_ms": compared.mean_ms,
        "build_ms": compared.build_ms,
        "bytes": compared.bytes,
    })
}
