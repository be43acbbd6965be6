//! A coarse look at a picture and at parts of it, to find out fast which pictures may be copies.

use std::array;
use std::sync::LazyLock;

use seer_types::Signature;

const SIDE: usize = Signature::SIDE;
/// Places of the coarse grid across and down.
const COARSE: usize = 5;
/// Places of the finer one.
const FINER: usize = 8;
/// Edges of the coarse grid: differences between neighbours, across and down.
pub(super) const EDGES: usize = COARSE * (COARSE - 1) * 2;
/// What each view leaves out, as shares of the sides: left, right, top, bottom.
const CUTS: [[f32; 4]; 6] = [
    [0.0, 0.0, 0.0, 0.0],
    [0.05, 0.05, 0.05, 0.05],
    [0.08, 0.0, 0.08, 0.0],
    [0.0, 0.08, 0.08, 0.0],
    [0.08, 0.0, 0.0, 0.08],
    [0.0, 0.08, 0.0, 0.08],
];

/// What the whole of a picture and that of a copy with a corner cut off have in common: nearly all
/// such pairs more than this, most others less.
const WHOLES_IN_COMMON: f32 = 0.2;

/// The fine places that make up the coarse ones of each view, across and down.
static STRIPS: LazyLock<[[[Strip; COARSE]; 2]; CUTS.len()]> = LazyLock::new(|| {
    CUTS.map(|[left, right, top, bottom]| [strips(left, right), strips(top, bottom)])
});

/// Edges of the whole picture and of five parts of it, each of unit length.
#[derive(Clone)]
pub(super) struct Views([[f32; EDGES]; CUTS.len()]);

impl Views {
    /// Of a signature's levels.
    pub(super) fn new(levels: &[u8; Signature::LEVELS]) -> Self {
        Self(STRIPS.map(|strips| edges(levels, &strips)))
    }

    /// The views, that of the whole picture first.
    pub(super) fn all(&self) -> &[[f32; EDGES]] {
        &self.0
    }

    /// How much the whole of this one is like one view of the other: a correlation, -1 to 1.
    pub(super) fn whole_with(&self, other: &Self, view: u8) -> f32 {
        dot(&self.0[0], &other.0[usize::from(view) % CUTS.len()])
    }

    /// How much one resembles the other, or a part of it: a correlation, -1 to 1.
    pub(super) fn resemblance(&self, other: &Self) -> f32 {
        self.best_match(other).0
    }

    /// The same, and which views of the two these are. Pictures whose wholes have too little in
    /// common are not looked at further.
    pub(super) fn best_match(&self, other: &Self) -> (f32, [usize; 2]) {
        let mut best = (dot(&self.0[0], &other.0[0]), [0, 0]);
        if best.0 < WHOLES_IN_COMMON {
            return best;
        }
        for view in 1..CUTS.len() {
            let in_other = (dot(&self.0[0], &other.0[view]), [0, view]);
            let in_this = (dot(&self.0[view], &other.0[0]), [view, 0]);
            for found in [in_other, in_this] {
                if found.0 > best.0 {
                    best = found;
                }
            }
        }
        best
    }
}

/// How much these views of two pictures resemble each other on a finer grid: a correlation, -1 to 1.
pub(super) fn finer(pictures: [&Signature; 2], views: [usize; 2]) -> f32 {
    let [a, b] = [0, 1].map(|i| {
        let [left, right, top, bottom] = CUTS[views[i] % CUTS.len()];
        let strips = [strips::<FINER>(left, right), strips(top, bottom)];
        let grid = grid(&pictures[i].levels(), &strips);
        differences(&grid).collect::<Vec<f32>>()
    });
    let product = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
    product(&a, &b) / (product(&a, &a) * product(&b, &b)).sqrt().max(1e-6)
}

fn dot(a: &[f32; EDGES], b: &[f32; EDGES]) -> f32 {
    let mut sums = [0.0; 8];
    for (a, b) in a.as_chunks::<8>().0.iter().zip(b.as_chunks::<8>().0) {
        for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
            *sum += a * b;
        }
    }
    sums.iter().sum()
}

fn edges(levels: &[u8; Signature::LEVELS], strips: &[[Strip; COARSE]; 2]) -> [f32; EDGES] {
    let mut edges = [0.0; EDGES];
    let grid = grid(levels, strips);
    edges.iter_mut().zip(differences(&grid)).for_each(|(edge, value)| *edge = value);
    let length = edges.iter().map(|edge| edge * edge).sum::<f32>().sqrt();
    edges.map(|edge| edge / length.max(1e-6))
}

/// A part of a picture with fewer places.
fn grid<const PLACES: usize>(
    levels: &[u8; Signature::LEVELS],
    [columns, rows]: &[[Strip; PLACES]; 2],
) -> [[f32; PLACES]; PLACES] {
    let lines: [[f32; PLACES]; SIDE] = array::from_fn(|y| {
        let line = &levels[y * SIDE..(y + 1) * SIDE];
        columns.map(|strip| strip.sum(|x| f32::from(line[x])))
    });
    rows.map(|strip| array::from_fn(|x| strip.sum(|y| lines[y][x])))
}

/// Of neighbours across, then of those down.
fn differences<const PLACES: usize>(grid: &[[f32; PLACES]; PLACES]) -> impl Iterator<Item = f32> {
    let across = grid.iter().flat_map(|line| line.windows(2).map(|pair| pair[1] - pair[0]));
    let down = grid.windows(2).flat_map(|two| (0..PLACES).map(|x| two[1][x] - two[0][x]));
    across.chain(down)
}

/// Most fine places that a coarse one covers, at least in part.
const COVERED: usize = SIDE / COARSE + 1;

/// The fine places that one coarse place covers, and what each of them counts.
#[derive(Clone, Copy)]
struct Strip {
    first: usize,
    shares: [f32; COVERED],
}

impl Strip {
    fn sum(&self, value: impl Fn(usize) -> f32) -> f32 {
        self.shares.iter().enumerate().map(|(i, share)| share * value(self.first + i)).sum()
    }
}

/// The coarse places between two cuts.
fn strips<const PLACES: usize>(before: f32, after: f32) -> [Strip; PLACES] {
    let side = SIDE as f32;
    let width = side * (1.0 - before - after) / PLACES as f32;
    array::from_fn(|place| {
        let start = before * side + place as f32 * width;
        let first = (start as usize).min(SIDE - COVERED);
        let share =
            |fine: f32| ((start + width).min(fine + 1.0) - start.max(fine)).max(0.0) / width;
        Strip { first, shares: array::from_fn(|i| share((first + i) as f32)) }
    })
}
