//! A search and its answer as JSON.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use seer_engine::Understood;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::first::first;
use super::{Explanation, Period, Photo, Sort, TimeUnit, Timeline};

/// Body of `POST /api/search`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SearchRequest {
    /// Query language; empty (or absent): all photos, newest first.
    #[serde(default)]
    pub query: String,
    /// Example pictures, mixed with the words.
    #[serde(default, deserialize_with = "first")]
    pub pictures: Vec<Picture>,
    /// How many results; 60 unless told.
    #[serde(default = "default_k")]
    pub k: usize,
    /// How many of the best to skip.
    #[serde(default)]
    pub offset: usize,
    /// In which order the photos that fit come.
    #[serde(default)]
    pub sort: Sort,
    /// Count the photos that fit by time, this finely.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeline: Option<TimeUnit>,
    /// Whether every photo is a result of its own; otherwise photos that are alike are one.
    #[serde(default)]
    pub all: bool,
    /// Whether each result says why it is one; `k` is at most 100 then.
    #[serde(default, skip_serializing_if = "is_false")]
    pub explain: bool,
}

impl Default for SearchRequest {
    fn default() -> Self {
        Self {
            query: String::new(),
            pictures: Vec::new(),
            k: default_k(),
            offset: 0,
            sort: Sort::default(),
            timeline: None,
            all: false,
            explain: false,
        }
    }
}

fn default_k() -> usize {
    60
}

/// An example picture: exactly one of the two forms.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Picture {
    /// A photo of the library: 64 hex digits.
    Id(String),
    /// A picture file's bytes in base64.
    Data(String),
}

/// Why a picture of a request cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    /// Not 64 hex digits.
    #[error("{0}")]
    Id(seer_types::ParseIdError),
    /// Not base64.
    #[error("a picture's data is not base64: {0}")]
    Data(base64::DecodeError),
}

impl Picture {
    /// A picture file's content.
    pub fn from_bytes(bytes: &[u8]) -> Self {
        Self::Data(STANDARD.encode(bytes))
    }
}

impl TryFrom<Picture> for seer_engine::Picture {
    type Error = PictureError;

    fn try_from(picture: Picture) -> Result<Self, PictureError> {
        match picture {
            Picture::Id(id) => id.parse().map(Self::Photo).map_err(PictureError::Id),
            Picture::Data(text) => {
                STANDARD.decode(text).map(Self::Bytes).map_err(PictureError::Data)
            }
        }
    }
}

impl TryFrom<SearchRequest> for seer_engine::SearchRequest {
    type Error = PictureError;

    fn try_from(request: SearchRequest) -> Result<Self, PictureError> {
        let SearchRequest { query, pictures, k, offset, sort, timeline, all, explain } = request;
        let pictures = pictures.into_iter().map(TryInto::try_into).collect::<Result<_, _>>()?;
        let (sort, timeline) = (sort.into(), timeline.map(Into::into));
        Ok(Self { query, pictures, k, offset, sort, timeline, all, explain })
    }
}

/// Answer to a search.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct SearchAnswer {
    /// The photos, best first.
    pub hits: Vec<Hit>,
    /// Whether there are results after these.
    pub more: bool,
    /// How many photos fit, strongly or likely, of those that were looked at; left out where nobody
    /// can say. 0: nothing clearly shows what was asked for, and the hits are the closest photos.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fitting: Option<u64>,
    /// How the photos that fit lie in time; left out unless it was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeline: Option<Timeline>,
    /// How many photos the filters allow (all, when there are none).
    pub matching: u64,
    /// How many photos are not encoded with the model in use yet, and so cannot be found by
    /// meaning; 0 where nothing was compared.
    #[serde(default)]
    pub unencoded: u64,
    /// The filters in the query, as typed.
    pub filters: Vec<String>,
    /// The part of the query that was compared by meaning.
    pub words: String,
    /// The words that were read as filters, and those that can be; left out where there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub understood: Vec<ReadWords>,
    /// How they were read; left out without words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reading: Option<Reading>,
    /// The classes that the query names, where it names some.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub named: Option<NamedClasses>,
    /// How the answer was found.
    pub plan: Plan,
    /// Where the time went.
    pub timings: Timings,
}

/// How well a photo fits what was asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Band {
    /// It shows it, or its names hold all of the words.
    Strong,
    /// It probably shows it.
    Likely,
    /// It is only among the nearest.
    Weak,
}

