//! Says which words of a query were read as filters or as exclusions, and how to have it otherwise.

use seer_http::wire;

use crate::notices;
use crate::text::printable;

/// The filters that hold: those that were typed, then those that words were read as.
pub fn all_filters(answer: &wire::SearchAnswer) -> Vec<&str> {
    let read = answer.understood.iter().filter(|words| words.sure && !words.excludes);
    let read = read.map(|words| words.filters.as_str());
    answer.filters.iter().map(String::as_str).chain(read).collect()
}

/// One line for each reading.
pub fn tell(answer: &wire::SearchAnswer) {
    for words in &answer.understood {
        notices::line(&printable(&line(words)));
    }
}

fn line(words: &wire::ReadWords) -> String {
    let wire::ReadWords { read, filters, sure, query, .. } = words;
    match sure {
        true => format!("read \"{read}\" as {filters}; to keep the words: {query}"),
        false => format!("\"{read}\" can be read as {filters}: {query}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reading_says_how_to_have_it_otherwise() {
        let mut words = wire::ReadWords {
            read: "last summer".into(),
            filters: "after:2026-06-01 before:2026-09-01".into(),
            sure: true,
            query: "dogs words:\"last summer\"".into(),
            excludes: false,
        };
        assert_eq!(
            line(&words),
            "read \"last summer\" as after:2026-06-01 before:2026-09-01; to keep the words: dogs \
             words:\"last summer\""
        );
        words.sure = false;
        assert!(line(&words).starts_with("\"last summer\" can be read as after:"));
    }
}
