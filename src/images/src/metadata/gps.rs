//! Where a picture was taken.

use seer_types::Coordinates;

use super::directory::Tag;
use super::exif_block::{ExifBlock, LATITUDE, LATITUDE_SIDE, LONGITUDE, LONGITUDE_SIDE};

/// The position in degrees. `None` when a part is missing, has a zero denominator or is out of
/// range, and for exactly 0, 0, which is what receivers without a fix write.
pub(super) fn position(exif: &ExifBlock) -> Option<Coordinates> {
    let latitude = angle(exif, LATITUDE, LATITUDE_SIDE, "N", "S", 90.0)?;
    let longitude = angle(exif, LONGITUDE, LONGITUDE_SIDE, "E", "W", 180.0)?;
    if latitude == 0.0 && longitude == 0.0 {
        return None;
    }
    Some(Coordinates { latitude, longitude })
}

/// Degrees, minutes and seconds (the latter two may be missing) with their hemisphere.
fn angle(
    exif: &ExifBlock,
    tag: Tag,
    side: Tag,
    positive: &str,
    negative: &str,
    limit: f64,
) -> Option<f64> {
    let parts = exif.numbers(tag)?;
    if parts.is_empty() || parts.iter().any(|part| !part.is_finite() || *part < 0.0) {
        return None;
    }
    let degrees =
        parts.iter().zip([1.0, 60.0, 3600.0]).map(|(part, unit)| part / unit).sum::<f64>();
    let side = exif.text(side)?.to_uppercase();
    let sign = if side.starts_with(positive) {
        1.0
    } else if side.starts_with(negative) {
        -1.0
    } else {
        return None;
    };
    (degrees <= limit).then_some(sign * degrees)
}

#[cfg(test)]
mod tests {
    use super::super::exif_block::tests::{Entry, ascii, parse, rational};
    use super::*;

    fn at(
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
            at(&[(43, 1), (28, 1), (1_800, 100)], "N", &[(11, 1), (53, 1), (0, 1)], "W").unwrap();
        assert!((found.latitude - 43.471_666_7).abs() < 1e-6);
        assert!((found.longitude + 11.883_333_3).abs() < 1e-6);
        let south = at(&[(335, 10)], "S", &[(70, 1)], "E").unwrap();
        assert_eq!((south.latitude, south.longitude), (-33.5, 70.0));
    }

    #[test]
    fn what_cannot_be_a_place_is_unknown() {
        let good = [(10, 1), (0, 1), (0, 1)];
        assert_eq!(at(&[(10, 0), (0, 1), (0, 1)], "N", &good, "E"), None);
        assert_eq!(at(&[(10, 1), (0, 0), (0, 1)], "N", &good, "E"), None);
        assert_eq!(at(&[(91, 1), (0, 1), (0, 1)], "N", &good, "E"), None);
        assert_eq!(at(&good, "?", &good, "E"), None);
        assert_eq!(at(&[(0, 1)], "N", &[(0, 1)], "E"), None);
        assert_eq!(at(&[], "N", &good, "E"), None);
    }
}
