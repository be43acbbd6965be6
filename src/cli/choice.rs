//! Which model a command uses, and loading it.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, Result};
use seer_encoders::hub::{self, FetchOptions, FetchProgress};
use seer_encoders::registry::{self, BUILTIN};
use seer_encoders::{Captioner, Compute, DtypeChoice, LoadOptions, Model};
use seer_engine::{Library, SpaceEntry};

use crate::args::Shared;
use crate::captioners;
use crate::download_bar::DownloadBar;

/// Whether a model that is named but not on this machine may be downloaded now.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Fetch {
    /// Long work was asked for: a download is part of it.
    Allowed,
    /// A quick answer was asked for: say how to fetch it instead.
    Refused,
}

/// What a model is loaded for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// One quick answer.
    Ask,
    /// Encoding photos: beside the model in use, if there is one.
    Encode,
    /// Answering from now on.
    Answer,
}

/// Loads the model that was asked for, else the library's own, else the built-in one.
///
/// To answer, it becomes the library's model in use. To encode, it becomes that where no photo is
/// encoded with the one in use, or where that one is an earlier version of it, which cannot be
/// loaded any more; the library knows it in any case.
pub fn load_into(library: &Library, shared: &Shared, role: Role) -> Result<Arc<Model>> {
    let fetch = match role {
        Role::Ask => Fetch::Refused,
        Role::Encode | Role::Answer => Fetch::Allowed,
    };
    let chosen = library.chosen_model()?;
    let name = match (&shared.model, &chosen) {
        // In the numbers it was indexed in, unless others are asked for.
        (Some(asked), Some((_, name))) if asked == apart(name).0 => name.clone(),
        (Some(asked), _) => asked.clone(),
        (None, Some((_, name))) => name.clone(),
        (None, None) => BUILTIN.to_string(),
    };
    let (model, name) = std::thread::scope(|scope| {
        if chosen.as_ref().is_some_and(|(_, known)| *known == name) {
            scope.spawn(|| library.read_ahead());
        }
        load(&name, shared, fetch)
    })
    .map_err(|error| match &shared.model {
        Some(_) => error,
        None => not_usable(&name, chosen.is_some(), error),
    })?;
    let fingerprint = model.fingerprint();
    library.set_model(Arc::clone(&model))?;
    if let (Fetch::Refused, Some((before, known))) = (fetch, &chosen) {
        let other_numbers = *before != fingerprint && apart(known).0 == apart(&name).0;
        if other_numbers && library.status()?.index.is_none_or(|index| index.embedded == 0) {
            return Err(in_other_numbers(known, &name));
        }
    }
    match (role, chosen) {
        (_, Some((before, _))) if before == fingerprint => {}
        (Role::Ask, Some(_)) => {}
        (Role::Encode, Some((_, known))) if known != name && !library.has_no_space_in_use()? => {
            library.add_model(&model, &name)?;
        }
        _ => library.choose_model(&name)?,
    }
    Ok(model)
}

/// The name by which a server is asked to encode with what the options name; `None`: with the model
/// in use. `used`: the name of that.
///
/// # Errors
/// For numbers that a server cannot be asked for.
pub fn name_for_server(shared: &Shared, used: &str) -> Result<Option<String>> {
    let asked = shared.model.as_deref().map(name_elsewhere).transpose()?;
    match dtype(shared)? {
        DtypeChoice::Auto => Ok(asked),
        DtypeChoice::Q8 => {
            let name = asked.unwrap_or_else(|| used.to_owned());
            Ok(Some(format!("{}{IN_Q8}", apart(&name).0)))
        }
        DtypeChoice::F32 => {
            let name = asked.unwrap_or_else(|| used.to_owned());
            Ok(Some(apart(&name).0.to_owned()))
        }
        _ => anyhow::bail!(
            "a running server takes --dtype q8 and f32 only\nnext: stop it and run the command again"
        ),
    }
}

/// A model's name for a program with another working folder.
///
/// # Errors
/// When this one's is not known.
pub fn name_elsewhere(name: &str) -> Result<String> {
    Ok(match hub::is_folder(name) {
        true => std::path::absolute(name)?.to_string_lossy().into_owned(),
        false => name.to_owned(),
    })
}

