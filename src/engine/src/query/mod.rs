//! The query language: words are meaning, `key:value` filters, quotes must occur as text.
//!
//! One line of text becomes terms (texts with weights), photos to resemble and filters.
//! The grammar, for people: `docs/QUERY.md`.

mod filters;
mod likes;
mod marks;
mod operators;
mod parentheses;
mod places;
pub(crate) mod plain;
mod split;
mod texts;
pub(crate) mod times;
mod units;
mod values;

use std::fmt;
use std::sync::Arc;

use seer_language::Language;
use seer_store::Filter;
use seer_store::fold::as_seen;
use seer_types::PhotoId;

use likes::like;
use operators::{Item, items};
use split::{Token, split};

/// The weight of a term excluded with `-`.
const EXCLUDED: f32 = -1.0;

/// Texts of one query that are compared by meaning: every one goes through the model.
pub const MOST_TEXTS: usize = 32;
/// `like:` of one query.
pub const MOST_LIKES: usize = 32;
/// `more:` and `less:` of one query.
pub const MOST_MARKS: usize = 64;
/// Filters of one query.
pub const MOST_FILTERS: usize = 64;

/// A query, understood.
#[derive(Clone, Debug, Default)]
pub struct ParsedQuery {
    /// What the photo should mean, each part with its weight: the wanted ones first, in the order
    /// of the words.
    pub terms: Vec<Term>,
    /// `like:ID`: photos to resemble.
    pub likes: Vec<Like>,
    /// `more:ID`: photos of the answer that are right.
    pub more: Vec<Like>,
    /// `less:ID`: photos that are wrong.
    pub less: Vec<Like>,
    /// `lang:CODE`: the language of the words; `None`: as they look.
    pub language: Option<Language>,
    /// `hidden:yes`: the photos that are hidden from searches, and no others.
    pub hidden: bool,
    /// What must hold, with the text it was written as.
    pub filters: Vec<(String, Filter)>,
}

/// A text and how much it counts; negative pushes away.
#[derive(Clone, PartialEq, Debug)]
pub struct Term {
    /// The words.
    pub text: String,
    /// 1 unless written otherwise (`word^0.5`, `-word`).
    pub weight: f32,
}

/// A photo of the library and how much it counts.
#[derive(Clone, PartialEq, Debug)]
pub struct Like {
    /// Its id or the start of it.
    pub id: String,
    /// 1 unless written otherwise (`like:3fa91c02^0.5`); 0 to 10.
    pub weight: f32,
}

/// Why a query cannot be understood, with a remedy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryError {
    /// The part of the query that is wrong.
    pub part: String,
    /// What is wrong and what to write instead.
    pub message: String,
}

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "in the query, \"{}\": {}", self.part, self.message)
    }
}

impl std::error::Error for QueryError {}

impl QueryError {
    pub(crate) fn new(part: impl Into<String>, message: impl Into<String>) -> Self {
        Self { part: part.into(), message: message.into() }
    }
}

impl ParsedQuery {
    /// The words that are about meaning, as typed, excluded ones left out.
    pub fn words(&self) -> String {
        let words: Vec<&str> =
            self.terms.iter().filter(|t| t.weight > 0.0).map(|t| t.text.as_str()).collect();
        words.join(" ")
    }

    /// Whether there is more to it than filters: words, `like:`, `more:` or `less:`.
    pub fn has_meaning(&self) -> bool {
        !(self.terms.is_empty() && self.likes.is_empty()) || self.is_marked()
    }

    /// Whether photos are marked as right or wrong.
    pub fn is_marked(&self) -> bool {
        !(self.more.is_empty() && self.less.is_empty())
    }

    /// Whether a filter asks where photos were taken.
    pub fn asks_for_position(&self) -> bool {
        fn asks(filter: &Filter) -> bool {
            match filter {
                Filter::All(parts) | Filter::Any(parts) => parts.iter().any(asks),
                Filter::Not(part) => asks(part),
                filter => {
                    matches!(filter, Filter::Near { .. } | Filter::Inside(_) | Filter::Place(_))
                }
            }
        }
        self.filters.iter().any(|(_, filter)| asks(filter))
    }

    /// `filters`: how many there are, those in parentheses each by itself.
    fn check_counts(&self, filters: usize) -> Result<(), QueryError> {
        // Words without a weight are one text, however they lie between others.
        let plain = self.terms.iter().filter(|term| term.weight == 1.0).count();
        let texts = self.terms.len() - plain.saturating_sub(1);
        let counts = [
            (texts, MOST_TEXTS, "words with a weight or a \"-\" of their own"),
            (self.likes.len(), MOST_LIKES, "\"like:\""),
            (self.more.len() + self.less.len(), MOST_MARKS, "\"more:\" and \"less:\""),
            (filters, MOST_FILTERS, "filters"),
        ];
        match counts.into_iter().find(|(count, most, _)| count > most) {
            None => Ok(()),
            Some((count, most, what)) => Err(QueryError::new(
                "…",
                format!("it has {count} {what}; one query may have {most}"),
            )),
        }
    }
}

