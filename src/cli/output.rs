//! Prints results: for people on a terminal, exact paths when piped, JSON or NUL on request.

use std::io::{IsTerminal, Write, stdout};
use std::path::Path;

use anyhow::Result;
use seer_http::wire;
use serde::Serialize;

use crate::args::{OutputArgs, Shared};
use crate::exit::Outcome;
use crate::notices;
use crate::stdio;
use crate::text::{count, printable};

/// One result as a JSON line.
#[derive(Serialize)]
struct Line<'a> {
    rank: usize,
    score: f32,
    #[serde(skip_serializing_if = "wire::is_zero")]
    shows: f32,
    path: &'a str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    alike: &'a [wire::Photo],
    #[serde(flatten)]
    photo: &'a wire::Photo,
}

/// Prints an answer in the form that was asked for.
pub fn answer(shared: &Shared, args: &OutputArgs, answer: &wire::SearchAnswer) -> Result<Outcome> {
    let mut out = stdio::writer();
    let terminal = stdout().is_terminal();
    for (index, hit) in answer.hits.iter().enumerate() {
        let rank = args.offset + index + 1;
        let Some(file) = hit.photo.files.first() else { continue };
        if shared.json {
            let (score, shows) = (hit.score, hit.shows);
            let (path, photo, alike) = (&file.path, &hit.photo, &hit.alike);
            let line = Line { rank, score, shows, path, alike, photo };
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
                format!("{:.3}  ", hit.score)
            };
            let alike = match hit.alike.len() {
                0 => String::new(),
                others => format!("  (+{others} alike)"),
            };
            writeln!(out, "{rank:>4}  {score}{date:<10}  {}{more}{alike}", printable(&file.path))?;
        } else {
            path(&mut out, &file.exact_path(), b"\n")?;
        }
    }
    out.flush()?;
    summary(shared, answer, terminal);
    Ok(if answer.hits.is_empty() { Outcome::NothingFound } else { Outcome::Found })
}

fn summary(shared: &Shared, answer: &wire::SearchAnswer, terminal: bool) {
    if answer.hits.is_empty() && !shared.quiet && !shared.json {
        match answer.filters.is_empty() {
            true => {
                notices::line("nothing found: the library has no photos yet (seer index FOLDER)");
            }
            false => {
                let filters = printable(&answer.filters.join(" "));
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