/// Has a library that is being served answer in another space: loads that space's model first.
///
/// # Errors
/// Why the model cannot be loaded.
pub fn switch(library: &Library, shared: &Shared, space: &SpaceEntry) -> Result<()> {
    if library.model().is_ok_and(|model| model.fingerprint() == space.model) {
        return Ok(library.use_space(space.model)?);
    }
    let (model, name) = load(&space.name, &own_numbers(shared), Fetch::Refused)?;
    if model.fingerprint() != space.model {
        anyhow::bail!(
            "the photos are encoded with another version of the model \"{name}\" than the one on \
             this machine\nnext: encode them again: seer index --model {name}"
        );
    }
    library.set_model(model)?;
    Ok(library.use_space(space.model)?)
}

/// Like [`load_into`], for a server: when the library's own model cannot be loaded, everything that
/// needs none goes on without it.
///
/// # Errors
/// When a model that was asked for cannot be loaded.
pub fn load_if_possible(library: &Library, shared: &Shared) -> Result<()> {
    match load_into(library, shared, Role::Answer).map(drop) {
        Err(error) if shared.model.is_none() && library.chosen_model()?.is_some() => {
            log::warn!(
                "going on without a model: filters, newest photos and originals work, words and \
                 pictures do not, and nothing is indexed: {}",
                crate::causes::told(&error)
            );
            Ok(())
        }
        loaded => loaded,
    }
}

/// The options without the numbers that were asked for: a name from a library says its own.
pub fn own_numbers(shared: &Shared) -> Shared {
    Shared { dtype: DtypeChoice::Auto.to_string(), ..shared.clone() }
}

/// The library's own model cannot be loaded: what is wrong, and the ways out.
fn not_usable(name: &str, is_chosen: bool, error: anyhow::Error) -> anyhow::Error {
    if !is_chosen {
        return error;
    }
    let name = apart(name).0;
    let told = crate::causes::told(&error);
    let reason = told.lines().next().unwrap_or_default();
    let back = match hub::is_folder(name) {
        true => "bring its folder back".to_owned(),
        false => format!("seer models pull {name} (needs the network)"),
    };
    anyhow::anyhow!(
        "the model that this library was indexed with cannot be loaded: {reason}\nnext: {back}; or \
         encode the photos again with another one: seer index --model builtin (\"seer models list\" \
         names more). Filters alone, such as path:holiday, need no model"
    )
}

/// What a library's name for a model ends with when it was indexed in 8-bit numbers.
const IN_Q8: &str = " in q8";

/// A model's name and whether it means the model in 8-bit numbers.
fn apart(name: &str) -> (&str, bool) {
    match name.strip_suffix(IN_Q8) {
        Some(plain) if !Path::new(name).is_dir() => (plain, true),
        _ => (name, false),
    }
}

/// The folder of a model's files on this machine; `None` for the built-in one, and for one that is not
/// here.
pub fn folder(name: &str, shared: &Shared) -> Option<std::path::PathBuf> {
    match apart(name).0 {
        BUILTIN => None,
        name => hub::cached(name, &fetch_options(shared)),
    }
}

/// Nothing in the library is encoded in the numbers that were asked for.
fn in_other_numbers(known: &str, asked: &str) -> anyhow::Error {
    let dtype = |name| if apart(name).1 { DtypeChoice::Q8 } else { DtypeChoice::F32 };
    let (model, is, other) = (apart(known).0, dtype(known), dtype(asked));
    anyhow::anyhow!(
        "this library was indexed with {model} in {is}; its embeddings cannot be compared with \
         those in {other}\nnext: leave out --dtype (or say --dtype {is}), or run \"seer index \
         --dtype {other}\" to encode the photos again"
    )
}

/// Loads the model that was asked for, else the built-in one, without any library.
pub fn load_chosen(shared: &Shared, fetch: Fetch) -> Result<(Arc<Model>, String)> {
    load(shared.model.as_deref().unwrap_or(BUILTIN), shared, fetch)
}

/// [`load_now`], with the time it took in the log.
pub fn load(name: &str, shared: &Shared, fetch: Fetch) -> Result<(Arc<Model>, String)> {
    let start = Instant::now();
    let loaded = load_now(name, shared, fetch)?;
    log::info!("loaded the model in {} ms", start.elapsed().as_millis());
    Ok(loaded)
}

