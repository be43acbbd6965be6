//! The marker segments of a JPEG file (ITU T.81, annex B): what kind of file it is, its metadata,
//! and how much work its scans are. Reads over damage; decodes nothing.

use std::borrow::Cow;

use crate::ImageError;
use crate::metadata::{ContainerText, LARGEST_EXIF, LARGEST_PROFILE, Packets, extended};

const START_OF_SCAN: u8 = 0xda;
const END: u8 = 0xd9;
const HUFFMAN_TABLES: u8 = 0xc4;
const COMMENT: u8 = 0xfe;

/// Most comments that are kept.
const MOST_COMMENTS: usize = 20;
/// Most packets of XMP that are kept.
const MOST_XMP: usize = 8;

/// What stands before the first scan.
#[derive(Default)]
pub(super) struct Segments<'a> {
    pub(super) frame: Option<FrameHeader>,
    pub(super) packets: Packets<'a>,
    /// Bytes of all application segments: a decoder may keep copies.
    pub(super) application_bytes: u64,
}

/// The start-of-frame segment.
#[derive(Clone, Copy)]
pub(super) struct FrameHeader {
    /// Its marker, 0xc0 to 0xcf.
    marker: u8,
    precision: u8,
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) components: u8,
}

/// How much there is to do in the whole file.
pub(super) struct Work {
    pub(super) scans: usize,
    /// Bytes of Huffman tables, which cost time to build.
    pub(super) table_bytes: usize,
}

impl<'a> Segments<'a> {
    /// Reads the segments up to the first scan.
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        let mut found = Self::default();
        let mut parts = Parts::default();
        let mut at = 2;
        while let Some(segment) = next_segment(bytes, at) {
            match segment.marker {
                START_OF_SCAN | END => break,
                0xc0..=0xcf | 0xf7 if !matches!(segment.marker, HUFFMAN_TABLES | 0xc8 | 0xcc) => {
                    let frame = FrameHeader::read(segment.marker, segment.body);
                    found.frame = found.frame.or(frame);
                }
                0xe0..=0xef => {
                    found.application_bytes += segment.body.len() as u64;
                    parts.keep(&segment);
                }
                COMMENT if found.packets.texts.len() < MOST_COMMENTS => {
                    let text = Cow::Borrowed(segment.body);
                    found.packets.texts.push(ContainerText { keyword: b"", text });
                }
                _ => {}
            }
            at = segment.ends;
        }
        parts.put_into(&mut found.packets);
        found
    }

    /// Counts scans and tables. Looks at every byte.
    pub(super) fn work(bytes: &[u8]) -> Work {
        let mut work = Work { scans: 0, table_bytes: 0 };
        let mut at = 2;
        while let Some(segment) = next_segment(bytes, at) {
            match segment.marker {
                START_OF_SCAN => work.scans += 1,
                HUFFMAN_TABLES => work.table_bytes += segment.body.len(),
                END => break,
                _ => {}
            }
            at = segment.ends;
        }
        work
    }
}

impl FrameHeader {
    fn read(marker: u8, body: &[u8]) -> Option<Self> {
        let [precision, h1, h2, w1, w2, components] = *body.first_chunk()?;
        let size = |high, low| u32::from(u16::from_be_bytes([high, low]));
        let (width, height) = (size(w1, w2), size(h1, h2));
        Some(Self { marker, precision, width, height, components })
    }

    /// Whether the coefficients come in several passes by the frame's kind.
    pub(super) fn is_progressive(&self) -> bool {
        self.marker == 0xc2
    }

    /// Refuses kinds that are whole and legal but not decoded here, by their names.
    pub(super) fn check_kind(&self) -> Result<(), ImageError> {
        let what = match self.marker {
            0xc3 => "JPEG pictures with lossless coding",
            0xc5..=0xc7 | 0xcd..=0xcf => "JPEG pictures with hierarchical coding",
            0xc9 | 0xca => "JPEG pictures with arithmetic coding",
            0xcb => "JPEG pictures with lossless arithmetic coding",
            0xf7 => "JPEG-LS pictures",
            _ if self.precision == 12 => "JPEG pictures with 12 bits",
            _ if self.height == 0 => "JPEG pictures whose height stands behind them",
            _ => return Ok(()),
        };
        Err(ImageError::foreign(what))
    }
}

