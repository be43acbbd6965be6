//! What the document says of types that other crates give: the same fields under the same names.
//!
//! The crates below know nothing of documents; the tests hold real answers against these.

use utoipa::ToSchema;

macro_rules! shapes {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $kind:ty,)* })*) => {
        $($(#[$doc])*
        #[derive(ToSchema)]
        #[expect(dead_code, reason = "its schema is what it is for")]
        pub(crate) struct $name { $($(#[$field_doc])* $field: $kind,)* })*
    };
}

shapes! {
    /// Where a position lies; what is not known is null.
    Place {
        /// The part of the city, where it has a name: "Kreuzberg" of Berlin.
        district: Option<PlaceName>,
        /// The town or city.
        city: Option<PlaceName>,
        /// The state, province or county: the first level below the country.
        region: Option<PlaceName>,
        /// The country.
        country: Option<PlaceName>,
    }
    /// A name in English and in the language of the place.
    PlaceName {
        /// "Lisbon".
        english: String,
        /// "Lisboa"; null where it is the English one.
        local: Option<String>,
    }
    /// A line that can be read in the picture.
    TextLine {
        /// What it says.
        text: String,
        /// Its four corners, clockwise from where the text begins at the top: fractions of the upright
        /// picture's width and height, 0 to 1.
        corners: Vec<Vec<f32>>,
        /// How sure the reader is, 0 to 1.
        confidence: f32,
    }
    /// A video's length, and which of its frames were looked at.
    Video {
        /// Seconds.
        duration: f32,
        /// Seconds from the start.
        frames: Vec<f32>,
    }
    /// A model that photos are encoded with.
    Space {
        /// The name it is loaded by; empty where nobody named it.
        name: String,
        /// Weights and preprocessing in 32 hex digits.
        fingerprint: String,
        /// Numbers per embedding; 0 where nobody said.
        dim: usize,
        /// Photos that are encoded.
        encoded: u64,
        /// Photos that can be found and are not encoded yet.
        lacking: u64,
        /// About how many bytes its embeddings and its index take.
        bytes: u64,
        /// How its vectors are indexed.
        index: IndexKind,
        /// Whether queries are answered in it.
        in_use: bool,
    }
}

/// How vectors are indexed.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[expect(dead_code, reason = "its schema is what it is for")]
pub(crate) enum IndexKind {
    /// What measures best for the number of vectors.
    Auto,
    /// Every vector is compared.
    Exact,
    /// Inverted lists.
    Lists,
    /// A graph.
    Hnsw,
}

/// Why a file could not be indexed.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[expect(dead_code, reason = "its schema is what it is for")]
pub(crate) enum FailureKind {
    Unreadable,
    Unsupported,
    Damaged,
    TooLarge,
    Encoding,
}

/// What says when a photo was taken.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[expect(dead_code, reason = "its schema is what it is for")]
pub(crate) enum DateSource {
    ExifOriginal,
    XmpOriginal,
    PhotoshopCreated,
    IptcCreated,
    ExifDigitized,
    XmpCreated,
    IptcDigitized,
    Container,
    PngCreation,
    Gps,
    Service,
    FileName,
    ExifSaved,
    Unknown,
}

#[cfg(test)]
mod tests {
    use serde::Serialize;
    use utoipa::PartialSchema;

    use super::*;

    fn same_words<T: Serialize, S: PartialSchema>(all: &[T]) {
        let schema = serde_json::to_value(S::schema()).unwrap();
        assert_eq!(schema["enum"], serde_json::to_value(all).unwrap());
    }

    #[test]
    fn words_are_those_of_the_types() {
        same_words::<_, IndexKind>(&seer_types::IndexKind::ALL);
        same_words::<_, DateSource>(&seer_types::DateSource::ALL);
        use seer_types::FailureKind as F;
        let all = [F::Unreadable, F::Unsupported, F::Damaged, F::TooLarge, F::Encoding];
        same_words::<_, FailureKind>(&all);
    }
}
