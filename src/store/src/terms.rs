//! What is compared with what: the same functions make the index's values and a filter's.

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

/// Whether all of `wanted` are among the words of a [`word_set`], the last one by its beginning.
pub fn set_has(set: &str, wanted: &[String]) -> bool {
    let has = |test: &dyn Fn(&str) -> bool| set.split(' ').any(test);
    match wanted.split_last() {
        Some((last, others)) => {
            others.iter().all(|word| has(&|known| known == word))
                && has(&|known| known.starts_with(last.as_str()))
        }
        None => true,
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cameras_are_sets_of_words() {
        let set = word_set(&[Some("Apple"), None, Some("iPhone 6s")]);
        assert_eq!(set, "apple i phone 6 s iphone");
        let has = |text: &str| set_has(&set, &words(text, Reading::Split));
        assert!(has("iphone") && has("6 apple") && has("apple ipho") && has("") && has("iPhone"));
        assert!(!has("app phone") && !has("canon"));
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
    }
}
