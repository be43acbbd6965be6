//! Points the graph has lost: in it, but on no path from the entry point.
//!
//! hnsw_rs links a new point to its neighbours and back, but a neighbour whose list is full drops
//! its farthest link, which can be the only way to somebody. On 12,000 CLIP vectors it loses
//! between none and eight; where pictures lie along a line (frames of a slow film) it can lose a
//! large part. A search would never show them. So they are looked for, and scanned.

use super::Inner;

/// Looked for again when the graph has grown by one part in this many.
const GROWTH: usize = 8;

/// The lost points as of the last look.
#[derive(Default)]
pub(super) struct Strays {
    slots: Vec<usize>,
    /// Points in the graph at the last look.
    points_then: usize,
}

impl Strays {
    pub(super) fn slots(&self) -> &[usize] {
        &self.slots
    }

    /// Looks again if the graph has grown enough since; takes about a microsecond per point.
    pub(super) fn update(&mut self, inner: &Inner) {
        let points = inner.get_nb_point();
        if points > self.points_then + self.points_then / GROWTH {
            self.slots = unreached(inner);
            self.points_then = points;
        }
    }
}

/// Slots of the points that no path from the entry point leads to.
fn unreached(inner: &Inner) -> Vec<usize> {
    // A point's place in the layer is its number here; the entry point is number 0.
    let points: Vec<_> = inner.get_point_indexation().get_layer_iterator(0).collect();
    let mut reached = vec![false; points.len()];
    let mut open = vec![0];
    while let Some(number) = open.pop() {
        if let Some(mark) = reached.get_mut(number)
            && !std::mem::replace(mark, true)
        {
            let layers = points[number].get_neighborhood_id();
            open.extend(layers.into_iter().take(1).flatten().map(|link| link.p_id.1 as usize));
        }
    }
    points
        .iter()
        .zip(reached)
        .filter(|(_, reached)| !reached)
        .map(|(point, _)| point.get_origin_id())
        .collect()
}
