//! The conditions of being near a place and in a box.

use seer_store::Bounds;
use seer_store::geometry::{Circle, EARTH_KM};
use seer_types::Coordinates;

use crate::connect::Params;

/// First the box around the circle, which is cheap, then the same formula as
/// [`seer_store::geometry::distance_km`], step by step.
pub(super) fn near(center: Coordinates, km: f64, params: &mut Params) -> String {
    let Some(circle) = Circle::new(center, km) else { return "false".to_owned() };
    let (north, east) = (circle.latitude_reach(), circle.longitude_reach());
    let (latitude, longitude) = (params.float(center.latitude), params.float(center.longitude));
    let around = format!("abs(p.longitude - {longitude})");
    let half = |difference: String| format!("sin(radians({difference}) / 2)");
    let up = half(format!("p.latitude - {latitude}"));
    let along = half(format!("p.longitude - {longitude}"));
    let cosines = format!("cos(radians({latitude})) * cos(radians(p.latitude))");
    let h = format!("{up} * {up} + {cosines} * ({along} * {along})");
    let earth = params.float(2.0 * EARTH_KM);
    let distance = format!("{earth} * asin(sqrt(least(greatest({h}, 0), 1)))");
    let (south, top) = (center.latitude - north, center.latitude + north);
    let band = format!("p.latitude between {} and {}", params.float(south), params.float(top));
    let inside = [
        "p.longitude is not null".to_owned(),
        format!("abs(p.latitude - {latitude}) <= {}", params.float(north)),
        format!("least({around}, 360 - {around}) <= {}", params.float(east)),
    ];
    let inside = inside.join(" and ");
    let km = params.float(km);
    let circle = format!("case when {inside} then {distance} <= {km} else false end");
    format!("(p.latitude is not null and {band} and {circle})")
}

/// [`Bounds::contains`].
pub(super) fn inside(bounds: &Bounds, params: &mut Params) -> String {
    let (south, north) = (params.float(bounds.south), params.float(bounds.north));
    let (west, east) = (params.float(bounds.west), params.float(bounds.east));
    let either = if bounds.crosses_date_line() { "or" } else { "and" };
    format!(
        "(p.latitude is not null and p.longitude is not null \
         and p.latitude between {south} and {north} \
         and (p.longitude >= {west} {either} p.longitude <= {east}))"
    )
}
