//! Random records.

use seer_types::{LocalTime, PhotoClass, PhotoFacts, PhotoRecord, Signature};

use super::Random;
use super::pools::{CAPTIONS, CLASSES, FOLDERS, FORMATS, LENSES, MAKES, MODELS, NAMES, TAGS};
use crate::make::{place, record};

/// Mostly likely enough to be a tag.
fn random_class(random: &mut Random) -> PhotoClass {
    let probability = random.below(11) as f32 / 10.0;
    PhotoClass { names: random.pick(&CLASSES).into(), probability }
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
        taken: random.chance(70).then(|| LocalTime::from_seconds(random.below(40) as i64 - 20)),
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
        ..PhotoFacts::default()
    };
    let mut paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    paths.sort_unstable();
    paths.dedup();
    PhotoRecord { size: random.below(30), ..record(n, &paths, facts) }
}
