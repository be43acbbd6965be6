//! What a search takes and gives.

use std::time::Instant;

use seer_types::{PhotoId, PhotoRecord};

use crate::bands::Band;
use crate::explain::Explanation;
use crate::reading::Reading;
use crate::understanding::ReadWords;

/// The most hits one answer carries.
pub const MAX_K: usize = 1000;
/// The most hits of an answer that explains them.
pub const MAX_EXPLAINED: usize = 100;

/// A question to the library.
#[derive(Clone, Debug)]
pub struct SearchRequest {
    /// Words and filters in seer's query language (`docs/QUERY.md`); may be empty.
    pub query: String,
    /// Example pictures, mixed with the words.
    pub pictures: Vec<Picture>,
    /// How many hits, 1 to 1000.
    pub k: usize,
    /// How many of the best hits to skip.
    pub offset: usize,
    /// In which order the photos that fit come.
    pub sort: Sort,
    /// Whether to count them by time, and how finely.
    pub timeline: Option<TimeUnit>,
    /// Whether every photo is a hit of its own; otherwise photos that are alike are one hit.
    pub all: bool,
    /// Whether each hit says why it is one; `k` is at most [`MAX_EXPLAINED`] then.
    pub explain: bool,
}

impl Default for SearchRequest {
    /// The newest twenty of all photos.
    fn default() -> Self {
        Self {
            query: String::new(),
            pictures: Vec::new(),
            k: 20,
            offset: 0,
            sort: Sort::default(),
            timeline: None,
            all: false,
            explain: false,
        }
    }
}

/// In which order the photos that fit come. Those that are only near stay behind them.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Sort {
    /// The best first; without words and pictures the newest.
    #[default]
    Relevance,
    /// The newest first.
    Newest,
    /// The oldest first.
    Oldest,
}

/// How finely photos are counted by time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TimeUnit {
    /// By year.
    Year,
    /// By month.
    Month,
    /// By day.
    Day,
}

/// How the photos of an answer lie in time: all that fit, not only the hits.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Timeline {
    /// The newest first; none without a photo.
    pub periods: Vec<Period>,
    /// Photos that do not say when they were taken.
    pub undated: u64,
}

/// A year, month or day with photos.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Period {
    /// As the filter `date:` takes it: `2019`, `2019-07` or `2019-07-14`.
    pub name: String,
    /// Photos taken then.
    pub photos: u64,
}

/// An example picture.
#[derive(Clone)]
pub enum Picture {
    /// A picture file's bytes.
    Bytes(Vec<u8>),
    /// A photo of this library; it is left out of its own results.
    Photo(PhotoId),
}

impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Bytes(bytes) => write!(f, "Bytes({} bytes)", bytes.len()),
            Self::Photo(id) => write!(f, "Photo({})", id.short()),
        }
    }
}

/// The library's answer, best hit first.
#[derive(Clone, Debug)]
pub struct SearchAnswer {
    /// At most `k` hits.
    pub hits: Vec<Hit>,
    /// Whether there are hits beyond these.
    pub more: bool,
    /// How many photos fit, strongly or likely, of those that were looked at; `None` where nobody
    /// can say.
    pub fitting: Option<u64>,
    /// How they lie in time, where that was asked for.
    pub timeline: Option<Timeline>,
    /// How many photos the filters allow (all photos when there are none).
    pub matching: u64,
    /// How many photos of the library are not encoded with the model in use yet, and so cannot be
    /// found by meaning; 0 where nothing was compared.
    pub unencoded: u64,
    /// The filters as they were typed, so that each can be removed.
    pub filters: Vec<String>,
    /// The part of the query that is about meaning.
    pub words: String,
    /// The words that were read as filters, and those that can be, in their order.
    pub understood: Vec<ReadWords>,
    /// How the others were read; `None` without words.
    pub reading: Option<Reading>,
    /// The classes that the query names; `None` where it names none.
    pub named: Option<NamedClasses>,
    /// How the answer was found.
    pub plan: PlanReport,
    /// How long each step took.
    pub timings: Timings,
}

/// One photo of an answer.
#[derive(Clone, Debug)]
pub struct Hit {
    /// The photo.
    pub photo: PhotoRecord,
    /// Cosine between query and photo, -1 to 1; 0 where nothing was compared (only filters).
    pub score: f32,
    /// How likely it shows what the query names, by the classes noted with it, 0 to 1; 0 where the
    /// query names no class.
    pub shows: f32,
    /// How well it fits; `None` where nobody can say: without words, and with a model whose answers
    /// were not measured.
    pub band: Option<Band>,
    /// Of a video: the second of the frame that is nearest to what was asked for; `None` where frames
    /// were not compared.
    pub at_second: Option<f32>,
    /// Photos of the answer that are alike this one, and no hits of their own: smaller or worse
    /// copies, and shots of the same burst. Score and place are those of the best of all of them.
    pub alike: Vec<PhotoRecord>,
    /// Why it is one, where that was asked for.
    pub why: Option<Box<Explanation>>,
}

/// What a query names: classes that the model tells apart.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NamedClasses {
    /// The name as it was read in the query.
    pub name: String,
    /// How many classes it means; photos that show one of them rise.
    pub classes: usize,
    /// Whether the model knows no such class, and these are akin to it.
    pub akin: bool,
}

/// Which way the planner took.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PlanReport {
    /// `exact` (every allowed photo compared), `ivf` (nearest lists), `filter` (nothing to compare).
    pub method: &'static str,
    /// Whether the hits are certainly the best ones.
    pub exact: bool,
}

/// Milliseconds per step. The steps follow each other and add up to the total. Of steps that are done
/// for a whole batch at once each query has an equal share.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Timings {
    /// Reading the query.
    pub parse_ms: f64,
    /// Words to token ids; 0 when all of them were known from earlier queries.
    pub tokenise_ms: f64,
    /// Tokens and pictures to an embedding: decoding of pictures included, and waiting for texts
    /// of other queries that are being encoded.
    pub encode_ms: f64,
    /// Filters to a set of photos.
    pub filter_ms: f64,
    /// Words that stand in names, folders, tags and captions.
    pub words_ms: f64,
    /// Neighbours, and their order.
    pub search_ms: f64,
    /// Records of the hits.
    pub records_ms: f64,
    /// Why each of them is a hit; 0 unless that was asked for.
    pub explain_ms: f64,
    /// All of it.
    pub total_ms: f64,
    /// Texts of the query whose embedding was known from earlier ones.
    pub cached_texts: u32,
}

/// Hands out the time since the last step.
pub(crate) struct Stopwatch {
    start: Instant,
    last: Instant,
}

impl Stopwatch {
    pub(crate) fn start() -> Self {
        let now = Instant::now();
        Self { start: now, last: now }
    }

    /// Milliseconds since the last lap (or the start).
    pub(crate) fn lap(&mut self) -> f64 {
        let now = Instant::now();
        let lap = now.duration_since(self.last).as_secs_f64() * 1000.0;
        self.last = now;
        lap
    }

    pub(crate) fn total(&self) -> f64 {
        self.start.elapsed().as_secs_f64() * 1000.0
    }
}