/// Loads a model by name; also gives the name under which it can be loaded from anywhere.
fn load_now(name: &str, shared: &Shared, fetch: Fetch) -> Result<(Arc<Model>, String)> {
    let (name, in_q8) = apart(name);
    if registry::find_captioner(name).is_some() && !hub::is_folder(name) {
        return Err(captioners::finds_nothing(name));
    }
    let device = shared.device.parse().map_err(anyhow::Error::msg)?;
    let dtype = match dtype(shared)? {
        DtypeChoice::Auto if in_q8 => DtypeChoice::Q8,
        dtype => dtype,
    };
    let compute = Compute::new(device, dtype);
    let lasting = |name: &str, model: &Model| match model.dtype() {
        DtypeChoice::Q8 => format!("{name}{IN_Q8}"),
        _ => name.to_string(),
    };
    if name == BUILTIN {
        let model = Model::builtin(compute)?;
        let name = lasting(name, &model);
        return Ok((Arc::new(model), name));
    }
    let folder = match hub::cached(name, &fetch_options(shared)) {
        Some(folder) => folder,
        None if fetch == Fetch::Refused && !hub::is_folder(name) => return Err(not_here(name)),
        None => pull(name, shared)?,
    };
    if Captioner::is_one(&folder) {
        return Err(captioners::finds_nothing(name));
    }
    let loaded = match registry::find(name).filter(|_| !hub::is_folder(name)) {
        Some(entry) => Model::load_named(&folder, entry, compute, LoadOptions::default()),
        None => Model::load(&folder, compute),
    };
    let model = loaded.with_context(|| format!("the model \"{name}\" cannot be loaded"))?;
    let place = match Path::new(name).is_dir() {
        true => std::path::absolute(name)?.to_string_lossy().into_owned(),
        false => name.to_string(),
    };
    let name = lasting(&place, &model);
    Ok((Arc::new(model), name))
}

/// The numbers that were asked for.
pub fn dtype(shared: &Shared) -> Result<DtypeChoice> {
    shared.dtype.parse().map_err(anyhow::Error::msg)
}

/// What to do about a model that is not on this machine, or that nobody knows.
pub fn not_here(name: &str) -> anyhow::Error {
    if hub::is_folder(name) {
        return anyhow::anyhow!(
            "{name} is no folder that holds a model (config.json or open_clip_config.json)"
        );
    }
    let near = registry::suggestions(name);
    let is_known = is_known(name);
    if !is_known && !near.is_empty() {
        return anyhow::anyhow!(
            "there is no model \"{name}\"; did you mean {}?",
            near.join(" or ")
        );
    }
    if is_known || name.contains('/') {
        return anyhow::anyhow!(
            "the model \"{name}\" is not on this machine\nnext: seer models pull {name} (needs the network)"
        );
    }
    anyhow::anyhow!(
        "no model is called \"{name}\", and there is no such folder\nnext: \"seer models list --all\" names \
         them; any other on the Hugging Face hub goes by OWNER/NAME"
    )
}

/// Whether a model can be loaded now, without a network; its name as a library keeps it.
pub fn is_here(name: &str, shared: &Shared) -> bool {
    let (name, _) = apart(name);
    name == BUILTIN || hub::is_folder(name) || hub::cached(name, &fetch_options(shared)).is_some()
}

/// Fetches a model with its progress on the terminal; returns its folder.
pub fn pull(name: &str, shared: &Shared) -> Result<std::path::PathBuf> {
    fetch(name, shared, &DownloadBar::new(shared.quiet))
}

/// Fetches a model; returns its folder.
pub fn fetch(
    name: &str,
    shared: &Shared,
    progress: &dyn FetchProgress,
) -> Result<std::path::PathBuf> {
    let (name, _) = apart(name);
    hub::resolve(name, &fetch_options(shared), progress).map_err(|error| {
        let near = registry::suggestions(name);
        match !is_known(name) && !near.is_empty() {
            true => {
                anyhow::Error::new(error).context(format!("did you mean {}?", near.join(" or ")))
            }
            false => error.into(),
        }
    })
}

/// Whether the registry has a model of this name, of either kind.
fn is_known(name: &str) -> bool {
    registry::find(name).is_some() || registry::find_captioner(name).is_some()
}

/// How models are looked for; everything else comes from the environment.
pub fn fetch_options(shared: &Shared) -> FetchOptions {
    FetchOptions { offline: shared.offline, ..Default::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_whether_it_means_8_bit_numbers() {
        assert_eq!(apart("ViT-B-32/openai in q8"), ("ViT-B-32/openai", true));
        assert_eq!(apart("builtin"), ("builtin", false));
        let error = in_other_numbers("builtin in q8", "builtin").to_string();
        assert!(error.contains("builtin in q8;") && error.contains("seer index --dtype f32"));
    }
}
