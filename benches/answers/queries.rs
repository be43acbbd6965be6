//! Queries as people write them: things, sentences, dates, names of folders, excluded words.

use crate::data::Random;

const THINGS: [&str; 24] = [
    "dog",
    "umbrella",
    "castle",
    "two children",
    "red car",
    "sunset",
    "old bridge",
    "birthday cake",
    "cat",
    "snowy mountain",
    "river",
    "market",
    "bicycle",
    "boat",
    "church",
    "horse",
    "flowers",
    "train",
    "waterfall",
    "statue",
    "laptop",
    "pizza",
    "street at night",
    "elephant",
];
const DOING: [&str; 12] = [
    "on a beach",
    "in the garden",
    "playing with a ball",
    "under a tree",
    "seen from above",
    "in the rain",
    "next to a fence",
    "at the station",
    "in front of a house",
    "in black and white",
    "with people behind it",
    "on a table",
];
const LIKE: [&str; 20] = [
    "",
    "small",
    "large",
    "white",
    "black",
    "wooden",
    "wet",
    "sleeping",
    "broken",
    "colourful",
    "young",
    "shiny",
    "striped",
    "yellow",
    "empty",
    "flying",
    "painted",
    "dusty",
    "green",
    "tall",
];
const MORE: [&str; 10] = [
    "",
    "",
    "",
    "",
    "last summer",
    "June 2019",
    "in Lisbon",
    "-people",
    "camera:canon",
    "after:2012",
];

/// Queries without end, the same ones for a seed.
pub struct Queries(Random);

impl Queries {
    pub fn new(seed: u64) -> Self {
        Self(Random(seed.wrapping_mul(0x5851_f42d)))
    }

    fn of<'a>(&mut self, texts: &[&'a str]) -> &'a str {
        texts[(self.0.next() % texts.len() as u64) as usize]
    }
}

impl Iterator for Queries {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        let (like, thing) = (self.of(&LIKE), self.of(&THINGS));
        let doing = if self.0.next().is_multiple_of(3) { "" } else { self.of(&DOING) };
        // Nearly every text is one that was never asked before.
        let (and, other) = match self.0.next() % 4 {
            0 => ("", String::new()),
            _ => ("and a", format!("{} {}", self.of(&LIKE), self.of(&THINGS))),
        };
        let more = self.of(&MORE);
        let parts = [like, thing, doing, and, other.trim(), more];
        Some(parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" "))
    }
}
