//! Where the middle of a region or a country is, and how far it goes.

use std::sync::LazyLock;

use seer_types::Coordinates;

use crate::earth;
use crate::gazetteer::{Gazetteer, gazetteer};
use crate::kind::Kind;
use crate::name_index::Id;

/// So many of the people are within the radius: islands far away are not.
const WITHIN: f64 = 0.9;

/// The middle of the people of a region or a country and the kilometres from there to most of them.
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
    for (city, position) in all.positions() {
        towns[group(all, city)].push((position, all.population(city).max(1) as f64));
    }
    towns.iter().map(|towns| around(towns)).collect()
}

/// Of towns and their inhabitants.
fn around(towns: &[(Coordinates, f64)]) -> Option<(Coordinates, f32)> {
    let mut sum = [0.0; 3];
    for &(town, people) in towns {
        let direction = earth::direction(town);
        (0..3).for_each(|axis| sum[axis] += people * direction[axis]);
    }
    let middle = earth::position(sum);
    let mut far: Vec<(f32, f64)> =
        towns.iter().map(|&(town, people)| (earth::kilometres(middle, town), people)).collect();
    far.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let mut left = WITHIN * far.iter().map(|town| town.1).sum::<f64>();
    let most = far.iter().find(|town| {
        left -= town.1;
        left <= 0.0
    })?;
    Some((middle, most.0.max(10.0) + 5.0))
}
