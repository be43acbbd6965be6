//! The value of a setting: text. Its name is the key.

use super::{BadValue, decode as decode_first, encode as encode_first};

pub(crate) fn encode(value: &str) -> Result<Vec<u8>, BadValue> {
    encode_first(&value)
}

/// The name and the value of a setting.
///
/// # Errors
/// A key that is no name, a value that is no setting's.
pub(crate) fn decode(key: &[u8], bytes: &[u8]) -> Result<(String, String), BadValue> {
    let value = decode_first("setting", bytes)?;
    match std::str::from_utf8(key) {
        Ok(name) if !name.is_empty() => Ok((name.to_owned(), value)),
        _ => Err(BadValue("a setting's name is empty or not Unicode".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_survive_and_others_are_refused() {
        let bytes = encode("off").unwrap();
        assert_eq!(bytes, [1, 3, b'o', b'f', b'f']);
        assert_eq!(decode(b"text", &bytes), Ok(("text".to_owned(), "off".to_owned())));
        assert!(decode(b"", &bytes).is_err());
        assert!(decode(b"\xff", &bytes).is_err());
        assert!(decode(b"text", &[2, 0]).unwrap_err().0.contains("setting value has version 2"));
    }
}
