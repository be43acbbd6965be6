//! How much metadata is read and kept of one photo, so that no file fills the library with words.

use std::collections::HashSet;

use seer_types::PhotoFacts;

/// A longer colour profile is not read.
pub(crate) const LARGEST_PROFILE: usize = 4 << 20;
/// A longer EXIF block is not read.
pub(crate) const LARGEST_EXIF: usize = 16 << 20;
/// A longer XMP packet is not read.
pub(crate) const LARGEST_XMP: usize = 4 << 20;

/// Most tags of a photo.
const MOST_TAGS: usize = 100;
/// Longest tag, and longest name of a camera or lens, in characters; longer ones are cut.
const LONGEST_NAME: usize = 200;
/// Most texts that describe a photo.
const MOST_TEXTS: usize = 50;
/// Most bytes of all texts of a photo. What does not fit is left out.
const MOST_BYTES: usize = 64 << 10;

/// How many keywords are read of one block: some repeat themselves.
pub(super) const MOST_KEYWORDS: usize = 1000;

/// First come, first kept; case does not make a difference.
pub(crate) fn tags(words: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen = HashSet::new();
    let short = words.map(cut);
    short.filter(|word| seen.insert(word.to_lowercase())).take(MOST_TAGS).collect()
}

/// First come, first kept; what an earlier one begins with or says in other cases is left out.
pub(crate) fn texts(all: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen: Vec<String> = Vec::new();
    let is_new = |text: &String| {
        let lower = text.to_lowercase();
        let is_new = seen.len() <= MOST_TEXTS && !seen.iter().any(|one| one.starts_with(&lower));
        seen.extend(is_new.then_some(lower));
        is_new
    };
    all.filter(is_new).take(MOST_TEXTS).collect()
}

/// Cuts names, and leaves out the words that are too much.
pub(crate) fn keep_within(facts: &mut PhotoFacts) {
    let names = [&mut facts.camera_make, &mut facts.camera_model, &mut facts.lens];
    for name in names {
        *name = name.take().map(cut);
    }
    let texts = [&facts.camera_make, &facts.camera_model, &facts.lens, &facts.caption];
    let taken: usize = texts.into_iter().flatten().map(String::len).sum();
    let mut left = MOST_BYTES.saturating_sub(taken);
    let lists = [&mut facts.people, &mut facts.locations, &mut facts.tags, &mut facts.descriptions];
    for list in lists {
        list.retain(|text| {
            let fits = text.len() <= left;
            left -= if fits { text.len() } else { 0 };
            fits
        });
    }
}

fn cut(mut text: String) -> String {
    if let Some((end, _)) = text.char_indices().nth(LONGEST_NAME) {
        text.truncate(end);
        text.truncate(text.trim_end().len());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_long_tags_become_a_hundred_short_ones() {
        let words = (0..1000).map(|i| format!("{i} {}", "ä".repeat(4000)));
        let tags = tags(words);
        assert_eq!(tags.len(), 100);
        assert!(tags.iter().all(|tag| tag.chars().count() == 200));
    }

    #[test]
    fn a_tag_is_kept_once_whatever_its_case() {
        let words = ["Sea", "sea", "SEA", "sun"].map(str::to_owned);
        assert_eq!(tags(words.into_iter()), ["Sea", "sun"]);
    }

    #[test]
    fn a_text_that_another_one_begins_with_is_left_out() {
        let all = ["Waves at dusk", "waves", "WAVES AT DUSK", "dusk"].map(str::to_owned);
        assert_eq!(texts(all.into_iter()), ["Waves at dusk", "dusk"]);
        let many = (100..300).map(|i| i.to_string());
        assert_eq!(texts(many).len(), MOST_TEXTS);
    }

    #[test]
    fn all_texts_together_are_bound() {
        let wide = |i: u32| format!("{i}{}", "\u{1f600}".repeat(199));
        let mut facts = PhotoFacts {
            tags: (0..100).map(wide).collect(),
            caption: Some("c".repeat(8000)),
            descriptions: (0..50).map(|i| format!("{i}{}", "d".repeat(4000))).collect(),
            lens: Some("l".repeat(4000)),
            ..PhotoFacts::default()
        };
        keep_within(&mut facts);
        let tags: usize = facts.tags.iter().chain(&facts.descriptions).map(String::len).sum();
        assert_eq!(facts.lens.as_ref().unwrap().len(), 200);
        assert!(tags + 8000 + 200 <= MOST_BYTES && facts.tags.len() > 60, "{}", facts.tags.len());
    }
}
