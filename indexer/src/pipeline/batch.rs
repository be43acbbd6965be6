//! How many pictures go into one call of the model.

use std::time::Duration;

/// A call should take about this long at most: Ctrl-C waits for it.
const LONG: Duration = Duration::from_millis(600);
/// Below this, a larger batch is tried.
const SHORT: Duration = Duration::from_millis(200);
const FIRST: usize = 8;
const LARGEST: usize = 256;

/// A batch size, fixed by the user or found by doubling and halving.
#[derive(Debug)]
pub(crate) struct BatchSize {
    size: usize,
    largest: usize,
    fixed: bool,
}

impl BatchSize {
    /// `fixed` as the user asked; at least 1.
    pub(crate) fn new(fixed: Option<usize>) -> Self {
        let size = fixed.unwrap_or(FIRST).max(1);
        Self { size, largest: if fixed.is_some() { size } else { LARGEST }, fixed: fixed.is_some() }
    }

    /// How many to collect next.
    pub(crate) fn get(&self) -> usize {
        self.size
    }

    /// The largest it can become.
    pub(crate) fn largest(&self) -> usize {
        self.largest
    }

    /// Learns from a call with `pictures` in it.
    pub(crate) fn took(&mut self, pictures: usize, time: Duration) {
        if self.fixed {
        } else if time > LONG {
            self.size = (pictures / 2).max(1);
        } else if time < SHORT && pictures >= self.size {
            self.size = (self.size * 2).min(self.largest);
        }
    }

    /// Learns that a call failed as a whole, though its pictures went through one by one.
    pub(crate) fn too_large(&mut self) {
        self.size = (self.size / 2).max(1);
        self.largest = self.size;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grows_while_calls_are_short_and_shrinks_when_long() {
        let mut size = BatchSize::new(None);
        size.took(8, Duration::from_millis(10));
        assert_eq!(size.get(), 16);
        size.took(3, Duration::from_millis(10));
        assert_eq!(size.get(), 16, "a batch that was not full says nothing");
        size.took(16, Duration::from_secs(2));
        assert_eq!(size.get(), 8);
        size.took(8, Duration::from_millis(400));
        assert_eq!(size.get(), 8);
    }

    #[test]
    fn stays_within_its_bounds() {
        let mut size = BatchSize::new(None);
        (0..20).for_each(|_| size.took(size.get(), Duration::ZERO));
        assert_eq!(size.get(), LARGEST);
        (0..20).for_each(|_| size.took(size.get(), Duration::from_secs(9)));
        assert_eq!(size.get(), 1);
    }

    #[test]
    fn what_the_user_asks_stays() {
        let mut size = BatchSize::new(Some(5));
        size.took(5, Duration::ZERO);
        size.took(5, Duration::from_secs(9));
        assert_eq!((size.get(), size.largest()), (5, 5));
        assert_eq!(BatchSize::new(Some(0)).get(), 1);
    }

    #[test]
    fn what_does_not_fit_is_not_tried_again() {
        let mut size = BatchSize::new(None);
        size.took(8, Duration::ZERO);
        size.too_large();
        size.took(8, Duration::ZERO);
        assert_eq!(size.get(), 8);
    }
}
