//! Which picture format bytes are in, told by the bytes alone.

/// How many bytes from the start of a file [`looks_like_picture`] can use.
pub const SNIFF_BYTES: usize = 512;

/// Version of what is decoded here. It is raised with every format, or kind of file in one, that was
/// refused before: files that an earlier version could not read are then tried again.
pub const DECODERS: u32 = 3;

/// A format by content.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Format {
    /// One that is decoded here.
    Read(Readable),
    /// One that is recognised only, by the name people know it by.
    Foreign(&'static str),
}

/// The formats that are decoded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Readable {
    Jpeg,
    Png,
    WebP,
    Gif,
    Bmp,
    Tiff,
    Ico,
    Pnm,
    Qoi,
    Hdr,
    Farbfeld,
    Tga,
    /// HEIC and its relatives in the same boxes.
    Heic,
    Avif,
    Jxl,
    /// Camera raw files, of which the picture inside is read.
    Raw,
    /// Photoshop files.
    Psd,
}

impl Readable {
    /// Lower case, as records carry it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Jpeg => "jpeg",
            Self::Png => "png",
            Self::WebP => "webp",
            Self::Gif => "gif",
            Self::Bmp => "bmp",
            Self::Tiff => "tiff",
            Self::Ico => "ico",
            Self::Pnm => "pnm",
            Self::Qoi => "qoi",
            Self::Hdr => "hdr",
            Self::Farbfeld => "farbfeld",
            Self::Tga => "tga",
            Self::Heic => "heic",
            Self::Avif => "avif",
            Self::Jxl => "jxl",
            Self::Raw => "raw",
            Self::Psd => "psd",
        }
    }
}

/// Signatures at the very start of a file. Longer ones come before their prefixes.
const SIGNATURES: &[(&[u8], Format)] = &[
    (b"\xff\xd8\xff", Format::Read(Readable::Jpeg)),
    (b"\x89PNG\r\n\x1a\n", Format::Read(Readable::Png)),
    (b"GIF87a", Format::Read(Readable::Gif)),
    (b"GIF89a", Format::Read(Readable::Gif)),
    (b"qoif", Format::Read(Readable::Qoi)),
    (b"farbfeld", Format::Read(Readable::Farbfeld)),
    (b"#?RADIANCE", Format::Read(Readable::Hdr)),
    (b"#?RGBE", Format::Read(Readable::Hdr)),
    (b"\x76\x2f\x31\x01", Format::Foreign("OpenEXR pictures")),
    (b"8BPS", Format::Read(Readable::Psd)),
    (b"gimp xcf", Format::Foreign("GIMP files")),
    (b"\xff\x0a", Format::Read(Readable::Jxl)),
    (b"\0\0\0\x0cJXL \r\n\x87\n", Format::Read(Readable::Jxl)),
    (b"\0\0\0\x0cjP  \r\n\x87\n", Format::Foreign("JPEG 2000 pictures")),
    (b"\xff\x4f\xff\x51", Format::Foreign("JPEG 2000 pictures")),
    (b"II\xbc\x01", Format::Foreign("JPEG XR pictures")),
    (b"DDS ", Format::Foreign("DDS textures")),
    (b"\x8aMNG\r\n\x1a\n", Format::Foreign("MNG pictures")),
    (b"\x8bJNG\r\n\x1a\n", Format::Foreign("JNG pictures")),
    (b"BPG\xfb", Format::Foreign("BPG pictures")),
    (b"FLIF", Format::Foreign("FLIF pictures")),
    (b"icns", Format::Foreign("Apple icons")),
    (b"IIU\0", Format::Read(Readable::Raw)),
    (b"IIRO", Format::Read(Readable::Raw)),
    (b"IIRS", Format::Read(Readable::Raw)),
    (b"MMOR", Format::Read(Readable::Raw)),
    (b"FUJIFILMCCD-RAW", Format::Read(Readable::Raw)),
    (b"FOVb", Format::Read(Readable::Raw)),
    (b"\0MRM", Format::Read(Readable::Raw)),
    (b"II\x1a\0\0\0HEAPCCDR", Format::Read(Readable::Raw)),
];

