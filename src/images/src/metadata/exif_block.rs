//! An EXIF block: its tags as texts and numbers, whatever types their writers gave them.

use seer_types::CameraSettings;

use super::comment;
use super::directory::{Directories, Entry, Kind, Place, Tag};
use super::text::{self, Order};

const ORIENTATION: Tag = Tag(Place::Main, 0x0112);
const EXPOSURE_TIME: Tag = Tag(Place::Camera, 0x829a);
const F_NUMBER: Tag = Tag(Place::Camera, 0x829d);
/// ISO speed in 16 bits, and the newer ones.
const SENSITIVITY: Tag = Tag(Place::Camera, 0x8827);
const NEWER_SENSITIVITIES: [Tag; 3] =
    [Tag(Place::Camera, 0x8833), Tag(Place::Camera, 0x8832), Tag(Place::Camera, 0x8831)];
const SHUTTER_SPEED: Tag = Tag(Place::Camera, 0x9201);
const APERTURE: Tag = Tag(Place::Camera, 0x9202);
const FOCAL_LENGTH: Tag = Tag(Place::Camera, 0x920a);

/// Values of a tag that are looked at as numbers: a position has three.
const MOST_NUMBERS: usize = 16;

/// Bytes of a text that are looked at; far fewer are kept.
const LONGEST_TEXT: usize = 64 << 10;

/// A parsed block.
pub(super) struct ExifBlock<'a> {
    directories: Directories<'a>,
}

impl<'a> ExifBlock<'a> {
    /// Parses as much as can be parsed; `None` when that is nothing.
    pub(super) fn parse(block: &'a [u8]) -> Option<Self> {
        let block = block.strip_prefix(b"Exif\0\0").unwrap_or(block);
        Some(Self { directories: Directories::parse(block)? })
    }

    /// Text, cleaned; `None` when blank.
    pub(super) fn text(&self, tag: Tag) -> Option<String> {
        self.find_map(tag, |bytes| bytes.split(|byte| *byte == 0).find_map(text::from_bytes))
    }

    /// Text in 16 bits a character, lowest byte first, as Windows writes it.
    pub(super) fn wide_text(&self, tag: Tag) -> Option<String> {
        self.find_map(tag, |bytes| {
            let end = bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
            match bytes[..end].contains(&0) || std::str::from_utf8(bytes).is_err() {
                true => text::clean(&text::utf16(bytes, Order::Little)),
                // Two characters of ASCII in one of these would be unheard of.
                false => text::from_bytes(&bytes[..end]),
            }
        })
    }

    /// Text behind the name of its encoding.
    pub(super) fn comment(&self, tag: Tag) -> Option<String> {
        let order = if self.directories.is_little() { Order::Little } else { Order::Big };
        self.find_map(tag, |bytes| comment::read(bytes, order))
    }

    /// What the first bytes of a tag, where it belongs or elsewhere, are read as.
    fn find_map(&self, tag: Tag, read: impl Fn(&'a [u8]) -> Option<String>) -> Option<String> {
        let entries = self.directories.anywhere(tag);
        entries.map(|entry| &entry.bytes[..entry.bytes.len().min(LONGEST_TEXT)]).find_map(read)
    }

    /// Raw bytes of a tag that holds another format.
    ///
    /// Some writers declare IPTC as 32-bit numbers; its bytes are the same.
    pub(super) fn bytes(&self, tag: Tag) -> Option<&'a [u8]> {
        self.directories.find(tag).map(|entry| entry.bytes)
    }

    /// The values as numbers; a fraction with denominator zero makes the whole tag unusable.
    pub(super) fn numbers(&self, tag: Tag) -> Option<Vec<f64>> {
        self.directories.anywhere(tag).find_map(|entry| self.numbers_of(&entry))
    }

