//! Tokens with names, and what they are good for, as JSON.

use std::fmt;
use std::str::FromStr;

use seer_engine::{NamedToken as Kept, TokenRight as Right};
use seer_types::LibraryPath;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a token is good for; each right has those before it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum TokenRight {
    /// Search, and look at photos and what is known of them.
    Look,
    /// Index the library's folders again; keep albums.
    Index,
    /// Everything: folders, models, tokens, backups.
    Administer,
}

/// A token with a name.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct NamedToken {
    /// Its name.
    pub name: String,
    /// What it is good for.
    pub right: TokenRight,
    /// The folders of which alone its holder sees photos; empty: of the whole library.
    pub folders: Vec<String>,
    /// When it was made, in seconds since 1970.
    pub made: u64,
}

/// Answer to `GET /api/tokens` and `POST /api/tokens/revoke`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Tokens {
    /// By the bytes of their names.
    pub tokens: Vec<NamedToken>,
}

/// Answer to `POST /api/tokens`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TokenCreated {
    /// The letters of the new one: they are kept nowhere, and told only now.
    pub token: String,
    /// All of them, by the bytes of their names.
    pub tokens: Vec<NamedToken>,
}

/// Body of `POST /api/tokens`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TokenCreate {
    /// Its name, 1 to 60 characters.
    pub name: String,
    /// What it is good for.
    pub right: TokenRight,
    /// Absolute paths of the folders of which alone its holder sees photos, at most 20, with the right `look`
    /// alone; empty: of the whole library.
    #[serde(default)]
    pub folders: Vec<String>,
}

/// Body of `POST /api/tokens/revoke`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TokenName {
    /// The token's name.
    pub name: String,
}

/// What whoever asks may do.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Held {
    /// The right they have.
    pub right: TokenRight,
    /// The name of their token; null for the server's own, and without one.
    pub token: Option<String>,
    /// The folders of which alone they see photos; empty: of the whole library.
    #[serde(default)]
    pub folders: Vec<String>,
}

impl From<Right> for TokenRight {
    fn from(right: Right) -> Self {
        match right {
            Right::Look => Self::Look,
            Right::Index => Self::Index,
            Right::Administer => Self::Administer,
        }
    }
}

impl From<TokenRight> for Right {
    fn from(right: TokenRight) -> Self {
        match right {
            TokenRight::Look => Self::Look,
            TokenRight::Index => Self::Index,
            TokenRight::Administer => Self::Administer,
        }
    }
}

impl FromStr for TokenRight {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.parse::<Right>().map(Self::from)
    }
}

impl fmt::Display for TokenRight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Right::from(*self).fmt(f)
    }
}

impl From<Kept> for NamedToken {
    fn from(Kept { name, right, folders, made, .. }: Kept) -> Self {
        Self { name, right: right.into(), folders: texts(folders.as_deref()), made }
    }
}

/// The folders as text; none stands for all.
pub(crate) fn texts(folders: Option<&[LibraryPath]>) -> Vec<String> {
    folders.unwrap_or_default().iter().map(LibraryPath::to_text).collect()
}

/// Its letters are not shown.
impl fmt::Debug for TokenCreated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenCreated").field("tokens", &self.tokens).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rights_have_one_word_everywhere() {
        for right in [TokenRight::Look, TokenRight::Index, TokenRight::Administer] {
            let json = serde_json::to_string(&right).unwrap();
            assert_eq!(json, format!("\"{right}\""));
            assert_eq!(right.to_string().parse(), Ok(right));
        }
        let more = r#"{"name":"a","right":"look","more":[]}"#;
        assert!(serde_json::from_str::<TokenCreate>(more).is_err());
        let made = TokenCreated { token: "letters".into(), tokens: Vec::new() };
        assert!(!format!("{made:?}").contains("letters"));
    }
}
