//! Tokens with names: who else may ask the servers of a library, and what for.
//!
//! They are kept as settings ([`crate::Store::settings`]), one each, so that every machine of a shared library
//! knows them. Of a token's letters only a hash is kept: who reads the library cannot use it.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use seer_types::LibraryPath;

/// In front of a token's name in the settings.
pub const TOKENS: &str = "token:";

/// What the holder of a token may do; each right has those before it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub enum TokenRight {
    /// Search, and look at photos and what is known of them.
    Look,
    /// Index the library's folders again; keep albums.
    Index,
    /// Everything: folders, models, tokens, backups.
    Administer,
}

/// One token.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NamedToken {
    /// Its name: not empty, and of no other token.
    pub name: String,
    /// What it is good for.
    pub right: TokenRight,
    /// The folders, as they were indexed, of which alone its holder sees photos; `None`: of all. Not empty,
    /// and with [`TokenRight::Look`] alone.
    pub folders: Option<Arc<[LibraryPath]>>,
    /// The BLAKE3 hash of its letters.
    pub hash: [u8; 32],
    /// When it was made, in seconds since 1970.
    pub made: u64,
}

impl TokenRight {
    /// All of them, the least first.
    pub const ALL: [Self; 3] = [Self::Look, Self::Index, Self::Administer];

    /// Its name: "look", "index" or "administer".
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Look => "look",
            Self::Index => "index",
            Self::Administer => "administer",
        }
    }
}

impl fmt::Display for TokenRight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for TokenRight {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|right| right.as_str() == text);
        found.ok_or_else(|| "a right is one of look, index and administer".to_owned())
    }
}

impl NamedToken {
    /// Those among the settings of a library, by name. What is not understood is no token.
    pub fn all(settings: &BTreeMap<String, String>) -> Vec<Self> {
        let read = |(key, value): (&String, &String)| Self::read(key.strip_prefix(TOKENS)?, value);
        settings.iter().filter_map(read).collect()
    }

    /// The setting that keeps the token of this name.
    pub fn setting(name: &str) -> String {
        format!("{TOKENS}{name}")
    }

    /// The setting's value.
    pub fn value(&self) -> String {
        let mut value = format!("{} {} {}", self.right, self.made, hex(&self.hash));
        for folder in self.folders.iter().flat_map(|folders| folders.iter()) {
            value.push(' ');
            value.push_str(&hex(&folder.to_bytes()));
        }
        value
    }

    fn read(name: &str, value: &str) -> Option<Self> {
        let mut fields = value.split(' ');
        let right = fields.next()?.parse().ok()?;
        let made = fields.next()?.parse().ok()?;
        let hash = bytes(fields.next()?)?.try_into().ok()?;
        let folder = |digits| Some(LibraryPath::from_bytes(&bytes(digits)?));
        let folders: Arc<[LibraryPath]> = fields.map(folder).collect::<Option<_>>()?;
        let folders = (!folders.is_empty()).then_some(folders);
        let known = folders.is_none() || right == TokenRight::Look;
        known.then(|| Self { name: name.to_owned(), right, folders, hash, made })
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// At least one byte.
fn bytes(digits: &str) -> Option<Vec<u8>> {
    let pairs = digits.as_bytes().chunks(2).map(|pair| {
        let digit = |at: usize| char::from(*pair.get(at)?).to_digit(16);
        Some((digit(0)? * 16 + digit(1)?) as u8)
    });
    let bytes: Vec<u8> = pairs.collect::<Option<_>>()?;
    (!bytes.is_empty()).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_survive_and_what_is_no_token_gives_no_right() {
        let token = |name: &str, right| NamedToken {
            name: name.into(),
            right,
            folders: None,
            hash: std::array::from_fn(|n| 7 * n as u8),
            made: 1_764_000_000,
        };
        let mut bound = token("aunt", TokenRight::Look);
        bound.folders = Some(["/photos/own child", "/p\u{e9}"].map(LibraryPath::new).into());
        let all = [bound, token("grandma", TokenRight::Look), token("the nas", TokenRight::Index)];
        let mut settings: BTreeMap<String, String> =
            all.iter().map(|token| (NamedToken::setting(&token.name), token.value())).collect();
        settings.insert("text".into(), "off".into());
        assert_eq!(NamedToken::all(&settings), all);

        let whole = all[1].value();
        for (what, value) in [
            ("an unknown right", whole.replacen("look", "own", 1)),
            ("no time", whole.replacen("1764000000", "now", 1)),
            ("a short hash", whole[..whole.len() - 1].to_owned()),
            ("a long hash", format!("{whole}00")),
            ("no hex", format!("{}é", &whole[..whole.len() - 2])),
            ("a folder that is none", format!("{whole} more")),
            ("an odd folder", format!("{whole} 2f7")),
            ("an empty folder", format!("{whole} ")),
            ("folders with another right", all[0].value().replacen("look", "index", 1)),
            ("nothing", String::new()),
        ] {
            let settings = [(NamedToken::setting("x"), value)].into();
            assert_eq!(NamedToken::all(&settings), [], "{what}");
        }
    }

    #[test]
    fn rights_are_ordered_and_named() {
        assert!(TokenRight::Look < TokenRight::Index && TokenRight::Index < TokenRight::Administer);
        for right in TokenRight::ALL {
            assert_eq!(right.to_string().parse(), Ok(right));
        }
        assert!("Look".parse::<TokenRight>().is_err());
    }
}
