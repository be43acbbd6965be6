//! Prints results: for people on a terminal, exact paths when piped, JSON or NUL on request.

use std::io::{IsTerminal, Write, stdout};
use std::path::Path;

use anyhow::Result;
use seer_http::wire;
use serde::Serialize;

use crate::args::{OutputArgs, Shared};
use crate::exit::Outcome;
use crate::explained;
use crate::notices;
use crate::stdio;
use crate::text::{clock, count, printable, thousands};
use crate::understood;

/// One result as a JSON line.
#[derive(Serialize)]
struct Line<'a> {
    rank: usize,
    score: f32,
    #[serde(skip_serializing_if = "wire::is_zero")]
    shows: f32,
    #[serde(skip_serializing_if = "Option::is_none")]
    band: Option<wire::Band>,
    #[serde(skip_serializing_if = "Option::is_none")]
    at_second: Option<f32>,
    path: &'a str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    alike: &'a [wire::Photo],
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<&'a wire::Explanation>,
    #[serde(flatten)]
    photo: &'a wire::Photo,
}

/// Prints an answer in the form that was asked for.
pub fn answer(shared: &Shared, args: &OutputArgs, answer: &wire::SearchAnswer) -> Result<Outcome> {
    let mut out = stdio::writer();
    let terminal = stdout().is_terminal();
    let closest = answer.fitting == Some(0) && !answer.hits.is_empty();
    if closest && !shared.quiet && !shared.json {
        let what = match args.all || terminal {
            true => "the closest photos:",
            false => "--all prints the closest photos",
        };
        let shows = if answer.words.is_empty() { "looks like it" } else { "clearly shows this" };
        notices::line(&format!("nothing here {shows}; {what}"));
    }
    let shows_all = args.all || shared.json || (closest && terminal);
    let is_shown = |hit: &wire::Hit| shows_all || hit.band != Some(wire::Band::Weak);
    for (index, hit) in answer.hits.iter().enumerate().filter(|(_, hit)| is_shown(hit)) {
        let rank = args.offset + index + 1;
        let Some(file) = hit.photo.files.first() else { continue };
        if shared.json {
            let (score, shows, band) = (hit.score, hit.shows, hit.band);
            let (path, photo, alike) = (&file.path, &hit.photo, &hit.alike);
            let (why, at_second) = (hit.why.as_deref(), hit.at_second);
            let line = Line { rank, score, shows, band, at_second, path, alike, why, photo };
            serde_json::to_writer(&mut out, &line)?;
            writeln!(out)?;
        } else if args.print0 {
            path(&mut out, &file.exact_path(), b"\0")?;
        } else if terminal {
            let more = match hit.photo.files.len() {
                1 => String::new(),
                copies => format!("  (+{} more)", count(copies as u64 - 1, "path")),
            };
            let date = hit.photo.taken.as_deref().map_or("", |taken| &taken[..10.min(taken.len())]);
            let score = if answer.plan.method == "filter" {
                String::new()
            } else {
                format!("{:.3}  {}", hit.score, band_column(hit.band))
            };
            let alike = match hit.alike.len() {
                0 => String::new(),
                others => format!("  (+{others} alike)"),
            };
            let at =
                hit.at_second.map_or(String::new(), |second| format!("  at {}", clock(second)));
            let path = printable(&file.path);
            writeln!(out, "{rank:>4}  {score}{date:<10}  {path}{at}{more}{alike}")?;
        } else {
            path(&mut out, &file.exact_path(), b"\n")?;
        }
        if let Some(why) = hit.why.as_deref().filter(|_| !shared.json) {
            explained::tell(&mut out, hit, why)?;
        }
    }
    out.flush()?;
    let left_out = answer.hits.iter().filter(|hit| !is_shown(hit)).count();
    if left_out > 0 && !closest && !shared.quiet {
        let are = if left_out == 1 { "is" } else { "are" };
        notices::line(&format!("{left_out} weaker {are} left out; --all prints them too"));
    }
    summary(shared, answer, terminal);
    if !shared.quiet && !shared.json && (terminal || answer.hits.is_empty()) {
        understood::tell(answer);
    }
    Ok(if answer.hits.is_empty() || closest { Outcome::NothingFound } else { Outcome::Found })
}

