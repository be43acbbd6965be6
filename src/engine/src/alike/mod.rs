//! Whether two photos show the same picture, and whether they are of one burst.
//!
//! Embeddings do not tell: those of two shots of one scene are as near as those of a picture and
//! its copy. The pictures themselves do, in their signatures ([`seer_types::Signature`]): a copy
//! is a picture whose edges lie where the other one's lie, once one of them is moved and stretched a little.
//! The measured figures: `docs/EVALUATION.md`.

mod align;
mod candidates;
mod grey;
mod groups;
mod views;

use seer_types::{PhotoFacts, Precision, Signature};

use align::{Likeness, align};
use grey::Grey;
pub(crate) use groups::{Step, groups};
use views::{Views, finer};

/// The edges of copies correlate at least this much,
const COPY_EDGES: f32 = 0.925;
/// also when strong ones count less.
const COPY_FINE: f32 = 0.915;
/// Those of two shots of one scene, from one camera,
const BURST_EDGES: f32 = 0.6;
/// within so many seconds.
const BURST_SECONDS: u64 = 5;
/// What no copy is below, as [`Views::resemblance`] sees it,
const COPY_VIEWS: f32 = 0.89;
/// nor on a finer grid;
const COPY_FINER: f32 = 0.72;
/// and no picture of a burst.
const BURST_VIEWS: f32 = 0.6;

/// How two photos are alike.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Alike {
    /// The same picture, perhaps at another size, recompressed, brighter, warmer, or cut a little.
    Copy,
    /// Shots of one scene by one camera, seconds apart.
    Burst,
}

/// What is compared of a photo.
#[derive(Clone)]
pub(crate) struct Look {
    signature: Signature,
    views: Views,
    /// Width over height.
    shape: f32,
    shot: Option<Shot>,
    /// Of a video, in seconds: what is compared of it is one of its frames.
    length: Option<f32>,
}

/// By what and when a photo was taken.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Shot {
    /// Make and model.
    camera: [String; 2],
    /// Seconds since 1970 on the camera's clock.
    seconds: i64,
}

impl Look {
    /// `None` for a photo without a signature: it is like no other.
    pub(crate) fn of(facts: &PhotoFacts) -> Option<Self> {
        let signature = facts.signature.clone()?;
        let views = Views::new(&signature.levels());
        let shape = facts.width as f32 / facts.height.max(1) as f32;
        let length = facts.video.as_ref().map(|video| video.duration);
        Some(Self { signature, views, shape, shot: Shot::of(facts), length })
    }

    fn views(&self) -> &Views {
        &self.views
    }

    fn shot(&self) -> Option<&Shot> {
        self.shot.as_ref()
    }

    /// How these two are alike, where they are.
    pub(crate) fn alike(&self, other: &Self) -> Option<Alike> {
        let least = if self.is_one_burst(other) { BURST_VIEWS } else { COPY_VIEWS };
        if !self.has_shape_of(other) || self.views.resemblance(&other.views) < least {
            return None;
        }
        self.compared(other)
    }

    /// The same for two that are known to resemble each other.
    fn compared(&self, other: &Self) -> Option<Alike> {
        let is_one_burst = self.is_one_burst(other) && self.may_be_one_burst(other);
        let may_be_copies = self.may_be_copies(other);
        if !is_one_burst && !may_be_copies {
            return None;
        }
        let (_, views) = self.views.best_match(&other.views);
        if !is_one_burst && finer([&self.signature, &other.signature], views) < COPY_FINER {
            return None;
        }
        let (a, b) = (Grey::new(&self.signature), Grey::new(&other.signature));
        let likeness = best(align(&a, &b), || align(&b, &a));
        if may_be_copies && likeness.edges >= COPY_EDGES && likeness.fine >= COPY_FINE {
            return Some(Alike::Copy);
        }
        (is_one_burst && likeness.edges >= BURST_EDGES).then_some(Alike::Burst)
    }

    /// A frame is no copy of a photo, and videos that begin alike may go on otherwise.
    fn may_be_copies(&self, other: &Self) -> bool {
        match (self.length, other.length) {
            (None, None) => true,
            (Some(a), Some(b)) => (a - b).abs() <= 0.5 + 0.02 * a.max(b),
            _ => false,
        }
    }

    /// A phone may take a photo and a short video with it, but no bursts of videos.
    fn may_be_one_burst(&self, other: &Self) -> bool {
        self.length.is_none() || other.length.is_none()
    }

    /// Whether one camera took both within seconds.
    pub(crate) fn is_one_burst(&self, other: &Self) -> bool {
        let (Some(a), Some(b)) = (&self.shot, &other.shot) else { return false };
        a.camera == b.camera && a.seconds.abs_diff(b.seconds) <= BURST_SECONDS
    }

    /// Whether one could be the other with a tenth cut off at one side.
    fn has_shape_of(&self, other: &Self) -> bool {
        const CUT: f32 = 1.18;
        let ratio = self.shape / other.shape;
        (1.0 / CUT..=CUT).contains(&ratio)
    }
}

impl Shot {
    fn of(facts: &PhotoFacts) -> Option<Self> {
        let name = |name: &Option<String>| name.clone().unwrap_or_default();
        let camera = [name(&facts.camera_make), name(&facts.camera_model)];
        let taken = facts.taken.filter(|taken| taken.precision == Precision::Second)?;
        let seconds = taken.start.seconds();
        (!camera[1].is_empty()).then_some(Self { camera, seconds })
    }

    /// Whether a later one may still be of the same burst.
    fn reaches(&self, later: &Self) -> bool {
        self.camera == later.camera && self.seconds.abs_diff(later.seconds) <= BURST_SECONDS
    }
}

/// The better of both directions; the second one is not tried where the first says enough.
fn best(first: Likeness, second: impl FnOnce() -> Likeness) -> Likeness {
    /// Between the two directions there is less than this.
    const BETWEEN: f32 = 0.3;
    if first.edges < BURST_EDGES - BETWEEN || (first.edges >= COPY_EDGES && first.fine >= COPY_FINE)
    {
        return first;
    }
    let second = second();
    if second.edges > first.edges { second } else { first }
}

#[cfg(test)]
mod tests;
