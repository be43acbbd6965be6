//! `seer search --batch`: a query in each line of a file, all of them together.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;

use anyhow::{Context, Result};
use seer_http::wire::{self, OneOfBatch};
use serde::Serialize;

use crate::args::{OutputArgs, Shared};
use crate::backend::Backend;
use crate::exit::Outcome;
use crate::text::printable;
use crate::{notices, output, stdio};

/// Queries that are asked together, and results of all of them, at the most: as many as a server
/// takes.
const QUERIES: usize = 64;
const RESULTS: usize = 6400;

/// A query of the file.
struct Line {
    number: usize,
    query: String,
    /// Whether the line is text; else parts of it are left out of `query`.
    is_text: bool,
}

/// What came of a query, as a JSON line.
#[derive(Serialize)]
struct Told<'a> {
    query: &'a str,
    #[serde(flatten)]
    found: &'a OneOfBatch,
}

pub fn run(shared: &Shared, output: &OutputArgs, file: &Path) -> Result<Outcome> {
    let mut lines = lines(file)?;
    let backend = Backend::reach(shared)?;
    let at_once = (RESULTS / output.k.max(1)).clamp(1, QUERIES);
    let (mut found, mut wrong) = (false, false);
    loop {
        let some: Vec<Line> = lines.by_ref().take(at_once).collect::<Result<_>>()?;
        if some.is_empty() {
            break;
        }
        let (some, others): (Vec<Line>, Vec<Line>) =
            some.into_iter().partition(|line| line.is_text);
        for Line { number, .. } in others {
            let shown = file.display();
            notices::line(&format!("seer: line {number} of {shown} cannot be read as text"));
            wrong = true;
        }
        let queries = some.iter().map(|line| request(output, &line.query)).collect();
        for (line, one) in some.iter().zip(backend.search_batch(shared, queries)?) {
            match tell(shared, output, line, &one)? {
                Outcome::Found => found = true,
                Outcome::NothingFound => {}
                Outcome::Trouble | Outcome::Interrupted => wrong = true,
            }
        }
    }
    Ok(match (wrong, found) {
        (true, _) => Outcome::Trouble,
        (false, true) => Outcome::Found,
        (false, false) => Outcome::NothingFound,
    })
}

/// The lines of a file that are not empty, or those of standard input.
fn lines(file: &Path) -> Result<Box<dyn Iterator<Item = Result<Line>>>> {
    let shown = file.display().to_string();
    let input: Box<dyn BufRead> = match file == Path::new("-") {
        true => Box::new(io::stdin().lock()),
        false => {
            let opened = File::open(file).with_context(|| format!("{shown} cannot be read"))?;
            Box::new(BufReader::new(opened))
        }
    };
    let line = move |(at, line): (usize, io::Result<Vec<u8>>)| match line {
        Ok(line) => {
            let query = String::from_utf8_lossy(&line).trim().to_owned();
            let is_text = std::str::from_utf8(&line).is_ok();
            (!query.is_empty()).then_some(Ok(Line { number: at + 1, query, is_text }))
        }
        Err(error) => {
            Some(Err(anyhow::Error::from(error).context(format!("{shown} cannot be read"))))
        }
    };
    Ok(Box::new(input.split(b'\n').enumerate().filter_map(line)))
}

fn request(output: &OutputArgs, query: &str) -> wire::SearchRequest {
    let OutputArgs { k, offset, sort, all, explain, .. } = *output;
    let query = query.to_owned();
    wire::SearchRequest { query, k, offset, sort, all, explain, ..Default::default() }
}

fn tell(shared: &Shared, args: &OutputArgs, line: &Line, found: &OneOfBatch) -> Result<Outcome> {
    let mut out = stdio::writer();
    if shared.json {
        serde_json::to_writer(&mut out, &Told { query: &line.query, found })?;
        writeln!(out)?;
    } else {
        writeln!(out, "# {}", printable(&line.query))?;
    }
    out.flush()?;
    let outcome = match found {
        OneOfBatch::Error(error) => {
            notices::line(&printable(&format!("line {}: {}", line.number, error.message)));
            Outcome::Trouble
        }
        OneOfBatch::Answer(answer) if shared.json => match answer.hits.is_empty() {
            true => Outcome::NothingFound,
            false => Outcome::Found,
        },
        OneOfBatch::Answer(answer) => output::answer(shared, args, answer)?,
    };
    if !shared.json {
        writeln!(out)?;
        out.flush()?;
    }
    Ok(outcome)
}