/// The format of a file from its bytes (the start of it is enough except for Targa).
pub(crate) fn sniff(bytes: &[u8]) -> Option<Format> {
    let by_signature = SIGNATURES.iter().find(|(magic, _)| bytes.starts_with(magic));
    by_signature
        .map(|(_, format)| *format)
        .or_else(|| sniff_tiff(bytes))
        .or_else(|| sniff_boxes(bytes))
        .or_else(|| sniff_simple(bytes))
}

/// TIFF, BigTIFF and the camera raw files that say so in their first bytes.
fn sniff_tiff(bytes: &[u8]) -> Option<Format> {
    let is_tiff = [b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"].iter().any(|m| bytes.starts_with(*m));
    if !is_tiff {
        return None;
    }
    if bytes.get(8..10) == Some(b"CR") {
        return Some(Format::Read(Readable::Raw));
    }
    Some(Format::Read(Readable::Tiff))
}

/// RIFF (WebP) and ISO media boxes (HEIF and its relatives).
fn sniff_boxes(bytes: &[u8]) -> Option<Format> {
    if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        return Some(Format::Read(Readable::WebP));
    }
    let brands = brands(bytes)?;
    let has = |wanted: &[&[u8; 4]]| brands.clone().any(|brand| wanted.contains(&brand));
    // The first brand may only say that it is a picture in boxes; others then tell its coding.
    let heif = Format::Read(Readable::Heic);
    let hevc = if cfg!(feature = "heic") { heif } else { Format::Foreign("HEIC pictures") };
    let kinds: [(&[&[u8; 4]], Format); 6] = [
        (&[b"avif", b"avis"], Format::Read(Readable::Avif)),
        (&[b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"], hevc),
        (&[b"jpeg", b"jpgs", b"avci", b"avcs", b"vvic", b"mif1", b"mif2", b"msf1"], heif),
        (&[b"crx "], Format::Read(Readable::Raw)),
        (&[b"jp2 ", b"jpx ", b"jpm ", b"jph "], Format::Foreign("JPEG 2000 pictures")),
        (&[b"jxl "], Format::Read(Readable::Jxl)),
    ];
    let kind = kinds.into_iter().find(|(brands, _)| has(brands));
    kind.map(|(_, format)| format)
}

/// The brands of an ISO media file (ISO 14496-12, 4.3): the first one, a version, the others.
fn brands(bytes: &[u8]) -> Option<impl Iterator<Item = &[u8; 4]> + Clone> {
    let length = u32::from_be_bytes(*bytes.first_chunk()?) as usize;
    let rest = bytes.get(4..)?.strip_prefix(b"ftyp")?;
    // A box of length 0 or 1 has its length elsewhere; no file begins with one of these.
    let rest = &rest[..rest.len().min(length.saturating_sub(8)).min(SNIFF_BYTES)];
    let all = rest.as_chunks::<4>().0;
    Some(all.iter().take(1).chain(all.iter().skip(2)))
}

/// What a file is that is no picture, where it can be told.
pub(crate) fn name_of_other(bytes: &[u8]) -> Option<&'static str> {
    let starts = |magics: &[&[u8]]| magics.iter().any(|magic| bytes.starts_with(magic));
    let riff = bytes.starts_with(b"RIFF").then(|| bytes.get(8..12)).flatten();
    if brands(bytes).is_some()
        || riff == Some(b"AVI ")
        || bytes.get(4..8) == Some(b"moov")
        || starts(&[b"\x1a\x45\xdf\xa3", b"\0\0\x01\xba", b"\0\0\x01\xb3", b"FLV\x01", b"OggS"])
    {
        return Some("videos");
    }
    if riff == Some(b"WAVE") || starts(&[b"ID3", b"fLaC"]) {
        return Some("sounds");
    }
    if starts(&[b"%PDF", b"%!PS", b"AT&TFORM"]) {
        return Some("documents");
    }
    let archives: [&[u8]; 5] =
        [b"PK\x03\x04", b"\x1f\x8b", b"7z\xbc\xaf\x27\x1c", b"Rar!", b"\xfd7zXZ\0"];
    starts(&archives).then_some("archives and compressed files")
}

/// Formats with short signatures, which other fields have to confirm.
fn sniff_simple(bytes: &[u8]) -> Option<Format> {
    if is_bmp(bytes) {
        return Some(Format::Read(Readable::Bmp));
    }
    if is_ico(bytes) {
        return Some(Format::Read(Readable::Ico));
    }
    if is_pnm(bytes) {
        return Some(Format::Read(Readable::Pnm));
    }
    is_svg(bytes).then_some(Format::Foreign("SVG drawings"))
}

/// "BM" and a length of the second header that exists.
fn is_bmp(bytes: &[u8]) -> bool {
    bytes.starts_with(b"BM") && matches!(bytes.get(14..18), Some([12..=128, 0, 0, 0]))
}

/// Type 1 (icon) or 2 (cursor), at least one entry, whose reserved byte is zero.
fn is_ico(bytes: &[u8]) -> bool {
    let Some([0, 0, 1 | 2, 0, low, high]) = bytes.get(..6) else { return false };
    let count = u16::from_le_bytes([*low, *high]);
    (1..=256).contains(&count) && bytes.get(9) == Some(&0)
}

/// P1 to P7 and white space, then a digit, a comment or a P7 keyword.
fn is_pnm(bytes: &[u8]) -> bool {
    match bytes {
        [b'P', b'1'..=b'6', space, next, ..] => {
            space.is_ascii_whitespace()
                && (next.is_ascii_digit() || next.is_ascii_whitespace() || *next == b'#')
        }
        [b'P', b'7', b'\n', next, ..] => next.is_ascii_uppercase() || *next == b'#',
        _ => false,
    }
}

/// An `<svg` element near the start of a text.
fn is_svg(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(SNIFF_BYTES)];
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    text.starts_with(b"<svg")
        || (text.starts_with(b"<?xml") || text.starts_with(b"<!DOCTYPE svg"))
            && text.windows(4).any(|w| w == b"<svg")
}

