//! Texts as a server can hold and search them.
//!
//! PostgreSQL's texts hold no NUL, and several texts in one column need something between them that
//! no text holds. So eight control characters are written as two others: no text holds
//! [`SEPARATOR`] then, different texts stay different, and one text is found in another exactly
//! where it was before.

/// Stands between the texts of a column.
pub(crate) const SEPARATOR: char = '\u{7}';

/// Control characters below this one are written as two.
const WRITTEN_ANEW: u32 = 8;

/// The key of the empty text; no other text is written so.
const NOTHING: &str = "\u{1}";

/// What the key of a long text begins with; no other text has this before a digit.
const DIGEST: char = '\u{2}';

/// Longer keys are replaced by their digest: an index holds no key of more than a third of a page.
const LONGEST_KEY: usize = 400;

/// The text as it is stored and looked for.
///
/// Number `n` of the eight becomes one of the first two of them and one of the next four: a first
/// one is never second and a second one never first, so that nothing matches across their middle.
pub(crate) fn escaped(text: &str) -> String {
    if text.bytes().all(|byte| u32::from(byte) >= WRITTEN_ANEW) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        let number = c as u32;
        if number < WRITTEN_ANEW {
            out.extend([1 + number / 4, 3 + number % 4].map(|n| char::from_u32(n).unwrap_or(c)));
        } else {
            out.push(c);
        }
    }
    out
}

/// A text that is compared as a whole. It is never empty, so that a list of one is no empty list.
pub(crate) fn key(text: &str) -> String {
    if text.is_empty() {
        return NOTHING.to_owned();
    }
    let text = escaped(text);
    if text.len() <= LONGEST_KEY {
        return text;
    }
    format!("{DIGEST}{}", blake3::hash(text.as_bytes()).to_hex())
}

/// Texts in one column.
pub(crate) fn joined<S: AsRef<str>>(texts: impl IntoIterator<Item = S>) -> String {
    let mut out = String::new();
    for (number, text) in texts.into_iter().enumerate() {
        if number > 0 {
            out.push(SEPARATOR);
        }
        out.push_str(text.as_ref());
    }
    out
}

/// A pattern for `like` that finds `text` anywhere.
pub(crate) fn anywhere(text: &str) -> String {
    let mut pattern = String::from("%");
    for c in escaped(text).chars() {
        if matches!(c, '\\' | '%' | '_') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_found_where_they_were_and_nowhere_else() {
        let parts: Vec<String> =
            (0..9).map(|n| char::from_u32(n).unwrap().to_string()).chain(["a".into()]).collect();
        let mut texts = parts.clone();
        for a in &parts {
            for b in &parts {
                texts.push(format!("{a}{b}"));
            }
        }
        for text in &texts {
            let stored = escaped(text);
            assert!(!stored.contains('\0') && !stored.contains(SEPARATOR), "{text:?}");
            for needle in &texts {
                let found = stored.contains(&escaped(needle));
                assert_eq!(found, text.contains(needle.as_str()), "{needle:?} in {text:?}");
            }
        }
    }

    #[test]
    fn long_keys_are_digests_that_no_text_equals() {
        let long = "x".repeat(1000);
        assert_eq!((key("short").as_str(), key("").as_str()), ("short", "\u{1}"));
        assert_eq!(key(&long).len(), 65);
        assert_ne!(key(&long), key(&key(&long)));
    }

    #[test]
    fn patterns_mean_themselves() {
        assert_eq!(anywhere("50%_a\\b"), "%50\\%\\_a\\\\b%");
        assert_eq!(joined(["a", "b"]), "a\u{7}b");
    }
}
