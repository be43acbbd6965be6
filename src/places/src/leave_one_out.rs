//! How often the country is wrong: towns are left out, and asked for.

use crate::country::country_at;
use crate::gazetteer::gazetteer;
use crate::locate::Nearby;

/// Shares of towns whose country is wrong, and of those with another country within 20 km.
fn wrong(step: usize) -> (f32, f32) {
    let all = gazetteer();
    let (mut asked, mut wrong, mut at_border, mut wrong_there) = (0, 0, 0, 0);
    let mut pairs = std::collections::HashMap::new();
    for city in (0..all.len()).step_by(step) {
        let position = all.position(city);
        let around = all.borders.around(position);
        let near = Nearby::around(all, position).without(city);
        let (is, said) = (all.country_of(city), country_at(all, &around, &near));
        let close = Nearby::of(all, position, 20.0);
        let border = close.towns().iter().any(|town| all.country_of(town.city) != is);
        asked += 1;
        at_border += usize::from(border);
        if said != Some(is) {
            wrong += 1;
            wrong_there += usize::from(border);
            let said = said.map_or("-", |said| all.countries[said].code.as_str());
            *pairs.entry((all.countries[is].code.as_str(), said)).or_insert(0) += 1;
        }
    }
    let mut pairs: Vec<_> = pairs.into_iter().collect();
    pairs.sort_by_key(|pair| std::cmp::Reverse(pair.1));
    println!(
        "{wrong} of {asked} wrong; {wrong_there} of {at_border} at borders; {:?}",
        &pairs[..pairs.len().min(12)]
    );
    (wrong as f32 / asked as f32, wrong_there as f32 / at_border as f32)
}

#[test]
fn the_country_of_towns_that_are_left_out_is_right() {
    let (everywhere, at_borders) = wrong(17);
    assert!(everywhere < 0.012, "{everywhere}");
    assert!(at_borders < 0.12, "{at_borders}");
}
