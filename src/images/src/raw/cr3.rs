//! Canon's raw files in ISO media boxes: a track with a JPEG file as large as the sensor, a smaller one
//! beside it, and TIFF structures with the metadata.

use std::borrow::Cow;

use super::{Found, canon};
use crate::heif::boxes::{Boxes, Fields};

/// Canon's boxes inside the film's head, and the one with the preview.
const CANON: &[u8; 16] = b"\x85\xc0\xb6\x87\x82\x0f\x11\xe0\x81\x11\xf4\xce\x46\x2b\x6a\x48";
const PREVIEW: &[u8; 16] = b"\xea\xf4\x2b\x5e\x1c\x98\x4b\x88\xb9\xfb\xb7\xdc\x40\x6e\x4d\x16";

/// Tracks looked at.
const MOST_TRACKS: usize = 16;

pub(super) fn find(bytes: &[u8]) -> Found<'_> {
    let mut found = Found::default();
    for (kind, body) in Boxes(bytes) {
        match kind {
            b"moov" => {
                found.exif = own(body);
                found.orientation = found.exif.as_deref().and_then(super::orientation);
                let tracks = Boxes(body).filter(|(kind, _)| *kind == b"trak").take(MOST_TRACKS);
                found.pictures.extend(tracks.filter_map(|(_, track)| sample(bytes, track)));
            }
            b"uuid" => found.pictures.extend(body.strip_prefix(PREVIEW).and_then(preview)),
            _ => {}
        }
    }
    found.pictures.retain(|picture| picture.starts_with(b"\xff\xd8\xff"));
    found
}

/// What the camera says: the main directory, that of the shot, and that of the position.
fn own(moov: &[u8]) -> Option<Cow<'_, [u8]>> {
    let canon = Boxes(moov).find_map(|(kind, body)| match kind {
        b"uuid" => body.strip_prefix(CANON),
        _ => None,
    })?;
    let block = |wanted| Boxes(canon).find(|(kind, _)| *kind == wanted).map(|(_, block)| block);
    let main = block(b"CMT1")?;
    let whole = canon::joined(main, block(b"CMT2"), block(b"CMT4"));
    Some(whole.map_or(Cow::Borrowed(main), Cow::Owned))
}

/// The first sample of a track.
fn sample<'a>(bytes: &'a [u8], track: &'a [u8]) -> Option<&'a [u8]> {
    let inside = |body: &'a [u8], wanted: &[u8; 4]| {
        Boxes(body).find(|(kind, _)| *kind == wanted).map(|(_, body)| body)
    };
    let table = inside(inside(inside(track, b"mdia")?, b"minf")?, b"stbl")?;
    let offset = match (inside(table, b"co64"), inside(table, b"stco")) {
        (Some(wide), _) => Fields(wide.get(8..)?).number(8)?,
        (None, short) => Fields(short?.get(8..)?).number(4)?,
    };
    // The size of all samples, or, where that is 0, a list of sizes behind their number.
    let sizes = inside(table, b"stsz")?;
    let length = match Fields(sizes.get(4..)?).number(4)? {
        0 => Fields(sizes.get(12..)?).number(4)?,
        same => same,
    };
    let rest = bytes.get(usize::try_from(offset).ok()?..)?;
    Some(&rest[..usize::try_from(length).ok()?.min(rest.len())])
}

/// The JPEG file in the box of that name: behind its kind there are sizes.
fn preview(body: &[u8]) -> Option<&[u8]> {
    let (_, body) = Boxes(body.get(8..)?).find(|(kind, _)| *kind == b"PRVW")?;
    let mut fields = Fields(body);
    fields.bytes(12)?;
    let length = fields.number(4)? as usize;
    Some(&fields.0[..length.min(fields.0.len())])
}
