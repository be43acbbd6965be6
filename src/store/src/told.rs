//! What analyses find in photos, as facts of theirs.

use seer_types::{PhotoFacts, TextLine};

/// What one analysis found in a photo.
#[derive(Clone, PartialEq, Debug)]
pub enum Told {
    /// The lines that can be read in it; see [`PhotoFacts::text_lines`].
    Lines(Vec<TextLine>),
    /// A sentence about it; see [`PhotoFacts::generated_caption`].
    Caption(Option<String>),
}

impl Told {
    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Lines(lines) => lines.is_empty(),
            Self::Caption(caption) => caption.is_none(),
        }
    }

    /// Makes it a fact of the photo.
    pub fn put(&self, facts: &mut PhotoFacts) {
        match self {
            Self::Lines(lines) => facts.text_lines.clone_from(lines),
            Self::Caption(caption) => facts.generated_caption.clone_from(caption),
        }
    }
}

/// The facts of a photo whose file was read again: those that were read, and of what analyses found -
/// classes, lines, a sentence - what was known, where nothing else came along.
pub fn read_again(known: PhotoFacts, read: &PhotoFacts) -> PhotoFacts {
    let mut facts = read.clone();
    if facts.classes.is_empty() {
        facts.classes = known.classes;
    }
    if facts.text_lines.is_empty() {
        facts.text_lines = known.text_lines;
    }
    facts.generated_caption = facts.generated_caption.or(known.generated_caption);
    facts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_analyses_found_stays_until_they_find_something_else() {
        let mut known = PhotoFacts { width: 3, ..PhotoFacts::default() };
        Told::Caption(Some("a dog".into())).put(&mut known);
        let read = PhotoFacts { width: 4, ..PhotoFacts::default() };
        let facts = read_again(known, &read);
        assert_eq!((facts.width, facts.generated_caption.as_deref()), (4, Some("a dog")));
        let other = PhotoFacts { generated_caption: Some("a cat".into()), ..read };
        assert_eq!(read_again(facts, &other), other);
    }
}
