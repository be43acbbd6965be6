//! A box on the earth.

use seer_types::Coordinates;

use crate::geometry::is_place;

/// All between two parallels and two meridians, these included, in degrees.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Bounds {
    /// The least latitude.
    pub south: f64,
    /// The longitude that it begins with.
    pub west: f64,
    /// The greatest latitude.
    pub north: f64,
    /// The longitude that it ends with, going east: below `west` where it crosses the date line.
    pub east: f64,
}

impl Bounds {
    /// Everywhere.
    pub const WORLD: Self = Self { south: -90.0, west: -180.0, north: 90.0, east: 180.0 };

    /// `None` when a number is no latitude or longitude, or the south lies north of the north.
    pub fn new(south: f64, west: f64, north: f64, east: f64) -> Option<Self> {
        let corner = |latitude, longitude| is_place(Coordinates { latitude, longitude });
        let bounds = Self { south, west, north, east };
        (corner(south, west) && corner(north, east) && south <= north).then_some(bounds)
    }

    /// Whether it crosses the date line.
    pub fn crosses_date_line(&self) -> bool {
        self.west > self.east
    }

    /// Whether a position lies in it.
    pub fn contains(&self, latitude: f64, longitude: f64) -> bool {
        let (begun, not_over) = (self.west <= longitude, longitude <= self.east);
        let along = if self.crosses_date_line() { begun || not_over } else { begun && not_over };
        self.south <= latitude && latitude <= self.north && along
    }

    /// Degrees from west to east.
    pub fn width(&self) -> f64 {
        self.east - self.west + if self.crosses_date_line() { 360.0 } else { 0.0 }
    }

    /// Degrees from south to north.
    pub fn height(&self) -> f64 {
        self.north - self.south
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_may_cross_the_date_line() {
        let fiji = Bounds::new(-20.0, 177.0, -16.0, -178.0).unwrap();
        assert!(fiji.contains(-17.0, 179.0) && fiji.contains(-20.0, -178.0));
        assert!(!fiji.contains(-17.0, 0.0) && !fiji.contains(-15.9, 179.0));
        assert_eq!((fiji.width(), fiji.height()), (5.0, 4.0));
        let alps = Bounds::new(45.0, 6.0, 48.0, 14.0).unwrap();
        assert!(alps.contains(45.0, 14.0) && !alps.contains(46.0, 5.9));
        assert!(Bounds::WORLD.contains(90.0, -180.0) && Bounds::WORLD.width() == 360.0);
    }

    #[test]
    fn nonsense_is_no_box() {
        let is_none = |s, w, n, e| Bounds::new(s, w, n, e).is_none();
        assert!(is_none(1.0, 0.0, 0.0, 0.0) && is_none(-91.0, 0.0, 0.0, 0.0));
        assert!(is_none(0.0, 181.0, 1.0, 0.0) && is_none(f64::NAN, 0.0, 1.0, 0.0));
        assert!(is_none(0.0, 0.0, f64::INFINITY, 0.0));
    }
}
