//! In which language a query's words are read, and by which of the model's text towers.

use std::sync::Arc;

use seer_encoders::{EncodeError, LanguageTower, Model};
use seer_language::{Guess, Language, Translation, guess, translate};

use crate::EngineError;
use crate::query::{ParsedQuery, Term};
use crate::text_queue::TextEncoder;

/// Of many languages, in a model's list of those that it was trained on.
const MANY: &str = "mul";

const ENGLISH: &str = "en";

/// How a query's words were read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reading {
    /// The language; `None` for words that are not English and too few to tell, names among them.
    pub language: Option<Language>,
    /// Whether the query says so itself (`lang:`).
    pub said: bool,
    /// Whether the model knows it.
    pub understood: Understood,
    /// The English words that were read instead, where the query names everyday things.
    pub english: Option<String>,
}

/// Whether a model knows a language, and by which tower.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Understood {
    /// Read by its text tower.
    Own,
    /// Read by its second text tower, for more languages.
    Languages,
    /// It was trained on other languages: the answer is a guess.
    No,
}

/// One of a model's text towers.
pub(crate) enum Reader {
    Own(Arc<Model>),
    Languages(Arc<LanguageTower>),
}

impl Reading {
    /// How a query's words are read, and the query with English words instead where that is how;
    /// `None` where it has no words.
    ///
    /// Names of everyday things are read in English, unless the model's text tower knows their
    /// language itself.
    pub(crate) fn of(query: &ParsedQuery, model: &Model) -> Option<(Self, Option<ParsedQuery>)> {
        if query.terms.is_empty() {
            return None;
        }
        let (language, said) = match query.language {
            Some(said) => (Some(said), true),
            None => (looks_like(query), false),
        };
        let by = |understood| Self { language, said, understood, english: None };
        if is_in(model.trained_on(), language) {
            return Some((by(Understood::Own), None));
        }
        if let Some((meant, language)) = in_english(query, language) {
            let english = Some(shown(&meant));
            let reading = Self { language, said, understood: Understood::Own, english };
            return Some((reading, Some(meant)));
        }
        let understood = match model.further_languages() {
            [] if language.is_none() => Understood::Own,
            [] => Understood::No,
            further if language.is_none() || is_in(further, language) => Understood::Languages,
            _ => Understood::No,
        };
        Some((by(understood), None))
    }

    /// Whether names of classes, which are English, may be looked for.
    pub(crate) fn may_name(&self) -> bool {
        self.english.is_some() || self.language.is_none_or(|language| language.code == ENGLISH)
    }

    /// Whether the model's second text tower reads the words.
    pub(crate) fn is_of_second(&self) -> bool {
        self.understood == Understood::Languages
    }

    /// # Errors
    /// `Languages` when the second tower cannot be read.
    pub(crate) fn reader(&self, model: &Arc<Model>) -> Result<Reader, EngineError> {
        let second = match self.understood {
            Understood::Languages => model.languages().map_err(EngineError::Languages)?,
            Understood::Own | Understood::No => None,
        };
        Ok(second.map_or_else(|| Reader::Own(Arc::clone(model)), Reader::Languages))
    }
}

/// Whether a tower that was trained on some languages reads one of its own, as far as anybody says.
fn is_in(known: &[String], language: Option<Language>) -> bool {
    known.is_empty()
        || known.iter().any(|code| code == MANY || language.is_some_and(|one| one.code == code))
}

/// The query with English words, where all of its own name everyday things, and their language.
fn in_english(
    query: &ParsedQuery,
    language: Option<Language>,
) -> Option<(ParsedQuery, Option<Language>)> {
    let words = query.terms.iter().map(|term| translate(&term.text, language));
    let words: Vec<Translation> = words.collect::<Option<_>>()?;
    let terms = query.terms.iter().zip(&words);
    let terms = terms.map(|(term, word)| Term { text: word.english.into(), ..*term });
    let language = language.or_else(|| words.iter().find_map(|word| word.language));
    Some((ParsedQuery { terms: terms.collect(), ..query.clone() }, language))
}

/// The words of a query in one line, `-` before those that are excluded.
fn shown(query: &ParsedQuery) -> String {
    let sign = |term: &Term| if term.weight < 0.0 { "-" } else { "" };
    let words = query.terms.iter().map(|term| format!("{}{}", sign(term), term.text));
    words.collect::<Vec<_>>().join(" ")
}

