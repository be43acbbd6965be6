//! `seer roots`: the indexed folders.

use std::io::{IsTerminal, Write, stdout};
use std::path::Path;

use anyhow::Result;
use seer_http::wire;

use crate::args::{RootsArgs, Shared};
use crate::backend::Backend;
use crate::exit::Outcome;
use crate::output;
use crate::stdio;
use crate::text::{count, printable, quoted};

/// On a terminal with what is known of each; piped, bare paths, one per line.
pub fn run(shared: &Shared, args: &RootsArgs) -> Result<Outcome> {
    let roots: Vec<wire::Root> = match Backend::reach(shared)? {
        Backend::Remote(client) => client.roots()?,
        Backend::Local(library) => library.root_list()?.into_iter().map(Into::into).collect(),
    };
    let mut out = stdio::writer();
    for root in &roots {
        let path = Path::new(&root.folder);
        if shared.json {
            serde_json::to_writer(&mut out, root)?;
            writeln!(out)?;
        } else if args.print0 {
            output::path(&mut out, path, b"\0")?;
        } else if stdout().is_terminal() {
            writeln!(out, "{}", in_words(root))?;
        } else {
            output::path(&mut out, path, b"\n")?;
        }
    }
    out.flush()?;
    Ok(if roots.is_empty() { Outcome::NothingFound } else { Outcome::Found })
}

fn in_words(root: &wire::Root) -> String {
    let mut line = format!("{}: {}", printable(&root.folder), count(root.files, "file"));
    if root.failures > 0 {
        line += &format!(", {} failed", root.failures);
    }
    if !root.excludes.is_empty() {
        let globs = root.excludes.iter().map(|glob| quoted(&printable(glob)));
        line += &format!(", without {}", globs.collect::<Vec<_>>().join(" "));
    }
    if root.watch {
        line += ", watched";
    }
    if !root.there {
        line += ", not there now";
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_what_is_not_as_usual() {
        let root = |files, failures, there| wire::Root {
            folder: "/photos".into(),
            files,
            failures,
            there,
            excludes: Vec::new(),
            watch: false,
        };
        assert_eq!(in_words(&root(1, 0, true)), "/photos: 1 file");
        let excludes = vec!["*.gif".to_owned(), "my raws".to_owned()];
        let less = wire::Root { excludes, ..root(3, 0, true) };
        assert_eq!(in_words(&less), "/photos: 3 files, without *.gif \"my raws\"");
        let watched = wire::Root { watch: true, ..root(1, 0, true) };
        assert_eq!(in_words(&watched), "/photos: 1 file, watched");
        assert_eq!(in_words(&root(7, 2, false)), "/photos: 7 files, 2 failed, not there now");
    }
}
