//! Shows an indexing run: a bar on a terminal, plain lines elsewhere, JSON on request.

use std::io::IsTerminal;
use std::sync::Mutex;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use seer_types::{IndexEvent, IndexPhase, IndexProgress, IndexSummary, PlanCounts};

use crate::notices;
use crate::outln;
use crate::stdio;
use crate::text::{bytes, count, duration, printable, thousands};

/// What a run's events become.
pub enum Display {
    /// A bar on standard error.
    Bar(Mutex<ProgressBar>),
    /// Failures and the summary only.
    Lines,
    /// Errors only.
    Quiet,
    /// One JSON object per event on standard output.
    Json,
}

impl Display {
    /// As the flags and the terminal ask.
    pub fn choose(json: bool, quiet: bool) -> Self {
        if json {
            Self::Json
        } else if quiet {
            Self::Quiet
        } else if std::io::stderr().is_terminal() {
            let bar =
                ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr_with_hz(12));
            bar.set_style(spinner());
            bar.set_message("loading the model, walking the folders");
            bar.enable_steady_tick(Duration::from_millis(250));
            notices::around(Some(bar.clone()));
            Self::Bar(Mutex::new(bar))
        } else {
            Self::Lines
        }
    }

    /// Shows one event.
    pub fn show(&self, event: &IndexEvent) {
        match self {
            Self::Json => outln!("{}", serde_json::to_string(event).unwrap_or_default()),
            Self::Quiet => {}
            Self::Lines => lines(event),
            Self::Bar(bar) => {
                let bar = bar.lock().unwrap_or_else(|e| e.into_inner());
                match event {
                    IndexEvent::Progress(progress) => draw(&bar, progress),
                    IndexEvent::Finished(_) => {
                        bar.finish_and_clear();
                        notices::around(None);
                        lines(event);
                    }
                    other => bar.suspend(|| lines(other)),
                }
            }
        }
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        if let Self::Bar(bar) = self {
            bar.get_mut().unwrap_or_else(|e| e.into_inner()).finish_and_clear();
            notices::around(None);
        }
    }
}

/// A plain count on a terminal, for work that is not indexing.
pub struct Counter {
    bar: ProgressBar,
}

impl Counter {
    pub fn new(quiet: bool, what: &'static str) -> Self {
        if quiet || !std::io::stderr().is_terminal() {
            return Self { bar: ProgressBar::hidden() };
        }
        let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr_with_hz(12));
        bar.set_style(style("{msg} {bar:30} {pos}/{len} {eta} left"));
        bar.set_message(what);
        Self { bar }
    }

    pub fn show(&self, done: usize, total: usize) {
        self.bar.set_length(total as u64);
        self.bar.set_position(done as u64);
    }
}

impl Drop for Counter {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

fn spinner() -> ProgressStyle {
    style("{spinner} {msg}")
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template)
        .unwrap_or_else(|_| ProgressStyle::default_bar())
        .progress_chars("━╸ ")
}

fn draw(bar: &ProgressBar, progress: &IndexProgress) {
    let told = match progress.phase {
        IndexPhase::Encoding => rates(progress),
        IndexPhase::ReadingText | IndexPhase::Describing => {
            let speed = progress.images_per_second;
            format!("{} · {speed:.1} photos/s{}", doing(progress), left(progress, " · "))
        }
        IndexPhase::Idle | IndexPhase::Scanning => {
            format!("{}: {}", doing(progress), count(progress.total, "file"))
        }
        IndexPhase::FetchingModel | IndexPhase::Saving => {
            format!("{}{}", doing(progress), left(progress, " · "))
        }
    };
    bar.set_style(match progress.phase {
        _ if !is_counted(progress) => spinner(),
        IndexPhase::FetchingModel => style("{bar:30} {bytes}/{total_bytes} {msg}"),
        _ => style("{bar:30} {pos}/{len} {msg}"),
    });
    if is_counted(progress) {
        bar.set_length(progress.total);
        bar.set_position(progress.done);
    }
    bar.set_message(told);
}

/// A run in one line: `reading words in pictures: 46 of 453, 4m 01s left`.
pub fn in_words(progress: &IndexProgress) -> String {
    let (done, total) = (progress.done, progress.total);
    let far = match progress.phase {
        IndexPhase::Idle | IndexPhase::Scanning => format!(": {}", count(total, "file")),
        _ if !is_counted(progress) => String::new(),
        IndexPhase::FetchingModel => format!(": {} of {}", bytes(done), bytes(total)),
        _ => format!(": {} of {}", thousands(done), thousands(total)),
    };
    format!("{}{far}{}", doing(progress), left(progress, ", "))
}

