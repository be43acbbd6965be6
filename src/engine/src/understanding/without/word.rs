//! The words of a run, with the signs between them.

use std::ops::Range;

use seer_store::fold::fold;

/// A word between white space.
pub(super) struct Word<'a> {
    /// Without the signs around it.
    pub(super) text: &'a str,
    /// As words are compared.
    pub(super) folded: String,
    pub(super) range: Range<usize>,
    /// Whether a sign stands in front of it, or behind it.
    pub(super) sign_before: bool,
    pub(super) sign_behind: bool,
    /// Whether it is read otherwise.
    pub(super) taken: bool,
}

impl Word<'_> {
    pub(super) fn is_in(&self, list: &[&str]) -> bool {
        list.contains(&self.folded.as_str())
    }
}

pub(super) fn words<'a>(
    text: &'a str,
    run: &Range<usize>,
    taken: &[Range<usize>],
) -> Vec<Word<'a>> {
    let mut at = run.start;
    let word = |piece: &'a str| {
        // Behind the piece before there is white space alone.
        let start = at + text[at..].find(piece)?;
        at = start + piece.len();
        let is_sign = |c: char| !c.is_alphanumeric();
        let bare = piece.trim_start_matches(is_sign);
        let start = start + piece.len() - bare.len();
        let bare_end = bare.trim_end_matches(is_sign);
        let range = start..start + bare_end.len();
        let taken = taken.iter().any(|taken| taken.start < range.end && range.start < taken.end);
        (!bare_end.is_empty()).then(|| Word {
            text: bare_end,
            folded: fold(bare_end),
            range,
            sign_before: bare.len() < piece.len(),
            sign_behind: bare_end.len() < bare.len(),
            taken,
        })
    };
    text[run.clone()].split_whitespace().filter_map(word).collect()
}
