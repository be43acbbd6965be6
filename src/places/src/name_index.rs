//! Names to places.

use std::sync::LazyLock;

use seer_types::PlaceName;

use crate::fold::key;
use crate::gazetteer::{Gazetteer, gazetteer};
use crate::kind::Kind;
use crate::pack;

/// A place by its number among those of its kind.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct Id {
    pub(crate) kind: Kind,
    pub(crate) number: usize,
}

/// The keys of all names and whose they are.
pub(crate) struct NameIndex {
    /// In order: the upper bits of the hash of a key, and in the lower ones the number of a place -
    /// cities, then regions, then countries. Two keys with the same hash are not told apart.
    names: Vec<u64>,
    /// Cities that have many names, in order, and how many.
    known: Vec<(u32, u16)>,
    /// Inhabitants of the towns of each region, and of each country.
    region_people: Vec<u64>,
    country_people: Vec<u64>,
    ordinary: Vec<u64>,
    doubtful: Vec<u64>,
}

/// Bits that the number of a place takes.
const PLACE: u32 = 18;

/// The index of the places in this program, made when it is first asked for.
pub(crate) fn name_index() -> &'static NameIndex {
    static ALL: LazyLock<NameIndex> = LazyLock::new(|| NameIndex::of(gazetteer()));
    &ALL
}

impl NameIndex {
    fn of(all: &Gazetteer) -> NameIndex {
        debug_assert!(all.len() + all.regions.len() + all.countries.len() < 1 << PLACE);
        let mut names = Names(Vec::with_capacity(360_000));
        for city in 0..all.len() {
            let (english, local) = all.names(city);
            names.add(english, city);
            local.into_iter().for_each(|local| names.add(local, city));
        }
        for (number, region) in all.regions.iter().enumerate() {
            names.add_all(region.name.as_ref(), &region.others, all.len() + number);
        }
        for (number, country) in all.countries.iter().enumerate() {
            let number = all.len() + all.regions.len() + number;
            names.add_all(Some(&country.name), &country.others, number);
        }
        let mut words = pack::words();
        let known = words.text().lines().scan(0, |city, line| Some(names.add_line(line, city)));
        let known = known.collect();
        let ordinary = hashes(words.text());
        let doubtful = hashes(words.text());
        names.0.sort_unstable();
        names.0.dedup();
        names.0.shrink_to_fit();
        let (region_people, country_people) = people(all);
        NameIndex { names: names.0, known, region_people, country_people, ordinary, doubtful }
    }

    /// All places with this key, in no order.
    pub(crate) fn places(&self, key: &str) -> impl Iterator<Item = Id> {
        let wanted = hash(key) >> PLACE;
        let start = self.names.partition_point(|&name| name >> PLACE < wanted);
        let same = self.names[start..].iter().take_while(move |&&name| name >> PLACE == wanted);
        same.map(|&name| id((name & ((1 << PLACE) - 1)) as usize))
    }

    /// Whether any place has this key.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.places(key).next().is_some()
    }

    /// Whether a key that some place has is an ordinary word, or made of such.
    pub(crate) fn is_ordinary(&self, key: &str) -> bool {
        self.ordinary.binary_search(&hash(key)).is_ok()
    }

    /// Whether a key that some place has is a word, too, and mostly means the place all the same.
    pub(crate) fn is_doubtful(&self, key: &str) -> bool {
        self.doubtful.binary_search(&hash(key)).is_ok()
    }

    /// How many names a place has in all languages, as far as that is told.
    pub(crate) fn fame(&self, id: Id) -> u16 {
        let others = |others: &str| others.split('|').count() as u16;
        match id.kind {
            Kind::City => {
                let found = self.known.binary_search_by_key(&(id.number as u32), |city| city.0);
                found.map_or(0, |at| self.known[at].1)
            }
            Kind::Region => others(&gazetteer().regions[id.number].others),
            Kind::Country => others(&gazetteer().countries[id.number].others),
        }
    }

    /// Inhabitants; of a region or a country those of its towns.
    pub(crate) fn population(&self, id: Id) -> u64 {
        match id.kind {
            Kind::City => gazetteer().population(id.number),
            Kind::Region => self.region_people[id.number],
            Kind::Country => self.country_people[id.number],
        }
    }
}

/// Hashes of keys with the numbers of places.
struct Names(Vec<u64>);

impl Names {
    fn add(&mut self, name: &str, place: usize) {
        self.add_key(&key(name), place);
    }

    fn add_key(&mut self, key: &str, place: usize) {
        if !key.is_empty() {
            self.0.push(hash(key) >> PLACE << PLACE | place as u64);
        }
    }

    /// `others` are keys.
    fn add_all(&mut self, name: Option<&PlaceName>, others: &str, place: usize) {
        for name in name.into_iter().flat_map(|name| [Some(&name.english), name.local.as_ref()]) {
            name.into_iter().for_each(|name| self.add(name, place));
        }
        others.split('|').for_each(|key| self.add_key(key, place));
    }

    /// A line of further names of a city, so many cities further on; gives its fame.
    fn add_line(&mut self, line: &str, city: &mut u32) -> (u32, u16) {
        let mut fields = line.split('\t');
        let step: u32 = fields.next().and_then(|step| step.parse().ok()).unwrap_or(0);
        let fame = fields.next().and_then(|fame| fame.parse().ok()).unwrap_or(0);
        *city += step;
        for name in fields.next().unwrap_or_default().split('|') {
            self.add_key(name, *city as usize);
        }
        (*city, fame)
    }
}

fn id(place: usize) -> Id {
    let all = gazetteer();
    let (cities, regions) = (all.len(), all.regions.len());
    match place {
        city if city < cities => Id { kind: Kind::City, number: city },
        region if region < cities + regions => Id { kind: Kind::Region, number: region - cities },
        country => Id { kind: Kind::Country, number: country - cities - regions },
    }
}

/// Parts of cities are counted with the cities.
fn people(all: &Gazetteer) -> (Vec<u64>, Vec<u64>) {
    let (mut regions, mut countries) = (vec![0; all.regions.len()], vec![0; all.countries.len()]);
    for city in (0..all.len()).filter(|&city| all.whole(city).is_none()) {
        regions[all.region_of(city)] += all.population(city);
        countries[all.country_of(city)] += all.population(city);
    }
    (regions, countries)
}

/// The hashes of the lines, in order.
fn hashes(lines: &str) -> Vec<u64> {
    let mut hashes: Vec<u64> = lines.lines().map(hash).collect();
    hashes.sort_unstable();
    hashes
}

/// FNV-1a.
fn hash(key: &str) -> u64 {
    key.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn further_names_in_the_pack_are_keys() {
        let mut words = pack::words();
        let lines = words.text().lines().filter_map(|line| line.rsplit('\t').next());
        let all = gazetteer();
        let regions = all.regions.iter().map(|region| region.others.as_str());
        let countries = all.countries.iter().map(|country| country.others.as_str());
        for name in lines.chain(regions).chain(countries).flat_map(|names| names.split('|')) {
            assert_eq!(key(name), name);
        }
    }
}