    fn numbers_of(&self, entry: &Entry) -> Option<Vec<f64>> {
        if entry.kind == Kind::Ascii {
            return written_numbers(entry.bytes);
        }
        let values = entry.bytes.chunks_exact(entry.kind.size()).take(MOST_NUMBERS);
        values.map(|value| self.number_of(entry.kind, value)).collect()
    }

    /// One value; `None` for a kind that is no number.
    fn number_of(&self, kind: Kind, value: &[u8]) -> Option<f64> {
        let of = &self.directories;
        let ratio = |n: f64, d: f64| (d != 0.0).then_some(n / d);
        let halves =
            || value.as_chunks::<4>().0.first_chunk::<2>().map(|both| both.map(|v| of.u32(v)));
        match kind {
            Kind::Rational => halves().and_then(|[n, d]| ratio(n.into(), d.into())),
            Kind::SignedRational => {
                halves().and_then(|[n, d]| ratio((n as i32).into(), (d as i32).into()))
            }
            Kind::Byte | Kind::Undefined => value.first().map(|v| f64::from(*v)),
            Kind::SignedByte => value.first().map(|v| f64::from(*v as i8)),
            Kind::Short => value.first_chunk().map(|v| f64::from(of.u16(*v))),
            Kind::SignedShort => value.first_chunk().map(|v| f64::from(of.u16(*v) as i16)),
            Kind::Long => value.first_chunk().map(|v| f64::from(of.u32(*v))),
            Kind::SignedLong => value.first_chunk().map(|v| f64::from(of.u32(*v) as i32)),
            Kind::Long8 => value.first_chunk().map(|v| of.u64(*v) as f64),
            Kind::SignedLong8 => value.first_chunk().map(|v| of.u64(*v) as i64 as f64),
            Kind::Float => value.first_chunk().map(|v| f64::from(f32::from_bits(of.u32(*v)))),
            Kind::Double => value.first_chunk().map(|v| f64::from_bits(of.u64(*v))),
            Kind::Ascii => None,
        }
    }

    /// The first value, when it is finite.
    pub(super) fn number(&self, tag: Tag) -> Option<f64> {
        self.numbers(tag)?.first().copied().filter(|value| value.is_finite())
    }

    /// EXIF orientation; 1 when missing or not from 1 to 8. That of a preview is not the
    /// picture's.
    pub(super) fn orientation(&self) -> u16 {
        let places = [ORIENTATION, Tag(Place::Camera, ORIENTATION.1)];
        let entries = places.into_iter().filter_map(|tag| self.directories.find(tag));
        let first = entries.filter_map(|entry| self.numbers_of(&entry)?.first().copied()).next();
        match first {
            Some(value) if (1.0..=8.0).contains(&value) => value as u16,
            _ => 1,
        }
    }

    /// Exposure; zero and negative values mean that the camera did not know.
    pub(super) fn settings(&self) -> CameraSettings {
        let positive = |tag| self.number(tag).filter(|value| *value > 0.0);
        // APEX values: time is 2^-Tv seconds, the f-number is sqrt(2)^Av (EXIF 2.32, annex C).
        let apex = |tag| self.number(tag).filter(|value| value.abs() <= 64.0);
        let time = positive(EXPOSURE_TIME).or_else(|| apex(SHUTTER_SPEED).map(|tv| (-tv).exp2()));
        let f_number = positive(F_NUMBER).or_else(|| apex(APERTURE).map(|av| (av / 2.0).exp2()));
        CameraSettings {
            exposure_seconds: time.filter(|seconds| *seconds <= 86_400.0),
            f_number: f_number.filter(|f| *f <= 1000.0),
            iso: self.iso(),
            focal_mm: positive(FOCAL_LENGTH).filter(|mm| *mm <= 100_000.0),
        }
    }

