//! Moves and stretches one picture until it lies on another (Lucas and Kanade's method), and says
//! how well their edges then agree.

use super::grey::{Grey, Plane, SIDE, Slopes};

/// Steps on the soft pictures, and then on the sharp ones.
const STEPS: usize = 3;
/// The furthest it is moved, in widths, and stretched.
const MOST_MOVED: f32 = 0.0975;
const MOST_STRETCHED: f32 = 0.13;
/// The furthest in one step.
const MOST_AT_ONCE: f32 = 0.05;
/// What a step solves for: move and stretch, across and down, contrast, brightness.
const UNKNOWNS: usize = 6;

/// How well the edges of two pictures agree: correlations, -1 to 1.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Likeness {
    /// Of the differences between neighbouring places.
    pub(super) edges: f32,
    /// Of their square roots, so that faint edges count too.
    pub(super) fine: f32,
}

/// Where a place of the one picture lies in the other: `place + moved + stretched * place`, in
/// widths from the middle.
#[derive(Clone, Copy, Default)]
struct Axis {
    moved: f32,
    stretched: f32,
}

/// The picture `a` laid on `b`.
pub(super) fn align(a: &Grey, b: &Grey) -> Likeness {
    let mut axes = [Axis::default(); 2];
    for (from, onto) in [(&a.soft, &b.soft.levels), (&a.sharp, &b.sharp.levels)] {
        for _ in 0..STEPS {
            axes = step(from, onto, axes);
        }
    }
    likeness(&a.sharp.levels, &b.sharp.levels, axes)
}

/// Where each of a row (or column) of places is read: from which place on, and how far from it
/// towards the next; `None` outside the picture.
type Readings = [Option<(usize, f32)>; SIDE];

/// The middle of a place, in widths from the picture's middle.
fn middle(place: usize) -> f32 {
    (place as f32 + 0.5) / SIDE as f32 - 0.5
}

fn readings(axis: Axis) -> Readings {
    std::array::from_fn(|place| {
        let from = middle(place);
        let at = (from + axis.moved + axis.stretched * from + 0.5) * SIDE as f32 - 0.5;
        let is_inside = (-0.5..=SIDE as f32 - 0.5).contains(&at);
        let at = at.clamp(0.0, SIDE as f32 - 1.001);
        is_inside.then_some((at as usize, at.fract()))
    })
}

/// Calls `each` for every place of `b` that lies in `a`, with how `a` is read there.
fn each_place(axes: [Axis; 2], mut each: impl FnMut(usize, usize, Between)) {
    let [columns, rows] = axes.map(readings);
    for (y, row) in rows.into_iter().enumerate() {
        let Some((row, below)) = row else { continue };
        for (x, column) in columns.into_iter().enumerate() {
            let Some((column, right)) = column else { continue };
            each(x, y, Between { first: row * SIDE + column, right, below });
        }
    }
}

/// A point between four places.
struct Between {
    first: usize,
    right: f32,
    below: f32,
}

impl Between {
    fn read(&self, plane: &Plane) -> f32 {
        let line = |first: usize| plane[first] * (1.0 - self.right) + plane[first + 1] * self.right;
        line(self.first) * (1.0 - self.below) + line(self.first + SIDE) * self.below
    }

    /// The same by four places each way (Catmull and Rom's cubic), which blurs less.
    fn read_sharp(&self, plane: &Plane) -> f32 {
        let (row, column) = (self.first / SIDE, self.first % SIDE);
        let near = |place: usize, i: usize| (place + i).saturating_sub(1).min(SIDE - 1);
        let (across, down) = (cubic(self.right), cubic(self.below));
        let line = |i: usize| {
            let start = near(row, i) * SIDE;
            across.iter().enumerate().map(|(j, w)| w * plane[start + near(column, j)]).sum::<f32>()
        };
        down.iter().enumerate().map(|(i, w)| w * line(i)).sum()
    }
}

/// What the four places around a point count that lies so far behind the second one.
fn cubic(far: f32) -> [f32; 4] {
    [
        ((-0.5 * far + 1.0) * far - 0.5) * far,
        (1.5 * far - 2.5) * far * far + 1.0,
        ((-1.5 * far + 2.0) * far + 0.5) * far,
        (0.5 * far - 0.5) * far * far,
    ]
}

