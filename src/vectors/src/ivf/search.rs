//! From a query to the slots that may hold its nearest vectors.

use std::cell::OnceCell;
use std::cmp::Ordering;

use seer_types::RowId;

use super::bytes::{self, ByteQuery};
use super::signs::SignQuery;
use super::{Ivf, List};
use crate::kernel::{Bar, dot, fetch, passing};
use crate::marks::Marks;
use crate::top_k::TopK;

/// How far beyond its centroid a list is expected to reach towards the query, in spreads: some
/// 2.3 standard deviations of a product with a vector of the list. Ordering lists by their
/// centroids alone has to read half as many more for the same recall of text queries.
const REACH: f32 = 1.8;

/// What an 8-bit product is usually off by at most, in scales: five standard deviations of the
/// sum of many roundings, `5 / sqrt(12)`.
const USUAL_SLACK: f32 = 1.45;

/// Codes that are compared at once. The more there are, the longer each had time to arrive from
/// memory; the fewer, the sooner what is found shortens the rest of the search.
const BATCH: usize = 48;

/// How many lists ahead of the one at work are fetched: first where their columns are, later
/// which slots they hold.
const AHEAD: usize = 4;

/// What rounding in single precision adds to any of the bounds.
const ROUNDING: f32 = 1e-5;

/// How thorough a search is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Care {
    /// Every vector is compared in 8 bits, and kept unless it is certainly not among the best.
    Certain,
    /// Some lists only; in these, vectors that are among the best by 1-bit estimates raised by
    /// `deviations` of their error.
    Likely { lists: Reach, deviations: f32 },
}

/// Which lists are read.
///
/// A list is passed over when it would have to reach further than so many spreads beyond what is
/// expected, to hold one of the best.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reach {
    /// The most promising lists, not counting those that hold nothing allowed.
    pub(crate) nearest: usize,
    /// The spreads for these.
    pub(crate) near: f32,
    /// The spreads for all others; `None` when they are not read at all.
    pub(crate) far: Option<f32>,
}

/// Which vectors may be found.
#[derive(Clone, Copy)]
pub(crate) enum Allowed<'a> {
    /// Nearly all: asked for those that may be among the best.
    Most(&'a dyn Fn(u32) -> bool),
    /// Many are refused: asked before codes of 8 bits are read.
    Some(&'a dyn Fn(u32) -> bool),
    /// Only marked ones, so few that their codes of 8 bits are read at once: reading one bit per
    /// number of all the others takes longer.
    Few(&'a Marks),
}

/// A search under way.
struct Walk<'a> {
    rotated: &'a [f32],
    bytes: &'a ByteQuery,
    allowed: Allowed<'a>,
    /// Bound of an 8-bit product's error, in scales.
    slack: f32,
    /// Square root of the width.
    root: f32,
    /// The `k` highest lower bounds so far.
    floor: TopK,
    /// Slots with their upper bounds.
    found: Vec<(u32, f32)>,
    /// Places in the list at work.
    places: Vec<u32>,
    /// Lists of the vectors that are to be compared.
    opened: Vec<Opened<'a>>,
    /// Those vectors: which of `opened`, the place there, and the code.
    chosen: Vec<(usize, usize)>,
    codes: Vec<&'a [u8]>,
    sums: Vec<i32>,
}

/// A list at work.
struct Opened<'a> {
    slots: &'a [u32],
    scales: &'a [f32],
    factors: &'a [f32],
    centroid: &'a [f32],
    /// The product of centroid and query in 8 bits, and how far it may be off.
    about: f32,
    error: f32,
    /// The product itself, when it was needed.
    product: Option<f32>,
}

/// A list in the order of reading.
struct Promise {
    /// What its best vector may reach.
    reach: f32,
    /// About the product of its centroid.
    product: f32,
    number: u32,
}

