//! What a library knows about one photo.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{LibraryPath, PhotoId, RowId};

/// One photo: its content, where that content lies, and what the file says about itself.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct PhotoRecord {
    /// BLAKE3 of the content.
    pub id: PhotoId,
    /// Its number in this library's indexes.
    pub row: RowId,
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
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FileStamp {
    /// Length in bytes.
    pub size: u64,
    /// Modification time, Unix nanoseconds.
    pub modified_ns: i64,
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
    /// What a classifier takes it to show, surest first, each in one or more words with commas
    /// between them ("laptop, laptop computer"). Empty where none has looked.
    pub classes: Vec<String>,
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

fn civil_from_days(days: i64) -> (i32, u32, u32) {
    let mut year = (1970 + days.div_euclid(366)) as i32;
    while days_from_civil(year + 1, 1, 1) <= days {
        year += 1;
    }
    let mut rest = (days - days_from_civil(year, 1, 1)) as u32;
    let mut month = 1;
    while rest >= days_in_month(year, month) {
        rest -= days_in_month(year, month);
        month += 1;
    }
    (year, month, rest + 1)
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
