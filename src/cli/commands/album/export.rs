//! `seer album export`: a folder of links, or bare paths.

use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use super::{asking, named};
use crate::album_exports;
use crate::album_photos;
use crate::args::{AlbumExportArgs, Shared};
use crate::backend::Backend;
use crate::exit::Outcome;
use crate::export::{Export, Form};
use crate::outln;
use crate::output;
use crate::stdio;
use crate::store;
use crate::text::printable;

pub fn run(shared: &Shared, backend: &Backend, args: &AlbumExportArgs) -> Result<Outcome> {
    let Some(folder) = &args.folder else { return paths(shared, backend, args) };
    let folder = std::path::absolute(folder)
        .with_context(|| format!("\"{}\" has no absolute path", folder.display()))?;
    let library = store::folder(shared)?;
    if args.stop {
        let mut was = false;
        album_exports::change(&library, |remembered| {
            let before = remembered.exports.len();
            remembered
                .exports
                .retain(|export| export.album != args.name || export.folder != folder);
            was = remembered.exports.len() < before;
        })?;
        if !was {
            bail!(
                "the album \"{}\" is not exported to {}",
                printable(&args.name),
                folder.display()
            );
        }
        return Ok(Outcome::Found);
    }
    let album = named(backend, &args.name)?;
    let form = if args.copy { Form::Copy } else { Form::Link };
    let export = Export { album: album.name.clone(), folder, form };
    let roots = roots(backend)?;
    let done =
        album_exports::update(shared, &export, &album, &roots, &mut asking(shared, backend))?;
    let folder = export.folder.clone();
    album_exports::remember(&library, export)?;
    if shared.json {
        let line = serde_json::json!({
            "album": album.name, "folder": folder, "made": done.made, "kept": done.kept,
            "removed": done.removed, "left": done.left, "missing": done.missing,
        });
        outln!("{line}");
    } else if !shared.quiet {
        let folder = printable(&folder.to_string_lossy());
        outln!("{folder}: {}; kept up to date by seer index", album_exports::in_words(&done));
    }
    Ok(if done.made + done.kept == 0 { Outcome::NothingFound } else { Outcome::Found })
}

fn paths(shared: &Shared, backend: &Backend, args: &AlbumExportArgs) -> Result<Outcome> {
    let album = named(backend, &args.name)?;
    let photos = album_photos::photos(&album, &mut asking(shared, backend))?;
    let mut out = stdio::writer();
    let end: &[u8] = if args.print0 { b"\0" } else { b"\n" };
    for file in photos.iter().filter_map(|photo| photo.files.first()) {
        output::path(&mut out, &file.exact_path(), end)?;
    }
    out.flush()?;
    Ok(if photos.is_empty() { Outcome::NothingFound } else { Outcome::Found })
}

fn roots(backend: &Backend) -> Result<Vec<PathBuf>> {
    Ok(match backend {
        Backend::Remote(client) => {
            client.roots()?.into_iter().map(|root| PathBuf::from(root.folder)).collect()
        }
        Backend::Local(library) => {
            library.roots()?.iter().map(|root| root.as_path().to_path_buf()).collect()
        }
    })
}
