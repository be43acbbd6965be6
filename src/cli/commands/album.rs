//! `seer album`: queries and picked photos under names.

mod export;

use std::io::Write;

use anyhow::{Context, Result, bail};
use seer_http::wire::{Album, SearchAnswer, SearchRequest, Sort};
use seer_types::PhotoId;
use serde::Serialize;

use crate::album_exports;
use crate::album_photos;
use crate::args::{
    AlbumArgs, AlbumCommand, AlbumRemoveArgs, AlbumRenameArgs, AlbumSaveArgs, AlbumShowArgs,
    PickedArgs, Shared,
};
use crate::backend::Backend;
use crate::commands::search;
use crate::exit::Outcome;
use crate::export::Remembered;
use crate::notices;
use crate::outln;
use crate::photo_ids;
use crate::query_args::{self, QueryArgs};
use crate::stdio;
use crate::store;
use crate::text::{count, printable, quoted};

pub fn run(shared: &Shared, args: &AlbumArgs) -> Result<Outcome> {
    let backend = Backend::reach(shared)?;
    match &args.command {
        None | Some(AlbumCommand::List) => list(shared, &backend),
        Some(AlbumCommand::Save(args)) => save(shared, &backend, args),
        Some(AlbumCommand::Add(args)) => pick(shared, &backend, &args.name, &args.photos, true),
        Some(AlbumCommand::Take(args)) => pick(shared, &backend, &args.name, &args.photos, false),
        Some(AlbumCommand::Show(args)) => show(shared, &backend, args),
        Some(AlbumCommand::Rename(args)) => rename(shared, &backend, args),
        Some(AlbumCommand::Remove(args)) => remove(shared, &backend, args),
        Some(AlbumCommand::Export(args)) => export::run(shared, &backend, args),
    }
}

/// One line of `--json`.
#[derive(Serialize)]
struct Line<'a> {
    #[serde(flatten)]
    album: &'a Album,
    #[serde(skip_serializing_if = "Option::is_none")]
    photos: Option<u64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    folders: Vec<String>,
}

fn list(shared: &Shared, backend: &Backend) -> Result<Outcome> {
    let albums = all(backend)?;
    let exports = Remembered::read(&store::folder(shared)?)?.exports;
    let mut out = stdio::writer();
    for album in &albums {
        let photos = album_photos::count(album, &mut asking(shared, backend));
        let photos = match photos {
            Ok(photos) => Some(photos),
            Err(error) => {
                let name = printable(&album.name);
                notices::line(&format!("album \"{name}\" cannot be searched: {error}"));
                None
            }
        };
        let folders = exports.iter().filter(|export| export.album == album.name);
        let folders: Vec<String> =
            folders.map(|export| export.folder.to_string_lossy().into_owned()).collect();
        if shared.json {
            serde_json::to_writer(&mut out, &Line { album, photos, folders })?;
            writeln!(out)?;
            continue;
        }
        let number = photos.map_or("?".to_owned(), |photos| count(photos, "photo"));
        let query = match album.query.as_str() {
            "" => "all photos".to_owned(),
            query => printable(query),
        };
        let sort = match album.sort {
            Sort::Relevance => "",
            Sort::Newest => "  (newest first)",
            Sort::Oldest => "  (oldest first)",
        };
        writeln!(out, "{}  {number}  {query}{sort}", printable(&album.name))?;
        for folder in folders {
            writeln!(out, "    in {}", printable(&folder))?;
        }
    }
    out.flush()?;
    if albums.is_empty() && !shared.quiet && !shared.json {
        notices::line("no album is kept yet\nnext: seer album save NAME QUERY");
    }
    Ok(if albums.is_empty() { Outcome::NothingFound } else { Outcome::Found })
}

