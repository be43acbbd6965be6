//! Which of many photos may be alike, without comparing each with each.
//!
//! Views of a picture and of its copy point nearly the same way, so a few random planes mostly
//! leave them on the same side. Photos whose views lie on the same sides of all planes of one of
//! several sets are compared.

use seer_images::{ImageError, Stop};

use super::views::EDGES;
use super::{BURST_VIEWS, COPY_VIEWS, Look, Shot};

/// Sets of planes: a pair that one of them parts is mostly kept together by another one.
const SETS: u64 = 24;
/// A set has so many planes fewer than the photos can be halved.
const FEWER: u32 = 3;
const MOST_PLANES: u32 = 18;
/// A view is compared with so many before and after it on the same sides.
const MOST_BESIDE: usize = 4000;
/// A shot is compared with so many later ones of its burst.
const MOST_IN_BURST: usize = 50;

/// Two photos by their places in the list, the earlier one first.
pub(super) type Pair = (u32, u32);

/// The pairs that may be alike, each once, sorted. `watch` hears how much of it is done, of how much.
///
/// # Errors
/// `Stopped` soon after `stop` is set.
pub(super) fn candidates(
    looks: &[Look],
    stop: &Stop,
    watch: &mut dyn FnMut(u64, u64),
) -> Result<Vec<Pair>, ImageError> {
    let planes = looks.len().max(2).ilog2().saturating_sub(FEWER).clamp(2, MOST_PLANES);
    let mut pairs = burst_pairs(looks);
    for set in 0..SETS {
        watch(set, SETS);
        let mut places = places(looks, &Planes::new(set, planes));
        places.sort_unstable();
        for together in places.chunk_by(|a, b| a.sides == b.sides) {
            stop.check()?;
            copy_pairs(looks, together, &mut pairs);
        }
        pairs.sort_unstable();
        pairs.dedup();
    }
    watch(SETS, SETS);
    Ok(pairs)
}

/// One view of a photo, and on which sides of the planes it lies.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    sides: u32,
    photo: u32,
    view: u8,
}

fn places(looks: &[Look], planes: &Planes) -> Vec<Place> {
    let of_photo = |(photo, look): (usize, &Look)| {
        let views = look.views().all().iter().enumerate();
        let place = |(view, edges): (usize, &[f32; EDGES])| Place {
            sides: planes.sides(edges),
            photo: photo as u32,
            view: view as u8,
        };
        views.map(place).collect::<Vec<_>>()
    };
    looks.iter().enumerate().flat_map(of_photo).collect()
}

/// Whole pictures that resemble other ones, or parts of them.
fn copy_pairs(looks: &[Look], together: &[Place], pairs: &mut Vec<Pair>) {
    for (at, whole) in together.iter().enumerate().filter(|(_, place)| place.view == 0) {
        let look = &looks[whole.photo as usize];
        let beside = &together[at.saturating_sub(MOST_BESIDE)..];
        for other in &beside[..beside.len().min(2 * MOST_BESIDE)] {
            let like = &looks[other.photo as usize];
            if other.photo != whole.photo
                && look.views().whole_with(like.views(), other.view) >= COPY_VIEWS
                && look.has_shape_of(like)
            {
                pairs.push(pair(whole.photo, other.photo));
            }
        }
    }
}

fn burst_pairs(looks: &[Look]) -> Vec<Pair> {
    let shot = |(photo, look)| Some((Look::shot(look)?, photo as u32));
    let mut shots: Vec<(&Shot, u32)> = looks.iter().enumerate().filter_map(shot).collect();
    shots.sort_unstable();
    let mut pairs = Vec::new();
    for (at, (shot, photo)) in shots.iter().enumerate() {
        let later = shots[at + 1..].iter().take(MOST_IN_BURST);
        for (_, other) in later.take_while(|(later, _)| shot.reaches(later)) {
            let (a, b) = (&looks[*photo as usize], &looks[*other as usize]);
            if a.has_shape_of(b) && a.views().resemblance(b.views()) >= BURST_VIEWS {
                pairs.push(pair(*photo, *other));
            }
        }
    }
    pairs
}

fn pair(a: u32, b: u32) -> Pair {
    (a.min(b), a.max(b))
}

/// Planes through the middle, the same in every run.
struct Planes(Vec<Vec<f32>>);

impl Planes {
    fn new(set: u64, count: u32) -> Self {
        let mut state = set.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5eed;
        let mut number = || {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mixed = (state ^ state >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
            ((mixed ^ mixed >> 31) >> 40) as f32 / (1_u64 << 23) as f32 - 1.0
        };
        // A sum of some even numbers lies as well as normal: no direction is preferred.
        let mut normal = || (0..6).map(|_| number()).sum::<f32>();
        let plane = |_| (0..EDGES).map(|_| normal()).collect();
        Self((0..count).map(plane).collect())
    }

    /// A bit for each plane.
    fn sides(&self, edges: &[f32]) -> u32 {
        let side =
            |plane: &Vec<f32>| plane.iter().zip(edges).map(|(p, e)| p * e).sum::<f32>() > 0.0;
        self.0.iter().fold(0, |sides, plane| sides << 1 | u32::from(side(plane)))
    }
}
