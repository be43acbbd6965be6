//! Texts that stand in a container by themselves: those of PNG with their keywords, comments of JPEG
//! and GIF.

use std::borrow::Cow;

use seer_types::DateSource;

use super::Packets;
use super::said::{Role, Said};
use super::text;

/// A text as it lies in a file.
#[derive(Debug)]
pub(crate) struct ContainerText<'a> {
    /// What it is, in PNG; blank for comments.
    pub(crate) keyword: &'a [u8],
    /// The text; UTF-8, or the encoding is a guess.
    pub(crate) text: Cow<'a, [u8]>,
}

/// Keywords that are read, in lower case; comments have none.
const KEYWORDS: &[(&str, Role)] = &[
    ("creation time", Role::Date(DateSource::PngCreation)),
    ("create-date", Role::Date(DateSource::PngCreation)),
    ("creationtime", Role::Date(DateSource::PngCreation)),
    ("exif:datetimeoriginal", Role::Date(DateSource::ExifOriginal)),
    ("exif:datetimedigitized", Role::Date(DateSource::ExifDigitized)),
    ("description", Role::OwnDescription),
    ("title", Role::Title),
    ("comment", Role::Comment),
    ("", Role::Comment),
    ("keywords", Role::Tags),
];

/// Says what the texts hold.
pub(super) fn say(texts: &[ContainerText], said: &mut Said) {
    for (keyword, role) in KEYWORDS {
        let of_kind = texts
            .iter()
            .filter(|text| text.keyword.trim_ascii().eq_ignore_ascii_case(keyword.as_bytes()));
        of_kind.for_each(|one| said.say(*role, &text::guessed(&one.text)));
    }
}

/// Begins the keywords of whole packets, which are written in hexadecimal digits.
const RAW_PROFILE: &[u8] = b"raw profile type ";

/// Whether a text with this keyword is read at all.
pub(crate) fn is_read(keyword: &[u8]) -> bool {
    let keyword = keyword.trim_ascii().to_ascii_lowercase();
    keyword.starts_with(RAW_PROFILE)
        || KEYWORDS.iter().any(|(known, _)| known.as_bytes() == keyword)
}

/// Takes a packet out of a text with such a keyword (ImageMagick's way, which many follow): its
/// name, its length in decimal digits, then the digits. What it is, it says itself. Packets that
/// are there stay. Returns whether the keyword was one of these.
pub(crate) fn take_raw_profile(packets: &mut Packets, keyword: &[u8], text: &[u8]) -> bool {
    if !keyword.to_ascii_lowercase().starts_with(RAW_PROFILE) {
        return false;
    }
    let Some(bytes) = raw_profile(text) else { return true };
    if let Some(xmp) = bytes.strip_prefix(b"http://ns.adobe.com/xap/1.0/\0") {
        packets.xmp.get_or_insert_with(|| xmp.to_vec().into());
    } else if bytes.starts_with(b"Exif\0\0") || is_tiff(&bytes) {
        packets.exif.get_or_insert_with(|| bytes.into());
    } else if bytes.starts_with(b"Photoshop 3.0\0") || bytes.starts_with(b"8BIM") {
        packets.photoshop.get_or_insert_with(|| bytes.into());
    } else if bytes.starts_with(&[0x1c]) {
        packets.iptc.get_or_insert_with(|| bytes.into());
    } else if bytes.trim_ascii_start().starts_with(b"<") {
        packets.xmp.get_or_insert_with(|| bytes.into());
    }
    true
}

fn is_tiff(bytes: &[u8]) -> bool {
    bytes.starts_with(b"II*\0") || bytes.starts_with(b"MM\0*")
}

/// The bytes of the digits, as many as are announced.
fn raw_profile(text: &[u8]) -> Option<Vec<u8>> {
    // Name and length are the first two words.
    let mut words = text.trim_ascii_start().splitn(2, |byte| *byte == b'\n');
    let (_, rest) = (words.next()?, words.next()?.trim_ascii_start());
    let end = rest.iter().position(|byte| !byte.is_ascii_digit())?;
    let length: usize = std::str::from_utf8(&rest[..end]).ok()?.parse().ok()?;
    let mut digits = rest[end..].iter().filter_map(|byte| char::from(*byte).to_digit(16));
    let mut bytes = Vec::with_capacity(length.min(rest.len() / 2));
    while let (true, Some(high)) = (bytes.len() < length, digits.next()) {
        bytes.push((high << 4 | digits.next()?) as u8);
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(name: &str, bytes: &[u8]) -> Vec<u8> {
        let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let lines: Vec<&str> =
            digits.as_bytes().chunks(72).map(|line| std::str::from_utf8(line).unwrap()).collect();
        format!("\n{name}\n{:8}\n{}\n", bytes.len(), lines.join("\n")).into_bytes()
    }

    #[test]
    fn packets_in_hexadecimal_digits_are_found() {
        let mut packets = Packets::default();
        let exif = [&b"Exif\0\0MM\0*"[..], &[7; 90]].concat();
        let mut take = |keyword: &[u8], text: &[u8]| take_raw_profile(&mut packets, keyword, text);
        assert!(take(b"Raw profile type exif", &profile("exif", &exif)));
        assert!(take(
            b"Raw profile type APP1",
            &profile("generic profile", b"http://ns.adobe.com/xap/1.0/\0<x/>")
        ));
        assert!(take(b"Raw profile type iptc", &profile("iptc", b"8BIM\x04\x04")));
        assert!(take(b"Raw profile type 8bim", &profile("8bim", b"\x1c\x02")));
        assert!(!take(b"Comment", b"x"));
        assert_eq!(packets.exif.as_deref(), Some(&exif[..]));
        assert_eq!(packets.xmp.as_deref(), Some(&b"<x/>"[..]));
        assert_eq!(packets.photoshop.as_deref(), Some(&b"8BIM\x04\x04"[..]));
        assert_eq!(packets.iptc.as_deref(), Some(&b"\x1c\x02"[..]));
    }

    #[test]
    fn broken_digits_are_no_packet() {
        for text in [
            "",
            "\n",
            "\nexif\n",
            "\nexif\n 12",
            "\nexif\n 99999999999999999999\n00",
            "\nexif\n 2\n0",
        ] {
            assert_eq!(raw_profile(text.as_bytes()), None, "{text:?}");
        }
        assert_eq!(raw_profile(b"\nexif\n  4000000000\n4d4d").as_deref(), Some(&b"MM"[..]));
    }

    #[test]
    fn texts_say_what_their_keywords_mean() {
        let texts = [("Comment", "a boat"), ("Title", "Sea"), ("Author", "Ann"), ("", "by hand")];
        let texts = texts.map(|(keyword, text)| ContainerText {
            keyword: keyword.as_bytes(),
            text: text.as_bytes().into(),
        });
        let mut said = Said::default();
        say(&texts, &mut said);
        let facts = said.into_facts();
        assert_eq!(facts.caption.as_deref(), Some("Sea"));
        assert_eq!(facts.descriptions, ["a boat", "by hand"]);
    }
}
