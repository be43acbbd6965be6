//! How good a model is, on data with known answers.

pub mod classify;
pub mod duplicates;
pub mod names;
mod rank;
pub mod relevance;
pub mod retrieval;

use seer_encoders::Model;
use seer_language::Language;
use seer_types::Embedding;

use crate::EngineError;
use crate::query::{ParsedQuery, Term};
use crate::reading::Reading;

pub use rank::Recall;

/// Texts per call of the model.
const TEXTS: usize = 256;

/// A text as a search reads it.
struct AsRead {
    /// Its words, in English where it named an everyday thing in another language.
    words: String,
    /// Whether names of classes, which are English, may be looked for in it.
    may_name: bool,
    embedding: Embedding,
}

/// Texts without a template, each read as a search reads it ([`Reading`]), in `language` where that
/// is known.
fn encode_texts(
    model: &Model,
    texts: &[&str],
    language: Option<Language>,
    done: &dyn Fn(usize),
) -> Result<Vec<AsRead>, EngineError> {
    let mut out = Vec::with_capacity(texts.len());
    for batch in texts.chunks(TEXTS) {
        out.extend(encode_batch(model, batch, language)?);
        done(out.len());
    }
    Ok(out)
}

fn encode_batch(
    model: &Model,
    texts: &[&str],
    language: Option<Language>,
) -> Result<Vec<AsRead>, EngineError> {
    let read: Vec<(Reading, String)> =
        texts.iter().map(|text| read(model, text, language)).collect();
    let mut embeddings: Vec<Option<Embedding>> = vec![None; texts.len()];
    for second in [false, true] {
        let is_mine = |(reading, _): &&(Reading, String)| reading.is_of_second() == second;
        let mine: Vec<&str> =
            read.iter().filter(is_mine).map(|(_, words)| words.as_str()).collect();
        let encoded = match (mine.is_empty(), second) {
            (true, _) => continue,
            (false, false) => model.encode_texts(&mine)?,
            (false, true) => match model.languages().map_err(EngineError::Languages)? {
                Some(tower) => tower.encode_texts(&mine)?,
                None => model.encode_texts(&mine)?,
            },
        };
        let places = read.iter().zip(&mut embeddings).filter(|(one, _)| is_mine(one));
        places.zip(encoded).for_each(|((_, place), embedding)| *place = Some(embedding));
    }
    let both = read.into_iter().zip(embeddings.into_iter().flatten());
    Ok(both
        .map(|((reading, words), embedding)| AsRead {
            may_name: reading.may_name(),
            words,
            embedding,
        })
        .collect())
}

fn read(model: &Model, text: &str, language: Option<Language>) -> (Reading, String) {
    let term = Term { text: text.to_owned(), weight: 1.0 };
    let query = ParsedQuery { terms: vec![term], language, ..ParsedQuery::default() };
    match Reading::of(&query, model) {
        Some((reading, meant)) => (reading, meant.unwrap_or(query).words()),
        None => unreachable!("a query of one term has words"),
    }
}
