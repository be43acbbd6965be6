//! A word in singular and plural, so that "airplane" meets a folder "airplanes".
//!
//! Endings are exchanged by each language's common rules, without a list of words: a form that no
//! name holds brings nobody. Words are compared without case and accents, so that "Häuser" is "Haus"
//! with an ending.

use seer_store::fold::fold;

/// Shorter words have one form.
const SHORTEST: usize = 3;

/// An ending and the one that the other form has instead. `at_least`: letters in front.
struct Rule {
    ending: &'static str,
    other: &'static str,
    /// Letters that must stand right before the ending; empty for any.
    behind: &'static str,
    /// Endings of the word with which the rule does not hold.
    but_not: &'static [&'static str],
}

const fn rule(ending: &'static str, other: &'static str) -> Rule {
    Rule { ending, other, behind: "", but_not: &[] }
}

const CONSONANTS: &str = "bcdfghjklmnpqrstvwxz";
const VOWELS: &str = "aeiou";

/// Nouns with a plural of their own.
const IRREGULAR: [(&str, &str); 8] = [
    ("child", "children"),
    ("person", "people"),
    ("mouse", "mice"),
    ("goose", "geese"),
    ("foot", "feet"),
    ("tooth", "teeth"),
    ("leaf", "leaves"),
    ("knife", "knives"),
];

const ENGLISH: &[Rule] = &[
    rule("men", "man"),
    rule("man", "men"),
    Rule { behind: CONSONANTS, ..rule("ies", "y") },
    Rule { behind: CONSONANTS, ..rule("y", "ies") },
    rule("sses", "ss"),
    rule("xes", "x"),
    rule("ches", "ch"),
    rule("shes", "sh"),
    rule("oes", "o"),
    rule("lves", "lf"),
    rule("lf", "lves"),
    Rule { but_not: &["ss", "us", "is", "ies"], ..rule("s", "") },
    rule("ss", "sses"),
    rule("us", "uses"),
    rule("uses", "us"),
    rule("x", "xes"),
    rule("ch", "ches"),
    rule("sh", "shes"),
    Rule { but_not: &["s", "x", "ch", "sh", "man", "men", "y", "z"], ..rule("", "s") },
    Rule { behind: VOWELS, ..rule("y", "ys") },
];

const GERMAN: &[Rule] = &[
    rule("en", "e"),
    rule("e", ""),
    rule("en", ""),
    rule("er", ""),
    rule("e", "en"),
    Rule { but_not: &["e", "en"], ..rule("", "e") },
    Rule { but_not: &["e", "en"], ..rule("", "en") },
    Rule { but_not: &["e", "en", "er"], ..rule("", "er") },
];

const FRENCH: &[Rule] = &[
    rule("aux", "al"),
    rule("al", "aux"),
    rule("eaux", "eau"),
    rule("eau", "eaux"),
    rule("s", ""),
    Rule { but_not: &["s", "x", "al", "eau"], ..rule("", "s") },
];

const SPANISH: &[Rule] = &[
    rule("ces", "z"),
    rule("z", "ces"),
    Rule { behind: VOWELS, ..rule("s", "") },
    Rule { behind: "dlnrsj", ..rule("es", "") },
    Rule { behind: VOWELS, ..rule("", "s") },
    Rule { behind: "dlnrj", ..rule("", "es") },
];

const ITALIAN: &[Rule] = &[
    rule("o", "i"),
    rule("a", "e"),
    rule("e", "i"),
    rule("i", "o"),
    rule("i", "e"),
    rule("e", "a"),
];

const PORTUGUESE: &[Rule] = &[
    rule("oes", "ao"),
    rule("ao", "oes"),
    rule("ns", "m"),
    rule("m", "ns"),
    rule("ais", "al"),
    rule("al", "ais"),
    Rule { behind: VOWELS, ..rule("s", "") },
    Rule { behind: "rs", ..rule("es", "") },
    Rule { behind: VOWELS, ..rule("", "s") },
    Rule { behind: "rsz", ..rule("", "es") },
];

const DUTCH: &[Rule] = &[
    rule("en", ""),
    rule("s", ""),
    Rule { but_not: &["en", "e", "s"], ..rule("", "en") },
    Rule { but_not: &["en", "s"], ..rule("", "s") },
    rule("e", "en"),
    rule("en", "e"),
];