fn looks_like(query: &ParsedQuery) -> Option<Language> {
    let words: Vec<&str> = query.terms.iter().map(|term| term.text.as_str()).collect();
    match guess(&words.join(" ")) {
        Guess::English => seer_language::by_code(ENGLISH),
        Guess::Other(language) => Some(language),
        Guess::Unknown => None,
    }
}

impl Reader {
    pub(crate) fn token_ids(&self, text: &str) -> Result<Vec<u32>, EncodeError> {
        match self {
            Self::Own(model) => model.token_ids(text),
            Self::Languages(tower) => Ok(tower.token_ids(text)),
        }
    }

    /// For the queue in front of the towers.
    pub(crate) fn encoder(&self) -> Arc<dyn TextEncoder + Send + Sync> {
        match self {
            Self::Own(model) => Arc::clone(model) as _,
            Self::Languages(tower) => Arc::clone(tower) as _,
        }
    }

    /// Which tower, for what is kept of earlier queries.
    pub(crate) fn is_second(&self) -> bool {
        matches!(self, Self::Languages(_))
    }
}

#[cfg(test)]
mod tests {
    use seer_encoders::DeviceChoice;

    use super::*;
    use crate::query::parse;

    fn read(text: &str, model: &Model) -> (Option<&'static str>, Understood, Option<String>) {
        let (reading, meant) = Reading::of(&parse(text).unwrap(), model).unwrap();
        assert_eq!(meant.as_ref().map(shown), reading.english, "{text}");
        let code = reading.language.map(|language| language.code);
        (code, reading.understood, reading.english)
    }

    #[test]
    fn the_built_in_model_reads_english_by_one_tower_and_others_by_the_second() {
        let model = Model::builtin(DeviceChoice::Cpu).unwrap();
        let read = |text: &str| read(text, &model);
        assert_eq!(read("two dogs on a beach"), (Some("en"), Understood::Own, None));
        assert_eq!(read("une femme sur la plage"), (Some("fr"), Understood::Languages, None));
        assert_eq!(read("lang:de Gift"), (Some("de"), Understood::Languages, None));
        assert_eq!(read("lang:en Hund"), (Some("en"), Understood::Own, None));
        assert_eq!(read("Neuschwanstein"), (None, Understood::Languages, None));
        assert_eq!(read("lang:th dog"), (Some("th"), Understood::No, None));
        assert!(Reading::of(&parse("year:2019").unwrap(), &model).is_none());
    }

    #[test]
    fn names_of_everyday_things_are_read_in_english_with_their_weights() {
        let model = Model::builtin(DeviceChoice::Cpu).unwrap();
        let read = |text: &str| read(text, &model);
        let scissors = Some("scissors".to_owned());
        assert_eq!(read("die Schere"), (Some("de"), Understood::Own, scissors));
        assert_eq!(read("lang:de Hund").0, Some("de"));
        assert_eq!(read("chien sur la plage").2, None, "not all of it is a name");
        let query = parse("Hund^0.5 -Katze").unwrap();
        let (reading, meant) = Reading::of(&query, &model).unwrap();
        assert_eq!(reading.english.as_deref(), Some("dog -cat"));
        let terms = [("dog", 0.5), ("cat", query.terms[1].weight)];
        let terms = terms.map(|(text, weight)| Term { text: text.into(), weight });
        assert_eq!(meant.unwrap().terms, terms);
    }

    #[test]
    fn a_model_says_which_languages_it_was_not_trained_on() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures/clip-tiny");
        let unknown = Model::load(folder.as_ref(), DeviceChoice::Cpu).unwrap();
        let german = "ein kleines Mädchen spielt mit einem roten Ball";
        assert_eq!(read(german, &unknown), (Some("de"), Understood::Own, None));
        let name = "openai/clip-vit-base-patch32";
        let entry = seer_encoders::registry::find(name).unwrap();
        let options = seer_encoders::LoadOptions::default();
        let english =
            Model::load_named(folder.as_ref(), entry, DeviceChoice::Cpu, options).unwrap();
        assert_eq!(read(german, &english), (Some("de"), Understood::No, None));
        let scissors = Some("scissors".to_owned());
        assert_eq!(read("Schere", &english), (Some("de"), Understood::Own, scissors));
        assert_eq!(read("Neuschwanstein", &english), (None, Understood::Own, None));
    }
}
