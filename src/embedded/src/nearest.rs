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
        self.named(found, k)
    }

    /// [`Self::nearest_photos`] for many queries, each with how many are wanted.
    pub(crate) fn nearest_photos_of_many(
        &self,
        queries: &[(&Embedding, usize)],
        allowed: Option<&RoaringBitmap>,
    ) -> Result<Vec<Nearest>> {
        let Some((first, _)) = queries.first() else { return Ok(Vec::new()) };
        let same_space = queries.iter().all(|(query, _)| query.model() == first.model());
        let space = if same_space { self.space(first.model())? } else { None };
        let Some(space) = space else {
            return queries
                .iter()
                .map(|(query, k)| self.nearest_photos(query, *k, allowed))
                .collect();
        };
        let found = match find_many(&space, queries, allowed) {
            Err(EmbeddedError::Vectors(VectorError::Damaged)) => {
                find_many(&self.rebuilt(&space)?, queries, allowed)?
            }
            found => found?,
        };
        found.into_iter().zip(queries).map(|(found, (_, k))| self.named(found, *k)).collect()
    }

    /// The best `k` of what was found, by their ids.
    fn named(&self, found: Found, k: usize) -> Result<Nearest> {
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
    let widened = widened(&held, allowed);
    find_in(&held, query, k, widened.as_ref().or(allowed))
}

/// [`find`] for many queries.
fn find_many(
    space: &Arc<Space>,
    queries: &[(&Embedding, usize)],
    allowed: Option<&RoaringBitmap>,
) -> Result<Vec<Found>> {
    let held = space.held();
    let widened = widened(&held, allowed);
    let allowed = widened.as_ref().or(allowed);
    let asked: Vec<(&[f32], usize)> =
        queries.iter().map(|(query, k)| (query.values(), k.saturating_add(MORE))).collect();
    let found = held.index.search_many(&asked, allowed, None)?;
    let mut all = Vec::with_capacity(queries.len());
    for ((found, (query, k)), (_, count)) in found.into_iter().zip(queries).zip(&asked) {
        all.push(match settled(&held, found, *k, *count) {
            Some(found) => found,
            // The few whose last photos are as near as the next are looked for again.
            None => find_in(&held, query, *k, allowed)?,
        });
    }
    Ok(all)
}

/// The rows of all parts of the allowed photos; `None` where a photo is one row.
fn widened(held: &Held, allowed: Option<&RoaringBitmap>) -> Option<RoaringBitmap> {
    allowed.filter(|_| !held.parts.is_empty()).map(|rows| held.parts.widened(rows))
}

fn find_in(
    held: &Held,
    query: &Embedding,
    k: usize,
    allowed: Option<&RoaringBitmap>,
) -> Result<Found> {
    let mut count = k.saturating_add(MORE);
    loop {
        let params = SearchParams { k: count, filter: allowed, effort: None };
        let found = held.index.search(query.values(), &params)?;
        if let Some(found) = settled(held, found, k, count) {
            return Ok(found);
        }
        count = count.saturating_mul(2);
    }
}

/// The best `k` photos of what an index says that was asked for `count` rows; `None` where more
/// rows have to be looked at to tell them from the next.
fn settled(held: &Held, found: seer_vectors::Found, k: usize, count: usize) -> Option<Found> {
    let all = found.neighbours.len() < count;
    let mut best = best_parts(held, &found.neighbours);
    if !all && !is_settled(&best, k) {
        return None;
    }
    let last = k.checked_sub(1).and_then(|last| best.get(last)).map(|best| best.cosine);
    best.retain(|best| last.is_none_or(|last| best.cosine >= last));
    Some(Found { best, method: found.method, exact: found.exact })
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
