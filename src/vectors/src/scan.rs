//! The exact scan: every allowed vector compared with the query.

use std::ops::Range;
use std::sync::OnceLock;

use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};
use roaring::RoaringBitmap;
use seer_types::RowId;

use crate::kernel::cosine;
use crate::store::Store;
use crate::top_k::TopK;

/// Vectors one thread takes at a time.
pub(crate) const BLOCK: usize = 1024;

/// Below this many numbers to read (8,192 vectors of 512, under a millisecond), waking other
/// threads is not worth it, least of all on a busy machine.
const PARALLEL_NUMBERS: usize = 1 << 22;

/// Threads for scans alone: rayon's own are busy for long while pictures are being indexed, and a
/// search would wait behind that work. `None` when they cannot be started; scans then run on the
/// asking thread.
fn threads() -> Option<&'static ThreadPool> {
    static THREADS: OnceLock<Option<ThreadPool>> = OnceLock::new();
    let start = || ThreadPoolBuilder::new().thread_name(|n| format!("scan-{n}")).build().ok();
    THREADS.get_or_init(start).as_ref()
}

/// The best `k` of a range of slots.
pub(crate) fn best_of_range(
    store: &Store,
    query: &[f32],
    k: usize,
    slots: Range<usize>,
    filter: Option<&RoaringBitmap>,
) -> TopK {
    let block = |number: usize| -> TopK {
        let start = slots.start + number * BLOCK;
        best_of_slots(store, query, k, start..(start + BLOCK).min(slots.end), filter)
    };
    let blocks = slots.len().div_ceil(BLOCK);
    best_of_blocks(k, blocks, slots.len() * store.dim(), block)
}

/// The best `k` of the vectors of `rows`.
pub(crate) fn best_of_rows(store: &Store, query: &[f32], k: usize, rows: &RoaringBitmap) -> TopK {
    let rows: Vec<u32> = rows.iter().collect();
    let block = |number: usize| -> TopK {
        let mut top = TopK::new(k);
        for row in rows.iter().skip(number * BLOCK).take(BLOCK).map(|row| RowId(*row)) {
            if let Some(vector) = store.get(row) {
                top.push(row, cosine(query, vector));
            }
        }
        top
    };
    best_of_blocks(k, rows.len().div_ceil(BLOCK), rows.len() * store.dim(), block)
}

/// The best of what `block` finds in blocks 0 to `blocks - 1`, which have `numbers` to read.
fn best_of_blocks(
    k: usize,
    blocks: usize,
    numbers: usize,
    block: impl Fn(usize) -> TopK + Send + Sync,
) -> TopK {
    in_blocks(|| TopK::new(k), blocks, numbers, block, TopK::merge)
}

/// What `block` finds in blocks 0 to `blocks - 1`, which have `numbers` to read, merged; `nothing`
/// where there is no block.
pub(crate) fn in_blocks<T: Send>(
    nothing: impl Fn() -> T + Send + Sync,
    blocks: usize,
    numbers: usize,
    block: impl Fn(usize) -> T + Send + Sync,
    merge: impl Fn(T, T) -> T + Send + Sync,
) -> T {
    match (numbers >= PARALLEL_NUMBERS).then(threads).flatten() {
        None => (0..blocks).map(block).fold(nothing(), merge),
        Some(threads) => {
            threads.install(|| (0..blocks).into_par_iter().map(block).reduce(nothing, merge))
        }
    }
}

/// What `one` makes of each, on all threads for scans.
pub(crate) fn on_threads<T: Sync, R: Send>(
    of: &[T],
    one: impl Fn(&T) -> R + Send + Sync,
) -> Vec<R> {
    match (of.len() > 1).then(threads).flatten() {
        None => of.iter().map(one).collect(),
        Some(threads) => threads.install(|| of.par_iter().map(one).collect()),
    }
}

/// The best `k` of a range of slots, found on this thread.
fn best_of_slots(
    store: &Store,
    query: &[f32],
    k: usize,
    slots: Range<usize>,
    filter: Option<&RoaringBitmap>,
) -> TopK {
    let mut top = TopK::new(k);
    for (row, vector) in store.live_in(slots) {
        if filter.is_none_or(|allowed| allowed.contains(row.0)) {
            top.push(row, cosine(query, vector));
        }
    }
    top
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Random, unit_vectors};

    /// Enough to be scanned on several threads.
    const ROWS: usize = PARALLEL_NUMBERS / DIM + BLOCK / 2;
    const DIM: usize = 256;

    #[test]
    fn many_threads_find_what_one_finds() {
        let vectors = unit_vectors(&mut Random::new(4), ROWS, DIM);
        let mut store = Store::new(DIM, BLOCK);
        for (row, vector) in vectors.chunks(DIM).enumerate() {
            store.push(RowId(row as u32), vector);
        }
        let query = &vectors[DIM..2 * DIM];
        let alone = best_of_slots(&store, query, 20, 0..ROWS, None).into_neighbours();
        let together = best_of_range(&store, query, 20, 0..ROWS, None).into_neighbours();
        assert_eq!(together, alone);
        let by_row = best_of_rows(&store, query, 20, store.live()).into_neighbours();
        assert_eq!(by_row, alone);
        assert_eq!(alone[0].row, RowId(1));
    }
}
