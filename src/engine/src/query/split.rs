//! Splits a query into words, quoted texts, `key:value` pairs and parentheses.

use seer_store::fold::fold;

use super::QueryError;
use super::marks::{
    closers, is_close, is_colon, is_open, split_at_colon, without_bang, without_minus, without_open,
};

/// One piece of a query.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    /// `word`, `word^0.5`, `-word`.
    Word { text: String, weight: Option<f32>, excluded: bool },
    /// `"some words"`, `-"some words"`.
    Quoted { text: String, excluded: bool, source: String },
    /// `key:value`, `key:"some value"`, `-key:value`.
    Pair { key: String, value: String, excluded: bool, source: String },
    /// `(`, `-(` in front of a filter or alone.
    Open { excluded: bool },
    /// `)` behind a filter or alone.
    Close,
}

/// A token and where it stands in the query, in bytes.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Piece {
    pub(super) token: Token,
    pub(super) from: usize,
    pub(super) to: usize,
}

/// # Errors
/// A quote that is never closed.
pub(super) fn split(text: &str) -> Result<Vec<Piece>, QueryError> {
    let mut pieces = Vec::new();
    let mut at = 0;
    loop {
        let rest = &text[at..];
        at += rest.len() - rest.trim_start().len();
        let rest = &text[at..];
        if rest.is_empty() {
            return Ok(pieces);
        }
        let opens = opens(rest);
        let body = &rest[opens.last().map_or(0, |(_, after)| *after)..];
        let length = piece_length(body)?;
        let (inner, closes) = without_closes(&body[..length]);
        let body_token = (!inner.is_empty()).then(|| token(inner));
        // Parentheses around words are words: "a dog (brown)".
        if body_token.as_ref().is_some_and(|token| !stands_in_group(token)) {
            let length = piece_length(rest)?;
            pieces.push(Piece { token: token(&rest[..length]), from: at, to: at + length });
            at += length;
            continue;
        }
        let mut push = |token: Token, to: usize| {
            pieces.push(Piece { token, from: at, to });
            at = to;
        };
        let start = text.len() - rest.len();
        opens.iter().for_each(|(excluded, after)| {
            push(Token::Open { excluded: *excluded }, start + after);
        });
        let body_at = text.len() - body.len();
        body_token.into_iter().for_each(|token| push(token, body_at + inner.len()));
        for (place, c) in body[inner.len()..length].char_indices().take(closes) {
            push(Token::Close, body_at + inner.len() + place + c.len_utf8());
        }
    }
}

/// The parentheses that open at the start, each with whether there is a minus before it and where
/// it ends.
fn opens(text: &str) -> Vec<(bool, usize)> {
    let mut opens = Vec::new();
    let mut rest = text;
    loop {
        let (excluded, body) = sign(rest);
        let Some(after) = without_open(body) else { return opens };
        opens.push((excluded, text.len() - after.len()));
        rest = after;
    }
}

/// Whether something is turned round by what is in front of it, and the rest.
fn sign(text: &str) -> (bool, &str) {
    match without_minus(text).or_else(|| without_bang(text)) {
        Some(body) => (true, body),
        None => (false, text),
    }
}

fn stands_in_group(token: &Token) -> bool {
    match token {
        Token::Word { text, .. } => text.eq_ignore_ascii_case("not"),
        _ => true,
    }
}

/// The piece without those parentheses at its end that close none of its own, and how many they
/// are.
fn without_closes(piece: &str) -> (&str, usize) {
    let bare = piece.trim_end_matches(is_close);
    let all = piece[bare.len()..].chars().count();
    let quoted = unquoted(sign(bare).1).is_some()
        || split_at_colon(bare).is_some_and(|(_, value)| unquoted(value).is_some());
    let own = if quoted { 0 } else { bare.chars().filter(|c| is_open(*c)).count() };
    let own = own.saturating_sub(bare.chars().filter(|c| is_close(*c)).count());
    let kept: usize = piece[bare.len()..].chars().take(own).map(char::len_utf8).sum();
    (&piece[..bare.len() + kept], all.saturating_sub(own))
}

/// Bytes up to the next white space that is not inside quotes.
///
/// A quote opens at the start of a piece (after an optional sign) or right after `key:`;
/// elsewhere, as in `5" disk`, it is an ordinary character.
fn piece_length(text: &str) -> Result<usize, QueryError> {
    if let Some(operator) = before_parenthesis(text) {
        return Ok(operator);
    }
    let mut at = text.len() - sign(text).1.len();
    let mut may_open = true;
    while let Some(c) = text[at..].chars().next() {
        if c.is_whitespace() {
            break;
        }
        let next = at + c.len_utf8();
        let quote = closers(c).filter(|_| may_open);
        let end = quote.and_then(|closers| closers.find(&text[next..]));
        match (quote, end) {
            (Some(closers), None) if closers.must_close() => {
                return Err(QueryError::new(text, "the quote is never closed; add a second \""));
            }
            (Some(closers), Some((_, after))) if closers.ends_piece() => return Ok(next + after),
            (_, Some((_, after))) => at = next + after,
            _ => at = next,
        }
        may_open = end.is_none() && is_colon(c);
    }
    Ok(at)
}

/// The length of an operator with a parenthesis right behind it: `NOT(`.
fn before_parenthesis(text: &str) -> Option<usize> {
    let length = text.find(|c: char| !c.is_ascii_alphabetic())?;
    let is_operator = ["not", "and", "or"].iter().any(|o| text[..length].eq_ignore_ascii_case(o));
    (is_operator && without_open(&text[length..]).is_some()).then_some(length)
}

