//! What a WebP file takes, told from its chunks (RFC 9649), and its metadata.
//!
//! The decoder holds more than the pixels: planes of luma and chroma, all four channels of a
//! picture without alpha, a lossless picture for alpha alone. The figures are those of image-webp.

use std::borrow::Cow;

use super::{Claim, webp_codes};
use crate::PIXEL_MEMORY;
use crate::metadata::{LARGEST_EXIF, LARGEST_PROFILE, LARGEST_XMP, Packets};

/// Flags of the extended header.
const ALPHA: u8 = 0x10;
const ANIMATION: u8 = 0x02;

/// A lossless stream, and pixels across and down of what it stands for.
type Coded<'a> = (&'a [u8], (u32, u32));

/// How pixels are coded, as far as memory goes.
#[derive(Default)]
struct Found<'a> {
    size: Option<(u32, u32)>,
    has_alpha: bool,
    is_animated: bool,
    is_lossless: bool,
    has_alpha_chunk: bool,
    /// The first data with codes of each kind, and the size of what it stands for.
    coded: [Option<Coded<'a>>; 4],
    has_frame: bool,
}

/// Kinds of data with codes: pixels and alpha, of the file and of the first frame.
const PIXELS: usize = 0;
const ALPHA_PLANE: usize = 1;
const OF_FRAME: usize = 2;

/// `None` without a header.
pub(super) fn read(bytes: &[u8]) -> Option<(Claim, Packets<'_>)> {
    let (mut found, mut packets) = (Found::default(), Packets::default());
    let bound = |body: &mut &[u8], most: usize| body.len() <= most;
    for (kind, mut body) in Chunks(bytes.get(12..)?) {
        match kind {
            b"VP8X" => found.extended(body),
            b"ANMF" => found.frame(body),
            b"VP8 " => found.lossy(body),
            b"VP8L" => found.lossless(body, PIXELS),
            b"ALPH" => found.alpha(body, found.size, ALPHA_PLANE),
            b"EXIF" if bound(&mut body, LARGEST_EXIF) => {
                packets.exif.get_or_insert(Cow::Borrowed(body));
            }
            // Some programs end the name with a zero.
            b"XMP " | b"XMP\0" if bound(&mut body, LARGEST_XMP) => {
                packets.xmp.get_or_insert(Cow::Borrowed(body));
            }
            b"ICCP" if bound(&mut body, LARGEST_PROFILE) => {
                packets.profile = Some(Cow::Borrowed(body));
            }
            _ => {}
        }
    }
    Some((found.claim()?, packets))
}

impl<'a> Found<'a> {
    /// Flags, and the size of the canvas less 1 in 24 bits each.
    fn extended(&mut self, body: &[u8]) {
        let Some([flags, _, _, _, w1, w2, w3, h1, h2, h3]) = body.first_chunk() else { return };
        let side = |a, b, c| u32::from_le_bytes([a, b, c, 0]) + 1;
        self.size = Some((side(*w1, *w2, *w3), side(*h1, *h2, *h3)));
        self.has_alpha = flags & ALPHA != 0;
        self.is_animated = flags & ANIMATION != 0;
    }

    /// A tag and a mark of three bytes each, then the size in 14 bits each.
    fn lossy(&mut self, body: &[u8]) {
        let Some([w1, w2, h1, h2]) = body.get(6..).and_then(|rest| rest.first_chunk()) else {
            return;
        };
        let side = |a, b| u32::from(u16::from_le_bytes([a, b]) & 0x3fff);
        self.size = self.size.or(Some((side(*w1, *w2), side(*h1, *h2))));
    }

    /// A mark, the size less 1 in 14 bits each, and whether there is alpha.
    fn lossless(&mut self, body: &'a [u8], kind: usize) {
        let Some(header) = body.get(1..).and_then(|rest| rest.first_chunk()) else { return };
        let header = u32::from_le_bytes(*header);
        self.is_lossless = true;
        let size = ((header & 0x3fff) + 1, (header >> 14 & 0x3fff) + 1);
        self.coded[kind].get_or_insert((&body[5..], size));
        if self.size.is_none() {
            self.size = Some(size);
            self.has_alpha = header >> 28 & 1 == 1;
        }
    }

    /// A byte of flags, and the lossless stream of a picture or plain bytes.
    fn alpha(&mut self, body: &'a [u8], size: Option<(u32, u32)>, kind: usize) {
        self.has_alpha_chunk = true;
        if let (Some((flags, stream)), Some(size)) = (body.split_first(), size)
            && flags & 3 == 1
        {
            self.coded[kind].get_or_insert((stream, size));
        }
    }