impl From<seer_engine::Band> for Band {
    fn from(band: seer_engine::Band) -> Self {
        match band {
            seer_engine::Band::Strong => Self::Strong,
            seer_engine::Band::Likely => Self::Likely,
            seer_engine::Band::Weak => Self::Weak,
        }
    }
}

/// One result.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Hit {
    /// The photo.
    pub photo: Photo,
    /// Cosine similarity, -1 to 1; 0 where nothing was compared.
    pub score: f32,
    /// How likely it shows what the query names, 0 to 1; left out where that is 0.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub shows: f32,
    /// How well it fits; left out where nobody can say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub band: Option<Band>,
    /// Of a video: the second of the frame that is nearest to what was asked for; left out where frames
    /// were not compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_second: Option<f32>,
    /// Photos alike this one, folded below it: copies, and shots of the same burst.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alike: Vec<Photo>,
    /// Why it is one; left out unless that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<Box<Explanation>>,
}

impl Hit {
    /// Without the places where the photos were taken, and their names.
    #[must_use]
    pub fn without_positions(self) -> Self {
        let Self { photo, alike, mut why, .. } = self;
        if let Some(why) = &mut why {
            why.stands.retain(|one| one.place != "place");
        }
        let (photo, alike) = (photo.without_position(), alike.into_iter());
        Self { photo, alike: alike.map(Photo::without_position).collect(), why, ..self }
    }
}

/// Words of a query that were read as filters, or can be.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct ReadWords {
    /// The words as they were typed.
    pub read: String,
    /// The filters or excluded words (`-people`) that they are read as, as a person writes them.
    #[serde(rename = "as")]
    pub filters: String,
    /// Whether they hold; else the reading is only offered.
    pub sure: bool,
    /// The whole query with the decision turned round: with the words kept as words, or with the
    /// filters instead.
    pub query: String,
    /// Whether these are excluded words, and no filters.
    #[serde(default)]
    pub excludes: bool,
}

impl From<seer_engine::ReadWords> for ReadWords {
    fn from(read: seer_engine::ReadWords) -> Self {
        Self {
            read: read.read,
            filters: read.filters,
            sure: read.applied,
            query: read.query,
            excludes: read.excludes,
        }
    }
}

/// How a query's words were read.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Reading {
    /// ISO 639-1 code of the language; null for words that are not English and too few to tell.
    pub language: Option<String>,
    /// Its English name.
    pub name: Option<String>,
    /// Whether the query says so itself (`lang:`).
    pub said: bool,
    /// Which text tower of the model read them: "own", "languages" (its second one, for more
    /// languages), or "none": it knows neither, and the answer is a guess of its own tower.
    pub tower: String,
    /// The English words that were read instead of the names of everyday things; left out otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub english: Option<String>,
}

impl From<seer_engine::Reading> for Reading {
    fn from(reading: seer_engine::Reading) -> Self {
        let language = reading.language;
        let tower = match reading.understood {
            Understood::Own => "own",
            Understood::Languages => "languages",
            Understood::No => "none",
        };
        Self {
            language: language.map(|language| language.code.to_owned()),
            name: language.map(|language| language.name.to_owned()),
            said: reading.said,
            tower: tower.to_owned(),
            english: reading.english,
        }
    }
}

/// Classes that a query names.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct NamedClasses {
    /// The name in the query.
    pub name: String,
    /// How many classes it means.
    pub classes: usize,
    /// Whether the model knows no such class, and these are akin to it.
    #[serde(default)]
    pub akin: bool,
}

/// How an answer was found.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Plan {
    /// "exact", "ivf" or "filter".
    pub method: String,
    /// Whether these are certainly the best ones.
    pub exact: bool,
}

/// Milliseconds per step, waiting for a turn not included.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Timings {
    /// Reading the query.
    pub parse_ms: f64,
    /// Words to tokens.
    #[serde(default)]
    pub tokenise_ms: f64,
    /// Tokens and pictures through the model, with the wait while it encodes other texts.
    pub encode_ms: f64,
    /// Filters.
    pub filter_ms: f64,
    /// Words in names, folders, tags and captions.
    #[serde(default)]
    pub words_ms: f64,
    /// Neighbours.
    pub search_ms: f64,
    /// Records of the results.
    pub records_ms: f64,
    /// Why each of them is a result; left out unless that was asked for.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub explain_ms: f64,
    /// Everything.
    pub total_ms: f64,
    /// Texts of the query that were encoded for an earlier one.
    #[serde(default)]
    pub cached_texts: u32,
}

