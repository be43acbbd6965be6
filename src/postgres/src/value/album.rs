//! The value of an album: its query, order and most photos. Its name is the key.

use seer_store::{Album, TimeOrder};

use super::{BadValue, decode, encode};

/// Query; 0: the best first, 1: the newest, 2: the oldest; most photos.
type Stored = (String, u8, u32);

pub(crate) fn encode_album(album: &Album) -> Result<Vec<u8>, BadValue> {
    let order = match album.order {
        None => 0u8,
        Some(TimeOrder::NewestFirst) => 1,
        Some(TimeOrder::OldestFirst) => 2,
    };
    encode(&(&album.query, order, album.most))
}

/// # Errors
/// A key that is no name, a value that is no album's.
pub(crate) fn decode_album(key: &[u8], bytes: &[u8]) -> Result<Album, BadValue> {
    let (query, order, most): Stored = decode("album", bytes)?;
    let order = match order {
        0 => None,
        1 => Some(TimeOrder::NewestFirst),
        2 => Some(TimeOrder::OldestFirst),
        other => return Err(BadValue(format!("an album value has the order {other}"))),
    };
    let name = std::str::from_utf8(key).map(str::to_owned);
    let name = name.map_err(|_| BadValue("an album's name is not Unicode".to_owned()))?;
    Ok(Album { name, query, order, most })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn albums_survive_and_others_are_refused() {
        for order in [None, Some(TimeOrder::NewestFirst), Some(TimeOrder::OldestFirst)] {
            let album =
                Album { name: "Déjà vu".into(), query: "sea -fog".into(), order, most: 60 };
            let bytes = encode_album(&album).unwrap();
            assert_eq!(decode_album(album.name.as_bytes(), &bytes), Ok(album));
        }
        let bytes = encode(&("sea", 3u8, 1u32)).unwrap();
        assert!(decode_album(b"a", &bytes).unwrap_err().0.contains("order 3"));
        assert!(decode_album(b"a", &[2, 0]).unwrap_err().0.contains("album value has version 2"));
        let bytes = encode(&("sea", 0u8, 1u32)).unwrap();
        assert_eq!(bytes, [1, 3, b's', b'e', b'a', 0, 1]);
        assert!(decode_album(b"\xff", &bytes).is_err());
    }
}