fn save(shared: &Shared, backend: &Backend, args: &AlbumSaveArgs) -> Result<Outcome> {
    let QueryArgs { words, pictures } = query_args::tell_apart(&args.query)?;
    if let Some(picture) = pictures.first() {
        bail!(
            "an album cannot hold the picture file {}\nnext: write like:ID with a photo of the library",
            picture.display()
        );
    }
    let album = Album { name: args.name.clone(), query: words, sort: args.sort, k: args.k };
    match backend {
        Backend::Remote(client) => drop(client.save_album(&album)?),
        Backend::Local(library) => drop(library.save_album(album.clone().into())?),
    }
    if !shared.quiet && !shared.json {
        let name = args.name.trim();
        outln!("saved \"{}\"; seer album show {} finds its photos", printable(name), quoted(name));
    }
    Ok(Outcome::Found)
}

fn pick(
    shared: &Shared,
    backend: &Backend,
    name: &str,
    photos: &PickedArgs,
    put_in: bool,
) -> Result<Outcome> {
    let ids = photo_ids::named(backend, &photos.ids)?;
    let picked = match backend {
        Backend::Remote(client) => {
            let ids: Vec<String> = ids.iter().map(PhotoId::to_string).collect();
            client.pick(name, &ids, put_in)?
        }
        Backend::Local(library) => library.pick(name, &ids, put_in)?.into(),
    };
    if shared.json {
        outln!("{}", serde_json::to_string(&picked)?);
    } else if !shared.quiet {
        let done = if put_in { "put into" } else { "taken out of" };
        let (changed, photos) =
            (count(picked.changed as u64, "photo"), count(picked.photos as u64, "photo"));
        outln!("{changed} {done} \"{}\", which has {photos} now", printable(name.trim()));
    }
    Ok(Outcome::Found)
}

fn show(shared: &Shared, backend: &Backend, args: &AlbumShowArgs) -> Result<Outcome> {
    let album = named(backend, &args.name)?;
    search::ask_in_order(shared, backend, &args.output, album.query, album.sort)
}

fn rename(shared: &Shared, backend: &Backend, args: &AlbumRenameArgs) -> Result<Outcome> {
    match backend {
        Backend::Remote(client) => drop(client.rename_album(&args.name, &args.to)?),
        Backend::Local(library) => drop(library.rename_album(&args.name, &args.to)?),
    }
    let to = args.to.trim();
    album_exports::change(&store::folder(shared)?, |remembered| {
        for export in remembered.exports.iter_mut().filter(|export| export.album == args.name) {
            to.clone_into(&mut export.album);
            if let Err(error) = crate::export::rename(&export.folder, to) {
                notices::line(&format!("{error}\nnext: seer album export --help"));
            }
        }
    })?;
    Ok(Outcome::Found)
}

fn remove(shared: &Shared, backend: &Backend, args: &AlbumRemoveArgs) -> Result<Outcome> {
    match backend {
        Backend::Remote(client) => drop(client.remove_album(&args.name)?),
        Backend::Local(library) => library.remove_album(&args.name)?,
    }
    album_exports::change(&store::folder(shared)?, |remembered| {
        remembered.exports.retain(|export| export.album != args.name);
    })?;
    Ok(Outcome::Found)
}

fn all(backend: &Backend) -> Result<Vec<Album>> {
    match backend {
        Backend::Remote(client) => Ok(client.albums()?),
        Backend::Local(library) => Ok(library.albums()?.into_iter().map(Album::from).collect()),
    }
}

/// The album of this name.
fn named(backend: &Backend, name: &str) -> Result<Album> {
    let albums = all(backend)?;
    let found = albums.into_iter().find(|album| album.name == name);
    found.with_context(|| {
        format!(
            "there is no album \"{}\"\nnext: \"seer album\" lists those there are",
            printable(name)
        )
    })
}

/// Searches in the library, or through its server.
fn asking<'a>(
    shared: &'a Shared,
    backend: &'a Backend,
) -> impl FnMut(SearchRequest) -> Result<SearchAnswer> + 'a {
    move |request| backend.search(shared, request)
}
