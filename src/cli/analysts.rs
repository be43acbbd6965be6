//! Who looks at photos once they can be found, as the settings of the library ask.

use std::sync::Arc;

use anyhow::{Context, Result, bail};
use seer_encoders::hub;
use seer_encoders::{Captioner, DeviceChoice, ParseDeviceError};
use seer_engine::{Analyst, CaptionModel, Describer, Library, TextReader};

use crate::args::Shared;
use crate::captioners;
use crate::choice::{self, Fetch};

/// What captions are switched off by.
pub const OFF: &str = "off";

/// What is chosen anew for the library; `None`: stays as it is.
#[derive(Clone, Copy, Debug, Default)]
pub struct Chosen<'a> {
    /// Whether the words in pictures are read.
    pub text: Option<bool>,
    /// The model that describes photos, or [`OFF`].
    pub captions: Option<&'a str>,
}

impl Chosen<'_> {
    /// Whether the library does otherwise until now: `reads_text` and `captions`, the model's name, are its settings.
    pub fn changes(&self, reads_text: bool, captions: Option<&str>) -> bool {
        self.text.is_some_and(|text| text != reads_text)
            || self.captions.is_some_and(|name| {
                let before = captions.unwrap_or(OFF);
                name != before && captioners::lasting(name).map_or(true, |name| name != before)
            })
    }
}

/// Has the library remember what is chosen, and gives the analysts that it asks for. A model that was chosen
/// before is loaded once there is a photo to describe, and a run tells when that fails.
///
/// # Errors
/// When a model that is chosen now cannot be loaded; those of the library.
pub fn choose(
    library: &Library,
    shared: &Shared,
    chosen: Chosen<'_>,
) -> Result<Vec<Arc<dyn Analyst>>> {
    let mut settings = library.settings()?;
    let before = settings.clone();
    settings.reads_text = chosen.text.unwrap_or(settings.reads_text);
    let mut loaded = None;
    match chosen.captions {
        Some(OFF) => settings.captions = None,
        Some(name) => {
            let (model, name) = load(name, shared, Fetch::Allowed)?;
            settings.captions = Some(CaptionModel { fingerprint: model.fingerprint(), name });
            loaded = Some(model);
        }
        None => {}
    }
    if settings != before {
        library.set_settings(&settings)?;
    }
    let mut analysts: Vec<Arc<dyn Analyst>> = Vec::new();
    if settings.reads_text {
        analysts.push(Arc::new(TextReader::new()));
    }
    if let Some(known) = settings.captions {
        let (fingerprint, shared) = (known.fingerprint, shared.clone());
        let load = move || loaded.clone().map_or_else(|| load_known(&known, &shared), Ok);
        analysts.push(Arc::new(Describer::new(fingerprint, load)));
    }
    Ok(analysts)
}

/// The model that the library asks for, if this machine has it.
fn load_known(known: &CaptionModel, shared: &Shared) -> Result<Arc<Captioner>, String> {
    let name = &known.name;
    match load(name, shared, Fetch::Refused) {
        Ok((model, _)) if model.fingerprint() == known.fingerprint => Ok(model),
        Ok(_) => Err(format!(
            "no photos are described: this machine has another version of {name} than the library asks for\n\
             next: seer index --captions {name}"
        )),
        Err(error) => Err(format!("no photos are described: {}", crate::causes::told(&error))),
    }
}

/// Loads a model that describes photos; also gives the name under which it can be loaded from anywhere.
///
/// # Errors
/// When there is none of this name, or it cannot be loaded.
pub fn load(name: &str, shared: &Shared, fetch: Fetch) -> Result<(Arc<Captioner>, String)> {
    let device: DeviceChoice =
        shared.device.parse().map_err(|error: ParseDeviceError| anyhow::anyhow!(error))?;
    captioners::check_describes(name)?;
    let folder = match hub::cached(name, &choice::fetch_options(shared)) {
        Some(folder) => folder,
        None if fetch == Fetch::Refused => return Err(choice::not_here(name)),
        None => choice::pull(name, shared)?,
    };
    if !Captioner::is_one(&folder) {
        bail!("{name} is no model that describes photos\nnext: {}", captioners::next());
    }
    let model = Captioner::load(&folder, device)
        .with_context(|| format!("the model \"{name}\" cannot be loaded"))?;
    Ok((Arc::new(model), captioners::lasting(name)?))
}

#[cfg(test)]
mod tests {
    use std::path;

    use seer_encoders::registry;

    use super::*;

    #[test]
    fn what_the_library_does_already_is_no_change() {
        let chosen = |text, captions| Chosen { text, captions };
        let captioner = &registry::captioners()[0];
        let alias = captioner.hub;
        let folder = path::absolute("src").unwrap().to_string_lossy().into_owned();
        for (chosen, reads_text, captions, changes) in [
            (chosen(None, None), true, Some("blip"), false),
            (chosen(Some(true), None), true, None, false),
            (chosen(Some(false), None), true, None, true),
            (chosen(None, Some(OFF)), true, None, false),
            (chosen(None, Some(OFF)), true, Some("blip"), true),
            (chosen(None, Some("blip")), true, Some("blip"), false),
            (chosen(None, Some("blip")), true, Some("other"), true),
            (chosen(None, Some(alias)), true, Some(captioner.name), false),
            (chosen(None, Some("./src")), true, Some(&folder), false),
        ] {
            assert_eq!(chosen.changes(reads_text, captions), changes, "{chosen:?}");
        }
    }
}
