//! Models that describe pictures in words. They have no embeddings, so they are no entries of `models.jsonl`.

use super::lookup::key;

/// A checkpoint that describes pictures.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Captioner {
    /// What it is called: the hub id without its owner.
    pub name: &'static str,
    /// Repository on the Hugging Face hub.
    pub hub: &'static str,
    /// Parameters, in millions.
    pub params_millions: f32,
    /// Side of the square picture that it sees, in pixels.
    pub resolution: u32,
    /// SPDX identifier.
    pub license: &'static str,
    /// Language of its captions, ISO 639-1.
    pub language: &'static str,
    /// One sentence for people.
    pub note: &'static str,
}

const ALL: [Captioner; 2] = [
    Captioner {
        name: "blip-image-captioning-base",
        hub: "Salesforce/blip-image-captioning-base",
        params_millions: 247.4,
        resolution: 384,
        license: "BSD-3-Clause",
        language: "en",
        note: "BLIP, trained on the captions of COCO: a short sentence of what a photo shows.",
    },
    Captioner {
        name: "blip-image-captioning-large",
        hub: "Salesforce/blip-image-captioning-large",
        params_millions: 469.7,
        resolution: 384,
        license: "BSD-3-Clause",
        language: "en",
        note: "BLIP with a larger image tower: takes longer, and sees more.",
    },
];

/// Every captioner seer knows by name, the recommended one first.
pub fn captioners() -> &'static [Captioner] {
    &ALL
}

/// The captioner of a name or hub id; case and separators do not matter.
pub fn find_captioner(name: &str) -> Option<&'static Captioner> {
    let wanted = key(name);
    ALL.iter().find(|captioner| [captioner.name, captioner.hub].map(key).contains(&wanted))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::{find, suggestions};

    #[test]
    fn a_captioner_is_found_by_name_and_hub_id() {
        for name in [
            "blip-image-captioning-base",
            "BLIP_image captioning-base",
            "Salesforce/blip-image-captioning-base",
            "salesforce/BLIP-image-captioning-base",
        ] {
            let found = find_captioner(name).map(|captioner| captioner.name);
            assert_eq!(found, Some("blip-image-captioning-base"), "{name}");
        }
        assert!(find_captioner("blip").is_none() && find_captioner("builtin").is_none());
    }

    #[test]
    fn no_name_means_a_model_of_embeddings_too() {
        for captioner in captioners() {
            assert!(find(captioner.name).is_none() && find(captioner.hub).is_none());
            assert!(captioner.hub.ends_with(captioner.name));
        }
        let near = suggestions("blip-image-captoning-base");
        assert_eq!(near.first(), Some(&"blip-image-captioning-base"));
    }
}
