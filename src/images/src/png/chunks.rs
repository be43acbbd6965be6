//! The chunks of a PNG file (PNG 3, section 5): its header, and its metadata wherever that stands.
//! What is compressed is inflated up to a limit.

use std::borrow::Cow;

use miniz_oxide::inflate::decompress_to_vec_zlib_with_limit;

use crate::metadata::{
    ContainerText, LARGEST_EXIF, LARGEST_PROFILE, LARGEST_XMP, Packets, is_text_read,
    take_raw_profile,
};
use crate::{ImageError, guard};

/// Length of the signature before the first chunk.
const SIGNATURE: usize = 8;

const XMP_KEYWORD: &[u8] = b"XML:com.adobe.xmp";

/// A longer text is not read. Whole packets stand in texts, in digits that are twice as long.
const LARGEST_TEXT: usize = 4 << 20;
/// Most texts that are looked at, and most bytes of them that are inflated.
const MOST_TEXTS: usize = 100;
const MOST_INFLATED: usize = 2 * LARGEST_TEXT;

/// The header chunk.
#[derive(Clone, Copy)]
pub(super) struct Header {
    pub(super) width: u32,
    pub(super) height: u32,
    /// Bits of a sample.
    pub(super) depth: u8,
    /// 0 grey, 2 RGB, 3 palette, 4 grey with alpha, 6 RGBA.
    pub(super) colours: u8,
    pub(super) is_interlaced: bool,
    /// Whether a colour, or the palette's colours, may be transparent.
    pub(super) has_transparency: bool,
}

/// What the chunks say. `None` without a header.
pub(super) fn read(bytes: &[u8]) -> Option<(Header, Packets<'_>)> {
    let (mut header, mut packets): (Option<Header>, _) = (None, Packets::default());
    let mut texts = Texts { all: Vec::new(), left: MOST_INFLATED };
    for (kind, body) in Chunks(bytes.get(SIGNATURE..)?) {
        match kind {
            b"IHDR" => header = header.or(read_header(body)),
            b"tRNS" => header = header.map(|h| Header { has_transparency: true, ..h }),
            b"eXIf" if body.len() <= LARGEST_EXIF => {
                packets.exif.get_or_insert(Cow::Borrowed(body));
            }
            b"iCCP" if packets.profile.is_none() => packets.profile = profile(body),
            b"tEXt" | b"zTXt" | b"iTXt" => texts.add(kind, body),
            b"IEND" => break,
            _ => {}
        }
    }
    texts.put_into(&mut packets);
    Some((header?, packets))
}

/// Kinds and bodies, up to the first chunk that is cut off.
struct Chunks<'a>(&'a [u8]);

impl<'a> Iterator for Chunks<'a> {
    type Item = (&'a [u8; 4], &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (length, rest) = self.0.split_first_chunk()?;
        let (kind, rest) = rest.split_first_chunk()?;
        let length = u32::from_be_bytes(*length) as usize;
        let body = rest.get(..length)?;
        // The checksum is the decoder's to look at.
        self.0 = rest.get(length + 4..).unwrap_or(&[]);
        Some((kind, body))
    }
}

fn read_header(body: &[u8]) -> Option<Header> {
    let (width, rest) = body.split_first_chunk()?;
    let (height, rest) = rest.split_first_chunk()?;
    let [depth, colours, _, _, interlacing] = *rest.first_chunk()?;
    Some(Header {
        width: u32::from_be_bytes(*width),
        height: u32::from_be_bytes(*height),
        depth,
        colours,
        is_interlaced: interlacing != 0,
        has_transparency: false,
    })
}

/// Name, method, compressed profile.
fn profile(body: &[u8]) -> Option<Cow<'_, [u8]>> {
    let (_, rest) = split_at_nul(body)?;
    inflate(rest.strip_prefix(&[0])?, LARGEST_PROFILE).map(Cow::Owned)
}

/// The texts of a file that are read.
struct Texts<'a> {
    all: Vec<ContainerText<'a>>,
    /// Bytes that may still be inflated.
    left: usize,
}

impl<'a> Texts<'a> {
    fn add(&mut self, kind: &[u8; 4], body: &'a [u8]) {
        let Some((keyword, rest)) = split_at_nul(body) else { return };
        let is_xmp = keyword == XMP_KEYWORD;
        if !(is_xmp || is_text_read(keyword)) || self.all.len() == MOST_TEXTS {
            return;
        }
        let most = self.left.min(if is_xmp { LARGEST_XMP } else { LARGEST_TEXT });
        let text = match kind {
            b"tEXt" => Some(Cow::Borrowed(rest)),
            // Method, compressed text.
            b"zTXt" => rest.get(1..).and_then(|text| inflate(text, most)).map(Cow::Owned),
            _ => international(rest, most),
        };
        if let Some(text) = text.filter(|text| text.len() <= most) {
            self.left -= if let Cow::Owned(text) = &text { text.len() } else { 0 };
            self.all.push(ContainerText { keyword, text });
        }
    }

