//! Splits a query into words, quoted texts and `key:value` pairs.

use super::QueryError;

/// One piece of a query.
#[derive(Debug, PartialEq)]
pub(super) enum Token {
    /// `word`, `word^0.5`, `-word`.
    Word { text: String, weight: Option<f32>, excluded: bool },
    /// `"some words"`, `-"some words"`.
    Quoted { text: String, excluded: bool, source: String },
    /// `key:value`, `key:"some value"`, `-key:value`.
    Pair { key: String, value: String, excluded: bool, source: String },
}

/// # Errors
/// A quote that is never closed.
pub(super) fn split(text: &str) -> Result<Vec<Token>, QueryError> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let length = piece_length(rest)?;
        let (piece, after) = rest.split_at(length);
        tokens.push(token(piece));
        rest = after.trim_start();
    }
    Ok(tokens)
}

/// Bytes up to the next white space that is not inside quotes.
///
/// A quote opens at the start of a piece (after an optional `-`) or right after `key:`;
/// elsewhere, as in `5" disk`, it is an ordinary character.
pub(super) fn piece_length(text: &str) -> Result<usize, QueryError> {
    let mut quoted = false;
    let mut before = None;
    for (at, c) in text.char_indices() {
        if quoted {
            quoted = c != '"';
        } else if c.is_whitespace() {
            return Ok(at);
        } else if c == '"' && (at == 0 || before == Some(':') || &text[..at] == "-") {
            quoted = true;
        }
        before = Some(c);
    }
    if quoted {
        return Err(QueryError::new(text, "the quote is never closed; add a second \""));
    }
    Ok(text.len())
}

pub(super) fn token(piece: &str) -> Token {
    let (excluded, body) = match piece.strip_prefix('-') {
        Some(body) if !body.is_empty() && !body.starts_with('-') => (true, body),
        _ => (false, piece),
    };
    let source = piece.to_string();
    if let Some(text) = unquoted(body) {
        return Token::Quoted { text: text.to_string(), excluded, source };
    }
    if let Some((key, value)) = body.split_once(':')
        && key.len() > 1
        && key.chars().all(|c| c.is_ascii_alphabetic())
        && !value.is_empty()
        && !value.starts_with("//")
    {
        let value = unquoted(value).unwrap_or(value).to_string();
        return Token::Pair { key: key.to_ascii_lowercase(), value, excluded, source };
    }
    if let Some((text, weight)) = weighted(body) {
        return Token::Word { text: text.to_string(), weight: Some(weight), excluded };
    }
    Token::Word { text: body.to_string(), weight: None, excluded }
}

fn unquoted(text: &str) -> Option<&str> {
    text.strip_prefix('"')?.strip_suffix('"').filter(|inner| !inner.trim().is_empty())
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

    #[test]
    fn quotes_hold_spaces_together() {
        let tokens = split("-\"red car\" camera:\"Canon EOS\" x").unwrap();
        assert_eq!(
            tokens,
            [
                Token::Quoted {
                    text: "red car".into(),
                    excluded: true,
                    source: "-\"red car\"".into()
                },
                Token::Pair {
                    key: "camera".into(),
                    value: "Canon EOS".into(),
                    excluded: false,
                    source: "camera:\"Canon EOS\"".into()
                },
                Token::Word { text: "x".into(), weight: None, excluded: false },
            ]
        );
    }

    #[test]
    fn an_open_quote_is_an_error_but_an_inch_is_not() {
        assert!(split("\"never closed").is_err());
        assert_eq!(split("5\" disk").unwrap().len(), 2);
    }

    #[test]
    fn hyphens_inside_words_stay() {
        let tokens = split("black-and-white - cat").unwrap();
        assert_eq!(tokens.len(), 3);
        assert!(
            matches!(&tokens[0], Token::Word { text, excluded: false, .. } if text == "black-and-white")
        );
    }
}
