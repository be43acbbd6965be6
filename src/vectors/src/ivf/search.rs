//! From a query to the slots that may hold its nearest vectors.

use seer_types::RowId;

use super::bytes::{self, ByteQuery};
use super::signs::SignQuery;
use super::{Ivf, List};
use crate::kernel::{dot, passing};
use crate::top_k::TopK;

/// How far beyond its centroid a list is expected to reach towards the query, in spreads: some
/// 2.3 standard deviations of a product with a vector of the list. Ordering lists by their
/// centroids alone has to read half as many more for the same recall of text queries.
const REACH: f32 = 1.8;

/// How far beyond [`REACH`] a list may hold a vector after all: lists that would have to reach
/// further to hold one of the best are passed over.
const FAR_REACH: f32 = 1.7;

/// What an 8-bit product is usually off by at most, in scales: five standard deviations of the
/// sum of many roundings, `5 / sqrt(12)`.
const USUAL_SLACK: f32 = 1.45;

/// What rounding in single precision adds to any of the bounds.
const ROUNDING: f32 = 1e-5;

/// How thorough a search is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Care {
    /// Every vector is compared in 8 bits, and kept unless it is certainly not among the best.
    Certain,
    /// The nearest `lists` only; in these, vectors that are among the best by 1-bit estimates
    /// raised by `deviations` of their error.
    Likely { lists: usize, deviations: f32 },
}

/// Which vectors may be found.
pub(crate) struct Allowed<'a> {
    /// Whether many are refused, so that it pays to ask before comparing.
    pub(crate) few: bool,
    pub(crate) slot: &'a dyn Fn(u32) -> bool,
}

/// A search under way.
struct Walk<'a> {
    rotated: Vec<f32>,
    bytes: ByteQuery,
    allowed: &'a Allowed<'a>,
    /// Bound of an 8-bit product's error, in scales.
    slack: f32,
    /// Square root of the width.
    root: f32,
    /// The `k` highest lower bounds so far.
    floor: TopK,
    /// Slots with their upper bounds.
    found: Vec<(u32, f32)>,
}

impl Ivf {
    /// Slots among which the `k` nearest are, as far as `care` goes; in no order.
    pub(crate) fn candidates(
        &self,
        query: &[f32],
        k: usize,
        care: Care,
        allowed: &Allowed,
    ) -> Vec<u32> {
        let mut rotated = vec![0.0; self.width()];
        self.rotation.apply(query, &mut rotated);
        let slack = match care {
            Care::Certain => bytes::slack(self.width()),
            Care::Likely { .. } => USUAL_SLACK,
        };
        let mut walk = Walk {
            bytes: ByteQuery::new(&rotated),
            rotated,
            allowed,
            slack,
            root: (self.width() as f32).sqrt(),
            floor: TopK::new(k),
            found: Vec::new(),
        };
        match care {
            Care::Certain => self.read_all(&mut walk),
            Care::Likely { lists, deviations } => self.read_best(&mut walk, lists, deviations),
        }
        let floor = walk.floor.worst();
        walk.found.into_iter().filter(|(_, upper)| *upper >= floor).map(|(slot, _)| slot).collect()
    }

    fn read_all(&self, walk: &mut Walk) {
        let mut sums = Vec::new();
        for (_, number) in self.nearest_lists(walk, self.lists.len()) {
            let list = &self.lists[number as usize];
            let centre = dot(&walk.rotated, self.centroids.centroid(number as usize));
            sums.resize(list.len().max(sums.len()), 0);
            walk.bytes.sums(list.codes(), &mut sums[..list.len()]);
            for (place, sum) in sums[..list.len()].iter().enumerate() {
                walk.compare(list, place, centre, *sum);
            }
        }
    }

    fn read_best(&self, walk: &mut Walk, lists: usize, deviations: f32) {
        let signs = SignQuery::new(&walk.rotated);
        let (mut places, width, stretch) = (Vec::new(), self.width(), self.rotation.stretch());
        for (promise, number) in self.nearest_lists(walk, lists) {
            let list = &self.lists[number as usize];
            if promise + FAR_REACH * stretch * self.spreads[number as usize] < walk.floor.worst() {
                continue;
            }
            let centre = dot(&walk.rotated, self.centroids.centroid(number as usize));
            let bar = signs.bar(walk.floor.worst() - centre, deviations * stretch);
            places.clear();
            passing(signs.planes(), list.signs(), list.factors(), bar, &mut places);
            for place in places.iter().map(|place| *place as usize) {
                if walk.allowed.few && !(walk.allowed.slot)(list.slots()[place]) {
                    continue;
                }
                let mut sum = [0];
                walk.bytes.sums(&list.codes()[place * width..][..width], &mut sum);
                walk.compare(list, place, centre, sum[0]);
            }
        }
    }

    /// The `count` most promising lists, best first: what the best of each may reach, its number.
    fn nearest_lists(&self, walk: &Walk, count: usize) -> Vec<(f32, u32)> {
        let (mut sums, mut products) = (Vec::new(), Vec::new());
        self.centroids.products(&walk.bytes, &mut sums, &mut products);
        let reach = REACH * self.rotation.stretch();
        let promise = |(product, spread): (&f32, &f32)| product + reach * spread;
        let promises = products.iter().zip(&self.spreads).map(promise);
        let mut order: Vec<(f32, u32)> =
            promises.zip(0..).filter(|(_, n)| self.lists[*n as usize].len() > 0).collect();
        let better = |a: &(f32, u32), b: &(f32, u32)| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1));
        if count < order.len() {
            order.select_nth_unstable_by(count, better);
            order.truncate(count);
        }
        order.sort_unstable_by(better);
        order
    }
}

impl Walk<'_> {
    /// Takes a vector in, if it may be among the best and is allowed.
    ///
    /// The product of query and code is off by the code's error and the query's. With `r` the
    /// vector's difference from the centroid, the latter grows with the length of `r`'s code,
    /// which is at most `factor * sqrt(width)`, the bound of `r`'s own, plus the code's error.
    fn compare(&mut self, list: &List, place: usize, centre: f32, sum: i32) {
        let (scale, factor) = (list.scales()[place], list.factors()[place]);
        let product = centre + self.bytes.product(sum, scale);
        let length = factor * self.root + self.slack * scale;
        let slack = self.slack * (scale + self.bytes.scale() * length) * 1.001 + ROUNDING;
        if product + slack < self.floor.worst() {
            return;
        }
        let slot = list.slots()[place];
        if (self.allowed.slot)(slot) {
            self.floor.push(RowId(slot), product - slack);
            self.found.push((slot, product + slack));
        }
    }
}