fn token(piece: &str) -> Token {
    let source = piece.to_string();
    let (turned, body) = sign(piece);
    if let Some(token) = filter(body, turned, &source) {
        return token;
    }
    // A plus says that something must hold, as filters do.
    if let Some(token) = piece.strip_prefix('+').and_then(|body| filter(body, false, &source)) {
        return token;
    }
    let (excluded, body) = match without_minus(piece) {
        Some(body) if !body.is_empty() && without_minus(body).is_none() => (true, body),
        _ => (false, piece),
    };
    if let Some((text, weight)) = weighted(body) {
        return Token::Word { text: text.to_string(), weight: Some(weight), excluded };
    }
    Token::Word { text: body.to_string(), weight: None, excluded }
}

/// A quoted text or a pair.
fn filter(body: &str, excluded: bool, source: &str) -> Option<Token> {
    let source = source.to_owned();
    if let Some(text) = unquoted(body) {
        return Some(Token::Quoted { text: text.to_string(), excluded, source });
    }
    let (key, value) = split_at_colon(body)?;
    let is_letter = |c: char| c.is_ascii_alphabetic() || matches!(c, 'Ａ'..='Ｚ' | 'ａ'..='ｚ');
    let is_key = key.chars().count() > 1 && key.chars().all(is_letter);
    if !is_key || value.is_empty() || value.starts_with("//") {
        return None;
    }
    let value = unquoted(value).unwrap_or(value).to_string();
    Some(Token::Pair { key: fold(key), value, excluded, source })
}

/// What stands between quotes, if that is all of the text.
fn unquoted(text: &str) -> Option<&str> {
    let open = text.chars().next()?;
    let inner = &text[open.len_utf8()..];
    let (end, after) = closers(open)?.find(inner)?;
    (after == inner.len()).then(|| inner[..end].trim())
}

/// `word^0.5`: a weight from 0 to 10.
fn weighted(text: &str) -> Option<(&str, f32)> {
    let (word, weight) = text.rsplit_once('^')?;
    let weight: f32 = weight.parse().ok()?;
    (!word.is_empty() && weight.is_finite() && (0.0..=10.0).contains(&weight))
        .then_some((word, weight))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> Vec<Token> {
        split(text).unwrap().into_iter().map(|piece| piece.token).collect()
    }

    fn pair(key: &str, value: &str, source: &str) -> Token {
        let excluded = source.starts_with(['-', '!', '－']);
        Token::Pair { key: key.into(), value: value.into(), excluded, source: source.into() }
    }

    fn word(text: &str) -> Token {
        Token::Word { text: text.into(), weight: None, excluded: false }
    }

    const OPEN: Token = Token::Open { excluded: false };

    #[test]
    fn quotes_hold_spaces_together() {
        let quoted =
            Token::Quoted { text: "red car".into(), excluded: true, source: "-\"red car\"".into() };
        assert_eq!(
            tokens("-\"red car\" camera:\"Canon EOS\" x"),
            [quoted, pair("camera", "Canon EOS", "camera:\"Canon EOS\""), word("x")]
        );
    }

    #[test]
    fn typographic_marks_are_plain_ones() {
        assert_eq!(tokens("tag：東京"), [pair("tag", "東京", "tag：東京")]);
        assert_eq!(tokens("ｔａｇ：“a b”"), [pair("tag", "a b", "ｔａｇ：“a b”")]);
        assert_eq!(
            tokens("－path:x !ext:jpg"),
            [pair("path", "x", "－path:x"), pair("ext", "jpg", "!ext:jpg")]
        );
        for text in ["“a b”", "« a b »", "„a b“", "‚a b‘", "「a b」", "‘a b’", "\"a b”"]
        {
            let quoted = Token::Quoted { text: "a b".into(), excluded: false, source: text.into() };
            assert_eq!(tokens(text), [quoted], "{text}");
        }
        assert_eq!(tokens("「東京」タワー").len(), 2);
        assert_eq!(tokens("don’t ‘90s"), [word("don’t"), word("‘90s")]);
    }

    #[test]
    fn an_open_quote_is_an_error_but_an_inch_is_not() {
        assert!(split("\"never closed").is_err() && split("“never closed").is_err());
        assert_eq!(tokens("5\" disk").len(), 2);
        assert_eq!(tokens("\"a\"b c").len(), 2);
    }

    #[test]
    fn hyphens_inside_words_stay() {
        let tokens = tokens("black-and-white - cat");
        assert_eq!(tokens, [word("black-and-white"), word("-"), word("cat")]);
    }

    #[test]
    fn parentheses_around_filters_are_pieces() {
        let a = || pair("ext", "jpg", "ext:jpg");
        let closed = [OPEN, a(), Token::Close];
        for text in ["(ext:jpg)", "( ext:jpg )", "（ext:jpg）"] {
            assert_eq!(tokens(text), closed, "{text}");
        }
        assert_eq!(tokens("-(ext:jpg"), [Token::Open { excluded: true }, a()]);
        assert_eq!(tokens("NOT(ext:jpg"), [word("NOT"), OPEN, a()]);
        assert_eq!(tokens("((NOT ext:jpg))").len(), 6);
        assert_eq!(tokens("(name:a(1))")[1], pair("name", "a(1)", "name:a(1)"));
        assert_eq!(tokens("name:a(1)"), [pair("name", "a(1)", "name:a(1)")]);
        assert_eq!(tokens("path:\"a (b\")").len(), 2);
        assert_eq!(tokens("a dog (brown) (black and white) :)").len(), 7);
        let places: Vec<_> = split("x (ext:jpg)").unwrap().iter().map(|p| (p.from, p.to)).collect();
        assert_eq!(places, [(0, 1), (2, 3), (3, 10), (10, 11)]);
    }
}
