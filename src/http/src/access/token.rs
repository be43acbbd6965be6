//! The secret: made or given, compared in constant time, never printed by `{:?}`.

use std::fmt;
use std::path::Path;

use serde::{Deserialize, Serialize};

/// Bytes of randomness in a token of our own: 128 bits, 32 hex digits.
const RANDOM_BYTES: usize = 16;
/// Letters a token given by a person has at least: what is shorter can be guessed.
const FEWEST_LETTERS: usize = 16;
/// Letters a token has at most.
const MOST_LETTERS: usize = 200;
/// Bytes of a token file that are looked at; a longer file holds something else.
const MOST_FILE_BYTES: u64 = 4096;

/// A server's secret. `{:?}` shows a placeholder; only [`Token::as_str`] gives the letters.
#[derive(Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Token(String);

/// Why there is no token.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TokenError {
    /// It could be guessed, or could not travel in a header or a cookie.
    #[error(
        "the token must be 16 to 200 letters, digits or any of - _ . ~ (leave it out and seer \
         makes one)"
    )]
    Unusable,
    /// The file that should hold it cannot be read.
    #[error("cannot read the token from {path}: {reason}")]
    File {
        /// The file.
        path: std::path::PathBuf,
        /// Why.
        reason: String,
    },
    /// The operating system gave no randomness.
    #[error("the operating system gives no random numbers for a token: {0}")]
    NoRandomness(getrandom::Error),
}

impl Token {
    /// One that a person chose: 16 to 200 letters, digits or any of `- _ . ~`.
    ///
    /// # Errors
    /// [`TokenError::Unusable`] for anything else.
    pub fn given(text: &str) -> Result<Self, TokenError> {
        let usable = |b: u8| b.is_ascii_alphanumeric() || b"-_.~".contains(&b);
        let length = FEWEST_LETTERS..=MOST_LETTERS;
        if length.contains(&text.len()) && text.bytes().all(usable) {
            Ok(Self(text.to_owned()))
        } else {
            Err(TokenError::Unusable)
        }
    }

    /// The first line of a file, without spaces around it.
    ///
    /// # Errors
    /// [`TokenError::File`] when the file cannot be read, [`TokenError::Unusable`] when its first
    /// line is no token.
    pub fn from_file(path: &Path) -> Result<Self, TokenError> {
        let fail = |reason: String| TokenError::File { path: path.to_path_buf(), reason };
        let mut text = String::new();
        let file = std::fs::File::open(path).map_err(|error| fail(error.to_string()))?;
        std::io::Read::read_to_string(&mut std::io::Read::take(file, MOST_FILE_BYTES), &mut text)
            .map_err(|error| fail(error.to_string()))?;
        Self::given(text.lines().next().unwrap_or("").trim())
    }

    /// One that nobody can guess.
    ///
    /// # Errors
    /// [`TokenError::NoRandomness`].
    pub fn random() -> Result<Self, TokenError> {
        let mut bytes = [0u8; RANDOM_BYTES];
        getrandom::fill(&mut bytes).map_err(TokenError::NoRandomness)?;
        Ok(Self(bytes.iter().map(|byte| format!("{byte:02x}")).collect()))
    }

    /// The letters, for the one place that needs them.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The BLAKE3 hash of the letters: what a library keeps of a token with a name.
    pub fn hash(&self) -> [u8; 32] {
        *blake3::hash(self.0.as_bytes()).as_bytes()
    }

    /// Compares hashes, and those in constant time: neither letters nor length show in the timing.
    pub(crate) fn equals(&self, given: &str) -> bool {
        blake3::hash(self.0.as_bytes()) == blake3::hash(given.as_bytes())
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
    fn what_can_be_guessed_or_would_break_a_header_is_refused() {
        let long = "x".repeat(201);
        for text in [
            "",
            "secret",
            "fifteen-letters",
            "with spaces in it",
            "semi;colon;semi;colon",
            "new\nline-new-line-new",
            "ümlaut-ümlaut-ümlaut",
            &long,
        ] {
            assert!(matches!(Token::given(text), Err(TokenError::Unusable)), "{text}");
        }
        assert!(Token::given("sixteen-letters-").is_ok());
    }

    #[test]
    fn only_the_whole_token_is_equal() {
        let token = Token::given("a-secret-of-letters").unwrap();
        assert!(token.equals("a-secret-of-letters"));
        for given in ["", "a-secret-of-letter", "a-secret-of-letters ", "A-secret-of-letters"] {
            assert!(!token.equals(given), "{given}");
        }
        assert!(!format!("{token:?}").contains("secret"));
    }

    #[test]
    fn a_file_holds_it_in_its_first_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("token");
        std::fs::write(&path, "  a-secret-of-letters \r\nanything\n").unwrap();
        assert_eq!(Token::from_file(&path).unwrap().as_str(), "a-secret-of-letters");
        std::fs::write(&path, "short\n").unwrap();
        assert!(matches!(Token::from_file(&path), Err(TokenError::Unusable)));
        let missing = Token::from_file(&folder.path().join("none")).unwrap_err();
        assert!(missing.to_string().contains("none"), "{missing}");
    }
}
