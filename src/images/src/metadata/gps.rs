//! Where a picture was taken.

use seer_types::Coordinates;

use super::directory::{Place, Tag};
use super::exif_block::ExifBlock;

const LATITUDE_SIDE: Tag = Tag(Place::Gps, 1);
const LATITUDE: Tag = Tag(Place::Gps, 2);
const LONGITUDE_SIDE: Tag = Tag(Place::Gps, 3);
const LONGITUDE: Tag = Tag(Place::Gps, 4);

/// Numbers from here on are negative ones that were written into a type without signs.
const NEGATIVE: f64 = 2_147_483_648.0;

/// The position of an EXIF block in degrees. `None` as for [`place`].
pub(super) fn position(exif: &ExifBlock) -> Option<Coordinates> {
    let read = |tag, side| {
        let values = exif.numbers(tag)?;
        let side = exif.text(side).unwrap_or_default();
        Some(Angle { values, side, is_signed: false })
    };
    place(&read(LATITUDE, LATITUDE_SIDE)?, &read(LONGITUDE, LONGITUDE_SIDE)?)
}

/// Part of a position as it is written.
pub(super) struct Angle {
    /// Degrees, minutes and seconds; the latter two may be missing.
    pub(super) values: Vec<f64>,
    /// The hemisphere; blank where none is given.
    pub(super) side: String,
    /// Whether a number without a sign is known to be positive.
    is_signed: bool,
}

impl Angle {
    /// An angle that is written as text: "36,26.9N", "36,26,54N", "-36.4483", "36° 26' 54\" N".
    pub(super) fn written(text: &str) -> Option<Self> {
        let is_number = |c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | '+');
        let numbers = text.split(|c| !is_number(c)).filter(|piece| !piece.is_empty());
        let values: Option<Vec<f64>> = numbers.take(4).map(|piece| piece.parse().ok()).collect();
        let side = text.chars().filter(|c| c.is_alphabetic()).collect();
        let values = values?;
        let side: String = side;
        let is_signed = side.is_empty() && values.len() == 1;
        Some(Self { values, side, is_signed })
    }

    /// Signed degrees. The numbers give the size; the sign is that of the hemisphere and, where
    /// that is not given, the number's own, which has to be there then.
    fn degrees(&self, positive: char, negative: char, limit: f64, is_signed: bool) -> Option<f64> {
        if self.values.is_empty() || self.values.len() > 3 {
            return None;
        }
        let signed = |value: &f64| if *value >= NEGATIVE { value - 2.0 * NEGATIVE } else { *value };
        let values: Vec<f64> = self.values.iter().map(signed).collect();
        let sizes = values.iter().zip([1.0, 60.0, 3600.0]).map(|(value, unit)| value.abs() / unit);
        let degrees: f64 = sizes.sum();
        let is_negative = values.iter().any(|value| value.is_sign_negative() && *value != 0.0);
        let sign = match self.side.trim().chars().next().map(|side| side.to_ascii_uppercase()) {
            Some(side) if side == positive => 1.0,
            Some(side) if side == negative => -1.0,
            None if is_negative => -1.0,
            None if is_signed => 1.0,
            _ => return None,
        };
        (degrees <= limit).then_some(sign * degrees)
    }

    /// Whether the number itself says on which side it is.
    fn has_sign(&self) -> bool {
        self.is_signed
            || self.side.trim().is_empty()
                && self.values.iter().any(|value| *value < 0.0 || *value >= NEGATIVE)
    }
}

/// A position in degrees. `None` when a part is missing, is no number or out of range, when its
/// hemisphere is neither given nor told by signs, and for exactly 0, 0, which is what receivers
/// without a fix write.
pub(super) fn place(latitude: &Angle, longitude: &Angle) -> Option<Coordinates> {
    // Where one of the two is negative by itself, the other one is positive by itself.
    let is_signed = latitude.has_sign() || longitude.has_sign();
    at(latitude.degrees('N', 'S', 90.0, is_signed)?, longitude.degrees('E', 'W', 180.0, is_signed)?)
}

