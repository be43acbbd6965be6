//! What the head says of when, where and with what a video was taken: QuickTime's keys, the user data of
//! cameras and phones, XMP.

use encoding_rs::{MACINTOSH, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::heif::boxes::{Boxes, Fields};
use crate::metadata::{LARGEST_XMP, Packets, VideoField, VideoSaid};

use super::{child, inside};

/// Most fields and longest text.
const MOST: usize = 200;
const LONGEST: usize = 4096;

/// Seconds from 1904 to 1970.
const TO_1970: u64 = 2_082_844_800;

/// QuickTime's keys.
const KEYS: &[(&[u8], VideoField)] = &[
    (b"com.apple.quicktime.creationdate", VideoField::Date),
    (b"com.apple.quicktime.location.ISO6709", VideoField::Position),
    (b"com.apple.quicktime.make", VideoField::Make),
    (b"com.apple.quicktime.model", VideoField::Model),
    (b"com.apple.quicktime.title", VideoField::Title),
    (b"com.apple.quicktime.displayname", VideoField::Title),
    (b"com.apple.quicktime.description", VideoField::Description),
    (b"com.apple.quicktime.comment", VideoField::Text),
    (b"com.apple.quicktime.keywords", VideoField::Tags),
];

/// Kinds of boxes in user data and in lists of items.
const KINDS: &[(&[u8; 4], VideoField)] = &[
    (b"\xa9day", VideoField::Date),
    (b"\xa9xyz", VideoField::Position),
    (b"\xa9mak", VideoField::Make),
    (b"\xa9mod", VideoField::Model),
    (b"\xa9nam", VideoField::Title),
    (b"\xa9des", VideoField::Description),
    (b"desc", VideoField::Description),
    (b"\xa9cmt", VideoField::Text),
    (b"\xa9inf", VideoField::Text),
];

/// Texts of 3GPP in user data.
const TEXTS_OF_3GPP: &[(&[u8; 4], VideoField)] =
    &[(b"titl", VideoField::Title), (b"dscp", VideoField::Description)];

/// Begins a box of XMP at the top or in the head.
const XMP: &[u8] = b"\xbe\x7a\xcf\xcb\x97\xa9\x42\xe8\x9c\x71\x99\x94\x91\xe3\xaf\xac";

/// `created`: seconds since 1904; `beside`: the boxes beside the head that are known by a number.
pub(super) fn read(
    moov: &[u8],
    created: u64,
    beside: Vec<Vec<u8>>,
) -> (VideoSaid, Packets<'static>) {
    let mut said = VideoSaid::default();
    let user = child(moov, b"udta").unwrap_or(&[]);
    for meta in [child(moov, b"meta"), child(user, b"meta")].into_iter().flatten() {
        items(meta, &mut said);
    }
    for (kind, body) in Boxes(user).take(MOST) {
        if let Some((_, field)) = KINDS.iter().find(|(known, _)| *known == kind) {
            say(&mut said, *field, &international(body));
        } else if let Some((_, field)) = TEXTS_OF_3GPP.iter().find(|(known, _)| *known == kind) {
            say(&mut said, *field, &text_of_3gpp(body));
        } else if kind == b"kywd" {
            keywords_of_3gpp(body).iter().for_each(|word| say(&mut said, VideoField::Tags, word));
        } else if kind == b"loci" {
            said.position = said.position.or_else(|| location(body));
        }
    }
    // Whoever has no clock writes 0, or the zero of another calendar; some count from 1970.
    let seconds = created.checked_sub(TO_1970).unwrap_or(created);
    said.created = Some(seconds).filter(|seconds| *seconds > 86_400 * 365);
    let in_head = Boxes(moov).filter(|(kind, _)| *kind == b"uuid").map(|(_, body)| body);
    let mut by_id = in_head.chain(beside.iter().map(Vec::as_slice));
    let xmp = inside(user, &[b"XMP_"]).or_else(|| by_id.find_map(|body| body.strip_prefix(XMP)));
    let xmp = xmp.filter(|xmp| xmp.len() <= LARGEST_XMP).map(|xmp| xmp.to_vec().into());
    (said, Packets { xmp, ..Packets::default() })
}

fn say(said: &mut VideoSaid, field: VideoField, text: &str) {
    let text: String = text.chars().take(LONGEST).collect();
    if !text.is_empty() && said.texts.len() < MOST {
        said.texts.push((field, text));
    }
}

/// A list of items, named by keys or by kinds.
fn items(meta: &[u8], said: &mut VideoSaid) {
    // QuickTime has no version here.
    let meta = match meta.get(4..8) {
        Some(b"hdlr") => meta,
        _ => meta.get(4..).unwrap_or(&[]),
    };
    let keys: Vec<&[u8]> = child(meta, b"keys").map_or_else(Vec::new, keys);
    for (kind, body) in Boxes(child(meta, b"ilst").unwrap_or(&[])).take(MOST) {
        let number = u32::from_be_bytes(*kind) as usize;
        let name = number.checked_sub(1).and_then(|place| keys.get(place));
        let by_name = name.and_then(|name| KEYS.iter().find(|(key, _)| key == name));
        let by_kind = KINDS.iter().find(|(known, _)| *known == kind);
        let field = by_name.map(|(_, field)| field).or(by_kind.map(|(_, field)| field));
        // Behind the type of the value and its language.
        let value = child(body, b"data").and_then(|data| data.get(8..));
        if let Some((field, value)) = field.zip(value) {
            say(said, *field, &text_of(value));
        }
    }
}

fn keys(body: &[u8]) -> Vec<&[u8]> {
    let named = Boxes(body.get(8..).unwrap_or(&[])).take(MOST);
    named.map(|(_, name)| name).collect()
}

/// A text with its length and language in front.
fn international(body: &[u8]) -> String {
    let mut fields = Fields(body);
    let length = fields.number(2).unwrap_or(0) as usize;
    let _language = fields.number(2);
    text_of(&fields.0[..fields.0.len().min(length)])
}

/// UTF-8, else what QuickTime wrote before: Macintosh Roman, or Windows-1252 where that makes more
/// letters of it.
fn text_of(bytes: &[u8]) -> String {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.to_owned();
    }
    let letters = |text: &str| text.chars().filter(|c| c.is_alphabetic()).count();
    let [old, windows] = [MACINTOSH, WINDOWS_1252]
        .map(|encoding| encoding.decode_without_bom_handling(bytes).0.into_owned());
    if letters(&windows) > letters(&old) { windows } else { old }
}