/// Targa has no signature; its header has to be consistent in every field.
pub(crate) fn could_be_tga(bytes: &[u8]) -> bool {
    let Some(header) = bytes.get(..18) else { return false };
    let (has_map, kind, map_depth) = (header[1], header[2], header[7]);
    let size = u16::from_le_bytes([header[12], header[13]])
        .min(u16::from_le_bytes([header[14], header[15]]));
    let depth = header[16];
    let kind_fits = match kind {
        1 | 9 => has_map == 1 && depth == 8 && matches!(map_depth, 15 | 16 | 24 | 32),
        2 | 10 => has_map <= 1 && matches!(depth, 15 | 16 | 24 | 32),
        3 | 11 => has_map <= 1 && matches!(depth, 8 | 16),
        _ => false,
    };
    kind_fits && size > 0 && header[17] & 0xc0 == 0
}

/// Whether a file that starts with these bytes is a picture or a video, including formats that
/// [`crate::decode`] and [`crate::decode_video`] recognise but cannot read (they then say so).
///
/// `first_bytes` are up to [`SNIFF_BYTES`] from the start of the file; fewer may miss a format.
/// Targa is not recognised: it has no signature.
pub fn looks_like_picture(first_bytes: &[u8]) -> bool {
    sniff(first_bytes).is_some() || crate::video::is_video(first_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_are_recognised() {
        let cases: &[(&[u8], Format)] = &[
            (b"\xff\xd8\xff\xe0", Format::Read(Readable::Jpeg)),
            (b"RIFF\x10\0\0\0WEBPVP8 ", Format::Read(Readable::WebP)),
            (b"MM\0*\0\0\0\x08", Format::Read(Readable::Tiff)),
            (b"II*\0\x10\0\0\0CR\x02\0", Format::Read(Readable::Raw)),
            (b"FUJIFILMCCD-RAW 0201", Format::Read(Readable::Raw)),
            (b"\0\0\0\x18ftypcrx ", Format::Read(Readable::Raw)),
            (b"P6 3 2 255 ", Format::Read(Readable::Pnm)),
            (b"P7\nWIDTH 3", Format::Read(Readable::Pnm)),
            (b"8BPS\0\x01", Format::Read(Readable::Psd)),
            (b"\xff\x0a", Format::Read(Readable::Jxl)),
            (b"\0\0\0\x18ftypavif", Format::Read(Readable::Avif)),
            (b"\0\0\0\x1cftypmif1\0\0\0\0mif1avif", Format::Read(Readable::Avif)),
            (b"\0\0\0\x1cftypmsf1\0\0\0\0msf1avis", Format::Read(Readable::Avif)),
            (b"\0\0\0\x14ftypmif1\0\0\0\0mif1avif", Format::Read(Readable::Heic)),
            (b"\0\0\0\x0cjP  \r\n\x87\n", Format::Foreign("JPEG 2000 pictures")),
            (b"<?xml version='1.0'?>\n<svg xmlns=''>", Format::Foreign("SVG drawings")),
            (b"\0\0\x01\0\x01\0\x10\x10\0\0", Format::Read(Readable::Ico)),
        ];
        for (bytes, format) in cases {
            assert_eq!(sniff(bytes), Some(*format), "{bytes:?}");
        }
    }

    #[test]
    fn heic_is_read_or_named() {
        for bytes in [&b"\0\0\0\x18ftypheic"[..], b"\0\0\0\x1cftypmif1\0\0\0\0mif1heic"] {
            let expected = match cfg!(feature = "heic") {
                true => Format::Read(Readable::Heic),
                false => Format::Foreign("HEIC pictures"),
            };
            assert_eq!(sniff(bytes), Some(expected), "{bytes:?}");
        }
    }

    #[test]
    fn other_files_are_not_pictures() {
        let cases: [&[u8]; 7] = [
            b"",
            b"BM",
            b"BMW makes cars, and this is a text",
            b"P4 is a paper size",
            b"%PDF-1.7",
            b"RIFF\x10\0\0\0WAVEfmt ",
            b"<?xml version='1.0'?><html/>",
        ];
        for bytes in cases {
            assert!(!looks_like_picture(bytes), "{bytes:?}");
        }
    }

    #[test]
    fn what_is_no_picture_is_named() {
        for (bytes, name) in [
            (&b"\0\0\0\x18ftypmp42\0\0\0\0"[..], "videos"),
            (b"\0\0\0\x14ftypqt  \0\0\0\0", "videos"),
            (b"RIFF\x10\0\0\0AVI LIST", "videos"),
            (b"\x1a\x45\xdf\xa3\x01", "videos"),
            (b"%PDF-1.7", "documents"),
            (b"PK\x03\x04", "archives and compressed files"),
        ] {
            assert_eq!(name_of_other(bytes), Some(name));
            // Of videos some frames are pictures.
            assert_eq!(looks_like_picture(bytes), name == "videos", "{name}");
        }
        assert_eq!(name_of_other(b"hello, world"), None);
    }

    #[test]
    fn a_targa_header_has_to_be_consistent() {
        let mut header = [0u8; 18];
        header[2] = 2;
        header[12] = 4;
        header[14] = 3;
        header[16] = 24;
        assert!(could_be_tga(&header));
        header[16] = 23;
        assert!(!could_be_tga(&header));
        assert!(!could_be_tga(b"short"));
    }
}
