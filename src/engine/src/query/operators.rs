//! NOT, OR, AND and parentheses: they join filters, and nothing else.

use seer_store::Filter;

use super::split::{Piece, Token};
use super::{QueryError, filters, negate};

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
pub(super) fn items(text: &str, pieces: Vec<Piece>) -> Result<Vec<Item>, QueryError> {
    let pieces = with_words(text, pieces)?;
    let mut reader = Reader { text, pieces: &pieces, at: 0, count: 0 };
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

/// Parentheses without a filter between them are words as they were typed.
fn with_words(text: &str, mut pieces: Vec<Piece>) -> Result<Vec<Piece>, QueryError> {
    let mut open: Vec<(usize, usize)> = Vec::new();
    let mut words: Vec<usize> = Vec::new();
    let mut filters = 0;
    for (place, piece) in pieces.iter().enumerate() {
        match piece.token {
            Token::Pair { .. } | Token::Quoted { .. } => filters += 1,
            Token::Open { .. } => open.push((place, filters)),
            Token::Close => match open.pop() {
                Some((_, before)) if before < filters => {}
                Some((start, _)) => words.extend([start, place]),
                None if filters > 0 => {
                    let message = "no \"(\" opens this; in parentheses stand filters only, as in \
                                   (ext:jpg OR ext:png)";
                    return Err(QueryError::new(around(text, &pieces, place), message));
                }
                None => words.push(place),
            },
            Token::Word { .. } => {}
        }
    }
    for (start, before) in open {
        if before < filters {
            let message = "the parenthesis is never closed; add a \")\" behind its last filter, with \
                           filters only inside";
            return Err(QueryError::new(around(text, &pieces, start), message));
        }
        words.push(start);
    }
    for place in words {
        let Piece { from, to, .. } = pieces[place];
        let typed = text[from..to].to_owned();
        pieces[place].token = Token::Word { text: typed, weight: None, excluded: false };
    }
    Ok(pieces)
}

/// A piece with its neighbours.
fn around<'a>(text: &'a str, pieces: &[Piece], place: usize) -> &'a str {
    let from = pieces[place.saturating_sub(1)].from;
    let to = pieces[(place + 1).min(pieces.len() - 1)].to;
    &text[from..to]
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

struct Reader<'a> {
    text: &'a str,
    pieces: &'a [Piece],
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
        match rest.find(|token| operator(token) != Some(Operator::Not)) {
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
                let filter = negate(filters::filter(key, value, source)?, *excluded);
                Ok(Part { filter, meaning: None })
            }
            // NOT, with a filter behind it.
            Token::Word { .. } | Token::Close => {
                let part = self.one(depth + 1)?;
                Ok(Part { filter: negate(part.filter, true), meaning: None })
            }
        }
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
mod tests {
    use super::super::parse;

    /// The filters as typed.
    fn typed(text: &str) -> Vec<String> {
        parse(text).unwrap().filters.into_iter().map(|(typed, _)| typed).collect()
    }

    /// Filters as a formula.
    fn meant(text: &str) -> String {
        let query = parse(text).unwrap();
        let filters: Vec<String> = query.filters.iter().map(|(_, f)| formula(f)).collect();
        filters.join(" & ")
    }