    /// ISO speed; 65535 in the old 16-bit tag points to the newer ones.
    fn iso(&self) -> Option<u32> {
        let usable = |value: &f64| (1.0..=100_000_000.0).contains(value);
        let old = self.number(SENSITIVITY).filter(usable);
        let newer =
            || NEWER_SENSITIVITIES.into_iter().find_map(|tag| self.number(tag).filter(usable));
        let iso = if old == Some(65_535.0) { newer().or(old) } else { old.or_else(newer) };
        iso.map(|value| value as u32)
    }
}

/// Numbers as digits, with anything between them: "36.4483", "36 26 54".
fn written_numbers(bytes: &[u8]) -> Option<Vec<f64>> {
    let text = text::from_bytes(bytes)?;
    let pieces = text.split(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '-')));
    let pieces = pieces.filter(|piece| !piece.is_empty()).take(MOST_NUMBERS);
    let numbers: Option<Vec<f64>> = pieces.map(|piece| piece.parse().ok()).collect();
    numbers.filter(|numbers| !numbers.is_empty())
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// One entry of a directory: tag, type, count and the value's bytes.
    pub(crate) type Entry = (u16, u16, u32, Vec<u8>);

    pub(crate) fn ascii(tag: u16, text: &str) -> Entry {
        let bytes = [text.as_bytes(), b"\0"].concat();
        (tag, 2, bytes.len() as u32, bytes)
    }

    pub(crate) fn short(tag: u16, value: u16) -> Entry {
        (tag, 3, 1, value.to_be_bytes().to_vec())
    }

    pub(crate) fn rational(tag: u16, parts: &[(u32, u32)]) -> Entry {
        let bytes = parts.iter().flat_map(|(n, d)| [n.to_be_bytes(), d.to_be_bytes()].concat());
        (tag, 5, parts.len() as u32, bytes.collect())
    }

    /// A big-endian directory at `offset`, its long values behind it.
    fn directory(offset: usize, entries: &[Entry]) -> Vec<u8> {
        let mut head = (entries.len() as u16).to_be_bytes().to_vec();
        let mut heap: Vec<u8> = Vec::new();
        let heap_at = offset + 2 + entries.len() * 12 + 4;
        for (tag, kind, count, bytes) in entries {
            head.extend([tag.to_be_bytes(), kind.to_be_bytes()].concat());
            head.extend(count.to_be_bytes());
            if bytes.len() <= 4 {
                let mut inline = bytes.clone();
                inline.resize(4, 0);
                head.extend(inline);
            } else {
                head.extend(((heap_at + heap.len()) as u32).to_be_bytes());
                heap.extend(bytes);
            }
        }
        head.extend([0; 4]);
        head.extend(heap);
        head
    }

    /// An EXIF block of main, EXIF (0x8769) and GPS (0x8825) directories.
    pub(crate) fn block(main: &[Entry], camera: &[Entry], gps: &[Entry]) -> Vec<u8> {
        let pointer = |tag, at: usize| (tag, 4u16, 1u32, (at as u32).to_be_bytes().to_vec());
        let with_pointers = |camera_at, gps_at| {
            let mut all = main.to_vec();
            all.extend([pointer(0x8769, camera_at), pointer(0x8825, gps_at)]);
            directory(8, &all)
        };
        let camera_at = 8 + with_pointers(0, 0).len();
        let camera = directory(camera_at, camera);
        let gps_at = camera_at + camera.len();
        let main = with_pointers(camera_at, gps_at);
        [b"MM\0*\0\0\0\x08".to_vec(), main, camera, directory(gps_at, gps)].concat()
    }

    pub(crate) fn parse(main: &[Entry], camera: &[Entry], gps: &[Entry]) -> ExifBlock<'static> {
        ExifBlock::parse(block(main, camera, gps).leak()).unwrap()
    }

    #[test]
    fn types_do_not_matter_where_the_bytes_make_sense() {
        let text = b"2019:07:14 16:20:05\0".to_vec();
        for kind in [1, 2, 6, 7, 129] {
            let exif = parse(&[], &[(0x9003, kind, 20, text.clone())], &[]);
            let found = exif.text(Tag(Place::Camera, 0x9003));
            assert_eq!(found.as_deref(), Some("2019:07:14 16:20:05"), "{kind}");
        }
        for (kind, bytes) in
            [(1, vec![6]), (3, vec![0, 6]), (4, vec![0, 0, 0, 6]), (2, b"6".to_vec())]
        {
            let count = if kind == 2 { bytes.len() as u32 } else { 1 };
            assert_eq!(parse(&[(0x0112, kind, count, bytes)], &[], &[]).orientation(), 6);
        }
    }

    #[test]
    fn a_tag_counts_wherever_it_stands() {
        let date = Tag(Place::Camera, 0x9003);
        let text = ascii(0x9003, "2019:07:14 16:20:05");
        let blank = ascii(0x9003, "  ");
        for exif in [
            parse(&[text.clone()], &[], &[]),
            parse(&[], &[text.clone()], &[]),
            parse(&[], &[], &[text.clone()]),
            parse(&[text.clone()], &[blank], &[]),
        ] {
            assert_eq!(exif.text(date).as_deref(), Some("2019:07:14 16:20:05"));
        }
        let both = parse(&[ascii(0x9003, "2000")], &[text], &[]);
        assert_eq!(both.text(date).as_deref(), Some("2019:07:14 16:20:05"));
    }

    #[test]
    fn texts_of_windows_are_wide() {
        let wide = |text: &str| -> Vec<u8> {
            text.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect()
        };
        for written in [wide("Küste"), wide("海岸"), "Küste".as_bytes().to_vec()] {
            let exif = parse(&[(0x9c9e, 1, written.len() as u32, written)], &[], &[]);
            let found = exif.wide_text(Tag(Place::Main, 0x9c9e)).unwrap();
            assert!(["Küste", "海岸"].contains(&found.as_str()), "{found}");
        }
    }

    #[test]
    fn exposure_is_read_and_zero_means_unknown() {
        let camera = [
            rational(0x829a, &[(1, 250)]),
            rational(0x829d, &[(28, 10)]),
            short(0x8827, 400),
            rational(0x920a, &[(50, 1)]),
        ];
        let settings = parse(&[], &camera, &[]).settings();
        assert_eq!(settings.exposure_seconds, Some(0.004));
        assert_eq!(settings.f_number, Some(2.8));
        assert_eq!(settings.iso, Some(400));
        assert_eq!(settings.focal_mm, Some(50.0));
        let broken = [rational(0x829a, &[(1, 0)]), rational(0x829d, &[(0, 1)]), short(0x8827, 0)];
        assert_eq!(parse(&[], &broken, &[]).settings(), CameraSettings::default());
    }

    #[test]
    fn apex_values_stand_in() {
        let camera = [rational(0x9201, &[(5, 1)]), rational(0x9202, &[(4, 1)])];
        let settings = parse(&[], &camera, &[]).settings();
        assert_eq!(settings.exposure_seconds, Some(1.0 / 32.0));
        assert_eq!(settings.f_number, Some(4.0));
    }

    #[test]
    fn orientation_is_from_1_to_8() {
        assert_eq!(parse(&[short(0x0112, 6)], &[], &[]).orientation(), 6);
        assert_eq!(parse(&[short(0x0112, 0)], &[], &[]).orientation(), 1);
        assert_eq!(parse(&[short(0x0112, 300)], &[], &[]).orientation(), 1);
        assert_eq!(parse(&[], &[], &[]).orientation(), 1);
    }

    #[test]
    fn a_cut_block_gives_what_is_left() {
        let whole = block(&[ascii(0x010f, "Canon Incorporated"), short(0x0112, 3)], &[], &[]);
        for length in 0..whole.len() {
            if let Some(exif) = ExifBlock::parse(&whole[..length]) {
                assert!(matches!(exif.orientation(), 1 | 3));
            }
        }
    }
}
