//! NOT, OR, AND and parentheses: they join filters, and nothing else.

use seer_store::Filter;

use super::parentheses::{around, with_words};
use super::split::{Piece, Token};
use super::{AlbumPhotos, QueryError, filters, negate, texts};

/// Parentheses and NOT inside each other.
const MOST_DEPTH: usize = 8;

/// A part of a query.
#[derive(Debug)]
pub(super) enum Item {
    /// A filter, or several that OR or parentheses hold together.
    Filter {
        /// As it stands in the query.
        typed: String,
        filter: Filter,
        /// Quoted text that is meaning too.
        meaning: Option<String>,
        /// How many filters it is made of.
        count: usize,
    },
    /// Any other token.
    Other(Token),
}

/// Puts filters together.
///
/// # Errors
/// Operators with words beside them, words in parentheses, AND and OR side by side, a parenthesis
/// without its other one, more than 8 of them inside each other; those of single filters.
pub(super) fn items(
    text: &str,
    pieces: Vec<Piece>,
    albums: &AlbumPhotos<'_>,
) -> Result<Vec<Item>, QueryError> {
    let pieces = with_words(text, pieces)?;
    let mut reader = Reader { text, pieces: &pieces, albums, at: 0, count: 0 };
    let mut items = Vec::new();
    while let Some(piece) = pieces.get(reader.at) {
        if reader.starts_filter(reader.at) {
            items.push(reader.item()?);
            continue;
        }
        let beside = matches!(items.last(), Some(Item::Filter { .. }));
        match operator(&piece.token) {
            Some(operator) => reader.lone(operator, beside, &mut items)?,
            None => {
                refuse_bang(&piece.token)?;
                items.push(Item::Other(piece.token.clone()));
            }
        }
        reader.at += 1;
    }
    Ok(items)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Operator {
    Not,
    And,
    Or,
}

/// A word that may be meant as an operator.
fn operator(token: &Token) -> Option<Operator> {
    let Token::Word { text, weight: None, excluded: false } = token else { return None };
    match text.to_ascii_lowercase().as_str() {
        "not" | "!" => Some(Operator::Not),
        "and" | "&" | "&&" => Some(Operator::And),
        "or" | "|" | "||" => Some(Operator::Or),
        _ => None,
    }
}

/// A word that turns a filter behind it round, as NOT does, and is a word elsewhere: "without tag:family".
fn is_without(token: &Token) -> bool {
    let Token::Word { text, weight: None, excluded: false } = token else { return false };
    WITHOUT.split(", ").any(|word| word == text.to_lowercase())
}

/// An exclamation mark turns filters round; before a word it would say nothing.
fn refuse_bang(token: &Token) -> Result<(), QueryError> {
    let Token::Word { text, .. } = token else { return Ok(()) };
    match text.strip_prefix(['!', '！']) {
        Some(word) if word.starts_with(char::is_alphabetic) => {
            let message = format!(
                "\"!\" turns filters round; to push away from what the word means write -{word}"
            );
            Err(QueryError::new(text, message))
        }
        _ => Ok(()),
    }
}

/// In seven languages.
const WITHOUT: &str = "without, no, except, excluding, ohne, kein, keine, nicht, außer, ausser, sans, pas, sauf, sin, \
    excepto, salvo, senza, non, tranne, sem, não, exceto, zonder, niet, behalve";

struct Reader<'a> {
    text: &'a str,
    pieces: &'a [Piece],
    albums: &'a AlbumPhotos<'a>,
    at: usize,
    /// Filters of the item that is read.
    count: usize,
}

/// A filter that was read.
struct Part {
    filter: Filter,
    meaning: Option<String>,
}

