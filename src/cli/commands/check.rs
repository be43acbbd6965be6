//! `seer check`: whether the library is as it was written.

mod recall;

use std::io::Write;

use anyhow::{Context, Result, bail};
use seer_engine::Finding;
use seer_http::client::Client;

use crate::args::Shared;
use crate::args_library::CheckArgs;
use crate::exit::Outcome;
use crate::notices;
use crate::place;
use crate::stdio;
use crate::store;
use crate::text::{count, printable};

pub fn run(shared: &Shared, args: &CheckArgs) -> Result<Outcome> {
    only_folders(shared)?;
    let folder = store::folder(shared)?;
    if let Some(client) = Client::find(&folder) {
        bail!(
            "a server uses the library: {}/\nnext: stop it and run the command again",
            client.base()
        );
    }
    place::existing(&folder)?;
    if args.recall {
        return recall::run(shared, &folder);
    }
    let findings = seer_engine::check(&folder, args.repair)
        .with_context(|| format!("cannot check the library in {}", folder.display()))?;
    let mut out = stdio::writer();
    for finding in &findings {
        if shared.json {
            serde_json::to_writer(&mut out, finding)?;
            writeln!(out)?;
        } else {
            let mended = if finding.mended { " (mended)" } else { "" };
            writeln!(out, "{}: {}{mended}", finding.part, printable(&finding.what))?;
        }
    }
    out.flush()?;
    if !shared.quiet && !shared.json {
        notices::line(&summary(&findings, args.repair));
    }
    Ok(if findings.is_empty() { Outcome::Found } else { Outcome::NothingFound })
}

/// What looks at files of a library has nothing to look at in a PostgreSQL.
pub fn only_folders(shared: &Shared) -> Result<()> {
    if shared.store.is_some() {
        bail!(
            "this is for libraries in folders; the server has its own means\nnext: \"seer store \
             check\" reads all of a library, \"seer store copy\" copies it"
        );
    }
    Ok(())
}

fn summary(findings: &[Finding], repair: bool) -> String {
    let number = count(findings.len() as u64, "finding");
    match (findings.is_empty(), repair) {
        (true, _) => "the library is sound".to_owned(),
        (false, true) => format!("{number}; run \"seer index\" to read again what is gone"),
        (false, false) => format!("{number}; next: seer check --repair"),
    }
}
