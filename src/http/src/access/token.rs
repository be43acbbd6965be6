//! The secret: made or given, compared in constant time.

use std::fmt;

/// Bytes of randomness in a token of our own: 128 bits, 32 hex digits.
const RANDOM_BYTES: usize = 16;

/// A server's secret. Never printed by `{:?}`.
#[derive(Clone)]
pub(crate) struct Token(String);

/// Why there is no token.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TokenError {
    /// It could not travel in a header or a cookie.
    #[error("the token must be 6 to 200 letters, digits or any of - _ . ~")]
    Unusable,
    /// The operating system gave no randomness.
    #[error("the operating system gives no random numbers for a token: {0}")]
    NoRandomness(getrandom::Error),
}

impl Token {
    /// One that the operator chose.
    pub(crate) fn given(text: &str) -> Result<Self, TokenError> {
        let usable = |b: u8| b.is_ascii_alphanumeric() || b"-_.~".contains(&b);
        if (6..=200).contains(&text.len()) && text.bytes().all(usable) {
            Ok(Self(text.to_owned()))
        } else {
            Err(TokenError::Unusable)
        }
    }

    /// One that nobody can guess.
    pub(crate) fn random() -> Result<Self, TokenError> {
        let mut bytes = [0u8; RANDOM_BYTES];
        getrandom::fill(&mut bytes).map_err(TokenError::NoRandomness)?;
        Ok(Self(bytes.iter().map(|byte| format!("{byte:02x}")).collect()))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Looks at every byte whatever the first ones are, so that timing tells nothing.
    pub(crate) fn equals(&self, given: &str) -> bool {
        let difference = self.0.bytes().zip(given.bytes()).fold(0u8, |sum, (a, b)| sum | (a ^ b));
        self.0.len() == given.len() && difference == 0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn random_tokens_differ_and_are_usable() {
        let (a, b) = (Token::random().unwrap(), Token::random().unwrap());
        assert_ne!(a.as_str(), b.as_str());
        assert_eq!(a.as_str().len(), 32);
        assert!(Token::given(a.as_str()).is_ok());
    }

    #[test]
    fn what_would_break_a_header_is_refused() {
        for text in ["", "short", "with space", "semi;colon", "new\nline", "ümlaut"] {
            assert!(Token::given(text).is_err(), "{text}");
        }
    }

    #[test]
    fn only_the_whole_token_is_equal() {
        let token = Token::given("secret").unwrap();
        assert!(token.equals("secret"));
        for given in ["", "secre", "secrets", "Secret", "secreT"] {
            assert!(!token.equals(given), "{given}");
        }
        assert!(!format!("{token:?}").contains("secret"));
    }
}
