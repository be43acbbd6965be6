//! What is compared with what: the same functions make the index's values and a filter's.

use seer_types::LibraryPath;

use crate::fold::fold;
use crate::words::{Reading, words, words_of_both};

/// The words of both readings with a space between, each once: the value of a camera or lens.
pub fn word_set(texts: &[Option<&str>]) -> String {
    let mut all: Vec<String> = Vec::new();
    for word in texts.iter().flatten().flat_map(|text| words_of_both(text)) {
        if !all.contains(&word) {
            all.push(word);
        }
    }
    all.join(" ")
}

/// Whether all of `wanted` are among the words of a [`word_set`], the last one by its beginning;
/// no words are in no set.
pub fn set_has(set: &str, wanted: &[String]) -> bool {
    let has = |test: &dyn Fn(&str) -> bool| set.split(' ').any(test);
    wanted.split_last().is_some_and(|(last, others)| {
        others.iter().all(|word| has(&|known| known == word))
            && has(&|known| known.starts_with(last.as_str()))
    })
}

/// What a tag is found by: itself and, where it has levels, each of them, in both readings.
pub fn tag_keys(tag: &str) -> Vec<String> {
    let mut keys = Vec::new();
    for part in std::iter::once(tag).chain(tag.split(['/', '|'])) {
        for key in plain_tag_keys(part) {
            if !key.is_empty() && !keys.contains(&key) {
                keys.push(key);
            }
        }
    }
    keys
}

/// The two readings of a tag; a tag without words ("★★★") stands for itself.
pub fn plain_tag_keys(tag: &str) -> [String; 2] {
    [Reading::Split, Reading::Joined].map(|reading| {
        let words = words(tag, reading);
        if words.is_empty() { fold(tag.trim()) } else { words.join(" ") }
    })
}

/// The extension as it is compared.
pub fn extension_key(extension: &str) -> String {
    fold(extension.trim().trim_start_matches('.'))
}

/// Part of a folder's folded path, with a slash at both ends: `/2019/holiday/`; `None` when
/// nothing is asked for.
pub fn folder_key(folder: &str) -> Option<String> {
    let folded = crate::fold::fold_path(folder);
    let inner = folded.trim_matches('/');
    (!inner.is_empty()).then(|| format!("/{inner}/"))
}

/// What the folded paths of all files below a folder begin with: `/photos/2019/`.
pub fn below_key(folder: &LibraryPath) -> String {
    let mut key = crate::fold::fold_path(&folder.to_text());
    if !key.ends_with('/') {
        key.push('/');
    }
    key
}

/// The shortest number in a text for a name that may be part of a longer one.
pub const PART_OF_NAME: usize = 2;
/// The shortest one in a text for all texts.
pub const PART_OF_TEXT: usize = 3;

/// Words with a space around each, so that words that follow each other are found as a text:
/// ` beach party `. Words hold no space.
pub fn spaced<S: AsRef<str>>(words: &[S]) -> String {
    let mut out = String::from(" ");
    for word in words {
        out.push_str(word.as_ref());
        out.push(' ');
    }
    out
}

/// What stands in a file's name in words ([`spaced`]) where it holds these: a number of at least
/// `part` digits at an end may be part of a longer one, so there is no space. `None` for no words.
pub fn needle(words: &[String], part: usize) -> Option<String> {
    let is_part = |word: &String| word.len() >= part && word.starts_with(char::is_numeric);
    cut(words, is_part)
}

/// The shortest word in a text that may be part of a longer one in a line read in a picture, in
/// characters: readers join words, and break them.
pub const PART_OF_LINE: usize = 4;

/// What stands in a line ([`spaced`]) where it holds these words: one of at least [`PART_OF_LINE`]
/// characters at an end may be part of a longer one, so there is no space. `None` for no words.
pub fn line_needle(words: &[String]) -> Option<String> {
    let is_part = |word: &String| word.chars().nth(PART_OF_LINE - 1).is_some();
    cut(words, is_part)
}

/// [`spaced`] words, without the space beside an end that may be part of a longer one.
fn cut(words: &[String], is_part: impl Fn(&String) -> bool) -> Option<String> {
    let (first, last) = (is_part(words.first()?), is_part(words.last()?));
    let spaced = spaced(words);
    Some(spaced[usize::from(first)..spaced.len() - usize::from(last)].to_owned())
}

/// What a text for names asks for: each of its pieces between spaces, in each of its readings.
/// Nothing has a name where it is empty.
pub fn name_readings(text: &str) -> Vec<Vec<Vec<String>>> {
    let pieces = text.split_whitespace().map(readings);
    pieces.filter(|readings| !readings.is_empty()).collect()
}

/// The words of a text in both readings, once where they are the same; none for no words.
pub fn readings(text: &str) -> Vec<Vec<String>> {
    let mut readings = vec![words(text, Reading::Split), words(text, Reading::Joined)];
    readings.dedup();
    readings.retain(|words| !words.is_empty());
    readings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_by_their_parts() {
        let found = |name: &str, text: &str| {
            let name = spaced(&words(name, Reading::Split));
            let holds =
                |reading: &Vec<String>| name.contains(&needle(reading, PART_OF_NAME).unwrap());
            let asked = name_readings(text);
            !asked.is_empty() && asked.iter().all(|piece| piece.iter().any(holds))
        };
        for text in [
            "1273", "DSC012", "dsc01273", "012", "27", "1273.jpg", "dsc", "jpg dsc", "73 dsc",
            "jpg", "01273",
        ] {
            assert!(found("DSC01273.jpg", text), "{text}");
        }
        for text in ["1274", "DSC127", "0127.jpg", "7", "sc", "ds", "jpg01", "", "!", "dsc 2"] {
            assert!(!found("DSC01273.jpg", text), "{text}");
        }
        assert!(found("1.jpg", "1.jpg") && !found("11.jpg", "1.jpg") && found("1.jpg", "1"));
        assert!(found("서울여행사진.jpg", "여행") && !found("서울여행사진.jpg", "행여"));
    }

    #[test]
    fn cameras_are_sets_of_words() {
        let set = word_set(&[Some("Apple"), None, Some("iPhone 6s")]);
        assert_eq!(set, "apple i phone 6 s iphone");
        let has = |text: &str| set_has(&set, &words(text, Reading::Split));
        assert!(has("iphone") && has("6 apple") && has("apple ipho") && has("iPhone"));
        assert!(!has("app phone") && !has("canon") && !has(""));
    }

    #[test]
    fn tags_are_found_whole_and_by_level() {
        assert_eq!(tag_keys("Beach"), ["beach"]);
        assert_eq!(tag_keys("Places|New York"), ["places new york", "places", "new york"]);
        assert_eq!(tag_keys("NewYork"), ["new york", "newyork"]);
        assert_eq!(tag_keys("★★"), ["★★"]);
        assert_eq!(tag_keys(" / "), ["/"]);
    }

    #[test]
    fn folders_have_slashes_around_them() {
        assert_eq!(folder_key("Holiday 2019").as_deref(), Some("/holiday 2019/"));
        assert_eq!(folder_key("/2019/Rome/").as_deref(), Some("/2019/rome/"));
        assert_eq!(folder_key("//"), None);
        let below = |folder: &str| below_key(&LibraryPath::new(folder));
        assert_eq!(
            (below("/2019/Rome"), below("/Rome/"), below("/")),
            ("/2019/rome/".into(), "/rome/".into(), "/".into())
        );
    }
}
