//! Ids as types, so that swapping two of them does not compile.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A photo's identity: the BLAKE3 hash of its file content, 32 bytes.
///
/// Two files with the same bytes are one photo with two paths; moving or renaming a file
/// does not change it. Written as 64 lower-case hex digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PhotoId(pub [u8; 32]);

/// Which model (weights and preprocessing) an embedding comes from, 16 bytes.
///
/// Embeddings with different fingerprints live in different spaces and are never compared.
/// Written as 32 lower-case hex digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ModelFingerprint(pub [u8; 16]);

/// A photo's small number inside one library: dense, given once, never reused.
///
/// Indexes (vectors, keywords, id sets) speak of rows; people and URLs speak of [`PhotoId`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RowId(pub u32);

/// The text is not an id of the expected length in hex digits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{text}\" is not {what}: expected {digits} hex digits")]
pub struct ParseIdError {
    text: String,
    what: &'static str,
    digits: usize,
}

fn to_hex(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        out.push(char::from_digit(u32::from(byte >> 4), 16).unwrap_or('0'));
        out.push(char::from_digit(u32::from(byte & 15), 16).unwrap_or('0'));
    }
    out
}

fn from_hex<const N: usize>(text: &str, what: &'static str) -> Result<[u8; N], ParseIdError> {
    let error = || ParseIdError { text: text.chars().take(80).collect(), what, digits: N * 2 };
    let digits = text.as_bytes();
    if digits.len() != N * 2 {
        return Err(error());
    }
    let mut out = [0u8; N];
    for (byte, pair) in out.iter_mut().zip(digits.chunks_exact(2)) {
        let high = char::from(pair[0]).to_digit(16).ok_or_else(error)?;
        let low = char::from(pair[1]).to_digit(16).ok_or_else(error)?;
        *byte = (high * 16 + low) as u8;
    }
    Ok(out)
}

macro_rules! hex_id {
    ($name:ident, $what:literal) => {
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&to_hex(&self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.short())
            }
        }

        impl FromStr for $name {
            type Err = ParseIdError;

            fn from_str(text: &str) -> Result<Self, ParseIdError> {
                from_hex(text, $what).map(Self)
            }
        }

        impl Serialize for $name {
            /// Hex in human-readable formats, raw bytes in binary ones.
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                if serializer.is_human_readable() {
                    serializer.serialize_str(&self.to_string())
                } else {
                    self.0.serialize(serializer)
                }
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                if deserializer.is_human_readable() {
                    String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
                } else {
                    <_>::deserialize(deserializer).map(Self)
                }
            }
        }

        impl $name {
            /// The first 12 hex digits: enough for people to tell two apart.
            pub fn short(&self) -> String {
                to_hex(&self.0[..6])
            }
        }
    };
}

hex_id!(PhotoId, "a photo id");
hex_id!(ModelFingerprint, "a model fingerprint");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hex_survives_a_round_trip() {
        let id = PhotoId(std::array::from_fn(|i| i as u8 * 7));
        assert_eq!(id.to_string().parse::<PhotoId>().unwrap(), id);
        assert_eq!(id.to_string().len(), 64);
        assert_eq!(id.short(), id.to_string()[..12]);
    }

    #[test]
    fn wrong_text_is_refused_with_the_expected_length() {
        let error = "xyz".parse::<ModelFingerprint>().unwrap_err().to_string();
        assert_eq!(error, "\"xyz\" is not a model fingerprint: expected 32 hex digits");
        assert!("zz".repeat(32).parse::<PhotoId>().is_err());
        assert!("é".repeat(32).parse::<PhotoId>().is_err());
    }
}