    /// A frame of an animation, of which the first is decoded: place, size less 1 in 24 bits each,
    /// time and flags, then chunks of its own.
    fn frame(&mut self, body: &'a [u8]) {
        let Some([_, _, _, _, _, _, w1, w2, w3, h1, h2, h3]) = body.first_chunk() else { return };
        let side = |a, b, c| u32::from_le_bytes([a, b, c, 0]) + 1;
        let size = (side(*w1, *w2, *w3), side(*h1, *h2, *h3));
        if std::mem::replace(&mut self.has_frame, true) {
            return;
        }
        for (kind, body) in Chunks(body.get(16..).unwrap_or(&[])) {
            match kind {
                b"VP8L" => self.lossless(body, OF_FRAME + PIXELS),
                b"ALPH" => self.alpha(body, Some(size), OF_FRAME + ALPHA_PLANE),
                _ => {}
            }
        }
    }

    fn claim(&self) -> Option<Claim> {
        let size = self.size?;
        let channels = if self.has_alpha { 4 } else { 3 };
        // Bytes for each pixel: transforms and codes are one, planes are two.
        let extra = match (self.is_animated, self.is_lossless) {
            // A canvas, a frame, and what decoding a frame takes.
            (true, _) => 4 + 4 + 8,
            (false, true) if self.has_alpha => 1,
            (false, true) => 4 + 1,
            (false, false) if self.has_alpha || self.has_alpha_chunk => 2 + 4 + 1 + 1,
            (false, false) => 2,
        };
        let claim = Claim::new(size, channels, extra, 1 << 20);
        // What is refused by its pixels is not looked at any further.
        if claim.peak > PIXEL_MEMORY {
            return Some(claim);
        }
        let is_inside = |part: (u32, u32)| part.0 <= size.0 && part.1 <= size.1;
        let coded = self.coded.iter().flatten().filter(|(_, part)| is_inside(*part));
        let codes = coded.map(|(stream, part)| webp_codes::memory(stream, *part));
        Some(Claim { peak: claim.peak + codes.max().unwrap_or(0), ..claim })
    }
}

/// Kinds and bodies, up to the first chunk that is cut off.
struct Chunks<'a>(&'a [u8]);

impl<'a> Iterator for Chunks<'a> {
    type Item = (&'a [u8; 4], &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (kind, rest) = self.0.split_first_chunk()?;
        let (length, rest) = rest.split_first_chunk()?;
        let length = u32::from_le_bytes(*length) as usize;
        // A header may stand in a chunk that is cut off.
        let body = &rest[..rest.len().min(length)];
        self.0 = rest.get(length.next_multiple_of(2)..).unwrap_or(&[]);
        Some((kind, body))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
        let mut bytes = b"RIFF\0\0\0\0WEBP".to_vec();
        for (kind, body) in chunks {
            bytes.extend(*kind);
            bytes.extend((body.len() as u32).to_le_bytes());
            bytes.extend(*body);
            bytes.extend(&[0][..body.len() % 2]);
        }
        bytes
    }

    #[test]
    fn the_whole_of_a_lossless_picture_without_alpha_is_held_twice() {
        let header: u32 = 99 | 49 << 14;
        let body = [&[0x2f][..], &header.to_le_bytes()].concat();
        let bytes = file(&[(b"VP8L", &body)]);
        let (claim, _) = read(&bytes).unwrap();
        assert_eq!((claim.width, claim.height, claim.pixels), (100, 50, 15_000));
        assert!(claim.peak >= 100 * 50 * (3 + 4));
        let with_alpha = [&[0x2f][..], &(header | 1 << 28).to_le_bytes()].concat();
        let bytes = file(&[(b"VP8L", &with_alpha)]);
        assert_eq!(read(&bytes).unwrap().0.pixels, 20_000);
    }

    #[test]
    fn an_extended_file_tells_its_size_and_metadata() {
        let header = [ALPHA, 0, 0, 0, 9, 0, 0, 19, 0, 0];
        let bytes = file(&[(b"VP8X", &header), (b"EXIF", b"MM"), (b"XMP ", b"<x/>")]);
        let (claim, packets) = read(&bytes).unwrap();
        assert_eq!((claim.width, claim.height, claim.pixels), (10, 20, 800));
        assert_eq!(packets.exif.as_deref(), Some(&b"MM"[..]));
        assert_eq!(packets.xmp.as_deref(), Some(&b"<x/>"[..]));
        for length in 0..bytes.len() {
            read(&bytes[..length]);
        }
    }
}
