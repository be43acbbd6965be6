//! Marks that phones and word processors write instead of those on a keyboard.

use seer_store::fold::plain_mark;

/// What closes a quote that this character opens; `None` for one that opens none.
pub(super) fn closers(c: char) -> Option<Closers> {
    let (right, like) = match c {
        '"' => ("\"", DOUBLE),
        '＂' => ("＂", DOUBLE),
        '“' => ("”", DOUBLE),
        '”' => ("”", DOUBLE),
        '„' | '‟' => ("“”", DOUBLE),
        '«' => ("»", DOUBLE),
        '»' => ("«»", DOUBLE),
        '〝' => ("〞〟", DOUBLE),
        '「' | '｢' => ("」｣", "」｣"),
        '『' => ("』", "』"),
        '‘' => ("’", "’"),
        '‚' => ("‘’", "‘’"),
        '‹' => ("›", "›"),
        '›' => ("‹", "‹"),
        _ => return None,
    };
    Some(Closers { right, like })
}

/// Double quotes of all kinds: keyboards mix them.
const DOUBLE: &str = "\"＂“”„‟«»〝〞〟";

/// The characters that may close a quote.
#[derive(Clone, Copy)]
pub(super) struct Closers {
    /// Those that belong to what opened it.
    right: &'static str,
    /// Those that do where none of the right ones comes.
    like: &'static str,
}

impl Closers {
    /// Where the quote ends in what comes behind its opening, in bytes: before and after the
    /// closing mark. ‘ and ‹ may be apostrophes and arrows: what closes them ends a word.
    pub(super) fn find(self, rest: &str) -> Option<(usize, usize)> {
        let ends = |after: usize| {
            rest[after..].chars().next().is_none_or(|c| c.is_whitespace() || is_close(c))
        };
        let of = |marks: &str| {
            let found = rest.char_indices().map(|(at, c)| (at, c, at + c.len_utf8()));
            let mut found = found.filter(|(_, c, _)| marks.contains(*c));
            found.find(|(_, _, after)| self.must_close() || ends(*after))
        };
        let (at, _, after) = of(self.right).or_else(|| of(self.like))?;
        Some((at, after))
    }

    /// Whether the mark that opens it can mean nothing else.
    pub(super) fn must_close(self) -> bool {
        self.like == DOUBLE || self.ends_piece()
    }

    /// Whether the quote ends where it is closed, also without a space behind it.
    pub(super) fn ends_piece(self) -> bool {
        self.like.contains(['」', '』'])
    }
}

/// The text without a minus in front, of whichever length.
pub(super) fn without_minus(text: &str) -> Option<&str> {
    strip(text, |c| plain_mark(c) == '-' || matches!(c, '－' | '﹣'))
}

/// The text without an exclamation mark in front.
pub(super) fn without_bang(text: &str) -> Option<&str> {
    strip(text, |c| matches!(c, '!' | '！'))
}

/// The text without a parenthesis in front that opens.
pub(super) fn without_open(text: &str) -> Option<&str> {
    strip(text, is_open)
}

pub(super) fn is_open(c: char) -> bool {
    matches!(c, '(' | '（')
}

fn strip(text: &str, is: impl Fn(char) -> bool) -> Option<&str> {
    let first = text.chars().next().filter(|c| is(*c))?;
    Some(&text[first.len_utf8()..])
}

pub(super) fn is_close(c: char) -> bool {
    matches!(c, ')' | '）')
}

/// Key and value around the first colon, of whichever width.
pub(super) fn split_at_colon(text: &str) -> Option<(&str, &str)> {
    text.split_once(is_colon)
}

pub(super) fn is_colon(c: char) -> bool {
    matches!(plain_mark(c), ':' | '：' | '︰' | '﹕')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_close_with_their_partner() {
        for text in [
            "\"a b\" c",
            "“a b” c",
            "„a b“ c",
            "„a b” c",
            "”a b” c",
            "«a b» c",
            "»a b« c",
            "‚a b‘ c",
            "‘a b’ c",
            "「a b」 c",
            "『a b』 c",
            "＂a b＂ c",
            "“a b\" c",
            "\"a b” c",
            "‹a b› c",
        ] {
            let open = text.chars().next().unwrap();
            let rest = &text[open.len_utf8()..];
            let (end, after) = closers(open).unwrap().find(rest).unwrap();
            assert_eq!((&rest[..end], &rest[after..]), ("a b", " c"), "{text}");
        }
        let nested = "the “big” one\" c";
        assert_eq!(closers('"').unwrap().find(nested).unwrap().0, nested.len() - 3);
        let apostrophe = "don’t stop’ c";
        let (end, _) = closers('‘').unwrap().find(apostrophe).unwrap();
        assert_eq!(&apostrophe[..end], "don’t stop");
        assert!(closers('‘').unwrap().find("90s").is_none());
        assert!(closers('a').is_none() && closers('\'').is_none());
    }

    #[test]
    fn marks_of_any_width_are_read() {
        assert_eq!(split_at_colon("tag：東京"), Some(("tag", "東京")));
        for text in ["-a", "－a", "−a", "–a", "—a"] {
            assert_eq!(without_minus(text), Some("a"), "{text}");
        }
        assert_eq!((without_open("（a"), without_bang("！a")), (Some("a"), Some("a")));
        assert_eq!((without_minus("a"), without_minus("")), (None, None));
    }
}
