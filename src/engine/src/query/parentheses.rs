//! Which parentheses hold filters together, and which are words.

use super::QueryError;
use super::split::{Piece, Token};

/// Parentheses without a filter between them are words as they were typed.
pub(super) fn with_words(text: &str, mut pieces: Vec<Piece>) -> Result<Vec<Piece>, QueryError> {
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
            let message = "in parentheses stand filters only, with a \")\" behind the last one, as in \
                           (ext:jpg OR ext:png); write words outside";
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
pub(super) fn around<'a>(text: &'a str, pieces: &[Piece], place: usize) -> &'a str {
    let from = pieces[place.saturating_sub(1)].from;
    let to = pieces[(place + 1).min(pieces.len() - 1)].to;
    &text[from..to]
}
