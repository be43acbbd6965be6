//! Packets of metadata in the application segments of a JPEG file.

use std::borrow::Cow;

use crate::metadata::{LARGEST_EXIF, LARGEST_PROFILE, Packets, extended};

/// Most packets of XMP that are kept.
const MOST_XMP: usize = 8;

/// Packets, of which each may be cut into several segments.
#[derive(Default)]
pub(super) struct Parts<'a> {
    exif: Vec<&'a [u8]>,
    xmp: Vec<&'a [u8]>,
    extended: extended::Parts<'a>,
    photoshop: Vec<&'a [u8]>,
    profile: Profile<'a>,
}

impl<'a> Parts<'a> {
    /// Keeps what the segment with this marker holds.
    pub(super) fn keep(&mut self, marker: u8, body: &'a [u8]) {
        let behind = |name: &[u8]| body.strip_prefix(name).filter(|rest| !rest.is_empty());
        match marker {
            0xe1 => {
                self.exif.extend(behind(b"Exif\0\0").or_else(|| behind(b"Exif\0\xff")));
                // Some writers forget the zero behind the name, or write two.
                self.xmp.extend(behind(b"http://ns.adobe.com/xap/1.0/").map(without_zeros));
                if let Some(part) = behind(extended::NAMESPACE) {
                    self.extended.add(part);
                }
            }
            0xe2 => self.profile.add(behind(b"ICC_PROFILE\0")),
            0xed => self.photoshop.extend(behind(b"Photoshop 3.0\0")),
            _ => {}
        }
    }

    /// Of several EXIF blocks the first one is the camera's. Image resources are one sequence,
    /// however they are cut.
    pub(super) fn put_into(self, packets: &mut Packets<'a>) {
        let mut xmp = self.xmp.into_iter().take(MOST_XMP);
        packets.exif = first_block(&self.exif);
        packets.xmp = xmp.next().map(Cow::Borrowed);
        packets.more_xmp = xmp.map(Cow::Borrowed).collect();
        packets.more_xmp.extend(self.extended.joined(packets.xmp.as_deref()).map(Cow::Owned));
        packets.photoshop = joined(&self.photoshop);
        packets.profile = self.profile.joined();
    }
}

/// Without the zero behind the name, and without a second one, unless that is half of a character of 16 bits.
fn without_zeros(packet: &[u8]) -> &[u8] {
    let packet = packet.strip_prefix(b"\0").unwrap_or(packet);
    match packet {
        [0, rest @ ..] if matches!(rest, [b'<', second, ..] if *second != 0) => rest,
        _ => packet,
    }
}

/// The first EXIF block, with the segments behind it that go on with it: they do not begin as a
/// block does.
fn first_block<'a>(segments: &[&'a [u8]]) -> Option<Cow<'a, [u8]>> {
    let begins = |segment: &&[u8]| {
        // Some writers put the name there twice.
        let block = segment.strip_prefix(b"Exif\0\0").unwrap_or(segment);
        block.starts_with(b"II") || block.starts_with(b"MM")
    };
    let start = segments.iter().position(&begins)?;
    let rest = &segments[start + 1..];
    let more = rest.iter().position(begins).unwrap_or(rest.len());
    joined(&segments[start..=start + more])
}

/// Segments one behind the other, as many as are not too long together.
fn joined<'a>(parts: &[&'a [u8]]) -> Option<Cow<'a, [u8]>> {
    match parts {
        [] => None,
        [alone] => Some(Cow::Borrowed(*alone)),
        parts => {
            let mut whole = Vec::new();
            for part in parts.iter().filter(|part| part.len() <= LARGEST_EXIF) {
                let fits = whole.len() + part.len() <= LARGEST_EXIF;
                whole.extend_from_slice(if fits { part } else { &[] });
            }
            Some(Cow::Owned(whole))
        }
    }
}

/// The parts of a colour profile, each with its number from 1 on.
#[derive(Default)]
struct Profile<'a> {
    parts: Vec<&'a [u8]>,
}

impl<'a> Profile<'a> {
    /// A part begins with its number and how many there are: at most 255.
    fn add(&mut self, part: Option<&'a [u8]>) {
        if let Some(part) = part.filter(|part| part.len() > 2 && self.parts.len() < 255) {
            self.parts.push(part);
        }
    }

    /// The whole profile; `None` where parts are missing or it is too long to be kept.
    fn joined(mut self) -> Option<Cow<'a, [u8]>> {
        self.parts.sort_by_key(|part| part[0]);
        let count = self.parts.len();
        let whole =
            self.parts.iter().zip(1..).all(|(part, number)| {
                usize::from(part[0]) == number && usize::from(part[1]) == count
            });
        let length: usize = self.parts.iter().map(|part| part.len() - 2).sum();
        match &self.parts[..] {
            _ if !whole || length > LARGEST_PROFILE => None,
            [] => None,
            [alone] => Some(Cow::Borrowed(&alone[2..])),
            parts => Some(parts.iter().flat_map(|part| &part[2..]).copied().collect()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_behind_the_name_are_no_part_of_a_packet() {
        for written in [&b"<x/>"[..], b"\0<x/>", b"\0\0<x/>"] {
            assert_eq!(without_zeros(written), b"<x/>");
        }
        let wide = b"\0<\0x\0/\0>";
        assert_eq!(without_zeros(&[&[0], &wide[..]].concat()), wide, "UTF-16");
    }
}
