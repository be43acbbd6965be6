//! An EXIF block: the tags we use, each with what makes it unusable.

use seer_types::{CameraSettings, LocalTime};

use super::directory::{Directories, Kind, Place, Tag};
use super::{date, text};

/// XMP inside a TIFF file.
pub(super) const XMP: Tag = Tag(Place::Main, 700);
/// IPTC records inside a TIFF file.
pub(super) const IPTC: Tag = Tag(Place::Main, 33_723);
/// Photoshop image resources inside a TIFF file.
pub(super) const PHOTOSHOP: Tag = Tag(Place::Main, 34_377);
pub(super) const DESCRIPTION: Tag = Tag(Place::Main, 0x010e);
pub(super) const MAKE: Tag = Tag(Place::Main, 0x010f);
pub(super) const MODEL: Tag = Tag(Place::Main, 0x0110);
const ORIENTATION: Tag = Tag(Place::Main, 0x0112);
/// When the file was changed.
const DATE_TIME: Tag = Tag(Place::Main, 0x0132);
const EXPOSURE_TIME: Tag = Tag(Place::Camera, 0x829a);
const F_NUMBER: Tag = Tag(Place::Camera, 0x829d);
/// ISO speed in 16 bits, and the newer ones.
const SENSITIVITY: Tag = Tag(Place::Camera, 0x8827);
const NEWER_SENSITIVITIES: [Tag; 3] =
    [Tag(Place::Camera, 0x8833), Tag(Place::Camera, 0x8832), Tag(Place::Camera, 0x8831)];
/// When the picture was taken.
const ORIGINAL_TIME: Tag = Tag(Place::Camera, 0x9003);
const DIGITISED_TIME: Tag = Tag(Place::Camera, 0x9004);
const SHUTTER_SPEED: Tag = Tag(Place::Camera, 0x9201);
const APERTURE: Tag = Tag(Place::Camera, 0x9202);
const FOCAL_LENGTH: Tag = Tag(Place::Camera, 0x920a);
pub(super) const LENS: Tag = Tag(Place::Camera, 0xa434);
pub(super) const LATITUDE_SIDE: Tag = Tag(Place::Gps, 1);
pub(super) const LATITUDE: Tag = Tag(Place::Gps, 2);
pub(super) const LONGITUDE_SIDE: Tag = Tag(Place::Gps, 3);
pub(super) const LONGITUDE: Tag = Tag(Place::Gps, 4);

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
        let entry = self.directories.find(tag).filter(|entry| entry.kind == Kind::Ascii)?;
        let bytes = &entry.bytes[..entry.bytes.len().min(LONGEST_TEXT)];
        bytes.split(|byte| *byte == 0).find_map(text::from_bytes)
    }

    /// Raw bytes of a tag that holds another format.
    ///
    /// Some writers declare IPTC as 32-bit numbers; its bytes are the same.
    pub(super) fn bytes(&self, tag: Tag) -> Option<&'a [u8]> {
        let entry = self.directories.find(tag)?;
        matches!(entry.kind, Kind::Byte | Kind::Undefined | Kind::Long).then_some(entry.bytes)
    }

    /// The values as numbers; a fraction with denominator zero makes the whole tag unusable.
    pub(super) fn numbers(&self, tag: Tag) -> Option<Vec<f64>> {
        let entry = self.directories.find(tag)?;
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
            Kind::Byte => value.first().map(|v| f64::from(*v)),
            Kind::Short => value.first_chunk().map(|v| f64::from(of.u16(*v))),
            Kind::Long => value.first_chunk().map(|v| f64::from(of.u32(*v))),
            Kind::Float => value.first_chunk().map(|v| f64::from(f32::from_bits(of.u32(*v)))),
            Kind::Double => value.first_chunk().map(|v| f64::from_bits(of.u64(*v))),
            _ => None,
        }
    }

    /// The first value, when it is finite.
    fn number(&self, tag: Tag) -> Option<f64> {
        self.numbers(tag)?.first().copied().filter(|value| value.is_finite())
    }

    /// EXIF orientation; 1 when missing or not from 1 to 8.
    pub(super) fn orientation(&self) -> u16 {
        match self.number(ORIENTATION) {
            Some(value) if (1.0..=8.0).contains(&value) => value as u16,
            _ => 1,
        }
    }

    /// When the picture was taken, else digitised, else the file's own date.
    pub(super) fn taken(&self) -> Option<LocalTime> {
        [ORIGINAL_TIME, DIGITISED_TIME, DATE_TIME]
            .into_iter()
            .find_map(|tag| self.text(tag).and_then(|text| date::parse(&text)))
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
    fn the_date_of_taking_goes_before_the_others() {
        let main = [ascii(0x0132, "2020:01:01 00:00:00")];
        let both = [ascii(0x9003, "2018:05:06 07:08:09"), ascii(0x9004, "2019:01:01 00:00:00")];
        let taken = |camera: &[Entry]| parse(&main, camera, &[]).taken().map(|t| t.to_string());
        assert_eq!(taken(&both).as_deref(), Some("2018-05-06T07:08:09"));
        assert_eq!(taken(&both[1..]).as_deref(), Some("2019-01-01T00:00:00"));
        assert_eq!(taken(&[]).as_deref(), Some("2020-01-01T00:00:00"));
        let blank = [ascii(0x9003, "0000:00:00 00:00:00")];
        assert_eq!(taken(&blank).as_deref(), Some("2020-01-01T00:00:00"));
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
