//! `head_classes.json`, the built-in model's own file: the first hidden units of its image head are
//! the logits of a classifier. Embeddings are the same without it, so it is no part of the
//! fingerprint.

use crate::Checkpoint;
use crate::config::section::Section;
use crate::config::{ClassLabel, ImageConfig, NameWeights, Projection, classes};
use crate::error::CheckpointError;

const FILE: &str = "head_classes.json";

/// Classes among the hidden units of an MLP head.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct HeadClasses {
    /// How many of the hidden units, from the first one on, are logits: before their activation.
    pub units: usize,
    /// The logits are divided by it, so that their softmax is as sure as it is right; above 0.
    pub temperature: f64,
}

/// All that the file says.
type Found = (HeadClasses, Vec<ClassLabel>, Option<NameWeights>);

/// The classes, and how much they count where a query names them, where the file is there; the
/// image tower then learns of them.
pub(super) fn read(
    checkpoint: &Checkpoint,
    image: &mut ImageConfig,
) -> Result<(Vec<ClassLabel>, Option<NameWeights>), CheckpointError> {
    if !checkpoint.has(FILE) {
        return Ok((Vec::new(), None));
    }
    let ImageConfig::EfficientNet(net) = image else {
        let reason = "only EfficientNet's head may have classes".to_owned();
        return Err(CheckpointError::Json { file: FILE.to_owned(), reason });
    };
    let hidden = match net.projection {
        Projection::Mlp { hidden, .. } => hidden,
        Projection::None | Projection::Linear { .. } => 0,
    };
    let json = checkpoint.json(FILE)?;
    let (found, classes, weights) = from(Section::whole(FILE, &json)?, hidden)?;
    net.classes = Some(found);
    Ok((classes, weights))
}

fn from(whole: Section, hidden: usize) -> Result<Found, CheckpointError> {
    let units = whole.size("hidden_units")?;
    let units = units.ok_or_else(|| whole.absent("hidden_units", "a whole number"))?;
    if units > hidden {
        return Err(whole.refuse("hidden_units", "the image head has not as many"));
    }
    let temperature = whole.number("temperature")?;
    let temperature = temperature.ok_or_else(|| whole.absent("temperature", "a number"))?;
    if temperature <= 0.0 {
        return Err(whole.refuse("temperature", "it should be above 0"));
    }
    let classes = classes::read(&whole, units)?;
    let weights = whole.section("names")?.map(NameWeights::read).transpose()?;
    whole.finish().map(|()| (HeadClasses { units, temperature }, classes, weights))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn of(json: &serde_json::Value) -> Result<Found, String> {
        from(Section::whole(FILE, json).unwrap(), 2000).map_err(|error| error.to_string())
    }

    #[test]
    fn all_of_it_is_needed_and_nothing_else() {
        let names = json!({"class": 0.7, "kin": 0.3});
        let whole = json!({"hidden_units": 1000, "temperature": 0.5, "names": names});
        let (found, classes, weights) = of(&whole).unwrap();
        assert_eq!(found, HeadClasses { units: 1000, temperature: 0.5 });
        assert_eq!(classes[207].words(), Some("golden retriever"));
        assert_eq!(weights.unwrap().kin, 0.3);
        assert_eq!(of(&json!({"hidden_units": 2, "temperature": 1})).unwrap().2, None);
        for (json, named) in [
            (json!({"temperature": 1}), "hidden_units"),
            (json!({"hidden_units": 2}), "temperature"),
            (json!({"hidden_units": 2001, "temperature": 1}), "hidden_units"),
            (json!({"hidden_units": 2, "temperature": 0}), "temperature"),
            (json!({"hidden_units": 2, "temperature": 1, "nosuch": 1}), "nosuch"),
            (json!({"hidden_units": 2, "temperature": 1, "names": {"class": 1}}), "kin"),
        ] {
            let error = of(&json).unwrap_err();
            assert!(error.starts_with(FILE) && error.contains(named), "{error}");
        }
    }
}
