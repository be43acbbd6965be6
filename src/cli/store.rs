//! The PostgreSQL that holds a library, as it is named on the command line.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use seer_engine::{Library, OpenOptions, PathMap, PostgresConfig};

use crate::args::Shared;
use crate::place;

/// Whether an argument is the address of a PostgreSQL.
pub fn is_address(text: &str) -> bool {
    text.starts_with("postgres://") || text.starts_with("postgresql://")
}

/// How the PostgreSQL is reached that `--store` names, if it does.
///
/// # Errors
/// When the text is no address.
pub fn config(shared: &Shared) -> Result<Option<PostgresConfig>> {
    let Some(store) = &shared.store else { return Ok(None) };
    if !is_address(store.as_str()) {
        bail!(
            "--store takes an address like postgres://USER@HOST/DATABASE; a folder goes with --library"
        );
    }
    let mut config = PostgresConfig::new(store.as_str());
    config.read_url = shared.read_store.as_ref().map(|url| url.as_str().to_owned());
    Ok(Some(config))
}

/// The folder of this machine: the library's own, or, beside a PostgreSQL, one in the user's cache for
/// thumbnails and for the file that says where the server is.
///
/// # Errors
/// When there is no place for it.
pub fn folder(shared: &Shared) -> Result<PathBuf> {
    let Some(store) = &shared.store else {
        return place::library_folder(shared.library.as_deref());
    };
    let Some(cache) = dirs::cache_dir() else {
        bail!("there is no cache folder for this user; set XDG_CACHE_HOME");
    };
    let name = blake3::hash(store.as_str().as_bytes()).to_hex();
    Ok(cache.join("seer").join("stores").join(&name[..16]))
}

/// Opens the library that a PostgreSQL holds.
///
/// # Errors
/// When the folder of this machine cannot be made, and what the engine says; it names the place.
pub fn connect(config: &PostgresConfig, shared: &Shared) -> Result<Library> {
    let folder = folder(shared)?;
    std::fs::create_dir_all(&folder)
        .with_context(|| format!("cannot make the folder {}", folder.display()))?;
    Ok(Library::connect(config, &folder, options(shared))?)
}

/// How a library is opened: without a model, with the maps of this machine.
pub fn options(shared: &Shared) -> OpenOptions {
    OpenOptions { maps: PathMap::new(shared.maps.clone()), ..OpenOptions::default() }
}