const LANGUAGES: [(&str, &[Rule]); 7] = [
    ("en", ENGLISH),
    ("de", GERMAN),
    ("fr", FRENCH),
    ("es", SPANISH),
    ("it", ITALIAN),
    ("pt", PORTUGUESE),
    ("nl", DUTCH),
];

/// A word and what it may be in the other number, at most `most` in all, the word first.
/// `language`: the code of its language; `None`: of any of seven.
pub(crate) fn forms(word: &str, language: Option<&str>, most: usize) -> Vec<String> {
    let mut forms = vec![word.to_owned()];
    let folded = fold(word);
    let is_word = folded.chars().all(char::is_alphabetic);
    if !is_word || folded.chars().count() < SHORTEST {
        return forms;
    }
    let mut add = |form: String| {
        if forms.len() < most && form.chars().count() >= SHORTEST && !forms.contains(&form) {
            forms.push(form);
        }
    };
    for (code, rules) in LANGUAGES.iter().filter(|(code, _)| language.is_none_or(|l| l == *code)) {
        let own = (*code == "en").then(|| irregular(&folded)).flatten();
        match own {
            Some(other) => add(other.to_owned()),
            None => rules.iter().filter_map(|rule| rule.of(&folded)).for_each(&mut add),
        }
    }
    forms
}

fn irregular(word: &str) -> Option<&'static str> {
    IRREGULAR.iter().find_map(|(one, many)| match word {
        word if word == *one => Some(*many),
        word if word == *many => Some(*one),
        _ => None,
    })
}

impl Rule {
    fn of(&self, word: &str) -> Option<String> {
        let stem = word.strip_suffix(self.ending)?;
        let last = stem.chars().next_back()?;
        let behind = self.behind.is_empty() || self.behind.contains(last);
        let but_not = self.but_not.iter().any(|ending| word.ends_with(ending));
        (behind && !but_not).then(|| format!("{stem}{}", self.other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn singular_and_plural_meet() {
        for (code, one, many) in [
            ("en", "airplane", "airplanes"),
            ("en", "bus", "buses"),
            ("en", "glass", "glasses"),
            ("en", "box", "boxes"),
            ("en", "church", "churches"),
            ("en", "puppy", "puppies"),
            ("en", "toy", "toys"),
            ("en", "woman", "women"),
            ("en", "child", "children"),
            ("en", "knife", "knives"),
            ("en", "wolf", "wolves"),
            ("de", "hund", "hunde"),
            ("de", "haus", "häuser"),
            ("de", "katze", "katzen"),
            ("de", "frau", "frauen"),
            ("fr", "chien", "chiens"),
            ("fr", "cheval", "chevaux"),
            ("es", "perro", "perros"),
            ("es", "flor", "flores"),
            ("es", "luz", "luces"),
            ("it", "gatto", "gatti"),
            ("it", "casa", "case"),
            ("pt", "avião", "aviões"),
            ("pt", "mulher", "mulheres"),
            ("nl", "hond", "honden"),
            ("nl", "tafel", "tafels"),
        ] {
            for language in [Some(code), None] {
                for (from, to) in [(one, many), (many, one)] {
                    let found = forms(from, language, 32);
                    assert!(found.contains(&fold(to)), "{code} {from} {to}: {found:?}");
                    assert_eq!(found[0], from);
                }
            }
        }
    }

    #[test]
    fn words_without_another_number_stay_alone() {
        for word in ["img", "2019", "s3", "an", "東京", "о", "c3po", ""] {
            let found = forms(word, Some("en"), 32);
            assert!(found.len() <= 2, "{word}: {found:?}");
            assert_eq!(found[0], word);
        }
        assert_eq!(forms("2019", None, 32), ["2019"]);
        assert_eq!(forms("dress", Some("en"), 32), ["dress", "dresses"]);
        assert_eq!(forms("dog", Some("en"), 32), ["dog", "dogs"]);
        assert_eq!(forms("dog", Some("ja"), 32), ["dog"]);
    }

    #[test]
    fn there_are_at_most_as_many_as_asked_for() {
        assert_eq!(forms("katzen", None, 3).len(), 3);
        assert_eq!(forms("katzen", None, 1), ["katzen"]);
    }
}
