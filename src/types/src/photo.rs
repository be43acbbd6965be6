//! What a library knows about one photo.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{LibraryPath, PhotoId, Signature};

/// One photo: its content, where that content lies, and what the file says about itself.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct PhotoRecord {
    /// BLAKE3 of the content.
    pub id: PhotoId,
    /// Every file with this content, sorted by path. Empty: all copies are gone; the photo is
    /// no result any more, but its embedding is kept in case a copy comes back.
    pub files: Vec<PhotoFile>,
    /// File length in bytes.
    pub size: u64,
    /// What was read from the file.
    pub facts: PhotoFacts,
    /// When the library first saw it, Unix seconds.
    pub added: i64,
}

/// One place where a photo's content lies.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PhotoFile {
    /// Absolute path.
    pub path: LibraryPath,
    /// The indexed folder it was found under.
    pub root: LibraryPath,
    /// State of the file when it was read.
    pub stamp: FileStamp,
}

/// What tells a changed file from an unchanged one without reading it.
///
/// Anybody can set a file's modification time, so size and time alone do not tell other content
/// that was put in its place. The time of its last change and its number can only be set by the
/// system.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct FileStamp {
    /// Length in bytes.
    pub size: u64,
    /// Modification time, Unix nanoseconds; negative before 1970.
    pub modified_ns: i64,
    /// When content, name or rights last changed, Unix nanoseconds. `None` where the system does
    /// not say, and in what earlier versions wrote.
    pub changed_ns: Option<i64>,
    /// The file's number on its file system. `None` where numbers do not last, where the system
    /// has none, and in what earlier versions wrote.
    pub inode: Option<u64>,
}

impl FileStamp {
    /// Of a file of which no more is known.
    pub fn new(size: u64, modified_ns: i64) -> Self {
        Self { size, modified_ns, changed_ns: None, inode: None }
    }

    /// Whether nothing says that the file has changed. What one of the two does not know is no
    /// difference.
    pub fn agrees_with(&self, other: &Self) -> bool {
        fn agree<T: PartialEq>(a: Option<T>, b: Option<T>) -> bool {
            a.is_none() || b.is_none() || a == b
        }
        self.size == other.size
            && self.modified_ns == other.modified_ns
            && agree(self.changed_ns, other.changed_ns)
            && agree(self.inode, other.inode)
    }
}

/// Where a folder's files lie: a disk, a partition, a share.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Device {
    /// The system's number for it. May be another one after a restart.
    pub number: u64,
    /// The file system's own id; 0 where it has none. On most it stays the same for ever.
    pub file_system: u64,
}

impl Device {
    /// Whether both are the same one, as far as the system says: by the file systems' ids where
    /// both have one.
    pub fn is_same(&self, other: &Self) -> bool {
        match (self.file_system, other.file_system) {
            (0, _) | (_, 0) => self.number == other.number,
            (a, b) => a == b,
        }
    }
}

/// A folder whose files lie on a device of their own: an indexed folder, or below it a mount point
/// or a folder that a link leads to.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DevicePlace {
    /// The folder (or the link).
    pub path: LibraryPath,
    /// Where its files lie.
    pub device: Device,
    /// Whether a link leads to it.
    pub linked: bool,
}

/// What decoding and the embedded metadata (EXIF, XMP, IPTC) say, and what a classifier sees.
/// Unknown is `None`.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct PhotoFacts {
    /// Pixels across, after orientation is applied.
    pub width: u32,
    /// Pixels down, after orientation is applied.
    pub height: u32,
    /// Format by content, lower case: "jpeg", "png", "webp", …
    pub format: String,
    /// When the picture was taken, in the camera's local time.
    pub taken: Option<LocalTime>,
    /// "Canon".
    pub camera_make: Option<String>,
    /// "Canon EOS 5D".
    pub camera_model: Option<String>,
    /// "EF24-105mm f/4L IS USM".
    pub lens: Option<String>,
    /// Exposure.
    pub settings: CameraSettings,
    /// Where it was taken.
    pub position: Option<Coordinates>,
    /// Keywords from IPTC and XMP.
    pub tags: Vec<String>,
    /// Title, description or caption written into the file.
    pub caption: Option<String>,
    /// What a classifier takes it to show, the likeliest first. Empty where none has looked.
    pub classes: Vec<PhotoClass>,
    /// By which copies of the picture are told. `None` for flat pictures, and where none was made.
    pub signature: Option<Signature>,
}

