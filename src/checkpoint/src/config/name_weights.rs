//! How much a model's classes count where a query names them.
//!
//! A text tower that has read a name in many captions knows what its photos look like, and better
//! than a classifier whose classes are narrower than the word; of a name that it has never read it
//! knows little. How the numbers were found is told in `training/RESULTS.md`.

use std::collections::BTreeMap;

use crate::config::Meaning;
use crate::config::section::Section;
use crate::error::CheckpointError;

/// With so many captions a name's weight is about four fifths.
const FAMILIAR: f64 = 20.0;
/// And falls like this root of their number.
const ROOT: f64 = 3.0;
/// From so many captions on, kin count no more.
const KIN_BELOW: u32 = 20;

/// What the square root of a class's probability adds to the cosine of a photo.
#[derive(Clone, PartialEq, Debug)]
pub struct NameWeights {
    /// Where the query names the class, by a name that the text tower has never read; from 0 on.
    pub class: f64,
    /// Where the query names something akin to the class; from 0 on.
    pub kin: f64,
    /// Names that the text tower has read, as in [`Meaning::name`], with the number of captions that
    /// had them.
    pub familiar: BTreeMap<String, u32>,
}

impl NameWeights {
    /// The weight of the classes that a name means.
    pub fn of(&self, meaning: &Meaning<'_>) -> f64 {
        let captions = self.familiar.get(meaning.name).copied().unwrap_or(0);
        match meaning.akin {
            false => self.class / (1.0 + f64::from(captions) / FAMILIAR).powf(1.0 / ROOT),
            true if captions < KIN_BELOW => self.kin,
            true => 0.0,
        }
    }

    /// From `{"class": 0.7, "kin": 0.3, "familiar": {"dog": 6512, …}}`.
    pub(super) fn read(section: Section) -> Result<Self, CheckpointError> {
        let weight = |key| {
            let weight = section.number(key)?.ok_or_else(|| section.absent(key, "a number"))?;
            match weight >= 0.0 {
                true => Ok(weight),
                false => Err(section.refuse(key, "it should be 0 or more")),
            }
        };
        let (class, kin) = (weight("class")?, weight("kin")?);
        let wrong =
            || section.refuse("familiar", "it should say in how many captions each name is");
        let familiar = match section.value("familiar") {
            None => BTreeMap::new(),
            Some(names) => {
                let count = |count: &serde_json::Value| u32::try_from(count.as_u64()?).ok();
                let names = names.as_object().ok_or_else(wrong)?.iter();
                let names = names.map(|(name, number)| Some((name.clone(), count(number)?)));
                names.collect::<Option<_>>().ok_or_else(wrong)?
            }
        };
        section.finish().map(|()| Self { class, kin, familiar })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_read_often_counts_less() {
        let json =
            json!({"class": 0.7, "kin": 0.3, "familiar": {"dog": 1380, "emu": 19, "tree": 20}});
        let weights = NameWeights::read(Section::whole("f", &json).unwrap()).unwrap();
        let of = |name, akin| weights.of(&Meaning { name, classes: &[1], akin });
        assert_eq!(of("lemur", false), 0.7);
        assert!((of("dog", false) - 0.17).abs() < 0.01, "0.7 / cube root of 70");
        assert_eq!([of("emu", true), of("tree", true)], [0.3, 0.0]);
    }

    #[test]
    fn numbers_are_needed() {
        for (json, named) in [
            (json!({"kin": 1}), "class"),
            (json!({"class": 1, "kin": -1}), "kin"),
            (json!({"class": 1, "kin": 1, "familiar": {"a": -1}}), "familiar"),
            (json!({"class": 1, "kin": 1, "nosuch": 1}), "nosuch"),
        ] {
            let error = NameWeights::read(Section::whole("f", &json).unwrap()).unwrap_err();
            assert!(error.to_string().contains(named), "{error}");
        }
    }
}
