//! Sizes as people write them, with a space before the unit: `size:>1 mb`, `size:1 .. 5 MB`.

use super::split::{Piece, Token};

/// Words that may stand behind the number of a size.
const UNITS: [&str; 7] = ["b", "k", "kb", "m", "mb", "g", "gb"];

/// Pieces in which a size and what still belongs to it are one.
pub(super) fn joined(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut out: Vec<Piece> = Vec::with_capacity(pieces.len());
    for piece in pieces {
        match out.last_mut().and_then(|before| longer(before, &piece)) {
            Some(longer) => {
                out.pop();
                out.push(longer);
            }
            None => out.push(piece),
        }
    }
    out
}

/// A size with the word behind it, where that belongs to it.
fn longer(before: &Piece, next: &Piece) -> Option<Piece> {
    let Token::Pair { key, value, excluded, source } = &before.token else { return None };
    let Token::Word { text, weight: None, excluded: false } = &next.token else { return None };
    let ends_open = value.ends_with(['>', '<', '=']) || value.ends_with("..");
    let ends_in_number = value.ends_with(|c: char| c.is_ascii_digit());
    let word = text.to_ascii_lowercase();
    let belongs = match word.chars().next()? {
        '0'..='9' => ends_open && word.trim_end_matches(char::is_alphabetic).len() < 12,
        '.' => ends_in_number && word.starts_with(".."),
        _ => ends_in_number && UNITS.contains(&word.as_str()),
    };
    (key == "size" && belongs).then(|| Piece {
        token: Token::Pair {
            key: key.clone(),
            value: format!("{value}{text}"),
            excluded: *excluded,
            source: format!("{source} {text}"),
        },
        from: before.from,
        to: next.to,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::split::split;

    /// The values of the pairs, and the other words.
    fn read(text: &str) -> (Vec<String>, Vec<String>) {
        let (mut values, mut words) = (Vec::new(), Vec::new());
        for piece in joined(split(text).unwrap()) {
            match piece.token {
                Token::Pair { value, .. } => values.push(value),
                Token::Word { text, .. } => words.push(text),
                other => panic!("{other:?}"),
            }
        }
        (values, words)
    }

    #[test]
    fn units_and_numbers_behind_a_space_belong_to_the_size() {
        for (text, value) in [
            ("size:>1 mb", ">1mb"),
            ("size:> 1 MB", ">1MB"),
            ("size:1 .. 5 mb", "1..5mb"),
            ("size:1 mb", "1mb"),
        ] {
            assert_eq!(read(text), (vec![value.to_owned()], vec![]), "{text}");
        }
        let (values, words) = read("size:>1mb mb beach");
        assert_eq!((values, words), (vec![">1mb".into()], vec!["mb".into(), "beach".into()]));
        let (values, words) = read("year:2019 mb width:>100 2 dogs");
        assert_eq!((values.len(), words), (2, vec!["mb".into(), "2".into(), "dogs".into()]));
    }
}
