//! What may have been computed for a photo.

use seer_types::ModelFingerprint;

/// Of [`Analysis::classes_of`].
const CLASSES: u32 = 2;

/// Of [`Analysis::signature`].
const SIGNATURE: u32 = 1;

/// Of [`Analysis::facts`].
const FACTS: u32 = 1;

/// Of [`Analysis::lines`].
const LINES: u32 = 1;

/// Of [`Analysis::captions_by`].
const CAPTIONS: u32 = 1;

/// Something that is computed for each photo, and may come to photos that were read long ago.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Analysis {
    /// Its points in this model's space. Done for a photo that has one there; nothing else is
    /// noted of it.
    Embedding(ModelFingerprint),
    /// Any other. Done for a photo for which [`crate::Change::Analysed`] noted this name with this
    /// version or a later one.
    Named {
        /// Which one: "text", "classes of 0123…"; 1 to 100 bytes.
        name: String,
        /// Raised when what it computes gets better, so that it runs over all photos again.
        version: u32,
    },
}

impl Analysis {
    /// [`seer_types::PhotoFacts::signature`], of any photo, whatever the model.
    pub fn signature() -> Self {
        Self::Named { name: "signature".to_owned(), version: SIGNATURE }
    }

    /// What a photo's file and its sidecars say, of any photo, whatever the model: all facts but those
    /// of the other analyses.
    pub fn facts() -> Self {
        Self::Named { name: "facts".to_owned(), version: FACTS }
    }

    /// [`seer_types::PhotoFacts::text_lines`].
    pub fn lines() -> Self {
        Self::Named { name: "lines".to_owned(), version: LINES }
    }

    /// [`seer_types::PhotoFacts::generated_caption`], by this model.
    pub fn captions_by(model: ModelFingerprint) -> Self {
        Self::Named { name: format!("captions by {}", model.short()), version: CAPTIONS }
    }

    /// What is read of a file whenever it is decoded.
    pub fn of_files() -> [Self; 2] {
        [Self::signature(), Self::facts()]
    }

    /// The classes that a model tells apart, as they are noted with a photo.
    pub fn classes_of(model: ModelFingerprint) -> Self {
        Self::Named { name: format!("classes of {}", model.short()), version: CLASSES }
    }
}
