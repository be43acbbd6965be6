//! Why a file gives no photo.

use seer_types::FailureKind;

/// Why bytes could not become a [`crate::Photo`]. One line, without the file's name, ending in
/// what a person can do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImageError {
    /// A picture format (or a variant of one) that is not decoded here, or no picture at all.
    #[error("{what} cannot be read; {advice}")]
    Unsupported {
        /// "HEIC pictures".
        what: String,
        /// "convert them to JPEG".
        advice: String,
    },
    /// A known format whose content is broken or cut off.
    #[error("damaged {format} file: {detail}; restore it from a copy")]
    Damaged {
        /// Lower case, as in [`seer_types::PhotoFacts::format`].
        format: String,
        /// What the decoder found.
        detail: String,
    },
    /// Above one of the [`crate::Limits`].
    #[error("too large: {found}, the limit is {limit}; make a smaller copy")]
    TooLarge {
        /// What the file is or claims to be.
        found: String,
        /// What is allowed.
        limit: String,
    },
    /// The [`crate::Stop`] was set. Says nothing about the file.
    #[error("reading the picture was stopped; try again")]
    Stopped,
    /// A panic in seer's own code; see [`crate::catch_bug`].
    #[error("bug in seer: {detail}; the picture may be whole, please report it")]
    Bug {
        /// The panic's message.
        detail: String,
    },
}

impl ImageError {
    /// The same in one word, for records and programs.
    pub fn kind(&self) -> FailureKind {
        match self {
            Self::Unsupported { .. } => FailureKind::Unsupported,
            Self::Damaged { .. } => FailureKind::Damaged,
            Self::TooLarge { .. } => FailureKind::TooLarge,
            Self::Stopped => FailureKind::Unreadable,
            Self::Bug { .. } => FailureKind::Unsupported,
        }
    }

    /// A decoder's own words, made into one line of bounded length.
    pub(crate) fn damaged(format: &str, detail: &str) -> Self {
        Self::Damaged { format: format.to_owned(), detail: one_line(detail) }
    }

    /// A whole format that is not decoded, with what to do about it.
    pub(crate) fn foreign(what: &str) -> Self {
        let advice = match what {
            "HEIC pictures" => {
                "export them as JPEG (on the phone, the camera setting \"most compatible\" saves \
                 JPEG)"
            }
            _ if what.starts_with("camera raw files") => {
                "save a JPEG beside them (cameras can write both)"
            }
            "Photoshop files without a merged picture" => {
                "save them again with the setting \"maximize compatibility\""
            }
            "GIMP files" => "export a flattened JPEG or PNG beside them",
            _ if what.starts_with("JPEG pictures") => "save them again as ordinary JPEG",
            _ => "convert them to JPEG, PNG or WebP",
        };
        Self::Unsupported { what: what.to_owned(), advice: advice.to_owned() }
    }

    /// A panic's message, made into one line of bounded length.
    pub(crate) fn bug(detail: &str) -> Self {
        Self::Bug { detail: one_line(detail) }
    }

    /// More bytes of memory than there are for pictures.
    pub(crate) fn too_much_memory(needed: u64, limit: u64) -> Self {
        let found = format!("reading it takes {} of memory", in_words(needed));
        Self::TooLarge { found, limit: in_words(limit) }
    }

    /// A variant of a format that the decoder names as unsupported.
    pub(crate) fn variant(format: &str, detail: &str) -> Self {
        Self::Unsupported {
            what: format!("this kind of {format} file ({})", one_line(detail)),
            advice: "save it again as an ordinary JPEG or PNG".to_owned(),
        }
    }
}

/// "3 MiB"; small numbers in bytes.
pub(crate) fn in_words(bytes: u64) -> String {
    if bytes < 1 << 20 {
        format!("{bytes} bytes")
    } else {
        format!("{} MiB", bytes.div_ceil(1 << 20))
    }
}

/// Control characters and line breaks become spaces; at most 160 characters are kept.
fn one_line(text: &str) -> String {
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let words: Vec<&str> = plain.split_whitespace().collect();
    let line = words.join(" ");
    let line = line.trim_end_matches('.');
    if line.chars().count() <= 160 {
        return line.to_owned();
    }
    line.chars().take(159).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_foreign_message_becomes_one_bounded_line() {
        let error = ImageError::damaged("png", "bad\nchunk\0here.");
        assert_eq!(error.to_string(), "damaged png file: bad chunk here; restore it from a copy");
        assert_eq!(one_line(&"x".repeat(500)).chars().count(), 160);
        assert_eq!(error.kind(), FailureKind::Damaged);
    }
}
