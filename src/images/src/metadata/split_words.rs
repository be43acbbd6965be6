//! Keywords that stand in one text.

/// Each of several keywords with `,` or `;` between them.
pub(super) fn keywords(text: &str) -> impl Iterator<Item = String> {
    let is_separator = |c| matches!(c, ',' | ';' | '\u{ff0c}' | '\u{ff1b}' | '\u{3001}');
    text.split(is_separator).map(|word| word.trim().to_owned()).filter(|word| !word.is_empty())
}

/// A keyword whose levels have `separator` between them, with `|` there; several with `;` between
/// them are several keywords.
pub(super) fn levels(text: &str, separator: char) -> Vec<String> {
    let joined = |keyword: &str| {
        let levels = keyword.split(separator).map(str::trim).filter(|level| !level.is_empty());
        levels.collect::<Vec<_>>().join("|")
    };
    text.split(';').map(joined).filter(|keyword| !keyword.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_levels() {
        assert_eq!(keywords(" sea;; storm ,").collect::<Vec<_>>(), ["sea", "storm"]);
        assert_eq!(levels("Places / Berlin/", '/'), ["Places|Berlin"]);
        assert_eq!(levels("A|B;C/D", '|'), ["A|B", "C/D"]);
    }
}
