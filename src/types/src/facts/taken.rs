//! When a photo was taken, how exactly that is known, and what says so.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::LocalTime;

/// When a photo was taken: a second, or the day, month or year in which that second lies.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Taken {
    /// Where it begins: `1993-07-01T00:00:00` for July 1993.
    pub start: LocalTime,
    /// How much is known.
    pub precision: Precision,
    /// What says so.
    pub source: DateSource,
}

/// How exactly a time is known.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Precision {
    /// No more than the year.
    Year,
    /// Year and month.
    Month,
    /// The day, not the time of day.
    Day,
    /// The time of day.
    Second,
}

/// What says when a photo was taken, the most trusted first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateSource {
    /// EXIF DateTimeOriginal.
    ExifOriginal,
    /// XMP exif:DateTimeOriginal.
    XmpOriginal,
    /// XMP photoshop:DateCreated.
    PhotoshopCreated,
    /// IPTC Date Created (2:55) and Time Created (2:60).
    IptcCreated,
    /// EXIF DateTimeDigitized.
    ExifDigitized,
    /// XMP xmp:CreateDate.
    XmpCreated,
    /// IPTC Digital Creation Date (2:62) and Time (2:63).
    IptcDigitized,
    /// The head of a video or of another container.
    Container,
    /// "Creation Time" of a PNG.
    PngCreation,
    /// The date of the satellites' time.
    Gps,
    /// A list that a photo service wrote beside the file.
    Service,
    /// The file's name.
    FileName,
    /// EXIF DateTime: when the file was last saved.
    ExifSaved,
    /// Not noted: libraries of earlier versions.
    Unknown,
}

impl Precision {
    /// All of them, the coarsest first.
    pub const ALL: [Self; 4] = [Self::Year, Self::Month, Self::Day, Self::Second];

    /// Its place in [`Self::ALL`], by which it is stored.
    pub fn number(self) -> u8 {
        self as u8
    }

    /// The inverse of [`Self::number`].
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.get(usize::from(number)).copied()
    }
}

impl DateSource {
    /// All of them, the most trusted first.
    pub const ALL: [Self; 14] = [
        Self::ExifOriginal,
        Self::XmpOriginal,
        Self::PhotoshopCreated,
        Self::IptcCreated,
        Self::ExifDigitized,
        Self::XmpCreated,
        Self::IptcDigitized,
        Self::Container,
        Self::PngCreation,
        Self::Gps,
        Self::Service,
        Self::FileName,
        Self::ExifSaved,
        Self::Unknown,
    ];

    /// For people: "EXIF original date".
    pub fn words(self) -> &'static str {
        match self {
            Self::ExifOriginal => "EXIF original date",
            Self::XmpOriginal => "XMP original date",
            Self::PhotoshopCreated => "XMP date created",
            Self::IptcCreated => "IPTC date created",
            Self::ExifDigitized => "EXIF date digitized",
            Self::XmpCreated => "XMP create date",
            Self::IptcDigitized => "IPTC date digitized",
            Self::Container => "date in the file's container",
            Self::PngCreation => "PNG creation time",
            Self::Gps => "GPS date",
            Self::Service => "list of a photo service",
            Self::FileName => "the file's name",
            Self::ExifSaved => "EXIF date of saving",
            Self::Unknown => "not noted",
        }
    }
}

/// What kind of date a source tells.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    /// When the picture was taken.
    Original,
    /// When it became a file.
    Digitized,
    /// Anything else.
    Other,
}

impl DateSource {
    /// Whether it says when the picture itself was taken, and not when something was made of it.
    pub fn is_original(self) -> bool {
        self.kind() == Kind::Original
    }

    fn kind(self) -> Kind {
        match self {
            Self::ExifOriginal | Self::XmpOriginal | Self::PhotoshopCreated | Self::IptcCreated => {
                Kind::Original
            }
            Self::ExifDigitized | Self::XmpCreated | Self::IptcDigitized => Kind::Digitized,
            _ => Kind::Other,
        }
    }
}

impl Taken {
    /// A second that is known.
    pub fn second(start: LocalTime, source: DateSource) -> Self {
        Self { start, precision: Precision::Second, source }
    }

    /// From what is known: a year, with a month, with a day. `None` when there is no such date.
    pub fn partial(
        year: i32,
        month: Option<u32>,
        day: Option<u32>,
        source: DateSource,
    ) -> Option<Self> {
        let precision = match (month, day) {
            (None, _) => Precision::Year,
            (Some(_), None) => Precision::Month,
            (Some(_), Some(_)) => Precision::Day,
        };
        let day = if month.is_some() { day } else { None };
        let start = LocalTime::from_civil(year, month.unwrap_or(1), day.unwrap_or(1), 0, 0, 0)?;
        Some(Self { start, precision, source })
    }

