//! The country of a position, by borders drawn on a coarse grid and by the towns nearby.

use crate::borders::Around;
use crate::gazetteer::Gazetteer;
use crate::locate::Nearby;

/// A town so near is more certain than the grid: enclaves and small islands, in kilometres.
const NEXT_TO: f32 = 3.0;
/// In the middle of a town, at a border, nothing else is asked.
const IN_TOWN: f32 = 0.5;
/// How many of the nearest towns are asked.
const ASKED: usize = 5;

/// The number of the country: that of the grid's cell, away from borders; near them what the nearest
/// towns say, and the grid as one more. `None` at sea with no town near.
pub(crate) fn country_at(all: &Gazetteer, around: &Around, near: &Nearby) -> Option<usize> {
    let here = around.here.map(usize::from);
    let first = near.first();
    let at_border = around.others().next().is_some();
    match (here, first) {
        (here, None) => here.or_else(|| around.others().next()),
        (Some(here), Some(first)) if !at_border => {
            let enclave = first.kilometres < NEXT_TO;
            Some(if enclave { all.country_of(first.city) } else { here })
        }
        (_, Some(first)) if first.kilometres < IN_TOWN => Some(all.country_of(first.city)),
        (here, Some(_)) => vote(all, here, around, near),
    }
}

/// What the nearest towns say, those nearer with more weight.
fn vote(all: &Gazetteer, here: Option<usize>, around: &Around, near: &Nearby) -> Option<usize> {
    let mut towns: Vec<_> = near.towns().iter().collect();
    let asked = ASKED.min(towns.len());
    if asked < towns.len() {
        towns.select_nth_unstable_by(asked, |a, b| a.kilometres.total_cmp(&b.kilometres));
    }
    let mut votes: Vec<(usize, f32)> = here.map(|here| (here, GRID)).into_iter().collect();
    for town in &towns[..asked] {
        let country = all.country_of(town.city);
        let drawn = around.has(country) || town.kilometres < NEXT_TO;
        let weight = 1.0 / (town.kilometres + 1.0).powi(2) * if drawn { 1.0 } else { UNDRAWN };
        match votes.iter_mut().find(|vote| vote.0 == country) {
            Some(vote) => vote.1 += weight,
            None => votes.push((country, weight)),
        }
    }
    votes.into_iter().max_by(|a, b| a.1.total_cmp(&b.1)).map(|vote| vote.0)
}

/// The weight of the grid beside that of a town, and of a country that the grid does not know here.
const GRID: f32 = 0.02;
const UNDRAWN: f32 = 0.2;
