//! `*` and `?` in names and paths.

use crate::fold::fold_path;

/// A pattern of characters: `?` is one of them, `*` any number of them, none of them a slash; `**`
/// is any number of any characters.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pattern {
    parts: Vec<Part>,
    /// The parts that each character below 128 fits, as bits.
    ascii: Vec<u128>,
    /// `*` and `**`.
    stars: u128,
    /// `**`.
    any: u128,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Part {
    Char(char),
    /// `?`
    One,
    /// `*`
    Some,
    /// `**`
    Any,
}

/// What a text for a path, a folder or a name asks for, once it is folded.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Wanted {
    /// These characters.
    Plain(String),
    /// What fits a pattern; `None`: it is longer than any may be, and nothing fits.
    Pattern(Option<Pattern>),
}

/// Folds a text and looks for `*` and `?` in it.
pub fn wanted(text: &str) -> Wanted {
    let folded = fold_path(text);
    match folded.contains(['*', '?']) {
        true => Wanted::Pattern(Pattern::new(&folded)),
        false => Wanted::Plain(folded),
    }
}

impl Pattern {
    /// The longest pattern has so many characters: each is a bit of a state.
    pub const LONGEST: usize = 120;

    /// A pattern of folded text; `None` when it is longer than [`Self::LONGEST`].
    pub fn new(folded: &str) -> Option<Self> {
        let mut parts: Vec<Part> = Vec::new();
        for c in folded.chars() {
            match (c, parts.last()) {
                ('?', _) => parts.push(Part::One),
                ('*', Some(Part::Some | Part::Any)) => {
                    parts.pop();
                    parts.push(Part::Any);
                }
                ('*', _) => parts.push(Part::Some),
                _ => parts.push(Part::Char(c)),
            }
        }
        (parts.len() <= Self::LONGEST).then(|| {
            let ascii = (0..128_u8).map(|c| fitting(&parts, char::from(c))).collect();
            let stars = bits(&parts, |part| matches!(part, Part::Some | Part::Any));
            let any = bits(&parts, |part| part == Part::Any);
            Self { parts, ascii, stars, any }
        })
    }

    /// Whether it fits one name of a folded path, or several that follow each other, from their
    /// beginning to their end. A slash at an end of the pattern is such an end itself.
    pub fn fits_in_path(&self, path: &str) -> bool {
        let begins =
            |before: Option<char>| self.has_slash_first() || matches!(before, None | Some('/'));
        let ends = |next: Option<char>| self.has_slash_last() || matches!(next, None | Some('/'));
        self.fits(path, begins, ends)
    }

    /// Whether it fits a folded file name, with or without its extension.
    pub fn fits_name(&self, name: &str) -> bool {
        let all = |name: &str| self.fits(name, |before| before.is_none(), |next| next.is_none());
        all(name) || name.rsplit_once('.').is_some_and(|(stem, _)| all(stem))
    }

    /// As a regular expression for a text of several paths with `between` after each but the last;
    /// for the paths, or for the names at their ends.
    pub fn regex(&self, of_names: bool, between: char) -> String {
        let other = format!("[^/{between}]");
        let body = self.parts.iter().map(|part| match part {
            Part::Char(c) if c.is_ascii_punctuation() => format!("\\{c}"),
            Part::Char(c) => c.to_string(),
            Part::One => other.clone(),
            Part::Any if !of_names => format!("[^{between}]*"),
            Part::Some | Part::Any => format!("{other}*"),
        });
        let body: String = body.collect();
        if of_names {
            return format!("(^|[/{between}]){body}(\\.[^./{between}]*)?($|{between})");
        }
        let begin =
            if self.has_slash_first() { String::new() } else { format!("(^|[/{between}])") };
        let end = if self.has_slash_last() { String::new() } else { format!("($|[/{between}])") };
        format!("{begin}{body}{end}")
    }

    fn has_slash_first(&self) -> bool {
        self.parts.first() == Some(&Part::Char('/'))
    }