    /// The more trusted one of two dates. Where both are of the same kind and the less trusted one
    /// lies within what the other one leaves open, it is the same date, better known: that one.
    pub fn or_better(self, other: Self) -> Self {
        let (best, rest) = if other.source < self.source { (other, self) } else { (self, other) };
        let is_same_kind =
            best.source.kind() == rest.source.kind() && best.source.kind() != Kind::Other;
        if is_same_kind && best.holds(rest) { rest } else { best }
    }

    /// Whether the other date is within this one and known more exactly.
    pub fn holds(self, other: Self) -> bool {
        let is_inside = self.start <= other.start && other.start < self.end();
        is_inside && other.precision > self.precision
    }

    /// The first second after it.
    pub fn end(self) -> LocalTime {
        let (year, month, ..) = self.start.civil();
        let first_of = |year, month| LocalTime::from_civil(year, month, 1, 0, 0, 0);
        let next = match self.precision {
            Precision::Second => {
                Some(LocalTime::from_seconds(self.start.seconds().saturating_add(1)))
            }
            Precision::Day => {
                Some(LocalTime::from_seconds(self.start.seconds().saturating_add(86_400)))
            }
            Precision::Month if month < 12 => first_of(year, month + 1),
            Precision::Month | Precision::Year => first_of(year + 1, 1),
        };
        // After the last year that can be written there is no other one.
        next.unwrap_or(LocalTime::from_seconds(i64::MAX))
    }
}

impl From<LocalTime> for Taken {
    /// A second of which nobody noted what says so, as libraries of earlier versions have it.
    fn from(start: LocalTime) -> Self {
        Self::second(start, DateSource::Unknown)
    }
}

impl fmt::Display for Taken {
    /// As much as is known: `1993`, `1993-07`, `1993-07-14`, `1993-07-14T16:20:05`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.start.to_string();
        let known = match self.precision {
            Precision::Year => 4,
            Precision::Month => 7,
            Precision::Day => 10,
            Precision::Second => text.len(),
        };
        f.write_str(text.get(..known).unwrap_or(&text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_partial_date_spans_what_is_not_known() {
        let written = |year, month, day| {
            let taken = Taken::partial(year, month, day, DateSource::XmpCreated).unwrap();
            (taken.to_string(), taken.start.to_string(), taken.end().to_string())
        };
        let texts = |a: &str, b: &str, c: &str| (a.to_owned(), b.to_owned(), c.to_owned());
        assert_eq!(
            written(1993, None, None),
            texts("1993", "1993-01-01T00:00:00", "1994-01-01T00:00:00")
        );
        assert_eq!(
            written(1993, Some(12), None),
            texts("1993-12", "1993-12-01T00:00:00", "1994-01-01T00:00:00")
        );
        assert_eq!(
            written(2024, Some(2), Some(29)),
            texts("2024-02-29", "2024-02-29T00:00:00", "2024-03-01T00:00:00")
        );
        assert!(Taken::partial(2023, Some(2), Some(29), DateSource::Gps).is_none());
        let last = Taken::partial(9999, None, None, DateSource::Gps).unwrap();
        assert!(last.end() > last.start);
    }

    #[test]
    fn trust_goes_before_exactness_except_for_the_same_date() {
        let day = |source| Taken::partial(2019, Some(7), Some(14), source).unwrap();
        let second = |text: &str, source| Taken::second(text.parse().unwrap(), source);
        let rough = day(DateSource::PhotoshopCreated);
        let exact = second("2019-07-14T16:20:05", DateSource::IptcCreated);
        assert_eq!(rough.or_better(exact), exact);
        assert_eq!(exact.or_better(rough), exact);
        let next_day = second("2019-07-15T16:20:05", DateSource::IptcCreated);
        assert_eq!(rough.or_better(next_day), rough);
        let scan = second("2019-07-14T16:20:05", DateSource::ExifDigitized);
        assert_eq!(scan.or_better(rough), rough);
        let saved = second("2019-07-14T16:20:05", DateSource::ExifSaved);
        assert_eq!(day(DateSource::FileName).or_better(saved), day(DateSource::FileName));
    }

    #[test]
    fn sources_are_ordered_by_trust() {
        assert!(DateSource::ALL.is_sorted());
    }

    #[test]
    fn precisions_have_numbers() {
        for precision in Precision::ALL {
            assert_eq!(Precision::from_number(precision.number()), Some(precision));
        }
        assert_eq!(Precision::from_number(4), None);
    }
}
