//! The library's tokens with names, read again every few seconds: another machine may have made or
//! revoked one.

use std::fmt;
use std::sync::Arc;

use actix_web::web;
use seer_engine::{Believed, Library, NamedToken};

type List = Arc<[NamedToken]>;

/// The tokens with names that one server knows.
pub(crate) struct NamedTokens {
    library: Arc<Library>,
    known: Believed<List>,
}

impl NamedTokens {
    pub(crate) fn of(library: Arc<Library>) -> Self {
        Self { library, known: Believed::default() }
    }

    #[cfg(test)]
    pub(crate) fn library(&self) -> &Library {
        &self.library
    }

    /// The token with these letters. Their hashes are compared in constant time.
    pub(crate) async fn find(&self, letters: &str) -> Option<NamedToken> {
        let hash = blake3::hash(letters.as_bytes());
        let list = self.list().await;
        list.iter().find(|token| blake3::Hash::from_bytes(token.hash) == hash).cloned()
    }

    /// What is known is read again: this server made or revoked one.
    pub(crate) fn forget(&self) {
        self.known.forget();
    }

    /// While the store cannot be read, the last list counts: nobody can revoke a token meanwhile.
    async fn list(&self) -> List {
        let (as_of, before) = match self.known.get() {
            Ok(list) => return list,
            Err(old) => old,
        };
        let library = self.library.clone();
        let read = web::block(move || library.tokens().map_err(|error| error.to_string())).await;
        match read.unwrap_or_else(|error| Err(error.to_string())) {
            Ok(tokens) => {
                let list: List = tokens.into();
                self.known.keep(as_of, list.clone());
                list
            }
            Err(why) => {
                log::warn!("cannot read the library's tokens: {why}");
                before.unwrap_or_else(|| Arc::from([]))
            }
        }
    }
}

impl fmt::Debug for NamedTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NamedTokens(…)")
    }
}