/// Packets, of which each may be cut into several segments.
#[derive(Default)]
struct Parts<'a> {
    exif: Vec<&'a [u8]>,
    xmp: Vec<&'a [u8]>,
    extended: extended::Parts<'a>,
    photoshop: Vec<&'a [u8]>,
    profile: Profile<'a>,
}

impl<'a> Parts<'a> {
    fn keep(&mut self, segment: &Segment<'a>) {
        let behind = |name: &[u8]| segment.body.strip_prefix(name).filter(|rest| !rest.is_empty());
        match segment.marker {
            0xe1 => {
                self.exif.extend(behind(b"Exif\0\0").or_else(|| behind(b"Exif\0\xff")));
                self.xmp.extend(behind(b"http://ns.adobe.com/xap/1.0/\0"));
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
    fn put_into(self, packets: &mut Packets<'a>) {
        let mut xmp = self.xmp.into_iter().take(MOST_XMP);
        packets.exif = first_block(&self.exif);
        packets.xmp = xmp.next().map(Cow::Borrowed);
        packets.more_xmp = xmp.map(Cow::Borrowed).collect();
        packets.more_xmp.extend(self.extended.joined(packets.xmp.as_deref()).map(Cow::Owned));
        packets.photoshop = joined(&self.photoshop);
        packets.profile = self.profile.joined();
    }
}

/// The first EXIF block, with the segments behind it that go on with it: they do not begin as a
/// block does.
fn first_block<'a>(segments: &[&'a [u8]]) -> Option<Cow<'a, [u8]>> {
    let begins = |segment: &&[u8]| segment.starts_with(b"II") || segment.starts_with(b"MM");
    let start = segments.iter().position(|segment| begins(segment))?;
    let rest = &segments[start + 1..];
    let more = rest.iter().position(|segment| begins(segment)).unwrap_or(rest.len());
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

/// A marker with what follows it.
struct Segment<'a> {
    marker: u8,
    /// Without its length.
    body: &'a [u8],
    /// Where to look for the next one.
    ends: usize,
}