/// A position in degrees; `None` out of range and for exactly 0, 0.
pub(crate) fn at(latitude: f64, longitude: f64) -> Option<Coordinates> {
    let is_inside = latitude.abs() <= 90.0 && longitude.abs() <= 180.0;
    let is_somewhere = latitude != 0.0 || longitude != 0.0;
    (is_inside && is_somewhere).then_some(Coordinates { latitude, longitude })
}

#[cfg(test)]
mod tests {
    use super::super::exif_block::tests::{Entry, ascii, parse, rational};
    use super::*;

    fn read(
        latitude: &[(u32, u32)],
        north: &str,
        longitude: &[(u32, u32)],
        east: &str,
    ) -> Option<Coordinates> {
        let gps: [Entry; 4] =
            [ascii(1, north), rational(2, latitude), ascii(3, east), rational(4, longitude)];
        position(&parse(&[], &[], &gps))
    }

    #[test]
    fn degrees_minutes_seconds_with_hemispheres() {
        let found =
            read(&[(43, 1), (28, 1), (1_800, 100)], "N", &[(11, 1), (53, 1), (0, 1)], "W").unwrap();
        assert!((found.latitude - 43.471_666_7).abs() < 1e-6);
        assert!((found.longitude + 11.883_333_3).abs() < 1e-6);
        let south = read(&[(335, 10)], "S", &[(70, 1)], "E").unwrap();
        assert_eq!((south.latitude, south.longitude), (-33.5, 70.0));
    }

    #[test]
    fn the_numbers_give_the_size_and_the_hemisphere_the_sign() {
        let minus = |n: i32| (n as u32, 1);
        let south = read(&[minus(-33), minus(-30), (0, 1)], "S", &[(70, 1)], "E").unwrap();
        assert_eq!((south.latitude, south.longitude), (-33.5, 70.0));
        let unsaid = read(&[minus(-33)], "", &[(70, 1)], "").unwrap();
        assert_eq!((unsaid.latitude, unsaid.longitude), (-33.0, 70.0));
        assert_eq!(read(&[(33, 1)], "", &[(70, 1)], ""), None);
        let words = read(&[(33, 1)], "South", &[(70, 1)], "west").unwrap();
        assert_eq!((words.latitude, words.longitude), (-33.0, -70.0));
    }

    #[test]
    fn positions_are_read_as_text() {
        let written = |latitude: &str, longitude: &str| {
            place(&Angle::written(latitude)?, &Angle::written(longitude)?)
        };
        for (latitude, longitude) in [
            ("36,26.9N", "116,51.3W"),
            ("36,26,54N", "116,51,18W"),
            ("36.448333N", "116.855W"),
            ("36.448333", "-116.855"),
            ("+36.448333", "-116.855"),
            ("N 36° 26' 54\"", "W 116° 51' 18\""),
        ] {
            let found = written(latitude, longitude).unwrap();
            assert!((found.latitude - 36.448_333).abs() < 1e-5, "{latitude}");
            assert!((found.longitude + 116.855).abs() < 1e-5, "{longitude}");
        }
        for (latitude, longitude) in [("", ""), ("x", "y"), ("0,0N", "0,0E"), ("91,0N", "1,0E")] {
            assert_eq!(written(latitude, longitude), None, "{latitude}");
        }
    }

    #[test]
    fn what_cannot_be_a_place_is_unknown() {
        let good = [(10, 1), (0, 1), (0, 1)];
        assert_eq!(read(&[(10, 0), (0, 1), (0, 1)], "N", &good, "E"), None);
        assert_eq!(read(&[(10, 1), (0, 0), (0, 1)], "N", &good, "E"), None);
        assert_eq!(read(&[(91, 1), (0, 1), (0, 1)], "N", &good, "E"), None);
        assert_eq!(read(&good, "?", &good, "E"), None);
        assert_eq!(read(&[(0, 1)], "N", &[(0, 1)], "E"), None);
        assert_eq!(read(&[], "N", &good, "E"), None);
    }
}
