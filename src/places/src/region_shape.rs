//! Where the middle of a region or a country is, and how far it goes.

use std::sync::LazyLock;

use seer_types::Coordinates;

use crate::earth;
use crate::gazetteer::{Gazetteer, gazetteer};
use crate::kind::Kind;
use crate::name_index::Id;

/// Of a hundred towns so many are within the radius: islands far away are not.
const WITHIN: usize = 95;

/// The middle of the towns of a region or a country and the kilometres from there to most of them.
/// `None` for a city, and where there is no town.
pub(crate) fn shape(id: Id) -> Option<(Coordinates, f32)> {
    static REGIONS: LazyLock<Vec<Option<(Coordinates, f32)>>> =
        LazyLock::new(|| shapes(gazetteer(), gazetteer().regions.len(), Gazetteer::region_of));
    static COUNTRIES: LazyLock<Vec<Option<(Coordinates, f32)>>> =
        LazyLock::new(|| shapes(gazetteer(), gazetteer().countries.len(), Gazetteer::country_of));
    match id.kind {
        Kind::City => None,
        Kind::Region => REGIONS[id.number],
        Kind::Country => COUNTRIES[id.number],
    }
}

/// For each of `count` groups of cities.
fn shapes(
    all: &Gazetteer,
    count: usize,
    group: fn(&Gazetteer, usize) -> usize,
) -> Vec<Option<(Coordinates, f32)>> {
    let mut towns = vec![Vec::new(); count];
    for city in 0..all.len() {
        towns[group(all, city)].push(all.position(city));
    }
    towns.iter().map(|towns| around(towns)).collect()
}

fn around(towns: &[Coordinates]) -> Option<(Coordinates, f32)> {
    let mut sum = [0.0; 3];
    for direction in towns.iter().map(|&town| earth::direction(town)) {
        (0..3).for_each(|axis| sum[axis] += direction[axis]);
    }
    let middle = earth::position(sum);
    let mut far: Vec<f32> = towns.iter().map(|&town| earth::kilometres(middle, town)).collect();
    far.sort_unstable_by(f32::total_cmp);
    let most = far.get((far.len() * WITHIN / 100).min(far.len().checked_sub(1)?))?;
    Some((middle, most.max(10.0) + 5.0))
}
