//! A value that is read again every few seconds, because another machine may have changed it.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long a value is believed: a change by another machine is seen so late at the most.
const BELIEVED: Duration = Duration::from_secs(3);

/// What was read last. A value that was read before [`Believed::forget`] never counts after it.
#[derive(Debug)]
pub struct Believed<T> {
    kept: Mutex<Kept<T>>,
}

#[derive(Debug)]
struct Kept<T> {
    /// How often the value was changed here.
    changes: u64,
    read: Option<(Instant, T)>,
}

/// As of which change a value is read.
#[derive(Clone, Copy, Debug)]
pub struct AsOf(u64);

impl<T> Default for Believed<T> {
    fn default() -> Self {
        Self { kept: Mutex::new(Kept { changes: 0, read: None }) }
    }
}

impl<T: Clone> Believed<T> {
    /// The value, while it is believed; else as of when it is to be read, and the value before.
    ///
    /// # Errors
    /// Not an error: it is to be read again, and handed to [`Believed::keep`].
    pub fn get(&self) -> Result<T, (AsOf, Option<T>)> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        match &kept.read {
            Some((read, value)) if read.elapsed() < BELIEVED => Ok(value.clone()),
            read => Err((AsOf(kept.changes), read.as_ref().map(|(_, value)| value.clone()))),
        }
    }

    /// Keeps what was read, unless it was changed meanwhile.
    pub fn keep(&self, as_of: AsOf, value: T) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.changes == as_of.0 {
            kept.read = Some((Instant::now(), value));
        }
    }

    /// It was changed here: what was read before counts no more.
    pub fn forget(&self) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.changes += 1;
        kept.read = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_read_before_a_change_never_counts_after_it() {
        let value = Believed::default();
        let (early, before) = value.get().unwrap_err();
        assert_eq!(before, None);
        value.keep(early, "old");
        assert_eq!(value.get().unwrap(), "old");
        value.forget();
        value.keep(early, "old");
        let (now, before) = value.get().unwrap_err();
        assert_eq!(before, None, "read before the change, kept after it");
        value.keep(now, "new");
        assert_eq!(value.get().unwrap(), "new");
    }
}
