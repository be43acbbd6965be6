//! Boxes of ISO media files (ISO 14496-12, section 4.2). Nothing is copied.

/// The kind and the content of one box after another. The last one may be cut off.
#[derive(Clone, Copy)]
pub(crate) struct Boxes<'a>(pub(crate) &'a [u8]);

impl<'a> Iterator for Boxes<'a> {
    type Item = (&'a [u8; 4], &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (length, rest) = self.0.split_first_chunk()?;
        let (kind, rest) = rest.split_first_chunk()?;
        let (length, rest) = match u32::from_be_bytes(*length) {
            // To the end of what surrounds it.
            0 => (rest.len(), rest),
            // In 64 bits behind the kind.
            1 => {
                let (length, rest) = rest.split_first_chunk()?;
                let length = u64::from_be_bytes(*length).checked_sub(16)?;
                (usize::try_from(length).unwrap_or(usize::MAX), rest)
            }
            length => ((length as usize).checked_sub(8)?, rest),
        };
        let (body, rest) = rest.split_at(length.min(rest.len()));
        self.0 = rest;
        Some((kind, body))
    }
}

/// Reads numbers from the start of bytes on.
#[derive(Clone, Copy)]
pub(crate) struct Fields<'a>(pub(crate) &'a [u8]);

impl<'a> Fields<'a> {
    pub(crate) fn bytes(&mut self, count: usize) -> Option<&'a [u8]> {
        let (bytes, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(bytes)
    }

    /// A number of so many bytes, 0 to 8.
    pub(crate) fn number(&mut self, bytes: usize) -> Option<u64> {
        let bytes = self.bytes(bytes)?;
        Some(bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
    }

    /// The version and the flags of a full box.
    pub(crate) fn version(&mut self) -> Option<(u8, u32)> {
        let word = self.number(4)? as u32;
        Some(((word >> 24) as u8, word & 0xff_ffff))
    }

    /// A text up to its NUL.
    pub(crate) fn text(&mut self) -> Option<&'a [u8]> {
        let end = self.0.iter().position(|byte| *byte == 0)?;
        let text = self.bytes(end)?;
        self.bytes(1)?;
        Some(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_all_kinds() {
        let bytes =
            [&b"\0\0\0\x0aabcdxy"[..], b"\0\0\0\x01long\0\0\0\0\0\0\0\x11z", b"\0\0\0\0restof"]
                .concat();
        let all: Vec<_> = Boxes(&bytes).collect();
        assert_eq!(all, [(b"abcd", &b"xy"[..]), (b"long", b"z"), (b"rest", b"of")]);
        for length in 0..bytes.len() {
            Boxes(&bytes[..length]).count();
        }
        assert_eq!(Boxes(b"\0\0\0\x07abcd").next(), None);
    }
}