/// A class that a classifier takes a photo to show.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct PhotoClass {
    /// Its names with commas between them: "laptop, laptop computer".
    pub names: String,
    /// How likely it is, 0 to 1; those of all of a classifier's classes sum up to 1.
    pub probability: f32,
}

impl PhotoClass {
    /// A class of this probability or a higher one is a tag of its photo: mostly one, mostly right.
    /// What older libraries noted without a probability has at least this one.
    pub const LIKELY: f32 = 0.2;

    /// Whether it is a tag of its photo.
    pub fn is_likely(&self) -> bool {
        self.probability >= Self::LIKELY
    }
}

/// Exposure as the camera recorded it.
#[derive(Clone, Copy, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct CameraSettings {
    /// Exposure time in seconds.
    pub exposure_seconds: Option<f64>,
    /// Aperture as f-number.
    pub f_number: Option<f64>,
    /// ISO speed.
    pub iso: Option<u32>,
    /// Focal length in millimetres (real, not 35 mm equivalent).
    pub focal_mm: Option<f64>,
}

/// A place on earth in degrees (WGS 84).
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Coordinates {
    /// -90 to 90, north positive.
    pub latitude: f64,
    /// -180 to 180, east positive.
    pub longitude: f64,
}

/// Wall-clock time without a zone, as cameras write it: seconds since 1970-01-01T00:00:00 of
/// that wall clock. Orders and compares like a date.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct LocalTime {
    seconds: i64,
}

impl LocalTime {
    /// From seconds since 1970 on the same wall clock.
    pub fn from_seconds(seconds: i64) -> Self {
        Self { seconds }
    }

    /// From calendar fields; `None` when there is no such date or time.
    pub fn from_civil(year: i32, month: u32, day: u32, h: u32, m: u32, s: u32) -> Option<Self> {
        if !(1..=9999).contains(&year) || h > 23 || m > 59 || s > 59 {
            return None;
        }
        if !(1..=12).contains(&month) || day < 1 || day > days_in_month(year, month) {
            return None;
        }
        let days = days_from_civil(year, month, day);
        Some(Self { seconds: days * 86_400 + i64::from(h * 3600 + m * 60 + s) })
    }

    /// Seconds since 1970 on the wall clock.
    pub fn seconds(self) -> i64 {
        self.seconds
    }

    /// (year, month, day, hour, minute, second).
    pub fn civil(self) -> (i32, u32, u32, u32, u32, u32) {
        let (year, month, day) = civil_from_days(self.seconds.div_euclid(86_400));
        let rest = self.seconds.rem_euclid(86_400) as u32;
        (year, month, day, rest / 3600, rest / 60 % 60, rest % 60)
    }
}

fn is_leap(year: i32) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_in_month(year: i32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if is_leap(year) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Days since 1970-01-01 in the proleptic Gregorian calendar.
fn days_from_civil(year: i32, month: u32, day: u32) -> i64 {
    let before = i64::from(year) - 1;
    let leap_days = before.div_euclid(4) - before.div_euclid(100) + before.div_euclid(400);
    let months: u32 = (1..month).map(|m| days_in_month(year, m)).sum();
    before * 365 + leap_days + i64::from(months + day) - 719_163
}

/// The inverse of [`days_from_civil`] for every number of days; years beyond `i32` end there.
///
/// Years are counted from March on, so that a leap day is a year's last, in eras of 400 years.
fn civil_from_days(days: i64) -> (i32, u32, u32) {
    const ERA: i64 = 146_097;
    let since_march_0 = days.saturating_add(719_468);
    let (era, day) = (since_march_0.div_euclid(ERA), since_march_0.rem_euclid(ERA));
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day_of_year = day - (365 * year + year / 4 - year / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day_of_month = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = (month_from_march + 2) % 12 + 1;
    let year = year + era * 400 + i64::from(month <= 2);
    let year = i32::try_from(year).unwrap_or(if year < 0 { i32::MIN } else { i32::MAX });
    (year, month as u32, day_of_month as u32)
}

impl fmt::Display for LocalTime {
    /// `2019-07-14T16:20:00`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (y, mo, d, h, mi, s) = self.civil();
        write!(f, "{y:04}-{mo:02}-{d:02}T{h:02}:{mi:02}:{s:02}")
    }
}

impl FromStr for LocalTime {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let error = || format!("\"{text}\" is not a time like 2019-07-14T16:20:00");
        let (date, time) = text.split_once(['T', ' ']).ok_or_else(error)?;
        let fields = |part: &str, by: char| -> Option<[u32; 3]> {
            let numbers: Vec<u32> =
                part.split(by).map(|n| n.parse().ok()).collect::<Option<_>>()?;
            numbers.try_into().ok()
        };
        let [y, mo, d] = fields(date, '-').ok_or_else(error)?;
        let [h, mi, s] = fields(time, ':').ok_or_else(error)?;
        Self::from_civil(i32::try_from(y).unwrap_or(0), mo, d, h, mi, s).ok_or_else(error)
    }
}

