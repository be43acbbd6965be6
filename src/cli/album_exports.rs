//! The exported folders of albums: made, and kept up to date after each indexing run.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use seer_engine::{Library, PathMap};
use seer_http::wire;
use seer_types::LibraryPath;

use crate::album_photos::{self, Ask};
use crate::args::Shared;
use crate::causes;
use crate::export::{self, Done, Export, Remembered, Source};
use crate::notices;
use crate::text::{count, printable};

/// Makes an album's folder hold its photos.
///
/// # Errors
/// The search fails; the folder lies in an indexed one, or cannot be read or written.
pub fn update(
    shared: &Shared,
    export: &Export,
    album: &wire::Album,
    roots: &[PathBuf],
    ask: &mut Ask<'_>,
) -> Result<Done> {
    let maps = PathMap::new(shared.maps.clone());
    let here = |path: PathBuf| maps.here(&LibraryPath::new(path));
    let roots: Vec<PathBuf> = roots.iter().cloned().map(&here).collect();
    if let Some(root) = export::inside(&export.folder, &roots) {
        bail!(
            "{} lies in the indexed folder {}: what is made there would be indexed as photos\nnext: \
             choose a folder elsewhere",
            export.folder.display(),
            root.display()
        );
    }
    let photos = album_photos::photos(album, ask)?;
    let source = |photo: wire::Photo| {
        let file = here(photo.files.first()?.exact_path());
        Some(Source { file, id: photo.id })
    };
    let sources: Vec<Source> = photos.into_iter().filter_map(source).collect();
    export::bring_up_to_date(&export.folder, &album.name, export.form, &sources)
}

/// Brings every remembered folder up to date. What goes wrong is said, and never more than that.
pub fn after_run(library: &Library, shared: &Shared) {
    if let Err(error) = try_after_run(library, shared) {
        notices::line(&format!("albums are not exported: {}", causes::told(&error)));
    }
}

fn try_after_run(library: &Library, shared: &Shared) -> Result<()> {
    let remembered = Remembered::read(library.folder())?;
    if remembered.exports.is_empty() {
        return Ok(());
    }
    let albums: Vec<wire::Album> = library.albums()?.into_iter().map(Into::into).collect();
    let roots: Vec<PathBuf> =
        library.roots()?.iter().map(|root| root.as_path().to_path_buf()).collect();
    let mut ask = |request: wire::SearchRequest| {
        Ok(library.search(&seer_engine::SearchRequest::try_from(request)?)?.into())
    };
    for export in &remembered.exports {
        let done = match albums.iter().find(|album| album.name == export.album) {
            // A drive that is not connected must not be filled beside it.
            Some(_) if !export.folder.is_dir() => {
                Err(anyhow::anyhow!("the folder is not there now"))
            }
            Some(album) => update(shared, export, album, &roots, &mut ask),
            None => Err(anyhow::anyhow!("there is no such album any more")),
        };
        let name = printable(&export.album);
        let folder = printable(&export.folder.to_string_lossy());
        match done {
            Ok(done) if done.made + done.removed > 0 && !shared.quiet => {
                notices::line(&format!("album \"{name}\" in {folder}: {}", in_words(&done)));
            }
            Ok(_) => {}
            Err(error) => notices::line(&format!(
                "album \"{name}\" in {folder} is not up to date: {}\nnext: seer album export --help",
                causes::told(&error)
            )),
        }
    }
    Ok(())
}

/// Remembers an export.
///
/// # Errors
/// The library's file cannot be read or written.
pub fn remember(library: &std::path::Path, export: Export) -> Result<()> {
    change(library, |remembered| remembered.put(export))
}

/// Changes what is remembered.
///
/// # Errors
/// The library's file cannot be read or written.
pub fn change(library: &std::path::Path, with: impl FnOnce(&mut Remembered)) -> Result<()> {
    let mut remembered = Remembered::read(library)?;
    let before = remembered.clone();
    with(&mut remembered);
    match remembered == before {
        true => Ok(()),
        false => remembered.write(library).context("the export is not remembered"),
    }
}

/// "3 new, 12 there already, 1 gone".
pub fn in_words(done: &Done) -> String {
    let mut parts = vec![format!("{} new", done.made)];
    let mut add = |number: u64, text: String| {
        if number > 0 {
            parts.push(text);
        }
    };
    add(done.kept, format!("{} there already", done.kept));
    add(done.removed, format!("{} gone", done.removed));
    add(done.left, format!("{} left alone, as somebody changed them", done.left));
    add(done.missing, format!("{} cannot be put there now", count(done.missing, "photo")));
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_done_is_said_in_words() {
        let done = Done { made: 3, ..Done::default() };
        assert_eq!(in_words(&done), "3 new");
        let done = Done { kept: 2, made: 0, removed: 1, left: 1, missing: 1 };
        assert_eq!(
            in_words(&done),
            "0 new, 2 there already, 1 gone, 1 left alone, as somebody changed them, 1 photo cannot be put there now"
        );
    }
}