/// One step towards the least squares of the differences.
fn step(a: &Slopes, b: &Plane, axes: [Axis; 2]) -> [Axis; 2] {
    let mut products = [[0.0_f32; UNKNOWNS + 1]; UNKNOWNS];
    each_place(axes, |x, y, at| {
        let (across, down) = (at.read(&a.across), at.read(&a.down));
        let level = at.read(&a.levels);
        let known = b[y * SIDE + x];
        let terms = [across, across * middle(x), down, down * middle(y), level, 1.0, known];
        for (row, sums) in products.iter_mut().enumerate() {
            for (sum, term) in sums.iter_mut().zip(terms) {
                *sum += terms[row] * term;
            }
        }
    });
    let solved = solve(products);
    let contrast = match solved[4] {
        gain if gain < 0.0 => gain.min(-0.2),
        gain => gain.max(0.2),
    };
    let change = |value: f32| (value / contrast).clamp(-MOST_AT_ONCE, MOST_AT_ONCE);
    let moved = |axis: Axis, by: [f32; 2]| Axis {
        moved: (axis.moved + change(by[0])).clamp(-MOST_MOVED, MOST_MOVED),
        stretched: (axis.stretched + change(by[1])).clamp(-MOST_STRETCHED, MOST_STRETCHED),
    };
    [moved(axes[0], [solved[0], solved[1]]), moved(axes[1], [solved[2], solved[3]])]
}

/// Solves the normal equations (the last column is the right side), a little damped.
fn solve(products: [[f32; UNKNOWNS + 1]; UNKNOWNS]) -> [f32; UNKNOWNS] {
    let mut rows = products.map(|row| row.map(f64::from));
    for (i, row) in rows.iter_mut().enumerate() {
        row[i] += row[i] * 2e-3 + 1e-4;
    }
    // The matrix is positive definite, so no row need be exchanged.
    for i in 0..UNKNOWNS {
        let (done, rest) = rows.split_at_mut(i + 1);
        for row in rest {
            let factor = row[i] / done[i][i];
            row.iter_mut().zip(done[i]).for_each(|(value, above)| *value -= factor * above);
        }
    }
    let mut solved = [0.0; UNKNOWNS];
    for i in (0..UNKNOWNS).rev() {
        let known: f64 = (i + 1..UNKNOWNS).map(|j| rows[i][j] * solved[j]).sum();
        solved[i] = (rows[i][UNKNOWNS] - known) / rows[i][i];
    }
    solved.map(|value| value as f32)
}

/// How well the edges agree where both pictures are.
fn likeness(a: &Plane, b: &Plane, axes: [Axis; 2]) -> Likeness {
    let mut moved = [None; SIDE * SIDE];
    each_place(axes, |x, y, at| moved[y * SIDE + x] = Some(at.read_sharp(a)));
    let (mut edges, mut fine) = (Correlation::default(), Correlation::default());
    let mut pair = |first: usize, second: usize| {
        let (Some(here), Some(there)) = (moved[first], moved[second]) else { return };
        let (a, b) = (there - here, b[second] - b[first]);
        edges.add(a, b);
        fine.add(root(a), root(b));
    };
    for y in 0..SIDE {
        for x in 0..SIDE {
            let place = y * SIDE + x;
            if x + 1 < SIDE {
                pair(place, place + 1);
            }
            if y + 1 < SIDE {
                pair(place, place + SIDE);
            }
        }
    }
    Likeness { edges: edges.value(), fine: fine.value() }
}

fn root(value: f32) -> f32 {
    value.abs().sqrt().copysign(value)
}

/// Of pairs whose means are 0.
#[derive(Default)]
struct Correlation {
    both: f32,
    first: f32,
    second: f32,
}

impl Correlation {
    fn add(&mut self, a: f32, b: f32) {
        self.both += a * b;
        self.first += a * a;
        self.second += b * b;
    }

    fn value(&self) -> f32 {
        self.both / (self.first * self.second).max(1e-9).sqrt()
    }
}
