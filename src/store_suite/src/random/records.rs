//! Random records.

use seer_types::{
    DateSource, LocalTime, PhotoClass, PhotoFacts, PhotoRecord, Place, PlaceName, Signature, Taken,
    TextLine,
};

use super::Random;
use super::pools::{
    CAPTIONS, CLASSES, FOLDERS, FORMATS, LENSES, LINES, MAKES, MODELS, NAMES, PEOPLE, PLACES, TAGS,
};
use crate::make::{place, record};

/// Mostly likely enough to be a tag.
fn random_class(random: &mut Random) -> PhotoClass {
    let probability = random.below(11) as f32 / 10.0;
    PhotoClass { names: random.pick(&CLASSES).into(), probability }
}

/// Around New Year 1970; or a part of a date, of that year, the one before, or a month of them.
fn random_time(random: &mut Random) -> Taken {
    let source = random.pick(&DateSource::ALL);
    let (year, month) = (1969 + random.below(2) as i32, Some(random.pick(&[12, 1, 2])));
    let partial = match random.below(8) {
        0 => Taken::partial(year, None, None, source),
        1 => Taken::partial(year, month, None, source),
        2 => Taken::partial(year, month, Some(random.pick(&[1, 2, 28, 29])), source),
        _ => None,
    };
    let mut second = || LocalTime::from_seconds(random.below(40) as i64 - 20);
    partial.unwrap_or_else(|| Taken::second(second(), source))
}

fn random_place(random: &mut Random) -> Place {
    let name = |english: String| PlaceName { english, local: None };
    let (city, country) = (random.some(&PLACES).map(name), random.some(&PLACES).map(name));
    let region = Some(PlaceName { english: "Bavaria".into(), local: Some("Bayern".into()) });
    Place { district: None, city, region, country }
}

fn random_line(random: &mut Random) -> TextLine {
    let text = random.pick(&LINES).to_owned();
    TextLine { text, corners: [[0.5; 2]; 4], confidence: 0.75 }
}

/// What photo `n` may look like. No two numbers have a path in common.
pub fn random_record(n: u32, random: &mut Random) -> PhotoRecord {
    let path = |random: &mut Random| {
        let above = if random.chance(80) { "/home/me/Pictures" } else { "/mnt" };
        let folders: Vec<&str> = (0..random.below(3)).map(|_| random.pick(&FOLDERS)).collect();
        let own = format!("#{n}");
        let name = random.pick(&NAMES);
        [&[above, &own], folders.as_slice(), &[name]].concat().join("/")
    };
    let paths: Vec<String> = (0..1 + random.below(6) / 2).map(|_| path(random)).collect();
    let facts = PhotoFacts {
        width: 100 + random.below(4) as u32,
        height: 100 + random.below(4) as u32,
        format: random.pick(&FORMATS).into(),
        taken: random.chance(70).then(|| random_time(random)),
        camera_make: random.some(&MAKES),
        camera_model: random.some(&MODELS),
        lens: random.some(&LENSES),
        position: random
            .chance(70)
            .then(|| place(random.below(181) as f64 - 90.0, random.below(361) as f64 - 180.0)),
        tags: (0..random.below(3)).map(|_| random.pick(&TAGS).to_owned()).collect(),
        caption: random.some(&CAPTIONS),
        classes: (0..random.below(4)).map(|_| random_class(random)).collect(),
        signature: random.chance(70).then(|| Signature::new(&[random.below(64) as u8; 400])),
        people: (0..random.below(3)).map(|_| random.pick(&PEOPLE).to_owned()).collect(),
        rating: random.chance(40).then(|| random.below(6) as u8),
        descriptions: random.some(&CAPTIONS).into_iter().collect(),
        locations: random.some(&PLACES).into_iter().collect(),
        place: random.chance(50).then(|| random_place(random)),
        text_lines: (0..random.below(3)).map(|_| random_line(random)).collect(),
        generated_caption: random.some(&CAPTIONS),
        ..PhotoFacts::default()
    };
    let mut paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    paths.sort_unstable();
    paths.dedup();
    PhotoRecord { size: random.below(30), ..record(n, &paths, facts) }
}
