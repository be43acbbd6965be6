//! `seer failures`: the files that could not be indexed.

use std::io::{IsTerminal, Write, stdout};
use std::path::Path;

use anyhow::Result;

use crate::args::{FailuresArgs, Shared};
use crate::backend::Backend;
use crate::exit::Outcome;
use crate::notices;
use crate::output;
use crate::stdio;
use crate::text::{count, printable};

pub fn run(shared: &Shared, args: &FailuresArgs) -> Result<Outcome> {
    let failures = match Backend::reach(shared)? {
        Backend::Remote(client) => client.failures()?,
        Backend::Local(library) => library.failures()?.into_iter().map(Into::into).collect(),
    };
    let mut out = stdio::writer();
    for failure in &failures {
        if shared.json {
            serde_json::to_writer(&mut out, failure)?;
            writeln!(out)?;
        } else if args.print0 {
            output::path(&mut out, Path::new(&failure.path), b"\0")?;
        } else {
            writeln!(out, "{}: {}", printable(&failure.path), printable(&failure.reason))?;
        }
    }
    out.flush()?;
    if stdout().is_terminal() && !shared.quiet {
        let files = count(failures.len() as u64, "file");
        notices::line(&format!("{files} could not be indexed"));
    }
    Ok(if failures.is_empty() { Outcome::NothingFound } else { Outcome::Found })
}
