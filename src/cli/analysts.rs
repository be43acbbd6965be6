//! Who looks at photos once they can be found, as the settings of the library ask.

use std::sync::Arc;

use anyhow::{Context, Result, bail};
use seer_encoders::hub;
use seer_encoders::registry;
use seer_encoders::{Captioner, ParseDeviceError};
use seer_engine::{Analyst, CaptionModel, Describer, Library, TextReader};

use crate::args::Shared;
use crate::choice::{self, Fetch};

/// What captions are switched off by.
pub const OFF: &str = "off";

/// What is chosen anew for the library; `None`: stays as it is.
#[derive(Clone, Copy, Default)]
pub struct Chosen<'a> {
    /// Whether the words in pictures are read.
    pub text: Option<bool>,
    /// The model that describes photos, or [`OFF`].
    pub captions: Option<&'a str>,
}

/// Has the library remember what is chosen, and gives the analysts that it asks for. `tell` hears of a model
/// that it asks for and that is not on this machine.
///
/// # Errors
/// When a chosen model cannot be loaded; those of the library.
pub fn choose(
    library: &Library,
    shared: &Shared,
    chosen: Chosen<'_>,
    tell: &dyn Fn(String),
) -> Result<Vec<Arc<dyn Analyst>>> {
    let mut settings = library.settings()?;
    let before = settings.clone();
    settings.reads_text = chosen.text.unwrap_or(settings.reads_text);
    let mut captioner = None;
    match chosen.captions {
        Some(OFF) => settings.captions = None,
        Some(name) => {
            let (model, name) = load(name, shared, Fetch::Allowed)?;
            settings.captions = Some(CaptionModel { fingerprint: model.fingerprint(), name });
            captioner = Some(model);
        }
        None => captioner = settings.captions.as_ref().and_then(|known| here(known, shared, tell)),
    }
    if settings != before {
        library.set_settings(&settings)?;
    }
    let mut analysts: Vec<Arc<dyn Analyst>> = Vec::new();
    if settings.reads_text {
        analysts.push(Arc::new(TextReader::new()));
    }
    if let Some(model) = captioner {
        analysts.push(Arc::new(Describer::new(model)));
    }
    Ok(analysts)
}

/// The model that the library asks for, if this machine has it.
fn here(known: &CaptionModel, shared: &Shared, tell: &dyn Fn(String)) -> Option<Arc<Captioner>> {
    let name = &known.name;
    match load(name, shared, Fetch::Refused) {
        Ok((model, _)) if model.fingerprint() == known.fingerprint => Some(model),
        Ok(_) => {
            tell(format!(
                "photos are described by another version of {name} than the one on this machine, so no more are \
                 now\nnext: seer index --captions {name}"
            ));
            None
        }
        Err(error) => {
            tell(format!("no photos are described now: {}", crate::causes::told(&error)));
            None
        }
    }
}

/// Loads a model that describes photos; also gives the name under which it can be loaded from anywhere.
///
/// # Errors
/// When there is none of this name, or it cannot be loaded.
pub fn load(name: &str, shared: &Shared, fetch: Fetch) -> Result<(Arc<Captioner>, String)> {
    let device = shared.device.parse().map_err(|error: ParseDeviceError| anyhow::anyhow!(error))?;
    if registry::find(name).is_some() && !hub::is_folder(name) {
        bail!("{name} finds photos, it does not describe them\nnext: {}", describing());
    }
    let folder = match hub::cached(name, &choice::fetch_options(shared)) {
        Some(folder) => folder,
        None if fetch == Fetch::Refused => return Err(choice::not_here(name)),
        None => choice::pull(name, shared)?,
    };
    if !Captioner::is_one(&folder) {
        bail!("{name} is no model that describes photos\nnext: {}", describing());
    }
    let model = Captioner::load(&folder, device)
        .with_context(|| format!("the model \"{name}\" cannot be loaded"))?;
    let lasting = match hub::is_folder(name) {
        true => std::path::absolute(name)?.to_string_lossy().into_owned(),
        false => registry::find_captioner(name).map_or(name, |known| known.name).to_owned(),
    };
    Ok((Arc::new(model), lasting))
}

/// What to do to have photos described.
fn describing() -> String {
    format!("seer index --captions {}", registry::captioners()[0].name)
}

/// What to say of a model that describes photos where one that finds them is wanted.
pub fn finds_nothing(name: &str) -> anyhow::Error {
    anyhow::anyhow!(
        "{name} describes photos in words, and cannot find them by itself\nnext: seer index --captions {name}"
    )
}