/// How well a photo fits, as a column for people.
fn band_column(band: Option<wire::Band>) -> &'static str {
    match band {
        Some(wire::Band::Strong) => "strong  ",
        Some(wire::Band::Likely) => "likely  ",
        Some(wire::Band::Weak) => "weak    ",
        None => "",
    }
}

/// Prints how the photos that fit lie in time.
pub fn timeline(shared: &Shared, timeline: &wire::Timeline) -> Result<Outcome> {
    let mut out = stdio::writer();
    for period in &timeline.periods {
        if shared.json {
            serde_json::to_writer(&mut out, period)?;
            writeln!(out)?;
        } else {
            writeln!(out, "{:<10}  {}", period.name, thousands(period.photos))?;
        }
    }
    out.flush()?;
    if timeline.undated > 0 && !shared.quiet && !shared.json {
        let say = if timeline.undated == 1 { "does" } else { "do" };
        let undated = count(timeline.undated, "photo");
        notices::line(&format!("{undated} {say} not say when they were taken"));
    }
    let nothing = timeline.periods.is_empty() && timeline.undated == 0;
    Ok(if nothing { Outcome::NothingFound } else { Outcome::Found })
}

fn summary(shared: &Shared, answer: &wire::SearchAnswer, terminal: bool) {
    if answer.hits.is_empty() && !shared.quiet && !shared.json {
        let filters = understood::all_filters(answer);
        match filters.is_empty() {
            _ if answer.matching > 0 => {
                let all = count(answer.matching, "photo");
                notices::line(&format!("nothing more: {all} in all come before (--offset)"));
            }
            true => {
                notices::line("nothing found: the library has no photos yet (seer index FOLDER)");
            }
            false => {
                let filters = printable(&filters.join(" "));
                notices::line(&format!("nothing found: no photo fulfils {filters}"));
            }
        }
    } else if terminal && !shared.quiet && !shared.json {
        let way = if answer.plan.exact { "exact" } else { "approximate" };
        let named = answer.named.as_ref().map(|named| {
            let what = if named.akin { "something akin to " } else { "" };
            format!("; photos that show {what}\"{}\" rise", printable(&named.name))
        });
        let read = answer.reading.as_ref().and_then(how_read).unwrap_or_default();
        notices::line(&format!(
            "of {} in {:.0} ms ({way}){read}{named}",
            count(answer.matching, "photo"),
            answer.timings.total_ms,
            named = named.unwrap_or_default()
        ));
    }
    if let Some(reading) = answer.reading.as_ref().filter(|reading| reading.tower == "none")
        && !shared.quiet
        && !shared.json
    {
        let language = reading.name.as_deref().unwrap_or("another language");
        notices::line(&format!(
            "the words were read as {language}, which the model in use was not trained on: these are \
             guesses; put lang:en before words that are English, or use a model that reads \
             {language} (seer models list)"
        ));
    }
}

/// How the words were read, where that is not as English by the model's first text tower.
fn how_read(reading: &wire::Reading) -> Option<String> {
    if let Some(english) = &reading.english {
        return Some(format!("; read as \"{english}\""));
    }
    match (reading.tower.as_str(), reading.name.as_deref()) {
        ("none", _) | ("own", Some("English") | None) => None,
        (_, Some(language)) => Some(format!("; read as {language}")),
        (_, None) => Some("; read by the text tower for more languages".to_owned()),
    }
}

/// Writes a path byte for byte.
pub fn path(out: &mut impl Write, path: &Path, end: &[u8]) -> std::io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt;
        out.write_all(path.as_os_str().as_bytes())?;
    }
    #[cfg(not(unix))]
    out.write_all(path.to_string_lossy().as_bytes())?;
    out.write_all(end)
}