impl Ivf {
    /// Slots among which the `k` nearest are, as far as `care` goes; in no order.
    pub(crate) fn candidates(
        &self,
        query: &[f32],
        k: usize,
        care: Care,
        allowed: Allowed,
    ) -> Vec<u32> {
        let mut rotated = vec![0.0; self.width()];
        self.rotation.apply(query, &mut rotated);
        let bytes = ByteQuery::new(&rotated);
        let slack = match care {
            Care::Certain => bytes::slack(self.width()),
            Care::Likely { .. } => USUAL_SLACK,
        };
        let mut walk = Walk {
            rotated: &rotated,
            bytes: &bytes,
            allowed,
            slack,
            root: (self.width() as f32).sqrt(),
            floor: TopK::new(k),
            found: Vec::new(),
            places: Vec::new(),
            opened: Vec::new(),
            chosen: Vec::new(),
            codes: Vec::new(),
            sums: Vec::new(),
        };
        match care {
            Care::Certain => self.read_all(&mut walk),
            Care::Likely { lists, deviations } => self.read_best(&mut walk, lists, deviations),
        }
        walk.compare_chosen();
        let floor = walk.floor.worst();
        walk.found.into_iter().filter(|(_, upper)| *upper >= floor).map(|(slot, _)| slot).collect()
    }

    fn read_all<'a>(&'a self, walk: &mut Walk<'a>) {
        let mut order = self.promises(walk);
        order.sort_unstable_by(Promise::order);
        for promise in order {
            match walk.allowed {
                Allowed::Few(marks) => walk.choose_marked(self.list(&promise), marks),
                _ => walk.choose_all(self.list(&promise)),
            }
            walk.open(self, &promise);
        }
    }

    fn read_best<'a>(&'a self, walk: &mut Walk<'a>, lists: Reach, deviations: f32) {
        let (signs, stretch) = (OnceCell::new(), self.rotation.stretch());
        let may_hold = |promise: &Promise, reach: f32, walk: &Walk| {
            let spread = stretch * self.spreads[promise.number as usize];
            promise.reach + reach * spread >= walk.floor.worst()
        };
        let (mut order, mut seen) = (self.promises(walk), 0);
        while let Some(reach) = lists.at(seen) {
            order.retain(|promise| may_hold(promise, reach, walk));
            let rest = split_best(&mut order, lists.nearest);
            for (at, promise) in order.iter().enumerate() {
                self.fetch_ahead(&order[at..]);
                let Some(reach) = lists.at(seen) else { return };
                seen += 1;
                if !may_hold(promise, reach, walk) {
                    continue;
                }
                let list = self.list(promise);
                if let Allowed::Few(marks) = walk.allowed {
                    walk.choose_marked(list, marks);
                    seen -= usize::from(walk.places.is_empty());
                } else {
                    let signs = signs.get_or_init(|| SignQuery::new(walk.rotated));
                    let floor = walk.floor.worst() - promise.product;
                    walk.choose_passing(list, signs, signs.bar(floor, deviations * stretch));
                }
                walk.open(self, promise);
            }
            if rest.is_empty() {
                return;
            }
            order = rest;
        }
    }

    /// Asks for what the next lists need.
    fn fetch_ahead(&self, order: &[Promise]) {
        if let Some(promise) = order.get(2 * AHEAD) {
            fetch(std::slice::from_ref(self.list(promise)));
        }
        if let Some(promise) = order.get(AHEAD) {
            fetch(self.list(promise).slots());
        }
    }

    fn list(&self, promise: &Promise) -> &List {
        &self.lists[promise.number as usize]
    }

    /// Every list with vectors, in no order.
    fn promises(&self, walk: &Walk) -> Vec<Promise> {
        let (mut sums, mut products) = (Vec::new(), Vec::new());
        self.centroids.products(walk.bytes, &mut sums, &mut products);
        let reach = REACH * self.rotation.stretch();
        let promise = |((number, product), spread): ((u32, &f32), &f32)| Promise {
            reach: product + reach * spread,
            product: *product,
            number,
        };
        let all = (0..).zip(&products).zip(&self.spreads).map(promise);
        all.filter(|promise| self.list(promise).len() > 0).collect()
    }
}

/// Leaves the best `count` of `order` in it, best first; the others, in no order.
fn split_best(order: &mut Vec<Promise>, count: usize) -> Vec<Promise> {
    let count = count.clamp(1, order.len().max(1));
    if count < order.len() {
        order.select_nth_unstable_by(count, Promise::order);
    }
    let rest = order.split_off(count.min(order.len()));
    order.sort_unstable_by(Promise::order);
    rest
}

