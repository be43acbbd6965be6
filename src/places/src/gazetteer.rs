//! All cities, regions and countries in memory. Cities are in the order of the square degrees that
//! they lie in, rows from the south, columns from 180 degrees west.

use std::ops::Range;
use std::sync::LazyLock;

use seer_types::{Coordinates, PlaceName};

use crate::borders::Borders;
use crate::pack::{self, Numbers};

/// Rows and columns of square degrees.
pub(crate) const ROWS: usize = 180;
pub(crate) const COLUMNS: usize = 360;

pub(crate) struct Gazetteer {
    pub(crate) countries: Vec<Country>,
    pub(crate) regions: Vec<Region>,
    pub(crate) borders: Borders,
    /// The first city of each square degree; one more at the end.
    starts: Vec<u32>,
    /// Where in the square degree, in 256ths: north, east.
    within: Vec<[u8; 2]>,
    /// 14 times the logarithm.
    populations: Vec<u8>,
    region_of: Vec<u16>,
    /// "English\tlocal" of all cities, and where each begins.
    names: String,
    name_starts: Vec<u32>,
    /// Cities that are parts of others, in order, and of which.
    parts: Vec<(u32, u32)>,
}

pub(crate) struct Country {
    /// Two capital letters of ISO 3166.
    pub(crate) code: String,
    pub(crate) name: PlaceName,
    /// Keys of further names.
    pub(crate) others: String,
}

pub(crate) struct Region {
    pub(crate) country: u16,
    /// `None` for what belongs to no region of the country.
    pub(crate) name: Option<PlaceName>,
    pub(crate) others: String,
    /// "tx"; empty where the country's regions have numbers.
    pub(crate) letters: String,
}

/// The places in this program, unpacked when they are first asked for.
pub(crate) fn gazetteer() -> &'static Gazetteer {
    static ALL: LazyLock<Gazetteer> = LazyLock::new(Gazetteer::unpacked);
    &ALL
}

impl Gazetteer {
    fn unpacked() -> Gazetteer {
        let mut sections = pack::places();
        let countries = sections.text().lines().map(country).collect();
        let regions = sections.text().lines().map(region).collect();
        let starts = starts(Numbers(sections.next()));
        let rows = sections.next().to_vec();
        let within =
            rows.iter().zip(sections.next()).map(|(&row, &column)| [row, column]).collect();
        let populations = sections.next().to_vec();
        let low = sections.next().to_vec();
        let region_of =
            low.iter().zip(sections.next()).map(|(&low, &high)| u16::from_le_bytes([low, high]));
        let region_of = region_of.collect();
        let names = sections.text().to_owned();
        let name_starts =
            [0].into_iter().chain(names.match_indices('\n').map(|(at, _)| at as u32 + 1));
        let name_starts = name_starts.chain([names.len() as u32 + 1]).collect();
        let parts = parts(Numbers(sections.next()));
        let borders = Borders::new(Numbers(sections.next()));
        Gazetteer {
            countries,
            regions,
            borders,
            starts,
            within,
            populations,
            region_of,
            names,
            name_starts,
            parts,
        }
    }

    /// How many cities there are.
    pub(crate) fn len(&self) -> usize {
        self.populations.len()
    }

    /// The cities of a square degree; the row and column exist.
    pub(crate) fn in_square(&self, row: usize, column: usize) -> Range<usize> {
        let square = row * COLUMNS + column;
        self.starts[square] as usize..self.starts[square + 1] as usize
    }

    /// The square degree that a city lies in: row and column.
    fn square_of(&self, city: usize) -> (usize, usize) {
        let square = self.starts.partition_point(|&start| start as usize <= city) - 1;
        (square / COLUMNS, square % COLUMNS)
    }

    /// Where a city is in its square degree, in 256ths: north, east.
    pub(crate) fn within(&self, city: usize) -> [u8; 2] {
        self.within[city]
    }

