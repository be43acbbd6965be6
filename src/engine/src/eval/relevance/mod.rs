//! Whether answers say rightly that something is there: trials on pictures with known answers.
//!
//! Each query is asked of all pictures, where its right ones are, and where they are not: of all others,
//! or of pictures from elsewhere. The judgement is the one of a search ([`crate::bands`]); words in names count for nothing.

mod fit;
mod likeness;
mod logistic;
mod report;
mod trial;

use std::path::PathBuf;

use seer_encoders::{Model, Relevance};

use crate::EngineError;
use crate::analyses::Seen;
use crate::encode_files::see_all;

pub use fit::{FitError, fit};
pub use report::{BandsReport, KindReport, RelevanceReport};

use trial::{Query, Trial};

/// Reference pictures that a fit takes, at the most.
const REFERENCES: usize = 1000;

/// A query with its relevance judgements.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct JudgedQuery {
    /// The query.
    pub text: String,
    /// The pictures that show it, by their number; none where no picture does.
    pub right: Vec<usize>,
}

/// Pictures and queries whose answers are known.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct KnownAnswers {
    /// The pictures.
    pub pictures: Vec<PathBuf>,
    /// Further pictures, none of which shows what any query asks for; without them a query is absent
    /// from the pictures without its right ones.
    pub elsewhere: Vec<PathBuf>,
    /// The queries.
    pub queries: Vec<JudgedQuery>,
}

/// What a model says of known answers.
pub struct Measured {
    pictures: Vec<Seen>,
    elsewhere: Vec<Seen>,
    queries: Vec<Query>,
}

/// Encodes pictures and queries. `progress` hears of both, and of all to encode.
///
/// # Errors
/// A picture that cannot be read or decoded (a measurement that skips some is no measurement), with
/// its path; or the model.
pub fn measure(
    model: &Model,
    known: &KnownAnswers,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<Measured, EngineError> {
    let KnownAnswers { pictures, elsewhere, queries } = known;
    let paths: Vec<PathBuf> = pictures.iter().chain(elsewhere).cloned().collect();
    let total = paths.len() + queries.len();
    let texts: Vec<&str> = queries.iter().map(|query| query.text.as_str()).collect();
    let read = super::encode_texts(model, &texts, None, &|done| progress(done, total))?;
    let mut seen = see_all(model, &paths, &|done| progress(queries.len() + done, total))?;
    let elsewhere = seen.split_off(pictures.len());
    let queries = queries.iter().zip(read).enumerate();
    let queries = queries.map(|(i, (query, read))| Query::new(i, query, read, model));
    Ok(Measured { pictures: seen, elsewhere, queries: queries.collect() })
}

impl Measured {
    /// How well a search judges these answers: with `relevance`, or without one by the plain rule for
    /// models that were not measured: the mean of the best ten cosines, lowered as there are more photos.
    pub fn report(&self, relevance: Option<&Relevance>) -> RelevanceReport {
        let trials = self.trials(&[1]);
        let judged: Vec<_> = trials.iter().map(|trial| trial.judged(relevance)).collect();
        report::of(self, &trials, &judged)
    }

    /// Each query where its right ones are, and where they are not, over parts of the pictures: 1 for
    /// all, 4 for a quarter.
    fn trials(&self, parts: &[usize]) -> Vec<Trial<'_>> {
        let of = |query| Query::trials(query, &self.pictures, &self.elsewhere, parts);
        self.queries.iter().flat_map(of).collect()
    }
}
