//! Random batches of changes.

use seer_store::{Analysis, Change, Point, Told};
use seer_types::FailureKind;

use super::library::{DIM_A, DIM_B};
use super::points::random_points;
use super::{Random, random_record};
use crate::make::{A, B, failure, file, id, unlink};

/// Analyses that a [`random_batch`] notes.
pub(crate) const ANALYSES: [&str; 2] = ["text", "classes of 0123"];
/// Their versions are below this one.
pub(crate) const VERSIONS: u32 = 4;
/// Photos have numbers below this one.
pub(crate) const PHOTOS: u32 = 24;

const FOLDERS: [&str; 4] = ["", "/a", "/a/b", "/a-b"];

/// A few changes of a library of a few photos and paths. Some batches speak of unknown photos or
/// hold a point of a wrong length, so that they have to be refused.
pub fn random_batch(random: &mut Random) -> Vec<Change> {
    (0..1 + random.below(8)).map(|_| change(random)).collect()
}

fn path(random: &mut Random) -> String {
    format!("/home/me/Pictures{}/{}.jpg", random.pick(&FOLDERS), random.below(8))
}

fn change(random: &mut Random) -> Change {
    let id = id(random.below(u64::from(PHOTOS)) as u32);
    match random.below(14) {
        0..=4 => read(random),
        5 => Change::Link { id, file: file(&path(random)) },
        6 => Change::Points { id, points: points(random) },
        7 => {
            let version = random.below(u64::from(VERSIONS)) as u32;
            let name = random.pick(&ANALYSES).to_owned();
            Change::Analysed { id, analysis: Analysis::Named { name, version } }
        }
        8..=9 => unlink(&path(random)),
        10 => Change::Told { id, told: Told::Caption(random.chance(70).then(|| path(random))) },
        11 => {
            let lines = random_record(0, random).facts.text_lines;
            Change::Told { id, told: Told::Lines(lines) }
        }
        _ => {
            let mut failure = failure(&path(random), "it broke");
            failure.kind = random.pick(&[FailureKind::Damaged, FailureKind::Unsupported]);
            failure.decoders = random.below(3) as u32;
            Change::Failed(failure)
        }
    }
}

fn read(random: &mut Random) -> Change {
    let n = random.below(u64::from(PHOTOS)) as u32;
    let record = random_record(n, random);
    let mut file = file(&path(random));
    file.stamp.modified_ns = random.below(9) as i64 * 500_000_000 - 2_000_000_000;
    Change::Photo {
        id: id(n),
        size: record.size,
        facts: record.facts,
        file,
        points: points(random),
    }
}

fn points(random: &mut Random) -> Vec<Point> {
    let mut points = Vec::new();
    if random.chance(60) {
        points.extend(random_points(A, DIM_A, random));
    }
    if random.chance(40) {
        let dim = if random.chance(4) { DIM_B + 1 } else { DIM_B };
        points.extend(random_points(B, dim, random));
    }
    points
}
