//! The directories of a TIFF structure (TIFF 6.0, section 2; BigTIFF has wider numbers): an EXIF
//! block is one, and so is a whole TIFF file. Nothing is copied; at most 1,000 entries of a directory
//! are looked at, and five directories, so that the work is bound however they point at each other.

/// Entries looked at in one directory. Cameras write about a hundred.
const MOST_ENTRIES: usize = 1000;

/// Entries with a number that are looked at in places where they do not belong.
const MOST_ELSEWHERE: usize = 4;

/// Points to the directory with the camera's facts.
const EXIF_POINTER: u16 = 0x8769;
/// Points to the directory with the position.
const GPS_POINTER: u16 = 0x8825;

/// Points to the directory that tells how to read others' files.
const INTEROPERABILITY_POINTER: u16 = 0xa005;

/// In which directory a tag stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Place {
    /// That of the main picture.
    Main,
    /// That of the camera's facts.
    Camera,
    /// That of the position.
    Gps,
    /// The one behind the main one: of a preview, or of a file's second page.
    Second,
    /// That of the rules which the file keeps. Its tags have the numbers of others.
    Interoperability,
}

/// A tag by its place and number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Tag(pub(crate) Place, pub(crate) u16);

/// The type of an entry's values.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    Byte,
    Ascii,
    Short,
    Long,
    Rational,
    SignedByte,
    Undefined,
    SignedShort,
    SignedLong,
    SignedRational,
    Float,
    Double,
    /// 64 bits, in BigTIFF.
    Long8,
    SignedLong8,
}

impl Kind {
    fn new(number: u16) -> Option<Self> {
        Some(match number {
            1 => Self::Byte,
            // The second one is UTF-8 (EXIF 3.0).
            2 | 129 => Self::Ascii,
            3 => Self::Short,
            // Types of pointers are numbers by other names.
            4 | 13 => Self::Long,
            5 => Self::Rational,
            6 => Self::SignedByte,
            7 => Self::Undefined,
            8 => Self::SignedShort,
            9 => Self::SignedLong,
            10 => Self::SignedRational,
            11 => Self::Float,
            12 => Self::Double,
            16 | 18 => Self::Long8,
            17 => Self::SignedLong8,
            _ => return None,
        })
    }

    /// Bytes of one value.
    pub(crate) fn size(self) -> usize {
        match self {
            Self::Byte | Self::Ascii | Self::SignedByte | Self::Undefined => 1,
            Self::Short | Self::SignedShort => 2,
            Self::Long | Self::SignedLong | Self::Float => 4,
            Self::Rational
            | Self::SignedRational
            | Self::Double
            | Self::Long8
            | Self::SignedLong8 => 8,
        }
    }
}

/// One entry with all bytes of its values.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry<'a> {
    pub(crate) tag: Tag,
    pub(crate) kind: Kind,
    pub(crate) bytes: &'a [u8],
}

/// The entries of all directories that are read.
pub(crate) struct Directories<'a> {
    block: &'a [u8],
    is_little: bool,
    /// Whether positions and counts have 64 bits.
    is_big: bool,
    entries: Vec<Entry<'a>>,
}

impl<'a> Directories<'a> {
    /// Reads as much as can be read; `None` for what is no TIFF structure.
    pub(crate) fn parse(block: &'a [u8]) -> Option<Self> {
        let (is_little, is_big) = match block.first_chunk()? {
            b"II*\0" => (true, false),
            b"MM\0*" => (false, false),
            b"II+\0" => (true, true),
            b"MM\0+" => (false, true),
            _ => return None,
        };
        let mut all = Self { block, is_little, is_big, entries: Vec::new() };
        let main = all.position_at(if is_big { 8 } else { 4 })?;
        let second = all.read(Place::Main, main);
        if let Some(second) = second.filter(|at| *at != main) {
            all.read(Place::Second, second);
        }
        for (pointer, place) in [(EXIF_POINTER, Place::Camera), (GPS_POINTER, Place::Gps)] {
            all.follow(Tag(Place::Main, pointer), place);
        }
        let pointer = Tag(Place::Camera, INTEROPERABILITY_POINTER);
        all.follow(pointer, Place::Interoperability);
        Some(all)
    }

    /// Reads the directory that a tag points to.
    fn follow(&mut self, pointer: Tag, place: Place) {
        let at = self.anywhere(pointer).find_map(|entry| self.first(&entry));
        if let Some(at) = at.and_then(|at| usize::try_from(at).ok()) {
            self.read(place, at);
        }
    }

