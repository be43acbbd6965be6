//! Why a photo is a result, as JSON.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Band;

/// Why one photo is a result.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Explanation {
    /// The photo that gave the result its score and place: its own, or one of those alike it.
    pub photo: String,
    /// What each part of the query has of the score: these add up to it. Left out where nothing was
    /// compared.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Part>,
    /// For each word of a text of several words, what the score loses without it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<WordShare>,
    /// Words of the query that stand in what is written about the photo.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stands: Vec<Stands>,
    /// Each filter with what it met.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub filters: Vec<MetFilter>,
    /// Its places in the orders that the answer was made of.
    pub places: Places,
    /// What its band was judged by; left out where nobody can say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub judged: Option<Judged>,
}

/// What a part of a query has of a score.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Part {
    /// "words", "excluded", "any_photo", "photo", "picture", "more", "less", or "rest".
    pub what: String,
    /// The text; of a photo its id; of a picture its number, from 1 on.
    pub text: String,
    /// How much it counts in the query; below 0 for what is excluded.
    pub weight: f32,
    /// The photo's cosine to it, -1 to 1.
    pub cosine: f32,
    /// Weight times cosine.
    pub share: f32,
}

/// What a score loses without a word.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct WordShare {
    /// The word as it was compared.
    pub word: String,
    /// Below 0 for a word that speaks against the photo.
    pub share: f32,
}

/// A word that stands in what is written about a photo.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Stands {
    /// The word.
    pub word: String,
    /// "name", "folder", "tag", "caption", "person", "place" or "line" (read in the picture).
    #[serde(rename = "in")]
    pub place: String,
    /// The name, the tag or the caption.
    pub text: String,
    /// The file whose name or folder that is; left out otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
}

/// A filter with what it met.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct MetFilter {
    /// The filter as it was written, or as words were read.
    pub filter: String,
    /// What the photo has: its camera, its date, the paths of its files.
    pub values: Vec<String>,
}

/// Places in the orders of an answer, from 1 on; left out where it has none.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct Places {
    /// Among the photos nearest to the query.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meaning: Option<usize>,
    /// Among those that show what the query names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub classes: Option<ByClasses>,
    /// Among those whose names hold words of the query.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<ByWords>,
}

/// A photo that shows what the query names.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct ByClasses {
    /// Its place, the likeliest first.
    pub place: usize,
    /// How likely it shows it, 0 to 1.
    pub probability: f32,
}

/// A photo whose names hold words of the query.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct ByWords {
    /// How many photos have as large a share, itself included.
    pub place: usize,
    /// The share of the words that it has, rare ones counting more.
    pub share: f32,
}

/// By what a band was judged.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Judged {
    /// The band.
    pub band: Band,
    /// "meaning", "classes", "words", or "answer".
    pub by: String,
    /// How far its cosine lies above the mean of photos that were not asked for, in their standard
    /// deviations.
    pub above: f32,
}

impl From<seer_engine::Explanation> for Explanation {
    fn from(why: seer_engine::Explanation) -> Self {
        Self {
            photo: why.photo.to_string(),
            parts: why.parts.into_iter().map(Part::from).collect(),
            words: why.words.into_iter().map(WordShare::from).collect(),
            stands: why.stands.into_iter().map(Stands::from).collect(),
            filters: why.filters.into_iter().map(MetFilter::from).collect(),
            places: why.places.into(),
            judged: why.judged.map(Judged::from),
        }
    }
}

impl From<seer_engine::PartShare> for Part {
    fn from(part: seer_engine::PartShare) -> Self {
        use seer_engine::PartKind as Kind;
        let what = match part.kind {
            Kind::Words => "words",
            Kind::Excluded => "excluded",
            Kind::AnyPhoto => "any_photo",
            Kind::Photo => "photo",
            Kind::Picture => "picture",
            Kind::More => "more",
            Kind::Less => "less",
            Kind::Rest => "rest",
        };
        let seer_engine::PartShare { text, weight, cosine, share, .. } = part;
        Self { what: what.to_owned(), text, weight, cosine, share }
    }
}

impl From<seer_engine::WordShare> for WordShare {
    fn from(word: seer_engine::WordShare) -> Self {
        Self { word: word.word, share: word.share }
    }
}

impl From<seer_engine::Stands> for Stands {
    fn from(one: seer_engine::Stands) -> Self {
        use seer_engine::StandsIn as In;
        let place = match one.place {
            In::Name => "name",
            In::Folder => "folder",
            In::Tag => "tag",
            In::Caption => "caption",
            In::Person => "person",
            In::Place => "place",
            In::Line => "line",
        };
        Self { word: one.word, place: place.to_owned(), text: one.text, path: one.path }
    }
}

impl From<seer_engine::MetFilter> for MetFilter {
    fn from(met: seer_engine::MetFilter) -> Self {
        Self { filter: met.filter, values: met.values }
    }
}

impl From<seer_engine::Places> for Places {
    fn from(places: seer_engine::Places) -> Self {
        let classes =
            places.classes.map(|by| ByClasses { place: by.place, probability: by.probability });
        let words = places.words.map(|by| ByWords { place: by.place, share: by.share });
        Self { meaning: places.meaning, classes, words }
    }
}

impl From<seer_engine::Judged> for Judged {
    fn from(judged: seer_engine::Judged) -> Self {
        use seer_engine::JudgedBy as By;
        let by = match judged.by {
            By::Meaning => "meaning",
            By::Classes => "classes",
            By::Words => "words",
            By::Answer => "answer",
        };
        Self { band: judged.band.into(), by: by.to_owned(), above: judged.above }
    }
}