/// What a run does now.
fn doing(progress: &IndexProgress) -> &'static str {
    match progress.phase {
        IndexPhase::FetchingModel => "fetching the model",
        IndexPhase::Idle | IndexPhase::Scanning => "walking the folders",
        IndexPhase::Encoding => "encoding photos",
        IndexPhase::Saving if progress.eta_seconds.is_some() => "making the index",
        IndexPhase::Saving => "saving",
        IndexPhase::ReadingText => "reading words in pictures",
        IndexPhase::Describing => "describing photos",
    }
}

/// Whether `done` of `total` says how far it is.
fn is_counted(progress: &IndexProgress) -> bool {
    match progress.phase {
        IndexPhase::Idle | IndexPhase::Scanning => false,
        IndexPhase::Saving => progress.eta_seconds.is_some(),
        _ => true,
    }
}

fn left(progress: &IndexProgress, before: &str) -> String {
    let left = progress.eta_seconds.map(|eta| format!("{before}{} left", duration(eta)));
    left.unwrap_or_default()
}

/// `34.2 images/s · decode 40 % · encode 98 % · 3m 20s left`.
fn rates(progress: &IndexProgress) -> String {
    let mut parts = vec![
        format!("{:.1} images/s", progress.images_per_second),
        format!("decode {:.0} %", progress.decode_share * 100.0),
        format!("encode {:.0} %", progress.encode_share * 100.0),
    ];
    if progress.failed > 0 {
        parts.push(format!("{} failed", thousands(progress.failed)));
    }
    parts.join(" · ") + &left(progress, " · ")
}

fn lines(event: &IndexEvent) {
    let text = match event {
        IndexEvent::Planned(plan) => planned(plan),
        IndexEvent::Failed { path, reason } => {
            format!("not indexed: {}: {}", printable(&path.to_text()), printable(reason))
        }
        IndexEvent::Notice { message } => format!("seer: {}", printable(message)),
        IndexEvent::Finished(summary) => finished(summary),
        IndexEvent::Progress(_) => return,
    };
    stdio::error_line(&text);
}

fn planned(plan: &PlanCounts) -> String {
    format!(
        "{} found: {} to read, {} unchanged, {} gone",
        count(plan.found, "picture file"),
        thousands(plan.to_read),
        thousands(plan.unchanged),
        thousands(plan.gone),
    )
}

/// `412 photos encoded, 3 recognised, 1 removed in 12s (34.3 images/s) - 2 files failed …`.
pub fn finished(summary: &IndexSummary) -> String {
    let mut text = format!("{} encoded", count(summary.encoded, "photo"));
    if summary.recognised > 0 {
        text += &format!(", {} recognised (moved or copied)", thousands(summary.recognised));
    }
    if summary.removed > 0 {
        text += &format!(", {} removed", thousands(summary.removed));
    }
    text += &format!(" in {}", duration(summary.seconds));
    if summary.encoded > 0 && summary.seconds > 0.0 {
        text += &format!(" ({:.1} images/s)", summary.encoded as f64 / summary.seconds);
    }
    text += &format!("; the library holds {}", count(summary.photos, "photo"));
    if summary.looked_for_text > 0 {
        let with = thousands(summary.with_text);
        text += &format!(
            "\nwords looked for in {}: {with} hold some",
            count(summary.looked_for_text, "photo")
        );
    }
    if summary.described > 0 {
        text += &format!("\n{} described", count(summary.described, "photo"));
    }
    if summary.failed > 0 {
        text += &format!(
            "\n{} could not be indexed: \"seer failures\" lists why",
            count(summary.failed, "file")
        );
    }
    for folder in &summary.unavailable {
        text += &format!(
            "\nnot there or not readable: {} (its photos are kept; \"seer forget\" with the folder, or --prune, forgets them)",
            printable(&folder.to_text())
        );
    }
    if summary.interrupted {
        text += "\nstopped before the end: run the same command again to go on";
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_of_a_run_is_named_and_counted_as_it_can_be() {
        let at = |phase, eta_seconds| {
            in_words(&IndexProgress {
                phase,
                total: 2000,
                done: 1500,
                eta_seconds,
                ..Default::default()
            })
        };
        assert_eq!(
            at(IndexPhase::ReadingText, Some(61.0)),
            "reading words in pictures: 1,500 of 2,000, 1m 01s left"
        );
        assert_eq!(at(IndexPhase::Encoding, None), "encoding photos: 1,500 of 2,000");
        assert_eq!(at(IndexPhase::Scanning, None), "walking the folders: 2,000 files");
        assert_eq!(at(IndexPhase::Saving, None), "saving");
        assert_eq!(at(IndexPhase::FetchingModel, None), "fetching the model: 1 kB of 2 kB");
    }
}
