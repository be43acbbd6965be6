//! Random records, random filters, and the plain evaluation as the judge.

use super::plain::meets;
use super::*;
use seer_store::Orientation;

struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }

    fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len() as u64) as usize]
    }

    fn some(&mut self, of: &[&str]) -> Option<String> {
        self.chance(70).then(|| self.pick(of).to_owned())
    }
}

const FOLDERS: [&str; 8] =
    ["Holiday 2019", "holiday", "Zürich", "BeachParty", "IMG", "2019", "Straße", "a.b"];
const NAMES: [&str; 9] = [
    "IMG_1234.JPG",
    "DSC00012.jpg",
    "BeachParty2019.png",
    "beach.jpeg",
    "x",
    ".hidden",
    "Zürich Hbf.jpg",
    "海辺.jpg",
    "iPhone shot 12.heic",
];
const MAKES: [&str; 4] = ["Canon", "NIKON CORPORATION", "Apple", "Olympus Imaging"];
const MODELS: [&str; 5] =
    ["Canon EOS 5D", "Canon EOS 50D", "NIKON D750", "iPhone 6s", "E-M1MarkII"];
const LENSES: [&str; 3] = ["EF24-105mm f/4L IS USM", "iPhone 6s back camera", "50mm f/1.8"];
const TAGS: [&str; 6] =
    ["beach", "Beach Party", "BeachParty", "zürich", "dog on the beach", "2019"];
const CAPTIONS: [&str; 4] =
    ["Two dogs on the Beach", "a BeachParty in Zürich", "beach", "海辺の犬と beach"];
const PIECES: [&str; 18] = [
    "beach",
    "Party",
    "beachparty",
    "BeachParty",
    "img",
    "1234",
    "zurich",
    "Zürich",
    "on the",
    "dogs on",
    "holiday",
    "STRASSE",
    "2019",
    "i phone",
    "iphone 6",
    "海辺",
    "o",
    "/",
];
const CLASSES: [&str; 2] = ["dog, domestic dog", "beach, iPhone"];
const FORMATS: [&str; 3] = ["jpeg", "png", "webp"];

fn random_record(row: u32, random: &mut Random) -> PhotoRecord {
    let path = |random: &mut Random| {
        let above = if random.chance(80) { "/home/me/Pictures" } else { "/mnt" };
        let folders: Vec<&str> = (0..random.below(3)).map(|_| random.pick(&FOLDERS)).collect();
        let name = random.pick(&NAMES);
        [&[above], folders.as_slice(), &[name]].concat().join("/")
    };
    let paths: Vec<String> = (0..1 + random.below(3) / 2).map(|_| path(random)).collect();
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
        classes: (0..random.below(6) / 4).map(|_| random.pick(&CLASSES).to_owned()).collect(),
        ..PhotoFacts::default()
    };
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    PhotoRecord { size: random.below(30), ..record(row, &paths, facts) }
}

fn random_filter(depth: u32, random: &mut Random) -> Filter {
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
    leaf(random.below(16), random)
}

fn leaf(kind: u64, random: &mut Random) -> Filter {
    let time = |random: &mut Random| {
        random.chance(70).then(|| LocalTime::from_seconds(random.below(44) as i64 - 22))
    };
    let pixels = |random: &mut Random| random.chance(60).then(|| 99 + random.below(6) as u32);
    match kind {
        0 => Filter::Path(random.pick(&PIECES).into()),
        1 => Filter::Folder(random.pick(&FOLDERS).to_uppercase()),
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
        _ => Filter::Orientation(
            [Orientation::Landscape, Orientation::Portrait, Orientation::Square]
                [random.below(3) as usize],
        ),
    }
}

/// Compares every filter with the plain evaluation; returns how many rows were found in all.
fn compare(index: &Keywords, records: &[PhotoRecord], random: &mut Random, rounds: u64) -> u64 {
    let mut total = 0;
    for round in 0..rounds {
        let filter = if round < 160 { leaf(round / 10, random) } else { random_filter(3, random) };
        let expected: RoaringBitmap = records
            .iter()
            .filter(|record| !record.files.is_empty() && meets(record, &filter))
            .map(row_of)
            .collect();
        assert_eq!(index.filter(&filter).unwrap(), expected, "{filter:?}");
        total += expected.len();
    }
    total
}

#[test]
fn filters_agree_with_the_plain_evaluation() {
    let mut random = Random(7);
    let mut records: Vec<PhotoRecord> =
        (0..400).map(|row| random_record(row, &mut random)).collect();
    let (_folder, index) = new_index(&records[..100]);
    // Several commits make several segments, and merges of them.
    for (batch, part) in records[100..].chunks(30).enumerate() {
        update(&index, part).unwrap();
        index.commit(batch as u64 + 2).unwrap();
    }
    assert!(compare(&index, &records, &mut random, 400) > 5_000);

    for row in (0..400).step_by(3) {
        records[row] = random_record(row as u32, &mut random);
        if row % 2 == 0 {
            records[row].files.clear();
        }
    }
    update(&index, &records).unwrap();
    index.commit(99).unwrap();
    assert!(compare(&index, &records, &mut random, 400) > 5_000);
}
