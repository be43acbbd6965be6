//! `seer man`: the manual.

use std::fs;
use std::io::Write;

use anyhow::{Context, Result};
use clap::{Command, CommandFactory};
use clap_mangen::Man;

use crate::args::{Cli, ManArgs};
use crate::exit::Outcome;
use crate::notices;
use crate::outln;
use crate::stdio;
use crate::text::count;

/// Prints the first page, or writes all pages into a folder.
pub fn run(args: &ManArgs, quiet: bool) -> Result<Outcome> {
    let mut command = Cli::command().disable_help_subcommand(true);
    command.build();
    let Some(folder) = &args.to else {
        let mut out = stdio::writer();
        out.write_all(&page(&command, "seer")?)?;
        out.flush()?;
        return Ok(Outcome::Found);
    };
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let pages = pages(&command, "seer");
    for (name, command) in &pages {
        let path = folder.join(format!("{name}.1"));
        fs::write(&path, page(command, name)?)
            .with_context(|| format!("cannot write {}", path.display()))?;
    }
    outln!("{}", folder.display());
    if !quiet {
        notices::line(&format!(
            "{} written; to read one: man -l FILE",
            count(pages.len() as u64, "page")
        ));
    }
    Ok(Outcome::Found)
}

fn page(command: &Command, name: &str) -> Result<Vec<u8>> {
    let mut page = Vec::new();
    Man::new(command.clone()).title(name).render(&mut page)?;
    Ok(page)
}

/// A command and all below it, each with its page's name: `seer-models-pull`.
fn pages(command: &Command, name: &str) -> Vec<(String, Command)> {
    let mut pages = vec![(name.to_owned(), command.clone())];
    for below in command.get_subcommands().filter(|below| !below.is_hide_set()) {
        let name = format!("{name}-{}", below.get_name());
        pages.extend(self::pages(below, &name));
    }
    pages
}