impl Reader<'_> {
    fn operator(&self, place: usize) -> Option<Operator> {
        operator(&self.pieces.get(place)?.token)
    }

    fn starts_filter(&self, place: usize) -> bool {
        let rest = self.pieces.get(place..).unwrap_or_default().iter().map(|piece| &piece.token);
        // More than so many are refused when they are read.
        let mut rest = rest.take(MOST_DEPTH + 1);
        match rest.find(|token| operator(token) != Some(Operator::Not) && !is_without(token)) {
            Some(Token::Pair { key, .. }) => !filters::is_aside(key),
            Some(Token::Quoted { .. } | Token::Open { .. }) => true,
            Some(Token::Word { .. } | Token::Close) => false,
            None => self.pieces.len() > place + MOST_DEPTH,
        }
    }

    fn item(&mut self) -> Result<Item, QueryError> {
        self.count = 0;
        let from = self.pieces[self.at].from;
        let follows_and =
            self.at > 1 && self.operator(self.at - 1) == Some(Operator::And) && self.was_filter();
        let (part, has_or) = self.chain(0)?;
        self.refuse_both(has_or, follows_and)?;
        let typed = self.text[from..self.pieces[self.at - 1].to].to_owned();
        Ok(Item::Filter { typed, filter: part.filter, meaning: part.meaning, count: self.count })
    }

    /// Whether what is before the operator before this place is a filter.
    fn was_filter(&self) -> bool {
        let before = &self.pieces[self.at - 2].token;
        matches!(before, Token::Pair { .. } | Token::Quoted { .. } | Token::Close)
    }

    /// Filters with OR between them, and whether there was one.
    fn chain(&mut self, depth: usize) -> Result<(Part, bool), QueryError> {
        let first = self.one(depth)?;
        let mut others = Vec::new();
        while self.operator(self.at) == Some(Operator::Or) {
            if !self.starts_filter(self.at + 1) {
                return Err(self.refused(self.at, BESIDE_OR));
            }
            self.at += 1;
            others.push(self.one(depth)?.filter);
        }
        if others.is_empty() {
            return Ok((first, false));
        }
        let parts = std::iter::once(first.filter).chain(others).collect();
        Ok((Part { filter: Filter::Any(parts), meaning: None }, true))
    }

    fn one(&mut self, depth: usize) -> Result<Part, QueryError> {
        let place = self.at;
        if depth > MOST_DEPTH {
            let message =
                format!("more than {MOST_DEPTH} NOT or parentheses lie inside each other");
            return Err(self.refused(place, &message));
        }
        self.at += 1;
        match &self.pieces[place].token {
            Token::Open { excluded } => {
                let filter = self.group(depth)?;
                Ok(Part { filter: negate(filter, *excluded), meaning: None })
            }
            Token::Quoted { text, excluded, source } => {
                self.count += 1;
                let filter = negate(filters::quoted(text, source)?, *excluded);
                Ok(Part { filter, meaning: (!excluded).then(|| text.clone()) })
            }
            Token::Pair { key, value, excluded, source } => {
                self.count += 1;
                let filter = negate(self.filter(key, value, source)?, *excluded);
                Ok(Part { filter, meaning: None })
            }
            // NOT, with a filter behind it.
            Token::Word { .. } | Token::Close => {
                let part = self.one(depth + 1)?;
                Ok(Part { filter: negate(part.filter, true), meaning: None })
            }
        }
    }

    fn filter(&self, key: &str, value: &str, source: &str) -> Result<Filter, QueryError> {
        if key == "album" {
            let photos = texts::tag(value).and_then(|name| (self.albums)(&name));
            return photos.map(Filter::Ids).map_err(|message| QueryError::new(source, message));
        }
        filters::filter(key, value, source)
    }

    /// What stands between a parenthesis that was read and its other one.
    fn group(&mut self, depth: usize) -> Result<Filter, QueryError> {
        let mut parts = Vec::new();
        let mut follows_and = false;
        loop {
            if self.starts_filter(self.at) {
                let (part, has_or) = self.chain(depth + 1)?;
                self.refuse_both(has_or, follows_and)?;
                parts.push(part.filter);
                follows_and = false;
                continue;
            }
            let is_close =
                self.pieces.get(self.at).is_some_and(|piece| piece.token == Token::Close);
            match self.operator(self.at) {
                _ if is_close => break,
                Some(Operator::And) => follows_and = !parts.is_empty(),
                Some(Operator::Or) => return Err(self.refused(self.at, BESIDE_OR)),
                _ => return Err(self.refused(self.at, IN_PARENTHESES)),
            }
            self.at += 1;
        }
        self.at += 1;
        Ok(if parts.len() == 1 { parts.remove(0) } else { Filter::All(parts) })
    }

    /// OR and AND without parentheses can be read in two ways.
    fn refuse_both(&self, has_or: bool, follows_and: bool) -> Result<(), QueryError> {
        let and_follows =
            self.operator(self.at) == Some(Operator::And) && self.starts_filter(self.at + 1);
        match has_or && (follows_and || and_follows) {
            true => Err(self.refused(self.at - 1, BOTH)),
            false => Ok(()),
        }
    }

    /// A word like an operator that has no filter behind it; `beside`: it has one before it.
    fn lone(
        &self,
        operator: Operator,
        beside: bool,
        items: &mut Vec<Item>,
    ) -> Result<(), QueryError> {
        let place = self.at;
        let filter_follows = self.starts_filter(place + 1);
        let Token::Word { text, .. } = &self.pieces[place].token else { return Ok(()) };
        let capitals = text.chars().all(|c| c.is_ascii_uppercase());
        let shouted = capitals && self.pieces.len() > 1 && !self.is_all_upper();
        match operator {
            // Filters hold together anyway.
            Operator::And if beside || filter_follows => return Ok(()),
            Operator::Or if beside || filter_follows => {
                return Err(self.refused(place, BESIDE_OR));
            }
            Operator::Or if shouted => return Err(self.refused(place, OR_OF_WORDS)),
            Operator::Not if shouted || self.is_aside(place + 1) => {
                return Err(self.refused(place, NOT_A_FILTER));
            }
            _ => items.push(Item::Other(self.pieces[place].token.clone())),
        }
        Ok(())
    }

    fn is_aside(&self, place: usize) -> bool {
        let token = self.pieces.get(place).map(|piece| &piece.token);
        matches!(token, Some(Token::Pair { .. }))
    }

    /// Whether no word has a small letter, so that capitals mean nothing.
    fn is_all_upper(&self) -> bool {
        let small = |piece: &Piece| match &piece.token {
            Token::Word { text, .. } => text.chars().any(char::is_lowercase),
            _ => false,
        };
        let words = self.pieces.iter().filter(|piece| operator(&piece.token).is_none());
        let mut words = words.filter(|piece| matches!(piece.token, Token::Word { .. })).peekable();
        words.peek().is_some() && !words.any(small)
    }

    fn refused(&self, place: usize, message: &str) -> QueryError {
        let place = place.min(self.pieces.len() - 1);
        QueryError::new(around(self.text, self.pieces, place), message)
    }
}

const BESIDE_OR: &str = "OR joins filters, one on each side, as in ext:jpg OR ext:png; write words \
                         outside of it";
const OR_OF_WORDS: &str = "OR joins filters, as in tag:cat OR tag:dog; words are read together as \
                           one sentence: write \"or\" in small letters, or search for each";
const IN_PARENTHESES: &str = "in parentheses stand filters only, as in (ext:jpg OR ext:png); write \
                              words, like: and lang: outside";
const NOT_A_FILTER: &str = "NOT turns a filter round, as in NOT path:holiday or -path:holiday; to \
                            push away from what a word means write a - before it, as in -people; for \
                            the word itself use small letters";
const BOTH: &str = "AND and OR side by side can be read in two ways; put parentheses around one of \
                    them, as in (tag:cat OR tag:dog) AND year:2019";

#[cfg(test)]
mod tests;
