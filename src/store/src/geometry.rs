//! Distances on the earth.

use seer_types::Coordinates;

/// Mean radius of the earth in kilometres (IUGG).
pub const EARTH_KM: f64 = 6371.0088;

/// Kilometres within which everything is.
pub const ANYWHERE_KM: f64 = 20_100.0;

/// A circle on the earth, with a box around it that is cheap to test.
pub struct Circle {
    center: Coordinates,
    km: f64,
    /// Degrees north and south of the centre.
    latitude_reach: f64,
    /// Degrees east and west of the centre; 180 where the circle holds a pole.
    longitude_reach: f64,
}

/// Degrees added to the box for rounding; the circle decides.
const SLACK: f64 = 1e-6;

impl Circle {
    /// `None` when a number is not finite or the radius is negative: nothing lies inside.
    pub fn new(center: Coordinates, km: f64) -> Option<Self> {
        if !is_place(center) || !km.is_finite() || km < 0.0 {
            return None;
        }
        let angle = (km / EARTH_KM).min(std::f64::consts::PI);
        let latitude_reach = angle.to_degrees() + SLACK;
        let holds_pole = center.latitude.abs() + latitude_reach >= 90.0;
        // The widest point of the circle lies at this longitude: sin(dλ) = sin(angle) / cos(φ).
        let sine = angle.sin() / center.latitude.to_radians().cos();
        let longitude_reach =
            if holds_pole { 180.0 } else { sine.clamp(-1.0, 1.0).asin().to_degrees() + SLACK };
        Some(Self { center, km, latitude_reach, longitude_reach })
    }

    /// Degrees north and south of the centre that the box around it reaches.
    pub fn latitude_reach(&self) -> f64 {
        self.latitude_reach
    }

    /// Degrees east and west of the centre that the box reaches; 180 where the circle holds a pole.
    pub fn longitude_reach(&self) -> f64 {
        self.longitude_reach
    }

    pub fn contains(&self, latitude: f64, longitude: f64) -> bool {
        if (latitude - self.center.latitude).abs() > self.latitude_reach {
            return false;
        }
        let around = (longitude - self.center.longitude).abs() % 360.0;
        if around.min(360.0 - around) > self.longitude_reach {
            return false;
        }
        distance_km(self.center, Coordinates { latitude, longitude }) <= self.km
    }
}

/// Whether these can be coordinates: finite, latitude within 90 and longitude within 180 degrees.
pub fn is_place(place: Coordinates) -> bool {
    place.latitude.abs() <= 90.0 && place.longitude.abs() <= 180.0
}

/// Great-circle distance by the haversine formula,
/// 2 R asin √(sin²(Δφ/2) + cos φ₁ cos φ₂ sin²(Δλ/2)); the earth is taken as a sphere, which is
/// right within 0.6 percent.
pub fn distance_km(a: Coordinates, b: Coordinates) -> f64 {
    let half = |degrees: f64| (degrees.to_radians() / 2.0).sin().powi(2);
    let cosines = a.latitude.to_radians().cos() * b.latitude.to_radians().cos();
    let h = half(b.latitude - a.latitude) + cosines * half(b.longitude - a.longitude);
    2.0 * EARTH_KM * h.clamp(0.0, 1.0).sqrt().asin()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(latitude: f64, longitude: f64) -> Coordinates {
        Coordinates { latitude, longitude }
    }

    #[test]
    fn known_distances() {
        // A quarter of a great circle: 2 π R / 4.
        let quarter = EARTH_KM * std::f64::consts::FRAC_PI_2;
        assert!((distance_km(place(0.0, 0.0), place(90.0, 55.0)) - quarter).abs() < 1e-6);
        // One degree of latitude is R π / 180 = 111.195 km.
        assert!((distance_km(place(10.0, 7.0), place(11.0, 7.0)) - 111.195).abs() < 1e-3);
        // Berlin and Paris, 878 km on a sphere.
        let berlin_paris = distance_km(place(52.52, 13.405), place(48.8566, 2.3522));
        assert!((berlin_paris - 877.5).abs() < 1.0, "{berlin_paris}");
    }

    #[test]
    fn circles_cross_the_date_line_and_the_poles() {
        let fiji = Circle::new(place(-17.0, 179.5), 200.0).unwrap();
        assert!(fiji.contains(-17.0, -179.5));
        assert!(!fiji.contains(-17.0, 177.0));
        let pole = Circle::new(place(89.5, 0.0), 120.0).unwrap();
        assert!(pole.contains(89.8, 180.0));
        assert!(!pole.contains(88.0, 180.0));
        let world = Circle::new(place(0.0, 0.0), 30_000.0).unwrap();
        assert!(world.contains(0.0, 180.0) && world.contains(-90.0, 12.0));
    }

    #[test]
    fn nonsense_contains_nothing() {
        assert!(Circle::new(place(0.0, 0.0), -1.0).is_none());
        assert!(Circle::new(place(0.0, 0.0), f64::NAN).is_none());
        assert!(Circle::new(place(91.0, 0.0), 1.0).is_none());
        assert!(Circle::new(place(f64::NAN, 0.0), 1.0).is_none());
        assert!(Circle::new(place(1.0, 2.0), 0.0).unwrap().contains(1.0, 2.0));
    }
}
