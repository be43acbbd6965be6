//! The query language: words are meaning, `key:value` filters, quotes must occur as text.
//!
//! One line of text becomes terms (texts with weights), photos to resemble and filters.
//! The grammar, for people: `docs/QUERY.md`.

mod filters;
pub(crate) mod plain;
mod split;
pub(crate) mod times;
mod values;

use std::fmt;

use seer_language::Language;
use seer_store::Filter;

use split::{Token, split};

/// The weight of a term excluded with `-`.
const EXCLUDED: f32 = -0.6;

/// Texts of one query that are compared by meaning: every one goes through the model.
pub const MOST_TEXTS: usize = 32;
/// `like:` of one query.
pub const MOST_LIKES: usize = 32;
/// Filters of one query.
pub const MOST_FILTERS: usize = 64;

/// A query, understood.
#[derive(Clone, Debug, Default)]
pub struct ParsedQuery {
    /// What the photo should mean, each part with its weight.
    pub terms: Vec<Term>,
    /// `like:ID`: photos to resemble (id or the start of one).
    pub likes: Vec<String>,
    /// `lang:CODE`: the language of the words; `None`: as they look.
    pub language: Option<Language>,
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

    /// Whether a filter asks where photos were taken.
    pub fn asks_for_position(&self) -> bool {
        let mut filters = self.filters.iter().map(|(_, filter)| filter);
        filters.any(|filter| match filter {
            Filter::Not(inner) => matches!(**inner, Filter::Near { .. }),
            filter => matches!(filter, Filter::Near { .. }),
        })
    }