    fn has_slash_last(&self) -> bool {
        self.parts.last() == Some(&Part::Char('/'))
    }

    /// Bit `i` of a state is set where the parts before the `i`th fit the characters so far.
    fn fits(
        &self,
        text: &str,
        begins: impl Fn(Option<char>) -> bool,
        ends: impl Fn(Option<char>) -> bool,
    ) -> bool {
        let mut before = None;
        let mut state = 0_u128;
        let mut chars = text.chars().peekable();
        loop {
            let next = chars.peek().copied();
            if begins(before) {
                state |= 1;
            }
            // Stars may stand for nothing; no two of them follow each other.
            state |= (state & self.stars) << 1;
            if state >> self.parts.len() & 1 == 1 && ends(next) {
                return true;
            }
            let Some(c) = chars.next() else { return false };
            let fitting = match self.ascii.get(c as usize) {
                Some(fitting) => *fitting,
                None => fitting(&self.parts, c),
            };
            let staying = if c == '/' { self.any } else { self.stars };
            state = (state & fitting) << 1 | state & staying;
            before = Some(c);
        }
    }
}

/// The parts that take this one character.
fn fitting(parts: &[Part], c: char) -> u128 {
    bits(parts, |part| match part {
        Part::Char(wanted) => wanted == c,
        Part::One => c != '/',
        Part::Some | Part::Any => false,
    })
}

fn bits(parts: &[Part], of: impl Fn(Part) -> bool) -> u128 {
    let bits = parts.iter().enumerate().filter(|(_, part)| of(**part));
    bits.fold(0, |bits, (place, _)| bits | 1 << place)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(text: &str) -> Pattern {
        let Wanted::Pattern(Some(pattern)) = wanted(text) else { panic!("no pattern: {text}") };
        pattern
    }

    #[test]
    fn patterns_fit_whole_names_of_a_path() {
        let path = "/home/me/holiday 2019/tc_00715.jpg";
        for text in [
            "TC_*",
            "*.jpg",
            "TC_?????.JPG",
            "tc_00715*",
            "holiday*",
            "*2019",
            "ho*19/*.jpg",
            "/me/*",
            "me/*/tc*",
            "home/**.jpg",
            "/home/me/*/*",
            "*2019/",
            "＊.jpg",
            "h?me",
            "**",
        ] {
            assert!(pattern(text).fits_in_path(path), "{text}");
        }
        for text in [
            "c_*",
            "*.jp",
            "tc_?.jpg",
            "holi*/2019*",
            "home/*.jpg",
            "/me/*.jpg",
            "?",
            "*day",
            "me/*/x*",
            "/tc_*/",
        ] {
            assert!(!pattern(text).fits_in_path(path), "{text}");
        }
    }

    #[test]
    fn patterns_fit_whole_names() {
        for text in
            ["TC_0*", "*.jpg", "tc_00715", "tc_?????", "*715*", "*"].map(|t| format!("{t}*"))
        {
            assert!(pattern(&text).fits_name("tc_00715.jpg"), "{text}");
        }
        for text in ["0*", "tc_????", "*.jpgx", "*x*"] {
            assert!(!pattern(text).fits_name("tc_00715.jpg"), "{text}");
        }
    }

    #[test]
    fn many_stars_take_no_longer_than_few() {
        let text = "a".repeat(10_000);
        assert!(!pattern(&format!("{}b", "a*".repeat(50))).fits_in_path(&text));
        assert_eq!(wanted(&format!("*{}", "a".repeat(120))), Wanted::Pattern(None));
    }

    #[test]
    fn as_a_regular_expression_it_says_the_same() {
        assert_eq!(pattern("a.b*").regex(false, '|'), r"(^|[/|])a\.b[^/|]*($|[/|])");
        assert_eq!(pattern("/a/**/?").regex(false, '|'), r"\/a\/[^|]*\/[^/|]($|[/|])");
        assert_eq!(pattern("a?").regex(true, '|'), r"(^|[/|])a[^/|](\.[^./|]*)?($||)");
    }
}