    /// All cities in order, each with its middle.
    pub(crate) fn positions(&self) -> impl Iterator<Item = (usize, Coordinates)> {
        let squares = (0..ROWS).flat_map(|row| (0..COLUMNS).map(move |column| (row, column)));
        squares.flat_map(move |square| {
            self.in_square(square.0, square.1)
                .map(move |city| (city, self.position_in(square, city)))
        })
    }

    /// The middle of a city, to 250 metres.
    pub(crate) fn position(&self, city: usize) -> Coordinates {
        self.position_in(self.square_of(city), city)
    }

    fn position_in(&self, (row, column): (usize, usize), city: usize) -> Coordinates {
        let [north, east] = self.within[city].map(|part| (f64::from(part) + 0.5) / 256.0);
        Coordinates { latitude: row as f64 + north - 90.0, longitude: column as f64 + east - 180.0 }
    }

    /// Inhabitants, give or take 4 percent.
    pub(crate) fn population(&self, city: usize) -> u64 {
        (f32::from(self.populations[city]) / 14.0).exp().round() as u64
    }

    /// Fourteen times the logarithm of the inhabitants.
    pub(crate) fn size(&self, city: usize) -> u8 {
        self.populations[city]
    }

    /// The number of its region, which is one of `regions`.
    pub(crate) fn region_of(&self, city: usize) -> usize {
        usize::from(self.region_of[city])
    }

    /// The number of its country, which is one of `countries`.
    pub(crate) fn country_of(&self, city: usize) -> usize {
        usize::from(self.regions[self.region_of(city)].country)
    }

    /// Its name in English and the local one, where that is another.
    pub(crate) fn names(&self, city: usize) -> (&str, Option<&str>) {
        let (start, end) = (self.name_starts[city], self.name_starts[city + 1] - 1);
        let both = &self.names[start as usize..end as usize];
        both.split_once('\t').map_or((both, None), |(english, local)| (english, Some(local)))
    }

    pub(crate) fn name(&self, city: usize) -> PlaceName {
        let (english, local) = self.names(city);
        PlaceName { english: english.to_owned(), local: local.map(str::to_owned) }
    }

    /// The city that a place is a part of.
    pub(crate) fn whole(&self, city: usize) -> Option<usize> {
        let found = self.parts.binary_search_by_key(&(city as u32), |part| part.0).ok()?;
        Some(self.parts[found].1 as usize)
    }
}

/// The first city of each square, of the steps from each city's square to the next one's.
fn starts(steps: Numbers) -> Vec<u32> {
    let mut starts = Vec::with_capacity(ROWS * COLUMNS + 1);
    let (mut square, mut cities) = (0, 0);
    for step in steps {
        square += step as usize;
        while starts.len() <= square {
            starts.push(cities);
        }
        cities += 1;
    }
    starts.resize(ROWS * COLUMNS + 1, cities);
    starts
}

fn parts(mut numbers: Numbers) -> Vec<(u32, u32)> {
    let mut parts = Vec::new();
    let mut part = 0;
    while let (Some(step), Some(way)) = (numbers.next(), numbers.next()) {
        part += step;
        let back = way % 2 == 1;
        parts.push((part, if back { part - way.div_ceil(2) } else { part + way / 2 }));
    }
    parts
}

fn country(line: &str) -> Country {
    let mut fields = line.split('\t');
    let mut field = || fields.next().unwrap_or_default();
    let code = field().to_owned();
    Country { code, name: name(field(), field()), others: field().to_owned() }
}

fn region(line: &str) -> Region {
    let mut fields = line.split('\t');
    let mut field = || fields.next().unwrap_or_default();
    let country = field().parse().expect("the places in the program are whole");
    let (english, local) = (field(), field());
    Region {
        country,
        name: (!english.is_empty()).then(|| name(english, local)),
        others: field().to_owned(),
        letters: field().to_owned(),
    }
}

fn name(english: &str, local: &str) -> PlaceName {
    let local = (!local.is_empty()).then(|| local.to_owned());
    PlaceName { english: english.to_owned(), local }
}
