//! A random library.

use seer_store::{Change, Point};
use seer_types::PhotoRecord;

use super::points::random_points;
use super::{Random, random_record};
use crate::make::{A, B, changes_of, unlink};

/// Photos with points in two spaces, as batches that make them.
pub struct RandomLibrary {
    /// The photos, by id; those that lost all their files have none.
    pub records: Vec<PhotoRecord>,
    /// To be applied one after the other.
    pub batches: Vec<Vec<Change>>,
}

/// Numbers per embedding of the first model.
pub(crate) const DIM_A: usize = 16;
/// Of the second one.
pub(crate) const DIM_B: usize = 5;

/// So many photos, not in the order of their ids. Every eleventh has lost its files again, nine of
/// ten have points of the first model, every third of the second.
pub fn random_library(photos: u32, random: &mut Random) -> RandomLibrary {
    let mut records: Vec<PhotoRecord> = (0..photos).map(|n| random_record(n, random)).collect();
    let mut order: Vec<u32> = (0..photos).collect();
    for place in (1..order.len()).rev() {
        order.swap(place, random.below(place as u64 + 1) as usize);
    }
    let mut changes: Vec<Change> = Vec::new();
    for n in order {
        changes.extend(changes_of(&records[n as usize], points(n, random)));
    }
    for record in records.iter_mut().step_by(11) {
        changes.extend(record.files.drain(..).map(|file| unlink(&file.path.to_text())));
    }
    RandomLibrary { records, batches: changes.chunks(37).map(<[Change]>::to_vec).collect() }
}

fn points(n: u32, random: &mut Random) -> Vec<Point> {
    let mut points = Vec::new();
    if n % 10 != 9 {
        points.extend(random_points(A, DIM_A, random));
    }
    if n.is_multiple_of(3) {
        points.extend(random_points(B, DIM_B, random));
    }
    points
}
