//! How good a model is, and where a better one is to be had: from the registry.

use seer_encoders::registry::{self, Entry};
use serde::{Deserialize, Serialize};

/// The next step up from the built-in model, one of those the registry recommends: runs on any laptop and
/// finds much more. The registry says which training run of it is the best, and how good it is.
const NEXT: &str = "ViT-B-32";

/// What a person should know about a model.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct ModelAdvice {
    /// How good it is, in a sentence; `None` for a model the registry does not know.
    pub about: Option<String>,
    /// Share of ImageNet's pictures that it names right without having been taught their classes, 0 to 1;
    /// `None` where that is not known.
    pub imagenet: Option<f32>,
    /// A better one; `None` unless the built-in model is in use.
    pub better: Option<BetterModel>,
}

/// A better model than the one in use.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct BetterModel {
    /// Its name, as `seer models pull` takes it.
    pub name: String,
    /// How good it is, in a sentence.
    pub about: String,
    /// Share of ImageNet's pictures that it names right without having been taught their classes, 0 to 1;
    /// `None` where that is not known.
    pub imagenet: Option<f32>,
}

/// What is known of the model of this name.
pub fn model_advice(name: &str) -> ModelAdvice {
    let Some(entry) = registry::find(name) else { return ModelAdvice::default() };
    let better = registry::find(NEXT).filter(|_| entry.is_builtin());
    ModelAdvice {
        about: Some(about(entry)),
        imagenet: entry.zero_shot_imagenet,
        better: better.map(|better| BetterModel {
            name: better.name.clone(),
            about: about(better),
            imagenet: better.zero_shot_imagenet,
        }),
    }
}

/// How good it is, in a sentence or two.
pub(crate) fn about(entry: &Entry) -> String {
    let Some(share) = entry.zero_shot_imagenet else { return entry.note.clone() };
    format!(
        "{} Names {:.0} % of ImageNet's pictures right without having been taught their classes.",
        entry.note,
        share * 100.0
    )
}

#[cfg(test)]
mod tests {
    use seer_encoders::registry::BUILTIN;

    use super::*;

    #[test]
    fn only_the_built_in_model_is_told_of_a_better_one() {
        let advice = model_advice(BUILTIN);
        let better = advice.better.expect("a better one");
        assert!(advice.about.is_some_and(|text| !text.is_empty()));
        let entry = registry::find(&better.name).expect("a model of the registry");
        assert!(entry.recommended && entry.is_free() && entry.check_loadable().is_ok());
        assert!(better.about.contains("% of ImageNet"), "{}", better.about);

        let advice = model_advice(&better.name);
        assert!(advice.about.is_some() && advice.better.is_none());
        assert_eq!(model_advice("/home/ada/my-own-model"), ModelAdvice::default());
    }
}
