//! Tokens with names, kept in the store.

use std::time::{SystemTime, UNIX_EPOCH};

use seer_store::{NamedToken, TokenRight};

use crate::{EngineError, Library};

/// Tokens of a library.
pub const MOST_TOKENS: usize = 200;
/// Characters of a token's name.
const LONGEST_NAME: usize = 60;

impl Library {
    /// The tokens with names, by name.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn tokens(&self) -> Result<Vec<NamedToken>, EngineError> {
        Ok(NamedToken::all(&self.store.settings()?))
    }

    /// Keeps a token. White space around its name is dropped. `hash`: BLAKE3 of its letters.
    ///
    /// # Errors
    /// `TokenName`, `TokenExists`, `TooManyTokens`; when the store cannot be written.
    pub fn add_token(
        &self,
        name: &str,
        right: TokenRight,
        hash: [u8; 32],
    ) -> Result<NamedToken, EngineError> {
        let name = checked_name(name)?;
        let known = self.tokens()?;
        if known.iter().any(|token| token.name == name) {
            return Err(EngineError::TokenExists { name });
        }
        if known.len() >= MOST_TOKENS {
            return Err(EngineError::TooManyTokens);
        }
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let made = now.map_or(0, |since| since.as_secs());
        let token = NamedToken { name, right, hash, made };
        self.store.set_setting(&NamedToken::setting(&token.name), Some(&token.value()))?;
        Ok(token)
    }

    /// Takes a token back: no server of the library knows it any more.
    ///
    /// # Errors
    /// `NoToken`; when the store cannot be written.
    pub fn revoke_token(&self, name: &str) -> Result<(), EngineError> {
        if self.tokens()?.iter().all(|token| token.name != name) {
            return Err(EngineError::NoToken { name: name.to_owned() });
        }
        Ok(self.store.set_setting(&NamedToken::setting(name), None)?)
    }
}

fn checked_name(name: &str) -> Result<String, EngineError> {
    let name = name.trim();
    let wrong =
        |reason: &'static str| Err(EngineError::TokenName { name: name.to_owned(), reason });
    match name.chars().count() {
        0 => wrong("it is empty"),
        1..=LONGEST_NAME if name.contains(char::is_control) => {
            wrong("it has control characters, such as a line break")
        }
        1..=LONGEST_NAME => Ok(name.to_owned()),
        _ => wrong("it is longer than 60 characters"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_made_once_and_taken_back() {
        let folder = tempfile::tempdir().unwrap();
        let library = Library::open(folder.path(), crate::OpenOptions::default()).unwrap();
        let add = |name: &str| library.add_token(name, TokenRight::Look, [1; 32]);
        let token = add("  grandma ").unwrap();
        assert_eq!((token.name.as_str(), token.right), ("grandma", TokenRight::Look));
        assert!(token.made > 1_700_000_000);
        assert_eq!(library.tokens().unwrap(), [token]);
        let code = |result: Result<NamedToken, EngineError>| result.unwrap_err().code();
        assert_eq!(code(add("grandma")), "token_exists");
        for name in ["", " ", "a\nb", &"x".repeat(61)] {
            assert_eq!(code(add(name)), "bad_token_name", "{name:?}");
        }
        library.revoke_token("grandma").unwrap();
        assert_eq!(library.tokens().unwrap(), []);
        assert_eq!(library.revoke_token("grandma").unwrap_err().code(), "no_token");
        for n in 0..MOST_TOKENS {
            add(&n.to_string()).unwrap();
        }
        assert_eq!(code(add("one more")), "too_many_tokens");
    }
}
