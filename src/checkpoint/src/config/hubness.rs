//! `vision_cfg.hubness`, the built-in model's own setting: a layer behind the image head.

use crate::config::section::Section;
use crate::error::CheckpointError;

/// Sizes and numbers of the correction in `src/towers/src/efficientnet/hubness.rs`.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct HubnessConfig {
    /// Centroids of the query bank.
    pub prototypes: usize,
    /// How much crowding counts; from 0 on.
    pub strength: f64,
}

/// The section, where there is one.
pub(super) fn read(section: &Section) -> Result<Option<HubnessConfig>, CheckpointError> {
    let Some(own) = section.section("hubness")? else { return Ok(None) };
    let prototypes = own.size("prototypes")?;
    let prototypes = prototypes.ok_or_else(|| own.absent("prototypes", "a whole number"))?;
    let strength = own.number("strength")?;
    let strength = strength.ok_or_else(|| own.absent("strength", "a number from 0 on"))?;
    if strength < 0.0 {
        return Err(own.refuse("strength", "it should be 0 or more"));
    }
    own.finish().map(|()| Some(HubnessConfig { prototypes, strength }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn from(json: &serde_json::Value) -> Result<Option<HubnessConfig>, String> {
        read(&Section::whole("f", json).unwrap()).map_err(|error| error.to_string())
    }

    #[test]
    fn it_is_read_whole_or_refused_by_name() {
        let whole = json!({"hubness": {"prototypes": 3, "strength": 0.5}});
        let expected = HubnessConfig { prototypes: 3, strength: 0.5 };
        assert_eq!(from(&whole).unwrap(), Some(expected));
        assert_eq!(from(&json!({})).unwrap(), None);
        for (own, name) in [
            (json!({"strength": 0.5}), "hubness.prototypes"),
            (json!({"prototypes": 3}), "hubness.strength"),
            (json!({"prototypes": 3, "strength": -1}), "hubness.strength"),
            (json!({"prototypes": 3, "strength": 1, "x": 1}), "hubness.x"),
        ] {
            let error = from(&json!({"hubness": own})).unwrap_err();
            assert!(error.contains(name), "{error}");
        }
    }
}
