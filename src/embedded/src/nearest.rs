//! The nearest photos of a space.

use std::cmp::Ordering;
use std::collections::HashSet;
use std::sync::Arc;

use roaring::RoaringBitmap;
use seer_store::{Nearest, Neighbour, Part};
use seer_types::{Embedding, RowId};
use seer_vectors::{Method, SearchParams, VectorError, VectorIndex};

use crate::EmbeddedStore;
use crate::error::{EmbeddedError, Result};
use crate::space::{Held, Space};

/// How many more rows than asked for are looked for, so that ties at the end can be told.
const MORE: usize = 8;

/// A photo's best part, by row.
struct Best {
    photo: RowId,
    part: Part,
    cosine: f32,
}

/// What an index says.
struct Found {
    best: Vec<Best>,
    method: Method,
    exact: bool,
}

impl EmbeddedStore {
    pub(crate) fn nearest_photos(
        &self,
        query: &Embedding,
        k: usize,
        allowed: Option<&RoaringBitmap>,
    ) -> Result<Nearest> {
        let Some(space) = self.space(query.model())? else {
            return Ok(Nearest { neighbours: Vec::new(), method: "exact", exact: true });
        };
        let found = match find(&space, query, k, allowed) {
            Err(EmbeddedError::Vectors(VectorError::Damaged)) => {
                find(&self.rebuilt(&space)?, query, k, allowed)?
            }
            found => found?,
        };
        let mut neighbours = Vec::with_capacity(found.best.len());
        for Best { photo, part, cosine } in found.best {
            // One that was purged since is no answer any more.
            if let Some(id) = self.catalog.photo_of(photo)? {
                neighbours.push(Neighbour { id, part, cosine });
            }
        }
        neighbours.sort_by(|a, b| b.cosine.total_cmp(&a.cosine).then(a.id.cmp(&b.id)));
        neighbours.truncate(k);
        Ok(Nearest { neighbours, method: found.method.name(), exact: found.exact })
    }
}

/// The best `k` photos, and those that are as near as the last of them.
fn find(
    space: &Arc<Space>,
    query: &Embedding,
    k: usize,
    allowed: Option<&RoaringBitmap>,
) -> Result<Found> {
    let held = space.held();
    let widened = allowed.filter(|_| !held.parts.is_empty()).map(|rows| held.parts.widened(rows));
    let allowed = widened.as_ref().or(allowed);
    let mut count = k.saturating_add(MORE);
    loop {
        let params = SearchParams { k: count, filter: allowed, effort: None };
        let found = held.index.search(query.values(), &params)?;
        let all = found.neighbours.len() < count;
        let mut best = best_parts(&held, &found.neighbours);
        if all || is_settled(&best, k) {
            let last = k.checked_sub(1).and_then(|last| best.get(last)).map(|best| best.cosine);
            best.retain(|best| last.is_none_or(|last| best.cosine >= last));
            return Ok(Found { best, method: found.method, exact: found.exact });
        }
        count = count.saturating_mul(2);
    }
}

/// Whether the first `k` are told from the next by more than their ids.
fn is_settled(best: &[Best], k: usize) -> bool {
    match (k.checked_sub(1).and_then(|last| best.get(last)), best.get(k)) {
        (Some(last), Some(next)) => next.cosine < last.cosine,
        (None, Some(_)) => true,
        _ => false,
    }
}

/// Each photo once, with its best part; best first.
fn best_parts(held: &Held, neighbours: &[seer_vectors::Neighbour]) -> Vec<Best> {
    let of = |neighbour: &seer_vectors::Neighbour| {
        let (photo, part) = held.parts.of(neighbour.row);
        Best { photo, part, cosine: neighbour.cosine }
    };
    let mut best: Vec<Best> = neighbours.iter().map(of).collect();
    if held.parts.is_empty() {
        return best;
    }
    let order = |a: &Best, b: &Best| match b.cosine.total_cmp(&a.cosine) {
        Ordering::Equal => a.part.cmp(&b.part),
        order => order,
    };
    best.sort_by(order);
    let mut seen = HashSet::new();
    best.retain(|best| seen.insert(best.photo));
    best
}