    fn check_counts(&self) -> Result<(), QueryError> {
        let counts = [
            (self.terms.len(), MOST_TEXTS, "words with a weight or a \"-\" of their own"),
            (self.likes.len(), MOST_LIKES, "\"like:\""),
            (self.filters.len(), MOST_FILTERS, "filters"),
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

/// Understands a query.
///
/// # Errors
/// An unknown key (with the nearest known one), a value that its key cannot take, an open quote,
/// more than [`MOST_TEXTS`] texts, [`MOST_LIKES`] `like:` or [`MOST_FILTERS`] filters.
pub fn parse(text: &str) -> Result<ParsedQuery, QueryError> {
    let mut query = ParsedQuery::default();
    let mut phrase: Vec<&str> = Vec::new();
    let tokens = split(text)?;
    for token in &tokens {
        match token {
            Token::Word { text, weight: None, excluded: false } => {
                filters::refuse_empty(text)?;
                phrase.push(text);
            }
            Token::Word { text, weight, excluded } => {
                let weight = weight.unwrap_or(1.0) * if *excluded { EXCLUDED } else { 1.0 };
                query.terms.push(Term { text: text.clone(), weight });
            }
            Token::Quoted { text, excluded, source } => {
                let filter = Filter::Text(text.clone());
                query.filters.push((source.clone(), negate(filter, *excluded)));
                if !excluded {
                    phrase.push(text);
                }
            }
            Token::Pair { key, value, excluded, source } if key == "like" => {
                if *excluded || value.is_empty() {
                    let message = "write like:ID with a photo's id from an earlier answer";
                    return Err(QueryError::new(source, message));
                }
                query.likes.push(value.clone());
            }
            Token::Pair { key, value, excluded, source } if key == "lang" => {
                query.language = Some(language(value, *excluded, source)?);
            }
            Token::Pair { key, value, excluded, source } if key == "words" => {
                phrase.push(words(value, *excluded, source)?);
            }
            Token::Pair { key, value, excluded, source } => {
                let filter = filters::filter(key, value, source)?;
                query.filters.push((source.clone(), negate(filter, *excluded)));
            }
        }
    }
    if !phrase.is_empty() {
        query.terms.insert(0, Term { text: phrase.join(" "), weight: 1.0 });
    }
    query.check_counts()?;
    Ok(query)
}

/// Words that are compared by meaning whatever else they may be.
fn words<'a>(value: &'a str, excluded: bool, source: &str) -> Result<&'a str, QueryError> {
    let message = "write -word for each word that you want less of, without words:";
    (!excluded).then_some(value).ok_or_else(|| QueryError::new(source, message))
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
mod tests {
    use super::*;

    fn term(text: &str, weight: f32) -> Term {
        Term { text: text.into(), weight }
    }

    #[test]
    fn plain_words_are_one_term() {
        let query = parse("two dogs  running on a beach").unwrap();
        assert_eq!(query.terms, [term("two dogs running on a beach", 1.0)]);
        assert!(query.filters.is_empty());
    }

    #[test]
    fn weights_and_exclusions_are_terms_of_their_own() {
        let query = parse("beach sunset^0.5 -people").unwrap();
        assert_eq!(
            query.terms,
            [term("beach", 1.0), term("sunset", 0.5), term("people", EXCLUDED)]
        );
        assert_eq!(query.words(), "beach sunset");
    }

    #[test]
    fn filters_leave_the_meaning() {
        let query = parse("beach after:2019 camera:canon -ext:png path:\"my holiday\"").unwrap();
        assert_eq!(query.terms, [term("beach", 1.0)]);
        let typed: Vec<&str> = query.filters.iter().map(|f| f.0.as_str()).collect();
        assert_eq!(typed, ["after:2019", "camera:canon", "-ext:png", "path:\"my holiday\""]);
        assert!(matches!(query.filters[2].1, Filter::Not(_)));
    }

    #[test]
    fn quoted_text_must_occur_and_is_meaning_too() {
        let query = parse("\"stop sign\" at night").unwrap();
        assert_eq!(query.terms, [term("stop sign at night", 1.0)]);
        assert!(matches!(&query.filters[0].1, Filter::Text(t) if t == "stop sign"));
    }

    #[test]
    fn the_language_of_the_words_can_be_said() {
        let query = parse("lang:de Gift").unwrap();
        assert_eq!((query.language.unwrap().name, query.words().as_str()), ("German", "Gift"));
        assert_eq!(parse("Gift").unwrap().language, None);
        for text in ["lang:xx Gift", "lang:german Gift", "-lang:de Gift", "lang: Gift"] {
            let error = parse(text).unwrap_err().to_string();
            assert!(error.contains("lang:"), "{text}: {error}");
        }
    }

    #[test]
    fn unknown_keys_are_refused_with_a_suggestion() {
        let error = parse("camra:canon").unwrap_err().to_string();
        assert!(error.contains("camra:canon") && error.contains("camera:"), "{error}");
        for text in ["like:", "camera: canon", "-like:abcd"] {
            assert!(parse(text).is_err(), "{text}");
        }
        assert!(parse("after:yesterday-ish").is_err());
    }

    #[test]
    fn colons_inside_ordinary_words_are_words() {
        assert_eq!(parse("clock showing 3:30").unwrap().terms[0].text, "clock showing 3:30");
        assert_eq!(parse("note: a dog").unwrap().terms[0].text, "note: a dog");
    }

    #[test]
    fn a_query_that_would_hold_others_up_is_refused() {
        let many = |part: &str, count: usize| vec![part; count].join(" ");
        for (part, most) in [
            ("-word", MOST_TEXTS),
            ("word^2", MOST_TEXTS),
            ("like:abcd", MOST_LIKES),
            ("ext:jpg", MOST_FILTERS),
            ("-ext:jpg", MOST_FILTERS),
            ("\"a\"", MOST_FILTERS),
        ] {
            assert!(parse(&many(part, most)).is_ok(), "{part}");
            let error = parse(&many(part, most + 1)).unwrap_err().to_string();
            assert!(error.contains(&format!("may have {most}")), "{error}");
        }
        // Plain words are one text, however many they are.
        assert_eq!(parse(&many("word", 500)).unwrap().terms.len(), 1);
        assert!(parse(&format!("plain {}", many("-word", MOST_TEXTS))).is_err());
    }

    #[test]
    fn questions_for_the_position_are_known() {
        for (text, asks) in [
            ("near:48.86,2.35", true),
            ("-near:48.86,2.35,1km", true),
            ("beach ext:jpg", false),
            ("near the sea", false),
        ] {
            assert_eq!(parse(text).unwrap().asks_for_position(), asks, "{text}");
        }
    }

    #[test]
    fn words_may_be_kept_as_words() {
        let query = parse("dogs words:\"last summer\" park ext:jpg words:May").unwrap();
        assert_eq!(query.terms, [term("dogs last summer park May", 1.0)]);
        assert_eq!(query.filters.len(), 1);
        assert!(parse("-words:May").is_err() && parse("words: May").is_err());
    }

    #[test]
    fn like_is_a_picture() {
        assert_eq!(parse("like:abc123 at night").unwrap().likes, ["abc123"]);
    }

    #[test]
    fn any_text_gives_an_answer_or_an_error() {
        for text in [
            "", "   ", "-", "--", "^", "^2", "a^", "a^x", "\"", "-\"\"", ":", "-:", "ext:", "é:ü",
            "\u{0}", "a^-1", "near:1",
        ] {
            let _ = parse(text);
        }
    }
}
