//! Random filters.

use seer_store::{Bounds, Filter, Orientation, Recurring};
use seer_types::{LibraryPath, LocalTime};

use super::Random;
use super::pools::{FOLDERS, FORMATS, MAKES, MODELS, PEOPLE, PIECES, PLACES, TAGS};
use crate::make::{id, place};

/// A filter; up to `depth` others lie around its innermost ones.
pub fn random_filter(depth: u32, random: &mut Random) -> Filter {
    if depth > 0 && random.chance(40) {
        let parts = |random: &mut Random| {
            (0..random.below(4)).map(|_| random_filter(depth - 1, random)).collect()
        };
        return match random.below(3) {
            0 => Filter::All(parts(random)),
            1 => Filter::Any(parts(random)),
            _ => Filter::Not(Box::new(random_filter(depth - 1, random))),
        };
    }
    random_leaf(random.below(LEAVES), random)
}

/// How many kinds of filters there are that hold no others, those of texts counted twice.
pub const LEAVES: u64 = 23;

/// A filter of a kind below [`LEAVES`].
pub fn random_leaf(kind: u64, random: &mut Random) -> Filter {
    let time = |random: &mut Random| {
        random.chance(70).then(|| LocalTime::from_seconds(random.below(44) as i64 - 22))
    };
    let pixels = |random: &mut Random| random.chance(60).then(|| 99 + random.below(6) as u32);
    let stars = |random: &mut Random| random.chance(60).then(|| random.below(7) as u8);
    match kind {
        0 => Filter::Path(random.pick(&PIECES).into()),
        1 => {
            let name = random.pick(&FOLDERS).to_uppercase();
            let begins = name.chars().take(3).chain(['*']).collect();
            Filter::Folder(if random.chance(70) { name } else { begins })
        }
        2 => Filter::Name(random.pick(&PIECES).into()),
        3 => Filter::Extension(random.pick(&["jpg", "JPEG", "png", "heic", "hidden", "b"]).into()),
        4 => Filter::Format(random.pick(&FORMATS).to_uppercase()),
        5 => Filter::Taken { from: time(random), until: time(random) },
        6 => {
            let pool = [&MAKES[..], &MODELS, &["canon 5", "canon 5d", "iphone", "mark ii", "niko"]];
            Filter::Camera(random.pick(&pool.concat()).into())
        }
        7 => Filter::Lens(random.pick(&["24-105mm", "iphone", "usm", "back cam", "f/1.8"]).into()),
        8 => Filter::Tag(random.pick(&TAGS).to_lowercase()),
        9 | 10 => Filter::Text(random.pick(&PIECES).into()),
        11 => Filter::Near {
            center: place(random.below(180) as f64 - 89.7, random.below(360) as f64 - 179.3),
            km: 1.3 * random.below(12_000) as f64,
        },
        12 => Filter::FileSize {
            min: random.chance(60).then(|| random.below(32)),
            max: random.chance(60).then(|| random.below(32)),
        },
        13 => Filter::Width { min: pixels(random), max: pixels(random) },
        14 => Filter::Height { min: pixels(random), max: pixels(random) },
        15 => Filter::Recurring(random_recurring(random)),
        16 => Filter::Person(random.pick(&PEOPLE).to_lowercase()),
        17 => Filter::Place(random.pick(&[&PLACES[..], &["bayern", "beach"]].concat()).into()),
        18 => Filter::Rating { min: stars(random), max: stars(random) },
        19 => Filter::Ids((0..random.below(9)).map(|_| id(random.below(40) as u32)).collect()),
        20 => Filter::Inside(random_bounds(random)),
        21 => {
            let names: Vec<String> =
                (0..random.below(3)).map(|_| random.pick(&FOLDERS).to_uppercase()).collect();
            let above = random.pick(&["/HOME/me/Pictures", "/home/me/Pict"]);
            Filter::Below(LibraryPath::new([&[above.to_owned()], &names[..]].concat().join("/")))
        }
        _ => Filter::Orientation(
            [Orientation::Landscape, Orientation::Portrait, Orientation::Square]
                [random.below(3) as usize],
        ),
    }
}

/// Corners on the degrees that random photos lie on, a third of the boxes across the date line.
fn random_bounds(random: &mut Random) -> Bounds {
    let mut latitude = || random.below(181) as f64 - 90.0;
    let (one, other) = (latitude(), latitude());
    let mut longitude = || random.below(361) as f64 - 180.0;
    let (west, east) = (longitude(), longitude());
    Bounds { south: one.min(other), west, north: one.max(other), east }
}

/// Around New Year 1970, where the random photos are from.
fn random_recurring(random: &mut Random) -> Recurring {
    let second = |random: &mut Random| (random.below(44) as u32 + 86_378) % 86_400;
    let day = |random: &mut Random| random.pick(&[(12, 30), (12, 31), (1, 1), (1, 2), (2, 29)]);
    match random.below(3) {
        0 => Recurring::Weekdays((0..random.below(4)).map(|_| 1 + random.below(7) as u8).collect()),
        1 => Recurring::Time { from: second(random), until: second(random) },
        _ => Recurring::Days { from: day(random), until: day(random) },
    }
}
