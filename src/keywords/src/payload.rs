//! The note that each commit carries: format and watermark.

use serde::{Deserialize, Serialize};

use crate::FORMAT;

#[derive(Serialize, Deserialize)]
struct Payload {
    format: u32,
    watermark: u64,
    /// Every bit of the watermark turned over. tantivy has no checksum on the file this lies in,
    /// and a watermark that is too high would hide missing photos.
    complement: u64,
}

/// Why a note cannot be used.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum BadPayload {
    /// A sound note of another format.
    OtherFormat(u32),
    /// No note, or not a sound one.
    Unreadable,
}

pub(crate) fn write(watermark: u64) -> String {
    format!(r#"{{"format":{FORMAT},"watermark":{watermark},"complement":{}}}"#, !watermark)
}

/// The watermark in a note.
pub(crate) fn read(text: Option<&str>) -> Result<u64, BadPayload> {
    let payload: Payload =
        text.and_then(|text| serde_json::from_str(text).ok()).ok_or(BadPayload::Unreadable)?;
    if payload.format != FORMAT {
        return Err(BadPayload::OtherFormat(payload.format));
    }
    if payload.complement != !payload.watermark {
        return Err(BadPayload::Unreadable);
    }
    Ok(payload.watermark)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_survives_and_a_changed_digit_is_noticed() {
        let note = write(1234);
        assert_eq!(read(Some(&note)), Ok(1234));
        assert_eq!(read(Some(&note.replace(":1234", ":1235"))), Err(BadPayload::Unreadable));
        let other = note.replace(&format!(":{FORMAT},"), ":99,");
        assert_eq!(read(Some(&other)), Err(BadPayload::OtherFormat(99)));
        assert_eq!(read(None), Err(BadPayload::Unreadable));
        assert_eq!(read(Some("{}")), Err(BadPayload::Unreadable));
        assert_eq!(read(Some(&write(u64::MAX))), Ok(u64::MAX));
    }
}
