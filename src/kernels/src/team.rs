//! Threads for the kernels' short loops.
//!
//! A model is hundreds of loops of ten to a hundred microseconds each, one right after the other,
//! and waking a thread that sleeps takes about as long as one of them. So the helpers here, as many
//! as rayon has threads besides the calling one, watch for the next loop for a moment before they
//! sleep, are woken where the caller is not ([`wake`](super::wake)), and nobody waits for a helper
//! that comes too late: the calling thread does all pieces that no other has taken. (rayon's threads
//! sleep sooner, and a caller from outside of its pool sleeps in every loop; micropool, which does
//! watch, ends the program on a panic.)

use std::sync::{Mutex, PoisonError};

use super::hand_over::Team;

/// Gives every item to `work`, once, on this thread and on all helpers that are free.
///
/// # Panics
/// When `work` does, after all threads have stopped.
pub fn share<I>(items: I, work: impl Fn(I::Item) + Sync)
where
    I: Iterator<Item: Send> + Send,
{
    share_with(|| (), items, |(), item| work(item));
}

/// The same with something that each thread makes for itself before its first item.
pub(crate) fn share_with<I, S>(
    make: impl Fn() -> S + Sync,
    items: I,
    work: impl Fn(&mut S, I::Item) + Sync,
) where
    I: Iterator<Item: Send> + Send,
{
    let items = Mutex::new(items);
    let next = || items.lock().unwrap_or_else(PoisonError::into_inner).next();
    TEAM.run(rayon::current_num_threads(), &|| {
        let mut own = None;
        while let Some(item) = next() {
            work(own.get_or_insert_with(&make), item);
        }
    });
}

static TEAM: Team = Team::new();

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_item_comes_once() {
        let mut values = vec![0; 1000];
        share(values.chunks_mut(7).enumerate(), |(number, piece)| {
            piece.iter_mut().for_each(|value| *value += number);
        });
        assert!(values.iter().enumerate().all(|(i, value)| *value == i / 7));
        share_with(Vec::new, values.iter_mut(), |own: &mut Vec<()>, value| {
            own.push(());
            *value = own.len();
        });
        assert!(values.iter().all(|value| *value > 0));
    }
}
