//! The exact scan for many queries: every vector is read once, and compared with all of them while
//! it is in cache.

use half::f16;
use roaring::RoaringBitmap;
use seer_types::RowId;

use crate::kernel::Widened;
use crate::scan::{BLOCK, in_blocks};
use crate::store::Store;
use crate::top_k::TopK;

/// Numbers of the vectors that are compared with one query after the other: 64 KiB, which stay in
/// the cache next to the processor.
const STRIDE_NUMBERS: usize = 1 << 14;

/// A query's vector, and how many are wanted.
pub(crate) type Query<'a> = (&'a [f32], usize);

/// For each query its best, of the rows that `filter` allows; the same as scans one by one find.
pub(crate) fn best_of_all(
    store: &Store,
    queries: &[Query<'_>],
    filter: Option<&RoaringBitmap>,
) -> Vec<TopK> {
    let nothing = || queries.iter().map(|(_, k)| TopK::new(*k)).collect::<Vec<TopK>>();
    let merge = |all: Vec<TopK>, more: Vec<TopK>| -> Vec<TopK> {
        all.into_iter().zip(more).map(|(all, more)| all.merge(more)).collect()
    };
    let rows: Option<Vec<u32>> = filter.map(|rows| (rows & store.live()).iter().collect());
    let count = rows.as_ref().map_or(store.slot_count(), Vec::len);
    let block = |number: usize| {
        let part = number * BLOCK..((number + 1) * BLOCK).min(count);
        let mut best = nothing();
        match &rows {
            Some(rows) => compare(store, queries, allowed(store, &rows[part]), &mut best),
            None => compare(store, queries, store.live_in(part), &mut best),
        }
        best
    };
    let numbers = count * store.dim() * queries.len();
    in_blocks(nothing, count.div_ceil(BLOCK), numbers, block, merge)
}

/// The vectors of rows.
fn allowed<'a>(store: &'a Store, rows: &'a [u32]) -> impl Iterator<Item = (RowId, &'a [f16])> + 'a {
    rows.iter().filter_map(|row| Some((RowId(*row), store.get(RowId(*row))?)))
}

/// Compares vectors with every query, some at a time.
fn compare<'a>(
    store: &Store,
    queries: &[Query<'_>],
    mut vectors: impl Iterator<Item = (RowId, &'a [f16])>,
    best: &mut [TopK],
) {
    let stride = (STRIDE_NUMBERS / store.dim().max(1)).max(1);
    let mut rows = Vec::with_capacity(stride);
    let mut some: Vec<Widened> = (0..stride).map(|_| Widened::default()).collect();
    loop {
        rows.clear();
        for (room, (row, vector)) in some.iter_mut().zip(vectors.by_ref()) {
            room.set(vector);
            rows.push(row);
        }
        if rows.is_empty() {
            return;
        }
        for ((query, _), best) in queries.iter().zip(&mut *best) {
            for (row, vector) in rows.iter().zip(&some) {
                best.push(*row, vector.cosine(query));
            }
        }
    }
}
