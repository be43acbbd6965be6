//! HTML character references, which web captions are full of.

use std::borrow::Cow;

/// Resolves references that end in a semicolon, and all-capital ones (`&EACUTE;`) as capital letters.
///
/// `this&not that` stays as it is: without the semicolon it is probably no reference.
pub fn unescape_certain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('&') {
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        match reference(rest) {
            Some(reference) => {
                out.push_str(&resolve(reference));
                rest = &rest[reference.len()..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// Resolves every reference that HTML5 knows, also those that may lack their semicolon (`&amp`, `&copy`).
pub fn unescape_all(text: &str) -> Cow<'_, str> {
    htmlize::unescape(text)
}

/// The `&name;` or `&#number;` that the text starts with: at most 24 letters or digits.
fn reference(text: &str) -> Option<&str> {
    let bytes = text.as_bytes();
    let hash = usize::from(bytes.get(1) == Some(&b'#'));
    let name = bytes[1 + hash..].iter().take(25).take_while(|b| b.is_ascii_alphanumeric()).count();
    let end = 1 + hash + name;
    ((1..=24).contains(&name) && bytes.get(end) == Some(&b';')).then(|| &text[..=end])
}

fn resolve(reference: &str) -> Cow<'_, str> {
    let resolved = htmlize::unescape(reference);
    if !resolved.ends_with(';') {
        return resolved;
    }
    // `&ampx;` resolves to `&x;`: HTML5 would, a careful reader would not.
    let lower = reference.to_ascii_lowercase();
    let capital = reference.bytes().all(|b| !b.is_ascii_lowercase());
    match htmlize::unescape(lower.as_str()) {
        from_lower if capital && !from_lower.ends_with(';') => from_lower.to_uppercase().into(),
        _ if reference == "&semi;" => resolved,
        _ => Cow::Borrowed(reference),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn named_and_numbered_references_resolve() {
        assert_eq!(unescape_certain("&lt;b&gt; &#39;&#x41;&eacute;&checkmark;"), "<b> 'Aé✓");
    }

    #[test]
    fn capital_names_give_capital_letters() {
        assert_eq!(unescape_certain("P&EACUTE;REZ BUNDESSTRA&SZLIG;E"), "PÉREZ BUNDESSTRASSE");
    }

    #[test]
    fn a_reference_without_semicolon_is_left_alone() {
        assert_eq!(
            unescape_certain("this&not that & AT&T &; &#; &nosuch; &ampx;"),
            "this&not that & AT&T &; &#; &nosuch; &ampx;"
        );
    }

    #[test]
    fn all_resolves_those_without_semicolon_too() {
        assert_eq!(
            unescape_all("fish &amp chips &copy 2024 &nosuch; &#0;"),
            "fish & chips © 2024 &nosuch; \u{fffd}"
        );
    }
}
