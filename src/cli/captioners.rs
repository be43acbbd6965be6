//! Models that describe photos, by their names: what they are called, and what to say where one of them is taken
//! for one that finds photos, or the other way round.

use std::{io, path};

use anyhow::{Result, bail};
use seer_encoders::hub;
use seer_encoders::registry;

/// Before a model is fetched: that its name is not known as that of one that finds photos.
///
/// # Errors
/// It is.
pub fn check_describes(name: &str) -> Result<()> {
    if registry::find(name).is_some() && !hub::is_folder(name) {
        bail!("{name} finds photos, it does not describe them\nnext: {}", next());
    }
    Ok(())
}

/// The name under which a model that describes photos can be loaded from anywhere.
///
/// # Errors
/// A relative path, and no working directory.
pub fn lasting(name: &str) -> io::Result<String> {
    Ok(match hub::is_folder(name) {
        true => path::absolute(name)?.to_string_lossy().into_owned(),
        false => registry::find_captioner(name).map_or(name, |known| known.name).to_owned(),
    })
}

/// The command that has photos described.
pub fn next() -> String {
    format!("seer index --captions {}", registry::captioners()[0].name)
}

/// What to say of a model that describes photos where one that finds them is wanted.
pub fn finds_nothing(name: &str) -> anyhow::Error {
    anyhow::anyhow!(
        "{name} describes photos in words, and cannot find them by itself\nnext: seer index --captions {name}"
    )
}