    /// Packets that are texts become packets; a packet in a chunk of its own goes before them.
    fn put_into(self, packets: &mut Packets<'a>) {
        for text in self.all {
            if text.keyword == XMP_KEYWORD {
                packets.xmp.get_or_insert(text.text);
            } else if !take_raw_profile(packets, text.keyword, &text.text) {
                packets.texts.push(text);
            }
        }
    }
}

/// Whether it is compressed, method, language, translated keyword, text.
fn international(body: &[u8], most: usize) -> Option<Cow<'_, [u8]>> {
    let ([is_compressed, _], rest) = body.split_first_chunk()?;
    let (_, rest) = split_at_nul(rest)?;
    let (_, text) = split_at_nul(rest)?;
    match is_compressed {
        0 => Some(Cow::Borrowed(text)),
        _ => inflate(text, most).map(Cow::Owned),
    }
}

fn split_at_nul(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = bytes.iter().position(|byte| *byte == 0)?;
    Some((&bytes[..at], &bytes[at + 1..]))
}

/// `None` where it is damaged or longer than `most` bytes.
fn inflate(bytes: &[u8], most: usize) -> Option<Vec<u8>> {
    let inflated = guard::foreign("png", || {
        decompress_to_vec_zlib_with_limit(bytes, most)
            .map_err(|error| ImageError::damaged("png", &error.to_string()))
    });
    inflated.ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use miniz_oxide::deflate::compress_to_vec_zlib;

    fn chunk(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
        [&(body.len() as u32).to_be_bytes()[..], kind, body, &[0; 4]].concat()
    }

    fn file(chunks: &[Vec<u8>]) -> Vec<u8> {
        let header = [0, 0, 0, 7, 0, 0, 0, 5, 8, 2, 0, 0, 1];
        [b"\x89PNG\r\n\x1a\n".to_vec(), chunk(b"IHDR", &header), chunks.concat()].concat()
    }

    #[test]
    fn metadata_is_found_on_both_sides_of_the_pixels() {
        let text = [&b"XML:com.adobe.xmp\0\x01\0\0\0"[..], &compress_to_vec_zlib(b"<x/>", 6)];
        let bytes = file(&[
            chunk(b"tRNS", &[0; 6]),
            chunk(b"IDAT", &[0; 9]),
            chunk(b"iTXt", &text.concat()),
            chunk(b"eXIf", b"MM"),
            chunk(b"IEND", b""),
            chunk(b"eXIf", b"II"),
        ]);
        let (header, packets) = read(&bytes).unwrap();
        assert_eq!((header.width, header.height, header.depth), (7, 5, 8));
        assert!(header.is_interlaced && header.has_transparency);
        assert_eq!(packets.exif.as_deref(), Some(&b"MM"[..]));
        assert_eq!(packets.xmp.as_deref(), Some(&b"<x/>"[..]));
        for length in 0..bytes.len() {
            read(&bytes[..length]);
        }
    }

    #[test]
    fn texts_are_read_compressed_or_not_up_to_a_limit() {
        let zipped = |text: &[u8]| compress_to_vec_zlib(text, 6);
        let bytes = file(&[
            chunk(b"tEXt", b"Title\0Sea"),
            chunk(b"tEXt", b"Author\0Ann"),
            chunk(b"zTXt", &[&b"Comment\0\0"[..], &zipped(b"a boat")].concat()),
            chunk(b"iTXt", "Description\0\0\0de\0\0Küste".as_bytes()),
            chunk(b"zTXt", &[&b"Comment\0\0"[..], &zipped(&vec![b'x'; LARGEST_TEXT + 1])].concat()),
            chunk(b"tEXt", b"Raw profile type exif\0\nexif\n   4\n4d4d002a\n"),
            chunk(b"IEND", b""),
        ]);
        let (_, packets) = read(&bytes).unwrap();
        let texts: Vec<_> = packets.texts.iter().map(|text| &*text.text).collect();
        assert_eq!(texts, [&b"Sea"[..], b"a boat", "Küste".as_bytes()]);
        assert_eq!(packets.exif.as_deref(), Some(&b"MM\0*"[..]));
    }

    #[test]
    fn a_profile_is_inflated_up_to_four_mebibytes() {
        let with = |length: usize| {
            let profile = compress_to_vec_zlib(&vec![0; length], 6);
            file(&[chunk(b"iCCP", &[&b"name\0\0"[..], &profile].concat())])
        };
        let fits = with(LARGEST_PROFILE);
        assert_eq!(read(&fits).unwrap().1.profile.unwrap().len(), LARGEST_PROFILE);
        assert!(read(&with(LARGEST_PROFILE + 1)).unwrap().1.profile.is_none());
    }
}
