//! `seer duplicates`: photos that are alike, in groups.

use std::io::{IsTerminal, Write, stdout};

use anyhow::Result;
use seer_engine::{DuplicatesStep, Stop};
use seer_http::wire;

use crate::args::{DuplicatesArgs, Shared};
use crate::backend::Backend;
use crate::exit::Outcome;
use crate::notices;
use crate::output;
use crate::progress::Counter;
use crate::stdio;
use crate::text::{count, printable};

pub fn run(shared: &Shared, args: &DuplicatesArgs) -> Result<Outcome> {
    let query = args.filters.join(" ");
    let groups = match Backend::reach(shared)? {
        Backend::Remote(client) => client.duplicates(&query)?.groups,
        Backend::Local(library) => {
            let mut progress = Progress::new(shared.quiet);
            let found =
                library.duplicates(&query, &Stop::new(), &mut |step| progress.show(step))?;
            wire::Duplicates::from(found).groups
        }
    };
    let mut out = stdio::writer();
    for (number, group) in groups.iter().enumerate() {
        match (shared.json, args.print0) {
            (true, _) => {
                serde_json::to_writer(&mut out, group)?;
                writeln!(out)?;
            }
            (false, true) => {
                paths(&mut out, group, b"\0")?;
                out.write_all(b"\0")?;
            }
            (false, false) => {
                if number > 0 {
                    writeln!(out)?;
                }
                lines(&mut out, group)?;
            }
        }
    }
    out.flush()?;
    if stdout().is_terminal() && !shared.quiet && !shared.json {
        notices::line(&count(groups.len() as u64, "group"));
    }
    Ok(if groups.is_empty() { Outcome::NothingFound } else { Outcome::Found })
}

/// On a terminal names that cannot drive it, else exact paths.
fn lines(out: &mut impl Write, group: &wire::DuplicateGroup) -> std::io::Result<()> {
    if !stdout().is_terminal() {
        return paths(out, group, b"\n");
    }
    let files =
        group.photos.iter().flat_map(|photo| photo.files.iter().map(move |file| (photo, file)));
    for (photo, file) in files {
        writeln!(out, "{} x {}  {}", photo.width, photo.height, printable(&file.path))?;
    }
    Ok(())
}

fn paths(out: &mut impl Write, group: &wire::DuplicateGroup, end: &[u8]) -> std::io::Result<()> {
    let mut files = group.photos.iter().flat_map(|photo| &photo.files);
    files.try_for_each(|file| output::path(out, &file.exact_path(), end))
}

/// A counter for the step that goes on.
struct Progress {
    quiet: bool,
    what: &'static str,
    counter: Option<Counter>,
}

impl Progress {
    fn new(quiet: bool) -> Self {
        Self { quiet, what: "", counter: None }
    }

    fn show(&mut self, step: DuplicatesStep) {
        let (what, done, of) = match step {
            DuplicatesStep::Reading(done, of) => ("reading photos", done, of),
            DuplicatesStep::Looking(done, of) => ("looking for candidates", done, of),
            DuplicatesStep::Comparing(done, of) => ("comparing", done, of),
        };
        if self.what != what {
            // The one before is taken off the screen first.
            self.counter = None;
            self.what = what;
        }
        let quiet = self.quiet;
        let counter = self.counter.get_or_insert_with(|| Counter::new(quiet, what));
        counter.show(done as usize, of as usize);
    }
}
