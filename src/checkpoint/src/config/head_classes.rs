//! `head_classes.json`, the built-in model's own file: the first hidden units of its image head are
//! the logits of a classifier. Embeddings are the same without it, so it is no part of the
//! fingerprint.

use crate::Checkpoint;
use crate::config::section::Section;
use crate::config::{ClassLabel, ImageConfig, Projection, classes};
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

/// The classes, where the file is there; the image tower then learns of them.
pub(super) fn read(
    checkpoint: &Checkpoint,
    image: &mut ImageConfig,
) -> Result<Vec<ClassLabel>, CheckpointError> {
    if !checkpoint.has(FILE) {
        return Ok(Vec::new());
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
    let (found, classes) = from(Section::whole(FILE, &json)?, hidden)?;
    net.classes = Some(found);
    Ok(classes)
}

fn from(whole: Section, hidden: usize) -> Result<(HeadClasses, Vec<ClassLabel>), CheckpointError> {
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
    whole.finish().map(|()| (HeadClasses { units, temperature }, classes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn of(json: &serde_json::Value) -> Result<(HeadClasses, Vec<ClassLabel>), String> {
        from(Section::whole(FILE, json).unwrap(), 2000).map_err(|error| error.to_string())
    }

    #[test]
    fn all_of_it_is_needed_and_nothing_else() {
        let (found, classes) = of(&json!({"hidden_units": 1000, "temperature": 0.5})).unwrap();
        assert_eq!(found, HeadClasses { units: 1000, temperature: 0.5 });
        assert_eq!(classes[207].words(), Some("golden retriever"));
        for (json, named) in [
            (json!({"temperature": 1}), "hidden_units"),
            (json!({"hidden_units": 2}), "temperature"),
            (json!({"hidden_units": 2001, "temperature": 1}), "hidden_units"),
            (json!({"hidden_units": 2, "temperature": 0}), "temperature"),
            (json!({"hidden_units": 2, "temperature": 1, "nosuch": 1}), "nosuch"),
        ] {
            let error = of(&json).unwrap_err();
            assert!(error.starts_with(FILE) && error.contains(named), "{error}");
        }
    }
}
