//! `seer models verify`, `export`, `import` and `remove`: a fetched model's files. None of them uses the network.

use std::io::IsTerminal;
use std::path::Path;

use anyhow::{Result, bail};
use seer_encoders::hub::{self, FileState};
use seer_encoders::registry::BUILTIN;
use serde_json::json;

use crate::args::Shared;
use crate::choice::fetch_options;
use crate::exit::Outcome;
use crate::notices;
use crate::outln;
use crate::progress::Counter;
use crate::stdio;
use crate::text::{bytes, count, printable};

pub fn verify(shared: &Shared, name: &str) -> Result<Outcome> {
    if name == BUILTIN {
        outln!("the built-in model is part of the program: nothing to verify");
        return Ok(Outcome::Found);
    }
    check_here(shared, name)?;
    let mut damaged = 0;
    for (file, state) in hub::verify(name, &fetch_options(shared))? {
        let word = match &state {
            FileState::Verified => "right",
            FileState::NoChecksum => "no checksum known",
            FileState::Damaged { .. } => "damaged",
        };
        damaged += usize::from(word == "damaged");
        match shared.json {
            true => outln!("{}", json!({ "file": file, "state": word })),
            false => outln!("{word:<18} {}", printable(&file)),
        }
    }
    if damaged == 0 {
        return Ok(Outcome::Found);
    }
    bail!(
        "{} damaged\nnext: seer models remove {name}, then seer models pull {name} (needs the network)",
        count(damaged as u64, "file")
    );
}

pub fn export(shared: &Shared, name: &str, file: &Path) -> Result<Outcome> {
    if name == BUILTIN {
        bail!("the built-in model is in every seer: there is nothing to export");
    }
    check_here(shared, name)?;
    let counter = Counter::new(shared.quiet || shared.json, "writing");
    let packed = hub::export(name, file, &fetch_options(shared), &|done, total| {
        counter.show(done as usize, total as usize);
    })?;
    drop(counter);
    if shared.json {
        let line = json!({ "file": file, "files": packed.files, "bytes": packed.bytes });
        outln!("{line}");
    } else {
        outln!("{}", file.display());
        let size = bytes(packed.bytes);
        if !shared.quiet {
            notices::line(&format!("{size}; on the other machine: seer models import FILE"));
        }
    }
    Ok(Outcome::Found)
}

pub fn import(shared: &Shared, file: &Path, to: Option<&Path>) -> Result<Outcome> {
    let counter = Counter::new(shared.quiet || shared.json, "reading");
    let imported = hub::import(file, to, &fetch_options(shared), &|done, total| {
        counter.show(done as usize, total as usize);
    })?;
    drop(counter);
    let name = match to {
        Some(_) => imported.folder.display().to_string(),
        None => imported.name.clone(),
    };
    if shared.json {
        let line = json!({
            "name": name, "folder": imported.folder, "bytes": imported.bytes, "was_there": imported.was_there,
        });
        outln!("{line}");
        return Ok(Outcome::Found);
    }
    outln!("{}", imported.folder.display());
    if !shared.quiet {
        let before = if imported.was_there { "it was there already; " } else { "" };
        notices::line(&format!("{before}next: seer index FOLDER --model {}", printable(&name)));
    }
    Ok(Outcome::Found)
}

pub fn remove(shared: &Shared, name: &str, yes: bool) -> Result<Outcome> {
    if name == BUILTIN {
        bail!("the built-in model is part of the program and cannot be removed");
    }
    check_here(shared, name)?;
    let removal = hub::removal(name, &fetch_options(shared))?;
    let what = format!("{} ({})", removal.folder.display(), bytes(removal.bytes));
    if !yes && !confirmed(&what)? {
        notices::line("nothing was removed");
        return Ok(Outcome::NothingFound);
    }
    removal.carry_out()?;
    match shared.json {
        true => outln!("{}", json!({ "removed": removal.folder, "bytes": removal.bytes })),
        false => outln!("removed {what}"),
    }
    Ok(Outcome::Found)
}

/// These commands need no network, so a model that is not here is all there is to say.
fn check_here(shared: &Shared, name: &str) -> Result<()> {
    let options = fetch_options(shared);
    if hub::is_folder(name) || hub::cached(name, &options).is_some() {
        return Ok(());
    }
    let fetched: Vec<String> =
        hub::list_cached(&options).unwrap_or_default().into_iter().map(|m| m.name).collect();
    match fetched.is_empty() {
        true => bail!("the model \"{name}\" has not been fetched; none has so far"),
        false => {
            bail!("the model \"{name}\" has not been fetched; these have: {}", fetched.join(", "))
        }
    }
}

/// Asks on a terminal; elsewhere nobody could answer.
fn confirmed(what: &str) -> Result<bool> {
    if !std::io::stdin().is_terminal() {
        bail!("this would remove {what}\nnext: add --yes to do so without being asked");
    }
    stdio::error_text(&format!("remove {what}? [y/N] "));
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
}