    fn formula(filter: &super::Filter) -> String {
        use super::Filter::{All, Any, Folder, Not, Text};
        let join = |parts: &[super::Filter], by: &str| {
            format!("({})", parts.iter().map(formula).collect::<Vec<_>>().join(by))
        };
        match filter {
            All(parts) => join(parts, " & "),
            Any(parts) => join(parts, " | "),
            Not(part) => format!("-{}", formula(part)),
            Folder(name) | Text(name) => name.clone(),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn or_joins_filters() {
        assert_eq!(meant("folder:a OR folder:b"), "(a | b)");
        assert_eq!(meant("folder:a or folder:b || \"c\""), "(a | b | c)");
        assert_eq!(meant("folder:a OR folder:b folder:c"), "(a | b) & c");
        assert_eq!(meant("folder:a folder:b OR -folder:c"), "a & (b | -c)");
        assert_eq!(meant("(folder:a folder:b) OR folder:c"), "((a & b) | c)");
        assert_eq!(meant("(folder:a AND folder:b) | folder:c"), "((a & b) | c)");
        assert_eq!(meant("(folder:a OR folder:b) AND folder:c"), "(a | b) & c");
        assert_eq!(meant("((folder:a))"), "a");
    }

    #[test]
    fn not_turns_filters_round() {
        for text in [
            "NOT folder:a",
            "not folder:a",
            "-folder:a",
            "!folder:a",
            "! folder:a",
            "NOT(folder:a)",
            "-(folder:a)",
            "AND NOT folder:a",
            "－folder:a",
        ] {
            assert_eq!(meant(text), "-a", "{text}");
        }
        assert_eq!(meant("NOT (folder:a OR folder:b)"), "-(a | b)");
        assert_eq!(meant("NOT -folder:a"), "--a");
        assert_eq!(meant("folder:a NOT folder:b"), "a & -b");
        assert_eq!(meant("+folder:a && folder:b"), "a & b");
    }

    #[test]
    fn a_group_is_one_part_as_it_was_typed() {
        assert_eq!(
            typed("beach (folder:a OR  folder:b) and year:2019 NOT folder:c sunset"),
            ["(folder:a OR  folder:b)", "year:2019", "NOT folder:c"]
        );
        let query = parse("beach (folder:a OR folder:b) and year:2019 sunset").unwrap();
        assert_eq!(query.words(), "beach sunset");
        assert_eq!(typed("folder:a OR folder:b"), ["folder:a OR folder:b"]);
        // What is left when a part is taken away.
        assert_eq!(meant("AND folder:b"), "b");
        assert_eq!(meant("folder:b AND"), "b");
    }

    #[test]
    fn quoted_text_is_meaning_only_where_it_must_occur() {
        assert_eq!(parse("\"a b\" c").unwrap().words(), "a b c");
        assert_eq!(parse("(\"a b\" OR folder:x) c").unwrap().words(), "c");
        assert_eq!(parse("NOT \"a b\" c").unwrap().words(), "c");
    }

    #[test]
    fn operators_beside_words_are_refused_by_name() {
        for (text, named) in [
            ("beach OR folder:a", "OR"),
            ("folder:a OR beach", "OR"),
            ("folder:a OR", "OR"),
            ("OR folder:a", "OR"),
            ("cats OR dogs", "OR"),
            ("beach NOT people", "-people"),
            ("!people", "-people"),
            ("NOT like:abcd", "NOT"),
            ("folder:a NOT", "NOT"),
            ("(folder:a beach)", "parenthes"),
            ("(beach folder:a)", "parenthes"),
            ("(folder:a OR beach)", "parenthes"),
            ("(folder:a OR beach )", "OR"),
            ("(folder:a like:abcd)", "parenthes"),
            ("(folder:a", "parenthes"),
            ("folder:a)", "parenthes"),
            ("folder:a OR folder:b AND folder:c", "AND"),
            ("folder:a AND folder:b OR folder:c", "AND"),
            ("(folder:a OR folder:b AND folder:c)", "AND"),
        ] {
            let error = parse(text).expect_err(text).to_string();
            assert!(error.contains(named), "{text}: {error}");
        }
    }

    #[test]
    fn sentences_stay_sentences() {
        for text in [
            "cats and dogs",
            "cats or dogs",
            "to be or not to be",
            "DO NOT ENTER",
            "SALT AND PEPPER",
            "a dog (brown)",
            "black & white",
            "smile :)",
            "wow !",
            "a | b",
            "(what a day)",
            "not a dog",
            "( )",
            "NOT",
            "!!! ok",
        ] {
            let query = parse(text).unwrap();
            assert!(query.filters.is_empty(), "{text}");
            assert_eq!(query.words(), text, "{text}");
        }
        assert_eq!(parse("cats and dogs folder:a").unwrap().words(), "cats and dogs");
    }

    #[test]
    fn depth_and_number_have_bounds() {
        let nested = |n: usize| format!("{}folder:a{}", "(".repeat(n), ")".repeat(n));
        assert_eq!(meant(&nested(super::MOST_DEPTH)), "a");
        assert!(parse(&nested(super::MOST_DEPTH + 1)).is_err());
        assert!(parse(&nested(1000)).is_err());
        let many = |n: usize| vec!["folder:a"; n].join(" OR ");
        assert_eq!(typed(&many(super::super::MOST_FILTERS)).len(), 1);
        assert!(
            parse(&many(super::super::MOST_FILTERS + 1)).unwrap_err().to_string().contains("64")
        );
        assert!(parse(&format!("{}folder:a", "NOT ".repeat(1000))).is_err());
    }
}