    /// Whether numbers begin with their lowest byte.
    pub(crate) fn is_little(&self) -> bool {
        self.is_little
    }

    /// The entries with this number: the last one where it belongs, then some of those in other
    /// places.
    pub(crate) fn anywhere(&self, tag: Tag) -> impl Iterator<Item = Entry<'a>> {
        let elsewhere = self.entries.iter().filter(move |entry| {
            entry.tag.1 == tag.1 && entry.tag.0 != tag.0 && entry.tag.0 != Place::Interoperability
        });
        self.find(tag).into_iter().chain(elsewhere.take(MOST_ELSEWHERE).copied())
    }

    /// The last entry with this tag.
    pub(crate) fn find(&self, tag: Tag) -> Option<Entry<'a>> {
        self.entries.iter().rev().find(|entry| entry.tag == tag).copied()
    }

    /// The first value of a tag of whole numbers.
    #[cfg(test)]
    pub(crate) fn unsigned(&self, tag: Tag) -> Option<u64> {
        self.first(&self.find(tag)?)
    }

    /// An entry's first value where its type is one of whole numbers and it is none below zero.
    fn first(&self, entry: &Entry) -> Option<u64> {
        let bytes = entry.bytes;
        match entry.kind {
            Kind::Byte => bytes.first().map(|byte| u64::from(*byte)),
            Kind::SignedByte => bytes.first().and_then(|byte| u64::try_from(*byte as i8).ok()),
            Kind::Short => bytes.first_chunk().map(|bytes| u64::from(self.u16(*bytes))),
            Kind::SignedShort => {
                bytes.first_chunk().and_then(|bytes| u64::try_from(self.u16(*bytes) as i16).ok())
            }
            Kind::Long => bytes.first_chunk().map(|bytes| u64::from(self.u32(*bytes))),
            Kind::SignedLong => {
                bytes.first_chunk().and_then(|bytes| u64::try_from(self.u32(*bytes) as i32).ok())
            }
            Kind::Long8 => bytes.first_chunk().map(|bytes| self.u64(*bytes)),
            Kind::SignedLong8 => {
                bytes.first_chunk().and_then(|bytes| u64::try_from(self.u64(*bytes) as i64).ok())
            }
            _ => None,
        }
    }

    pub(crate) fn u16(&self, bytes: [u8; 2]) -> u16 {
        if self.is_little { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) }
    }

    pub(crate) fn u32(&self, bytes: [u8; 4]) -> u32 {
        if self.is_little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) }
    }

    pub(crate) fn u64(&self, bytes: [u8; 8]) -> u64 {
        if self.is_little { u64::from_le_bytes(bytes) } else { u64::from_be_bytes(bytes) }
    }

    /// Reads the directory at a position, and gives the position that it names as the next one's.
    fn read(&mut self, place: Place, at: usize) -> Option<usize> {
        let (count, entries, size) = match self.is_big {
            true => (self.u64_at(at).and_then(|n| usize::try_from(n).ok()), 8, 20),
            false => (self.u16_at(at).map(usize::from), 2, 12),
        };
        let rest = at.checked_add(entries).and_then(|begin| self.block.get(begin..));
        let whole = rest.map_or(0, |rest| rest.len() / size);
        for i in 0..count.unwrap_or(0).min(MOST_ENTRIES).min(whole) {
            self.entries.extend(self.entry(place, at + entries + i * size));
        }
        let length = count?.checked_mul(size)?.checked_add(entries)?;
        self.position_at(at.checked_add(length)?).filter(|next| *next != 0)
    }

    /// Tag, type, count, and the values themselves or where they lie. `None` where that is outside
    /// of the block.
    fn entry(&self, place: Place, at: usize) -> Option<Entry<'a>> {
        let tag = Tag(place, self.u16_at(at)?);
        let kind = Kind::new(self.u16_at(at + 2)?)?;
        let length = self.position_at(at + 4)?.checked_mul(kind.size())?;
        // The value field is as wide as a position.
        let (value, width) = if self.is_big { (at + 12, 8) } else { (at + 8, 4) };
        let begin = if length <= width { value } else { self.position_at(value)? };
        let bytes = self.block.get(begin..begin.checked_add(length)?)?;
        Some(Entry { tag, kind, bytes })
    }

    /// A position or a count.
    fn position_at(&self, at: usize) -> Option<usize> {
        match self.is_big {
            true => self.u64_at(at).and_then(|value| usize::try_from(value).ok()),
            false => self.u32_at(at).map(|value| value as usize),
        }
    }

    fn u16_at(&self, at: usize) -> Option<u16> {
        self.block.get(at..)?.first_chunk().map(|bytes| self.u16(*bytes))
    }

    fn u32_at(&self, at: usize) -> Option<u32> {
        self.block.get(at..)?.first_chunk().map(|bytes| self.u32(*bytes))
    }

    fn u64_at(&self, at: usize) -> Option<u64> {
        self.block.get(at..)?.first_chunk().map(|bytes| self.u64(*bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn directory(entries: &[[u8; 12]]) -> Vec<u8> {
        let count = (entries.len() as u16).to_be_bytes();
        [&count[..], &entries.concat(), &[0; 4]].concat()
    }

    /// A number of 32 bits.
    fn long(tag: u16, value: u32) -> [u8; 12] {
        let ([t1, t2], [a, b, c, d]) = (tag.to_be_bytes(), value.to_be_bytes());
        [t1, t2, 0, 4, 0, 0, 0, 1, a, b, c, d]
    }

    #[test]
    fn directories_that_point_at_themselves_are_read_once() {
        let loops: Vec<_> = (0..5000).map(|_| long(EXIF_POINTER, 8)).collect();
        let block = [b"MM\0*\0\0\0\x08".to_vec(), directory(&loops)].concat();
        let all = Directories::parse(&block).unwrap();
        assert_eq!(all.entries.len(), 2 * MOST_ENTRIES);
    }

    #[test]
    fn pointers_may_have_any_type_of_whole_numbers() {
        let camera_at = 8 + 2 + 12 + 4;
        for kind in [4, 9, 13] {
            let mut pointer = long(EXIF_POINTER, camera_at);
            pointer[3] = kind;
            let parts = [b"MM\0*\0\0\0\x08".to_vec(), directory(&[pointer])];
            let block = [&parts.concat()[..], &directory(&[long(0x9999, 7)])].concat();
            let all = Directories::parse(&block).unwrap();
            assert_eq!(all.unsigned(Tag(Place::Camera, 0x9999)), Some(7), "{kind}");
            let found: Vec<_> = all.anywhere(Tag(Place::Main, 0x9999)).collect();
            assert_eq!(found.len(), 1);
        }
    }

    #[test]
    fn a_second_directory_is_read_and_no_third() {
        let next = |at: u8, tag: u16| {
            let mut one = directory(&[long(tag, 7)]);
            *one.last_mut().unwrap() = at;
            one
        };
        let block = [b"MM\0*\0\0\0\x08".to_vec(), next(26, 1), next(44, 2), next(8, 3)].concat();
        let all = Directories::parse(&block).unwrap();
        assert_eq!(all.unsigned(Tag(Place::Second, 2)), Some(7));
        assert_eq!(all.entries.len(), 2);
    }

    #[test]
    fn wide_numbers_are_read() {
        let entry = [&[0, 1, 0, 16, 0, 0, 0, 0, 0, 0, 0, 1][..], &7u64.to_be_bytes()].concat();
        let head = [&b"MM\0+\0\x08\0\0"[..], &16u64.to_be_bytes(), &1u64.to_be_bytes()].concat();
        let block = [head, entry].concat();
        let all = Directories::parse(&block).unwrap();
        assert_eq!(all.unsigned(Tag(Place::Main, 1)), Some(7));
    }

    #[test]
    fn values_outside_of_the_block_are_left_out() {
        let far = [1, 0, 0, 4, 0, 0, 0, 9, 0xff, 0xff, 0xff, 0xff];
        let huge = [1, 0, 0, 5, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0];
        let block = [b"MM\0*\0\0\0\x08".to_vec(), directory(&[far, huge, long(256, 7)])].concat();
        let all = Directories::parse(&block).unwrap();
        assert_eq!(all.entries.len(), 1);
        assert_eq!(all.unsigned(Tag(Place::Main, 256)), Some(7));
        for length in 0..block.len() {
            Directories::parse(&block[..length]);
        }
        assert!(Directories::parse(b"MM\0*\xff\xff\xff\xff").is_some_and(|d| d.entries.is_empty()));
    }
}
