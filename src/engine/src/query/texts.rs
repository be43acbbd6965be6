//! Values of filters that are texts: what can be looked for, and what is refused.

use seer_store::words::has_words;
use seer_store::{Pattern, Wanted, wanted};

/// For words of a text, a camera, a lens; for an ending or a format.
///
/// # Errors
/// No letter or digit; a `*`, or a `?` inside a word.
pub(super) fn words(value: &str) -> Result<String, String> {
    refuse_pattern(value)?;
    if has_words(value) { Ok(value.to_owned()) } else { Err(nothing_in(value)) }
}

/// For a tag: it may be one of signs alone, such as ★★.
///
/// # Errors
/// As [`words`].
pub(super) fn tag(value: &str) -> Result<String, String> {
    refuse_pattern(value)?;
    if has_words(value) || has_sign(value) { Ok(value.to_owned()) } else { Err(nothing_in(value)) }
}

/// For a path or a folder, with `*` and `?`.
///
/// # Errors
/// No letter, digit or sign; too long with `*` or `?`.
pub(super) fn path(value: &str) -> Result<String, String> {
    if !has_words(value) && !has_sign(value) {
        return Err(nothing_in(value));
    }
    refuse_long(value)
}

/// For a file name, with `*` and `?`.
///
/// # Errors
/// No letter or digit; too long with `*` or `?`.
pub(super) fn name(value: &str) -> Result<String, String> {
    if !has_words(value) {
        return Err(nothing_in(value));
    }
    refuse_long(value)
}

fn refuse_long(value: &str) -> Result<String, String> {
    match wanted(value) {
        Wanted::Pattern(None) => {
            Err(format!("a value with * or ? has at most {} characters", Pattern::LONGEST))
        }
        _ => Ok(value.to_owned()),
    }
}

/// A star next to a letter is meant for any letters; a question mark before one for any letter.
fn refuse_pattern(value: &str) -> Result<(), String> {
    let chars: Vec<char> = value.chars().collect();
    let is_letter = |place: Option<usize>| {
        place.and_then(|place| chars.get(place)).is_some_and(|c| c.is_alphanumeric())
    };
    let asks = |place: usize| match chars[place] {
        '*' | '＊' => is_letter(place.checked_sub(1)) || is_letter(Some(place + 1)),
        '?' | '？' => is_letter(place.checked_sub(1)) && is_letter(Some(place + 1)),
        _ => false,
    };
    match (0..chars.len()).any(asks) {
        true => Err("* and ? stand for characters in path:, folder: and name: alone; write whole \
                     words here"
            .to_owned()),
        false => Ok(()),
    }
}

/// Emoji, stars, arrows: what is neither a letter nor punctuation.
fn has_sign(value: &str) -> bool {
    value.contains(|c| matches!(c, '\u{2190}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}'))
}

fn nothing_in(value: &str) -> String {
    format!(
        "\"{value}\" has no letter or digit to look for; a tag of signs is found with tag:, a \
             folder or file with path:"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_without_letters_is_refused() {
        for value in
            ["🎂", "!!!", "", " ", "/", "...", "*", "?", "**/*", "★", "「」", "\u{301}", "-"]
        {
            assert!(words(value).is_err() && name(value).is_err(), "{value}");
            let has_sign = matches!(value, "🎂" | "★");
            assert_eq!((path(value).is_ok(), tag(value).is_ok()), (has_sign, has_sign), "{value}");
        }
        for value in ["a", "1", "京", "½", "a!", "ั"] {
            assert_eq!(words(value).as_deref(), Ok(value));
            assert!(name(value).is_ok() && path(value).is_ok() && tag(value).is_ok());
        }
        assert!(words("🎂").unwrap_err().contains("🎂"));
    }

    #[test]
    fn stars_are_for_names_and_paths() {
        for value in ["bea*", "*ch", "b?ch", "be＊"] {
            assert!(words(value).unwrap_err().contains("path:"), "{value}");
            assert!(tag(value).is_err() && path(value).is_ok() && name(value).is_ok(), "{value}");
        }
        for value in ["who?", "5 * 3 ?", "what? me"] {
            assert!(words(value).is_ok(), "{value}");
        }
        assert!(path(&format!("{}*", "a".repeat(200))).unwrap_err().contains("120"));
        assert!(path(&"a".repeat(200)).is_ok());
    }
}