/// The photos of an album of picked photos, by its name as it was written; or why there are none.
pub(crate) type AlbumPhotos<'a> = dyn Fn(&str) -> Result<Arc<[PhotoId]>, String> + 'a;

/// Understands a query without its library: an album that it names has no photos.
///
/// # Errors
/// An unknown key (with the nearest known one), a value that its key cannot take, an open quote or
/// parenthesis, an operator that joins no filters, more than [`MOST_TEXTS`] texts, [`MOST_LIKES`]
/// `like:`, [`MOST_MARKS`] `more:` and `less:` or [`MOST_FILTERS`] filters.
pub fn parse(text: &str) -> Result<ParsedQuery, QueryError> {
    parse_in(text, &|_| Ok(Arc::default()))
}

/// Understands a query of a library that has these albums.
///
/// # Errors
/// Those of [`parse`]; an album that is not there.
pub(crate) fn parse_in(text: &str, albums: &AlbumPhotos<'_>) -> Result<ParsedQuery, QueryError> {
    let mut query = ParsedQuery::default();
    let mut meaning = Meant::default();
    let mut filters = 0;
    for item in items(text, units::joined(split(text)?), albums)? {
        match item {
            Item::Filter { typed, filter, meaning: quoted, count } => {
                query.filters.push((typed, filter));
                quoted.into_iter().for_each(|text| meaning.want(text, 1.0));
                filters += count;
            }
            Item::Other(token) => other(token, &mut query, &mut meaning)?,
        }
    }
    query.terms = meaning.terms();
    query.check_counts(filters)?;
    Ok(query)
}

/// The parts of a query that are about meaning.
#[derive(Default)]
struct Meant {
    wanted: Vec<Term>,
    excluded: Vec<Term>,
}

impl Meant {
    /// Words of the sentence; those without a weight that follow each other are one part.
    fn want(&mut self, text: String, weight: f32) {
        match self.wanted.last_mut().filter(|last| last.weight == 1.0 && weight == 1.0) {
            Some(last) => last.text = format!("{} {text}", last.text),
            None => self.wanted.push(Term { text, weight }),
        }
    }

    fn terms(self) -> Vec<Term> {
        let all = self.wanted.into_iter().chain(self.excluded);
        let seen = all.map(|term| Term { text: as_seen(&term.text), ..term });
        seen.filter(|term| !term.text.trim().is_empty()).collect()
    }
}

/// What is no filter.
fn other(token: Token, query: &mut ParsedQuery, meaning: &mut Meant) -> Result<(), QueryError> {
    match token {
        Token::Word { text, weight: None, excluded: false } => {
            filters::refuse_half(&text)?;
            meaning.want(text, 1.0);
        }
        Token::Word { text, weight, excluded: false } => {
            meaning.want(text, weight.unwrap_or(1.0));
        }
        Token::Word { text, weight, excluded: true } => {
            let weight = weight.unwrap_or(1.0) * EXCLUDED;
            meaning.excluded.push(Term { text, weight });
        }
        Token::Pair { key, value, excluded, source } if key == "like" => {
            query.likes.push(like(&key, &value, excluded, &source)?);
        }
        Token::Pair { key, value, excluded, source } if key == "more" => {
            query.more.push(like(&key, &value, excluded, &source)?);
        }
        Token::Pair { key, value, excluded, source } if key == "less" => {
            query.less.push(like(&key, &value, excluded, &source)?);
        }
        Token::Pair { key, value, excluded, source } if key == "words" => {
            if value.is_empty() {
                let message = "write words:\"some words\" to keep words as words";
                return Err(QueryError::new(source, message));
            }
            match excluded {
                true => meaning.excluded.push(Term { text: value, weight: EXCLUDED }),
                false => meaning.want(value, 1.0),
            }
        }
        Token::Pair { key, value, excluded, source } if key == "hidden" => {
            query.hidden = hidden(&value, excluded, &source)?;
        }
        Token::Pair { value, excluded, source, .. } => {
            query.language = Some(language(&value, excluded, &source)?);
        }
        Token::Quoted { .. } | Token::Open { .. } | Token::Close => {}
    }
    Ok(())
}

fn hidden(value: &str, excluded: bool, source: &str) -> Result<bool, QueryError> {
    match (value.to_ascii_lowercase().as_str(), excluded) {
        ("yes" | "true", false) => Ok(true),
        ("no" | "false", false) => Ok(false),
        _ => {
            let message = "write hidden:yes for the photos that are hidden from searches";
            Err(QueryError::new(source, message))
        }
    }
}

fn language(code: &str, excluded: bool, source: &str) -> Result<Language, QueryError> {
    let found = seer_language::by_code(code).filter(|_| !excluded);
    found.ok_or_else(|| {
        let codes: Vec<&str> = seer_language::languages().map(|one| one.code).collect();
        let message = format!(
            "write the two letters of a language after lang:, such as lang:de; known are {}",
            codes.join(", ")
        );
        QueryError::new(source, message)
    })
}

fn negate(filter: Filter, excluded: bool) -> Filter {
    if excluded { Filter::Not(Box::new(filter)) } else { filter }
}

#[cfg(test)]
mod tests;
