//! Tokens with names, kept in the store.

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use seer_store::{NamedToken, TOKENS, TokenRight};
use seer_types::LibraryPath;

use crate::{EngineError, Library, name};

/// Tokens of a library.
pub const MOST_TOKENS: usize = 200;
/// Folders that a token can be bound to.
const MOST_FOLDERS: usize = 20;
/// Characters of a token's name.
const LONGEST_NAME: usize = 60;

impl Library {
    /// The tokens with names, by name.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn tokens(&self) -> Result<Vec<NamedToken>, EngineError> {
        Ok(NamedToken::all(&self.store.settings(TOKENS)?))
    }

    /// Keeps a token. White space around its name is dropped. `folders`: those of which alone its holder sees
    /// photos, by their paths on this machine or those that were indexed; all photos without any. `hash`:
    /// BLAKE3 of its letters.
    ///
    /// # Errors
    /// `TokenName`, `TokenExists`, `TokenFolder`, `TokenBound`, `TooManyTokens`; when the store cannot be
    /// written.
    pub fn add_token(
        &self,
        name: &str,
        right: TokenRight,
        folders: &[LibraryPath],
        hash: [u8; 32],
    ) -> Result<NamedToken, EngineError> {
        let name = checked_name(name)?;
        let folders = self.token_folders(right, folders)?;
        let known = self.tokens()?;
        if known.iter().any(|token| token.name == name) {
            return Err(EngineError::TokenExists { name });
        }
        if known.len() >= MOST_TOKENS {
            return Err(EngineError::TooManyTokens);
        }
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let made = now.map_or(0, |since| since.as_secs());
        let token = NamedToken { name, right, folders, hash, made };
        let setting = (NamedToken::setting(&token.name), Some(token.value()));
        self.store.set_settings(&[setting])?;
        Ok(token)
    }

    /// The folders as they were indexed.
    fn token_folders(
        &self,
        right: TokenRight,
        folders: &[LibraryPath],
    ) -> Result<Option<Arc<[LibraryPath]>>, EngineError> {
        let Some(first) = folders.first() else { return Ok(None) };
        if right != TokenRight::Look {
            return Err(EngineError::TokenBound { right });
        }
        let wrong = |folder: &LibraryPath, reason| {
            Err(EngineError::TokenFolder { folder: folder.clone(), reason })
        };
        if folders.len() > MOST_FOLDERS {
            return wrong(first, "it is one of more than 20");
        }
        let roots = self.roots()?;
        let mut indexed = Vec::with_capacity(folders.len());
        for folder in folders {
            let known = self.maps.indexed(&plain(folder));
            let (path, is_in) = (known.as_path(), |a: &Path, b: &Path| a.starts_with(b));
            if !path.is_absolute() || path.components().any(|part| part == Component::ParentDir) {
                return wrong(folder, "it is no absolute path");
            }
            let mut roots = roots.iter().map(LibraryPath::as_path);
            if !roots.any(|root| is_in(path, root) || is_in(root, path)) {
                return wrong(folder, "it is in no indexed folder, and holds none");
            }
            indexed.push(known);
        }
        Ok(Some(indexed.into()))
    }

    /// Takes a token back: no server of the library knows it any more.
    ///
    /// # Errors
    /// `NoToken`; when the store cannot be written.
    pub fn revoke_token(&self, name: &str) -> Result<(), EngineError> {
        if self.tokens()?.iter().all(|token| token.name != name) {
            return Err(EngineError::NoToken { name: name.to_owned() });
        }
        Ok(self.store.set_settings(&[(NamedToken::setting(name), None)])?)
    }
}

/// The path without what says nothing: `.`, separators twice or at the end.
fn plain(folder: &LibraryPath) -> LibraryPath {
    LibraryPath::new(folder.as_path().components().collect::<PathBuf>())
}

fn checked_name(name: &str) -> Result<String, EngineError> {
    let wrong = |reason| EngineError::TokenName { name: name.trim().to_owned(), reason };
    name::checked(name, LONGEST_NAME).map_err(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::PathMap;

    #[test]
    fn tokens_are_made_once_and_taken_back() {
        let folder = tempfile::tempdir().unwrap();
        let library = Library::open(folder.path(), crate::OpenOptions::default()).unwrap();
        let add = |name: &str| library.add_token(name, TokenRight::Look, &[], [1; 32]);
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

    #[test]
    fn a_token_is_bound_to_folders_of_the_library() {
        let folder = tempfile::tempdir().unwrap();
        let maps = PathMap::new(vec!["/photos=/mnt/nas".parse().unwrap()]);
        let options = crate::OpenOptions { maps, ..Default::default() };
        let library = Library::open(folder.path(), options).unwrap();
        library.add_root(&LibraryPath::new("/photos/family")).unwrap();
        let add = |right, folders: &[&str]| {
            let folders: Vec<LibraryPath> = folders.iter().map(LibraryPath::new).collect();
            let name = library.tokens().unwrap().len().to_string();
            library.add_token(&name, right, &folders, [1; 32])
        };
        let look = |folders: &[&str]| add(TokenRight::Look, folders);
        assert_eq!(look(&[]).unwrap().folders, None);
        for (folder, indexed) in [
            ("/photos/family/anna", "/photos/family/anna"),
            ("/photos/family", "/photos/family"),
            ("/photos/", "/photos"),
            ("/photos/./family//anna", "/photos/family/anna"),
            ("/mnt/nas/family/anna", "/photos/family/anna"),
        ] {
            let folders = look(&[folder]).unwrap().folders.unwrap();
            assert_eq!(*folders, [LibraryPath::new(indexed)], "{folder}");
        }
        let code = |result: Result<NamedToken, EngineError>| result.unwrap_err().code();
        for folder in ["/photos/fam", "/elsewhere", "family", "", "/photos/family/../../etc"] {
            assert_eq!(code(look(&["/photos", folder])), "bad_token_folder", "{folder}");
        }
        assert_eq!(code(look(&["/photos"; 21])), "bad_token_folder");
        for right in [TokenRight::Index, TokenRight::Administer] {
            assert_eq!(code(add(right, &["/photos"])), "bad_token_folder");
        }
    }
}
