//! Values as they are stored: a version byte, then postcard.
//!
//! The stored shapes are written out here, apart from the types the rest of the program uses, so
//! that a new field there cannot change what is on people's disks.

pub(crate) mod album;
pub(crate) mod chosen;
mod failure;
mod file;
mod record;
pub(crate) mod root;

use serde::{Deserialize, Serialize};

pub(crate) use failure::StoredFailure;
pub(crate) use file::StoredFile;
pub(crate) use record::{decode_record, encode_record};

/// The version byte of every value kind; of those that have several, the first one.
pub(crate) const V1: u8 = 1;
/// The version byte of values that have a second one.
pub(crate) const V2: u8 = 2;
/// The version byte of values that have a third one.
pub(crate) const V3: u8 = 3;

/// The version byte of values that have a fourth one.
pub(crate) const V4: u8 = 4;

/// The version byte of values that have a fifth one.
pub(crate) const V5: u8 = 5;

/// The version byte of values that have a sixth one.
pub(crate) const V6: u8 = 6;

/// A stored value that cannot be understood; the caller adds where it lies.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct BadValue(pub(crate) String);

/// The version byte and postcard's bytes of `value`.
pub(crate) fn encode<T: Serialize>(value: &T) -> Result<Vec<u8>, BadValue> {
    encode_as(V1, value)
}

pub(crate) fn encode_as<T: Serialize>(version: u8, value: &T) -> Result<Vec<u8>, BadValue> {
    postcard::to_extend(value, vec![version])
        .map_err(|error| BadValue(format!("a value cannot be encoded ({error})")))
}

/// The inverse of [`encode`]; bytes left over are refused too.
pub(crate) fn decode<'a, T: Deserialize<'a>>(kind: &str, bytes: &'a [u8]) -> Result<T, BadValue> {
    decode_as(V1, kind, bytes)
}

pub(crate) fn decode_as<'a, T: Deserialize<'a>>(
    expected: u8,
    kind: &str,
    bytes: &'a [u8],
) -> Result<T, BadValue> {
    match bytes.split_first() {
        Some((version, rest)) if *version == expected => match postcard::take_from_bytes(rest) {
            Ok((value, [])) => Ok(value),
            Ok((_, left)) => {
                Err(BadValue(format!("a {kind} value has {} bytes too many", left.len())))
            }
            Err(error) => Err(BadValue(format!("a {kind} value is not readable ({error})"))),
        },
        Some((version, _)) => Err(BadValue(format!("a {kind} value has version {version}"))),
        None => Err(BadValue(format!("a {kind} value is empty"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_its_version_and_postcard() {
        let bytes = encode(&(300u32, "ab")).unwrap();
        assert_eq!(bytes, [1, 0xac, 0x02, 2, b'a', b'b']);
        assert_eq!(decode::<(u32, &str)>("test", &bytes), Ok((300, "ab")));
    }

    #[test]
    fn foreign_bytes_are_refused_with_the_kind() {
        for bytes in [&[][..], &[2, 0], &[1, 0xac], &[1, 5, 5]] {
            let error = decode::<u8>("row", bytes);
            if bytes == [1, 0xac] {
                assert_eq!(error, Ok(0xac));
            } else {
                assert!(error.unwrap_err().0.contains("row"), "{bytes:?}");
            }
        }
    }
}