/// A text of 3GPP (TS 26.244, 8.2) behind its version and language: UTF-8, or UTF-16 with its mark.
fn text_of_3gpp(body: &[u8]) -> String {
    decoded_3gpp(body.get(6..).unwrap_or(&[]))
}

fn decoded_3gpp(bytes: &[u8]) -> String {
    let text = match bytes {
        [0xfe, 0xff, ..] => UTF_16BE.decode_with_bom_removal(bytes).0.into_owned(),
        [0xff, 0xfe, ..] => UTF_16LE.decode_with_bom_removal(bytes).0.into_owned(),
        _ => text_of(bytes),
    };
    text.split('\0').next().unwrap_or("").to_owned()
}

/// Keywords of 3GPP: how many, and each with its length.
fn keywords_of_3gpp(body: &[u8]) -> Vec<String> {
    let mut fields = Fields(body.get(6..).unwrap_or(&[]));
    let count = fields.number(1).unwrap_or(0);
    (0..count)
        .map_while(|_| {
            let length = fields.number(1)? as usize;
            Some(decoded_3gpp(fields.bytes(length)?))
        })
        .collect()
}

/// Longitude and latitude of 3GPP's box, in degrees.
fn location(body: &[u8]) -> Option<(f64, f64)> {
    let mut fields = Fields(body);
    fields.version()?;
    fields.number(2)?;
    fields.text()?;
    fields.number(1)?;
    let mut degrees = || Some(f64::from(fields.number(4)? as u32 as i32) / 65536.0);
    let (longitude, latitude) = (degrees()?, degrees()?);
    Some((latitude, longitude))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_kind(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
        [&(body.len() as u32 + 8).to_be_bytes()[..], kind, body].concat()
    }

    fn texts(user: &[Vec<u8>]) -> Vec<(VideoField, String)> {
        let moov = of_kind(b"udta", &user.concat());
        read(&moov, 0, Vec::new()).0.texts
    }

    #[test]
    fn texts_of_old_quicktime_have_their_letters() {
        let named = |bytes: &[u8]| {
            let length = (bytes.len() as u16).to_be_bytes();
            of_kind(b"\xa9nam", &[&length[..], &[0, 0], bytes].concat())
        };
        for written in ["Küste".as_bytes(), b"K\x9fste", b"K\xfcste"] {
            let found = texts(&[named(written)]);
            assert_eq!(found, [(VideoField::Title, "Küste".to_owned())], "{written:x?}");
        }
    }

    #[test]
    fn texts_of_3gpp_are_read() {
        let head = [0, 0, 0, 0, 0x15, 0xc7];
        let wide: Vec<u8> = "\u{feff}Küste".encode_utf16().flat_map(u16::to_be_bytes).collect();
        let found = texts(&[
            of_kind(b"titl", &[&head[..], "Küste\0".as_bytes()].concat()),
            of_kind(b"dscp", &[&head[..], &wide].concat()),
            of_kind(b"kywd", &[&head[..], &[2, 4], b"sea\0", &[5], b"boat\0"].concat()),
            of_kind(b"kywd", &[&head[..], &[9, 200], b"cut"].concat()),
        ]);
        let expected = [
            (VideoField::Title, "Küste"),
            (VideoField::Description, "Küste"),
            (VideoField::Tags, "sea"),
            (VideoField::Tags, "boat"),
        ];
        assert_eq!(found, expected.map(|(field, text)| (field, text.to_owned())));
    }

    #[test]
    fn a_clock_counts_from_1904_or_from_1970() {
        let created = |seconds: u64| read(&[], seconds, Vec::new()).0.created;
        assert_eq!(created(1_563_121_205 + TO_1970), Some(1_563_121_205));
        assert_eq!(created(1_563_121_205), Some(1_563_121_205));
        assert_eq!((created(0), created(TO_1970), created(86_400)), (None, None, None));
    }

    #[test]
    fn xmp_stands_in_the_head_or_beside_it() {
        let packet = [XMP, b"<x/>"].concat();
        let in_head = of_kind(b"uuid", &packet);
        assert_eq!(read(&in_head, 0, Vec::new()).1.xmp.as_deref(), Some(&b"<x/>"[..]));
        let beside = vec![vec![7; 30], packet];
        assert_eq!(read(&[], 0, beside).1.xmp.as_deref(), Some(&b"<x/>"[..]));
    }
}