impl Serialize for LocalTime {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.serialize_str(&self.to_string())
        } else {
            serializer.serialize_i64(self.seconds)
        }
    }
}

impl<'de> Deserialize<'de> for LocalTime {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
        } else {
            i64::deserialize(deserializer).map(Self::from_seconds)
        }
    }
}

/// A file that could not be indexed.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Failure {
    /// The file.
    pub path: LibraryPath,
    /// The indexed folder it was found under.
    pub root: LibraryPath,
    /// Its state then: it is tried again when this changes.
    pub stamp: FileStamp,
    /// What kind of trouble.
    pub kind: FailureKind,
    /// In words, one line, without the path.
    pub reason: String,
    /// When, Unix seconds.
    pub at: i64,
    /// Version of the set of decoders that could not read it: a later one tries it again. 0 where
    /// it was not noted.
    pub decoders: u32,
}

/// Why a file could not be indexed, for programs.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureKind {
    /// The operating system did not let us read it.
    Unreadable,
    /// Not a format seer decodes.
    Unsupported,
    /// Damaged, truncated or invalid.
    Damaged,
    /// Above the limit on pixels, bytes or time.
    TooLarge,
    /// Decoded, but the model could not encode it.
    Encoding,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_has_a_date_and_back() {
        let days = (-800_000..3_000_000).step_by(13).chain([i64::MIN, -719_162, -1, 0, i64::MAX]);
        for days in days {
            let (year, month, day) = civil_from_days(days);
            assert!((1..=12).contains(&month) && (1..=31).contains(&day), "{days}");
            if (1..=9999).contains(&year) {
                assert_eq!(days_from_civil(year, month, day), days, "{year}-{month}-{day}");
            }
        }
        let old = LocalTime::from_civil(1, 1, 1, 0, 0, 0).unwrap();
        assert_eq!(old.to_string(), "0001-01-01T00:00:00");
        let photo = LocalTime::from_civil(1839, 8, 19, 12, 0, 1).unwrap();
        assert_eq!(photo.to_string(), "1839-08-19T12:00:01");
    }

    #[test]
    fn times_survive_a_round_trip() {
        for text in [
            "1970-01-01T00:00:00",
            "2000-02-29T23:59:59",
            "2026-11-21T08:43:00",
            "1839-08-19T12:00:00",
            "1969-12-31T23:59:59",
        ] {
            let time: LocalTime = text.parse().unwrap();
            assert_eq!(time.to_string(), text);
        }
        assert_eq!("1970-01-02T00:00:01".parse::<LocalTime>().unwrap().seconds(), 86_401);
        assert_eq!("2000-03-01T00:00:00".parse::<LocalTime>().unwrap().seconds(), 951_868_800);
    }

    #[test]
    fn impossible_times_are_refused() {
        for text in [
            "2019-02-29T00:00:00",
            "2019-13-01T00:00:00",
            "0000-00-00T00:00:00",
            "2019-01-01T24:00:00",
            "hello",
        ] {
            assert!(text.parse::<LocalTime>().is_err(), "{text}");
        }
    }
}