/// The next segment from `at` on; entropy-coded data and what does not belong is read over.
fn next_segment(bytes: &[u8], at: usize) -> Option<Segment<'_>> {
    let mut at = at;
    let marker = loop {
        at += bytes.get(at..)?.iter().position(|byte| *byte == 0xff)?;
        match *bytes.get(at + 1)? {
            // Fill bytes, stuffing, restarts and what else has no length.
            0xff => at += 1,
            0 | 1 | 0xd0..=0xd8 => at += 2,
            marker => break marker,
        }
    };
    if marker == END {
        return Some(Segment { marker, body: &[], ends: at + 2 });
    }
    let rest = &bytes[at + 2..];
    let length = rest.first_chunk().map_or(0, |length| usize::from(u16::from_be_bytes(*length)));
    let length = length.clamp(2.min(rest.len()), rest.len());
    let body = rest.get(2..length).unwrap_or(&[]);
    Some(Segment { marker, body, ends: at + 2 + length })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segment(marker: u8, body: &[u8]) -> Vec<u8> {
        let length = (body.len() as u16 + 2).to_be_bytes();
        [&[0xff, marker], &length[..], body].concat()
    }

    fn file(segments: &[Vec<u8>]) -> Vec<u8> {
        [&[0xff, 0xd8], &segments.concat()[..]].concat()
    }

    #[test]
    fn metadata_before_the_first_scan_is_found() {
        let bytes = file(&[
            segment(0xe1, b"Exif\0\0MM"),
            segment(0xe1, b"http://ns.adobe.com/xap/1.0/\0<x/>"),
            segment(0xe2, b"ICC_PROFILE\0\x02\x02cd"),
            segment(0xe2, b"ICC_PROFILE\0\x01\x02ab"),
            segment(0xed, b"Photoshop 3.0\x008BIM"),
            segment(0xc0, &[8, 0, 3, 0, 4, 1]),
            segment(0xda, &[1, 1, 0, 0, 63, 0]),
            segment(0xe1, b"Exif\0\0II"),
        ]);
        let found = Segments::new(&bytes);
        assert_eq!(found.packets.exif.as_deref(), Some(&b"MM"[..]));
        assert_eq!(found.packets.xmp.as_deref(), Some(&b"<x/>"[..]));
        assert_eq!(found.packets.profile.as_deref(), Some(&b"abcd"[..]));
        assert_eq!(found.packets.photoshop.as_deref(), Some(&b"8BIM"[..]));
        let frame = found.frame.unwrap();
        assert_eq!((frame.width, frame.height, frame.components), (4, 3, 1));
    }

    #[test]
    fn packets_in_several_segments_are_joined() {
        let name = [b'A'; 32];
        let main =
            [b"http://ns.adobe.com/xap/1.0/\0<x n:HasExtendedXMP='", &name[..], b"'/>"].concat();
        let part = |at: u8, text: &[u8]| {
            [extended::NAMESPACE, &name, &[0, 0, 0, 4, 0, 0, 0, at], text].concat()
        };
        let bytes = file(&[
            segment(0xe1, b"Exif\0\0junk"),
            segment(0xe1, b"Exif\0\0MMab"),
            segment(0xe1, b"Exif\0\0cd"),
            segment(0xe1, b"Exif\0\0II"),
            segment(0xe1, &part(2, b"/>")),
            segment(0xe1, &main),
            segment(0xe1, &part(0, b"<y")),
            segment(0xed, b"Photoshop 3.0\x008B"),
            segment(0xed, b"Photoshop 3.0\0IM"),
            segment(0xfe, b"by hand"),
        ]);
        let packets = Segments::new(&bytes).packets;
        assert_eq!(packets.exif.as_deref(), Some(&b"MMabcd"[..]));
        assert_eq!(packets.more_xmp, [&b"<y/>"[..]]);
        assert_eq!(packets.photoshop.as_deref(), Some(&b"8BIM"[..]));
        assert_eq!(&*packets.texts[0].text, b"by hand");
    }

    #[test]
    fn scans_are_counted_over_stuffing_restarts_and_previews() {
        let scan = segment(0xda, &[1, 1, 0, 0, 63, 0]);
        let bytes = file(&[
            segment(0xe1, &[0xff, 0xda, 0xff, 0xda]),
            scan.clone(),
            b"ab\xff\0c\xff\xd0d".to_vec(),
            segment(0xfe, &[0xff, 0xda]),
            segment(0xc4, &[0; 20]),
            scan.clone(),
            b"e\xff\xd9".to_vec(),
            scan,
        ]);
        let work = Segments::work(&bytes);
        assert_eq!((work.scans, work.table_bytes), (2, 20));
    }

    #[test]
    fn every_cut_is_survived() {
        let bytes = file(&[segment(0xe1, b"Exif\0\0MM"), segment(0xc2, &[8, 0, 3, 0, 4, 1])]);
        for length in 0..bytes.len() {
            let found = Segments::new(&bytes[..length]);
            Segments::work(&bytes[..length]);
            assert!(found.frame.is_none());
        }
    }

    #[test]
    fn a_profile_with_a_missing_part_is_none() {
        let bytes = file(&[segment(0xe2, b"ICC_PROFILE\0\x02\x02cd")]);
        assert!(Segments::new(&bytes).packets.profile.is_none());
    }

    #[test]
    fn kinds_that_are_not_decoded_are_named() {
        let refused_at = |marker, precision, height| {
            let bytes = file(&[segment(marker, &[precision, 0, height, 0, 4, 1])]);
            let refused = Segments::new(&bytes).frame.unwrap().check_kind();
            refused.err().map_or(String::new(), |error| error.to_string())
        };
        let refused = |marker, precision| refused_at(marker, precision, 3);
        assert_eq!(refused(0xc0, 8), "");
        assert!(refused(0xf7, 8).contains("JPEG-LS"));
        assert!(refused_at(0xc0, 8, 0).contains("height"));
        assert_eq!(refused(0xc2, 8), "");
        assert!(refused(0xc9, 8).contains("arithmetic"));
        assert!(refused(0xca, 8).contains("arithmetic"));
        assert!(refused(0xc3, 8).contains("lossless"));
        assert!(refused(0xc5, 8).contains("hierarchical"));
        assert!(refused(0xc1, 12).contains("12 bits"));
        for marker in (0xc5..=0xcf).filter(|m| !matches!(m, 0xc8 | 0xcc)) {
            assert!(!refused(marker, 8).contains("damaged"), "{marker:x}");
        }
    }
}
