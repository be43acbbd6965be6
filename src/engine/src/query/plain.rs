//! Where the plain words of a query stand.

use std::ops::Range;

use super::split::{Token, split};

/// Runs of plain words: pieces that are not quoted, excluded, weighted or `key:value`, one after
/// the other, in bytes. None where the query is wrong.
pub(crate) fn plain_runs(text: &str) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    let mut joined = false;
    for piece in split(text).unwrap_or_default() {
        let plain = matches!(piece.token, Token::Word { weight: None, excluded: false, .. });
        match runs.last_mut().filter(|_| joined) {
            Some(run) if plain => run.end = piece.to,
            _ if plain => runs.push(piece.from..piece.to),
            _ => {}
        }
        joined = plain;
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_words_are_in_runs() {
        let runs = |text: &'static str| {
            plain_runs(text).into_iter().map(|run| &text[run]).collect::<Vec<_>>()
        };
        assert_eq!(runs("  two dogs  last summer "), ["two dogs  last summer"]);
        assert_eq!(
            runs("dogs ext:jpg -cat in 2019 park^2 \"last year\" May"),
            ["dogs", "in 2019", "May"]
        );
        assert_eq!(runs("words:\"last summer\" camera:x"), [""; 0]);
        assert_eq!(runs("\"never closed"), [""; 0]);
    }
}
