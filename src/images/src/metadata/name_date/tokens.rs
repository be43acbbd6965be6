//! The pieces of a name, and where words begin and end among them.

/// A piece of a name whose characters are of one kind.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Token<'a> {
    Digits(&'a str),
    Letters(&'a str),
    /// What is between words.
    Other(&'a str),
}

/// The pieces of a name.
pub(super) fn tokens(name: &str) -> Vec<Token<'_>> {
    let kind = |c: char| match c {
        '0'..='9' => 0,
        c if c.is_alphabetic() => 1,
        _ => 2,
    };
    let mut all = Vec::new();
    let mut start = 0;
    let mut chars = name.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let end = at + c.len_utf8();
        if chars.peek().is_some_and(|(_, next)| kind(*next) == kind(c)) {
            continue;
        }
        let text = &name[start..end];
        all.push(match kind(c) {
            0 => Token::Digits(text),
            1 => Token::Letters(text),
            _ => Token::Other(text),
        });
        start = end;
    }
    all
}

/// Whether digits may begin here: not behind a mix of letters and digits, nor behind letters that
/// could be digits themselves, as in a hash.
pub(super) fn begins_word(all: &[Token], at: usize) -> bool {
    let before = |back: usize| at.checked_sub(back).and_then(|at| all.get(at));
    match before(1) {
        Some(Token::Letters(word)) => {
            !is_hexadecimal(word) && !matches!(before(2), Some(Token::Digits(_)))
        }
        _ => true,
    }
}

/// Whether a date may end before this token.
pub(super) fn ends_word(all: &[Token], at: usize) -> bool {
    match all.get(at) {
        Some(Token::Letters(word)) => {
            !is_hexadecimal(word) && !matches!(all.get(at + 1), Some(Token::Digits(_)))
        }
        Some(Token::Digits(_)) => false,
        _ => true,
    }
}

/// Whether a time may end before this token: a date and a time are not found in a mix by chance.
pub(super) fn ends_time(all: &[Token], at: usize) -> bool {
    match all.get(at) {
        Some(Token::Letters(_)) => !matches!(all.get(at + 1), Some(Token::Digits(_))),
        Some(Token::Digits(_)) => false,
        _ => true,
    }
}

/// The text of these tokens.
pub(super) fn joined(all: &[Token]) -> String {
    let text = |token: &Token| match *token {
        Token::Digits(text) | Token::Letters(text) | Token::Other(text) => text.to_owned(),
    };
    all.iter().map(text).collect()
}

fn is_hexadecimal(word: &str) -> bool {
    word.bytes().all(|b| b.is_ascii_hexdigit())
}