impl Reach {
    /// The spreads for the next list after `seen`; `None` when no more are read.
    fn at(&self, seen: usize) -> Option<f32> {
        if seen < self.nearest { Some(self.near) } else { self.far }
    }
}

impl Promise {
    fn order(one: &Self, other: &Self) -> Ordering {
        other.reach.total_cmp(&one.reach).then(one.number.cmp(&other.number))
    }
}

impl<'a> Walk<'a> {
    fn choose_all(&mut self, list: &List) {
        self.places.clear();
        self.places.extend(0..list.len() as u32);
    }

    /// Without branches, which would be guessed wrong as often as not.
    fn choose_marked(&mut self, list: &List, marks: &Marks) {
        self.places.resize(list.len(), 0);
        let (places, mut count) = (self.places.as_mut_slice(), 0);
        for (place, slot) in (0..).zip(list.slots()) {
            places[count] = place;
            count += usize::from(marks.holds(*slot));
        }
        self.places.truncate(count);
    }

    fn choose_passing(&mut self, list: &List, signs: &SignQuery, bar: Bar) {
        self.places.clear();
        passing(signs.planes(), list.signs(), list.factors(), bar, &mut self.places);
        if let Allowed::Some(is_allowed) = self.allowed {
            let slots = list.slots();
            self.places.retain(|place| is_allowed(slots[*place as usize]));
        }
    }

    /// Has the chosen places of a list compared: now, or with those of the next lists.
    fn open(&mut self, ivf: &'a Ivf, promise: &Promise) {
        if self.places.is_empty() {
            return;
        }
        let (list, width) = (ivf.list(promise), ivf.width());
        let (codes, scales, factors) = (list.codes(), list.scales(), list.factors());
        for place in self.places.iter().map(|place| *place as usize) {
            let code = &codes[place * width..][..width];
            fetch(code);
            fetch(&scales[place..=place]);
            fetch(&factors[place..=place]);
            self.codes.push(code);
            self.chosen.push((self.opened.len(), place));
        }
        let (scale, length) = ivf.centroids.size(promise.number as usize);
        self.opened.push(Opened {
            slots: list.slots(),
            scales,
            factors,
            centroid: ivf.centroids.centroid(promise.number as usize),
            about: promise.product,
            error: error(self.slack, self.bytes.scale(), scale, length),
            product: None,
        });
        if self.chosen.len() >= BATCH {
            self.compare_chosen();
        }
    }

    fn compare_chosen(&mut self) {
        self.sums.resize(self.codes.len(), 0);
        self.bytes.sums_of(&self.codes, &mut self.sums);
        for at in 0..self.chosen.len() {
            self.compare(at);
        }
        self.codes.clear();
        self.chosen.clear();
        self.opened.clear();
    }

    /// Takes a vector in, if it may be among the best and is allowed.
    fn compare(&mut self, at: usize) {
        let (opened, place) = self.chosen[at];
        let opened = &mut self.opened[opened];
        let (scale, factor) = (opened.scales[place], opened.factors[place]);
        let product = self.bytes.product(self.sums[at], scale);
        let slack = error(self.slack, self.bytes.scale(), scale, factor * self.root);
        let floor = self.floor.worst() - product - slack;
        if opened.about + opened.error < floor {
            return;
        }
        let centre = *opened.product.get_or_insert_with(|| dot(self.rotated, opened.centroid));
        if centre < floor {
            return;
        }
        let slot = opened.slots[place];
        let is_allowed = match self.allowed {
            Allowed::Most(is_allowed) | Allowed::Some(is_allowed) => is_allowed(slot),
            Allowed::Few(_) => true,
        };
        if is_allowed {
            self.floor.push(RowId(slot), centre + product - slack);
            self.found.push((slot, centre + product + slack));
        }
    }
}

/// How far the product of the codes of a query of length 1 and of a vector of at most `length`
/// may be off: `slack` scales for each of the two.
///
/// The product of query and code is off by the code's error and the query's. The latter grows
/// with the length of the vector's code, which is at most the vector's plus the code's error.
fn error(slack: f32, query_scale: f32, scale: f32, length: f32) -> f32 {
    slack * (scale + query_scale * (length + slack * scale)) * 1.001 + ROUNDING
}
