//! Texts as pairs of characters: a part of a text is a run of its pairs.

/// Each character with the next one, in order; none for a text of one character.
pub(crate) fn pairs(text: &str) -> Vec<String> {
    let next = text.chars().skip(1);
    text.chars().zip(next).map(|(a, b)| String::from_iter([a, b])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_a_run_of_pairs() {
        assert_eq!(pairs(" né "), [" n", "né", "é "]);
        assert!(pairs("a").is_empty() && pairs("").is_empty());
        let (whole, part) = (pairs(" photography "), pairs("graph"));
        assert!(whole.windows(part.len()).any(|run| run == part));
    }
}
