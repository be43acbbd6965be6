//! How a server shows that it is the one that wrote `server.json`.
//!
//! Whoever asks sends a number used once; the answer is a keyed hash over it, the address asked
//! and the process id. The key is random, new for every server, and lies in `server.json` beside
//! the token. It is not made from the token: everybody may ask for an answer, and one made from a
//! token that a person chose could be tried out against lists of words at leisure.

use std::fmt;
use std::net::SocketAddr;

use serde::{Deserialize, Serialize};

/// The parameter of `/health` that asks for an answer: 64 hex digits.
pub(crate) const PARAMETER: &str = "nonce";
/// The header that carries the answer: 64 hex digits.
pub(crate) const HEADER: &str = "seer-proof";

/// A number used once.
#[derive(Clone, Copy)]
pub(crate) struct Nonce(pub(crate) [u8; 32]);

/// What server and client share. Never printed by `{:?}`.
#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct ProofKey([u8; 32]);

impl Nonce {
    pub(crate) fn random() -> Result<Self, getrandom::Error> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes)?;
        Ok(Self(bytes))
    }

    pub(crate) fn from_hex(text: &str) -> Option<Self> {
        Some(Self(*blake3::Hash::from_hex(text).ok()?.as_bytes()))
    }

    pub(crate) fn to_hex(self) -> String {
        blake3::Hash::from_bytes(self.0).to_hex().to_string()
    }
}

impl ProofKey {
    pub(crate) fn random() -> Result<Self, getrandom::Error> {
        Ok(Self(Nonce::random()?.0))
    }

    /// The answer to `nonce` of the process `pid` that is reached at `address`. Comparing two
    /// hashes takes the same time whatever they are.
    pub(crate) fn answer(&self, nonce: Nonce, address: SocketAddr, pid: u32) -> blake3::Hash {
        let mut hasher = blake3::Hasher::new_keyed(&self.0);
        hasher.update(b"seer server 1\0").update(&nonce.0).update(&pid.to_le_bytes());
        hasher.update(address.to_string().as_bytes());
        hasher.finalize()
    }
}

impl From<ProofKey> for String {
    fn from(key: ProofKey) -> Self {
        Nonce(key.0).to_hex()
    }
}

impl TryFrom<String> for ProofKey {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, &'static str> {
        Nonce::from_hex(&text).map(|bytes| Self(bytes.0)).ok_or("not 64 hex digits")
    }
}

impl PartialEq for ProofKey {
    fn eq(&self, other: &Self) -> bool {
        blake3::Hash::from_bytes(self.0) == blake3::Hash::from_bytes(other.0)
    }
}

impl fmt::Debug for ProofKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ProofKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_fits_one_question_only() {
        let key = ProofKey([1; 32]);
        let address: SocketAddr = "127.0.0.1:81".parse().unwrap();
        let right = key.answer(Nonce([2; 32]), address, 3);
        assert_eq!(right, key.answer(Nonce([2; 32]), address, 3));
        assert_ne!(right, key.answer(Nonce([4; 32]), address, 3));
        assert_ne!(right, key.answer(Nonce([2; 32]), "127.0.0.1:82".parse().unwrap(), 3));
        assert_ne!(right, key.answer(Nonce([2; 32]), address, 4));
        assert_ne!(right, ProofKey([5; 32]).answer(Nonce([2; 32]), address, 3));
    }

    #[test]
    fn a_key_survives_json_and_is_never_shown() {
        let key = ProofKey::random().unwrap();
        let json = serde_json::to_string(&key).unwrap();
        assert_eq!(serde_json::from_str::<ProofKey>(&json).unwrap(), key);
        assert!(serde_json::from_str::<ProofKey>("\"ab\"").is_err());
        assert!(!format!("{key:?}").contains(&json[1..65]));
    }
}
