//! What the head says of when, where and with what a video was taken: QuickTime's keys, the user data of
//! cameras and phones, XMP.

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

/// Begins a box of XMP at the top or in the head.
const XMP: &[u8] = b"\xbe\x7a\xcf\xcb\x97\xa9\x42\xe8\x9c\x71\x99\x94\x91\xe3\xaf\xac";

/// `created`: seconds since 1904.
pub(super) fn read(moov: &[u8], created: u64) -> (VideoSaid, Packets<'static>) {
    let mut said = VideoSaid::default();
    let user = child(moov, b"udta").unwrap_or(&[]);
    for meta in [child(moov, b"meta"), child(user, b"meta")].into_iter().flatten() {
        items(meta, &mut said);
    }
    for (kind, body) in Boxes(user).take(MOST) {
        if let Some((_, field)) = KINDS.iter().find(|(known, _)| *known == kind) {
            say(&mut said, *field, international(body));
        } else if kind == b"loci" {
            said.position = said.position.or_else(|| location(body));
        }
    }
    // Whoever has no clock writes 0, or the zero of another calendar.
    said.created = created.checked_sub(TO_1970).filter(|seconds| *seconds > 86_400 * 365);
    let by_id = Boxes(moov).filter(|(kind, _)| *kind == b"uuid");
    let mut by_id = by_id.filter_map(|(_, body)| body.strip_prefix(XMP));
    let xmp = inside(user, &[b"XMP_"]).or_else(|| by_id.next());
    let xmp = xmp.filter(|xmp| xmp.len() <= LARGEST_XMP).map(|xmp| xmp.to_vec().into());
    (said, Packets { xmp, ..Packets::default() })
}

fn say(said: &mut VideoSaid, field: VideoField, text: &[u8]) {
    let text = &text[..text.len().min(LONGEST)];
    if !text.is_empty() && said.texts.len() < MOST {
        said.texts.push((field, String::from_utf8_lossy(text).into_owned()));
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
            say(said, *field, value);
        }
    }
}

fn keys(body: &[u8]) -> Vec<&[u8]> {
    let named = Boxes(body.get(8..).unwrap_or(&[])).take(MOST);
    named.map(|(_, name)| name).collect()
}

/// A text with its length and language in front.
fn international(body: &[u8]) -> &[u8] {
    let mut fields = Fields(body);
    let length = fields.number(2).unwrap_or(0) as usize;
    let _language = fields.number(2);
    &fields.0[..fields.0.len().min(length)]
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