/// Whether a number says nothing, and is left out.
pub fn is_zero(number: &f32) -> bool {
    *number == 0.0
}

fn is_false(value: &bool) -> bool {
    !value
}

fn is_nothing(ms: &f64) -> bool {
    *ms == 0.0
}

impl From<seer_engine::SearchAnswer> for SearchAnswer {
    fn from(answer: seer_engine::SearchAnswer) -> Self {
        let hit = |hit: seer_engine::Hit| Hit {
            photo: hit.photo.into(),
            score: hit.score,
            shows: hit.shows,
            band: hit.band.map(Band::from),
            at_second: hit.at_second,
            alike: hit.alike.into_iter().map(Photo::from).collect(),
            why: hit.why.map(|why| Box::new(Explanation::from(*why))),
        };
        let named = |named: seer_engine::NamedClasses| NamedClasses {
            name: named.name,
            classes: named.classes,
            akin: named.akin,
        };
        Self {
            hits: answer.hits.into_iter().map(hit).collect(),
            more: answer.more,
            fitting: answer.fitting,
            timeline: answer.timeline.map(|timeline| Timeline {
                periods: timeline.periods.into_iter().map(Period::from).collect(),
                undated: timeline.undated,
            }),
            matching: answer.matching,
            unencoded: answer.unencoded,
            filters: answer.filters,
            words: answer.words,
            understood: answer.understood.into_iter().map(ReadWords::from).collect(),
            reading: answer.reading.map(Reading::from),
            named: answer.named.map(named),
            plan: Plan { method: answer.plan.method.to_owned(), exact: answer.plan.exact },
            timings: answer.timings.into(),
        }
    }
}

impl From<seer_engine::Timings> for Timings {
    fn from(times: seer_engine::Timings) -> Self {
        Self {
            parse_ms: times.parse_ms,
            tokenise_ms: times.tokenise_ms,
            encode_ms: times.encode_ms,
            filter_ms: times.filter_ms,
            words_ms: times.words_ms,
            search_ms: times.search_ms,
            records_ms: times.records_ms,
            explain_ms: times.explain_ms,
            total_ms: times.total_ms,
            cached_texts: times.cached_texts,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_object_asks_for_the_newest_sixty() {
        let request: SearchRequest = serde_json::from_str("{}").unwrap();
        assert_eq!(request, SearchRequest::default());
        assert_eq!((request.k, request.offset), (60, 0));
    }

    #[test]
    fn pictures_have_two_forms() {
        let text = r#"{"pictures":[{"id":"ab"},{"data":"QQ=="}]}"#;
        let request: SearchRequest = serde_json::from_str(text).unwrap();
        assert_eq!(request.pictures, [Picture::Id("ab".into()), Picture::Data("QQ==".into())]);
    }

    #[test]
    fn a_long_list_of_pictures_is_not_kept() {
        let list = vec![r#"{"id":""}"#; 10_000].join(",");
        let text = format!(r#"{{"pictures":[{list}],"k":3}}"#);
        let request: SearchRequest = serde_json::from_str(&text).unwrap();
        assert_eq!((request.pictures.len(), request.k), (crate::wire::first::KEPT, 3));
        assert!(serde_json::from_str::<SearchRequest>(r#"{"pictures":{}}"#).is_err());
    }

    #[test]
    fn a_picture_survives_the_wire() {
        let picture = Picture::from_bytes(&[0, 255, 7]);
        assert_eq!(picture, Picture::Data("AP8H".into()));
        let seer_engine::Picture::Bytes(bytes) = picture.try_into().unwrap() else {
            panic!("not bytes")
        };
        assert_eq!(bytes, [0, 255, 7]);
        let path = Picture::Id("../../etc/passwd".into());
        assert!(matches!(seer_engine::Picture::try_from(path), Err(PictureError::Id(_))));
    }

    #[test]
    fn an_unknown_field_is_named() {
        let error = serde_json::from_str::<SearchRequest>(r#"{"limit":3}"#).unwrap_err();
        assert!(error.to_string().contains("`limit`"), "{error}");
    }
}
