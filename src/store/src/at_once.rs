//! Work for several threads at once, while this one brings more of it.

use std::panic::resume_unwind;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use crate::{StoreError, StoreErrorKind, StoreResult};

/// Threads that work; a server that is written to has its own.
const THREADS: usize = 3;

/// Runs `bring` on this thread, and `each` on others for all that it hands over, in any order. It
/// waits where more is brought than is done.
///
/// # Errors
/// The first of `each`, after which `bring` can hand over no more; else that of `bring`. What was
/// handed over before is done, or failed too.
pub(crate) fn at_once<T: Send>(
    each: impl Fn(T) -> StoreResult<()> + Sync,
    bring: impl FnOnce(&mut dyn FnMut(T) -> StoreResult<()>) -> StoreResult<()>,
) -> StoreResult<()> {
    let (give, take) = sync_channel(THREADS);
    // It ends with the threads that have it, so that nothing is handed to nobody.
    let take = Arc::new(Mutex::new(take));
    let failed = AtomicBool::new(false);
    let work = |take: Arc<Mutex<Receiver<T>>>| -> StoreResult<()> {
        let next = || take.lock().unwrap_or_else(PoisonError::into_inner).recv();
        while let Ok(one) = next() {
            each(one).inspect_err(|_| failed.store(true, Ordering::Relaxed))?;
        }
        Ok(())
    };
    thread::scope(|scope| {
        let work = &work;
        let threads: Vec<_> = (0..THREADS)
            .map(|_| Arc::clone(&take))
            .map(|take| scope.spawn(move || work(take)))
            .collect();
        drop(take);
        let brought = bring(&mut |one| match failed.load(Ordering::Relaxed) {
            false => give.send(one).map_err(|_| stopped()),
            true => Err(stopped()),
        });
        drop(give);
        let done =
            threads.into_iter().map(|thread| thread.join().unwrap_or_else(|p| resume_unwind(p)));
        // All are waited for.
        let done: Vec<StoreResult<()>> = done.collect();
        done.into_iter().collect::<StoreResult<()>>().and(brought)
    })
}

/// Nobody sees it: there is an error that it follows from.
fn stopped() -> StoreError {
    StoreError::new(StoreErrorKind::System, "what came before could not be done")
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicU64;

    use super::*;

    #[test]
    fn all_that_is_brought_is_done() {
        let sum = AtomicU64::new(0);
        let each = |n: u64| {
            sum.fetch_add(n, Ordering::Relaxed);
            Ok(())
        };
        at_once(each, |give| (1..=100).try_for_each(give)).unwrap();
        assert_eq!(sum.into_inner(), 5050);
    }

    #[test]
    fn the_first_error_of_the_work_ends_it() {
        let each = |n: u64| match n {
            7 => Err(StoreError::new(StoreErrorKind::Full, "no room")),
            _ => Ok(()),
        };
        let mut given = 0;
        let done = at_once(each, |give| {
            (1..).try_for_each(|n| {
                given = n;
                give(n)
            })
        });
        assert_eq!(done.unwrap_err().kind(), StoreErrorKind::Full);
        assert!(given > 7, "{given}");
    }

    #[test]
    fn an_error_while_bringing_is_told() {
        let bring = |_: &mut dyn FnMut(u64) -> StoreResult<()>| {
            Err(StoreError::new(StoreErrorKind::Damaged, "unreadable"))
        };
        let done = at_once(|_| Ok(()), bring);
        assert_eq!(done.unwrap_err().kind(), StoreErrorKind::Damaged);
    }
}
