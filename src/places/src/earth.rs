//! The earth as a ball.

use seer_types::Coordinates;

/// Kilometres to a degree of latitude.
pub(crate) const DEGREE: f32 = 111.2;
const RADIUS: f32 = 6371.0;

/// Kilometres between two positions along the ground.
pub(crate) fn kilometres(a: Coordinates, b: Coordinates) -> f32 {
    let (a, b) = (direction(a), direction(b));
    let apart: f64 = (0..3).map(|axis| (a[axis] - b[axis]).powi(2)).sum::<f64>().sqrt();
    2.0 * RADIUS * ((apart / 2.0).min(1.0).asin() as f32)
}

/// From the middle of the earth to a position; of length 1.
pub(crate) fn direction(position: Coordinates) -> [f64; 3] {
    let (latitude, longitude) = (position.latitude.to_radians(), position.longitude.to_radians());
    [latitude.cos() * longitude.cos(), latitude.cos() * longitude.sin(), latitude.sin()]
}

/// The position in a direction from the middle of the earth, whatever its length.
pub(crate) fn position([x, y, z]: [f64; 3]) -> Coordinates {
    Coordinates { latitude: z.atan2(x.hypot(y)).to_degrees(), longitude: y.atan2(x).to_degrees() }
}

/// The same position with a longitude in -180..180. `None` where the numbers are none of a position.
pub(crate) fn checked(position: Coordinates) -> Option<Coordinates> {
    let Coordinates { latitude, longitude } = position;
    let good = latitude.abs() <= 90.0 && longitude.abs() <= 360.0;
    let longitude = (longitude + 180.0).rem_euclid(360.0) - 180.0;
    good.then_some(Coordinates { latitude, longitude })
}
