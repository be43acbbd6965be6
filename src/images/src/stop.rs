//! A flag by which work on a picture is given up half way.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::ImageError;

/// Stops decoding from another thread. Clones share the flag; looking at it costs next to nothing.
///
/// Every loop over rows, scans and reads looks at it, so that a stopped decoder answers within
/// milliseconds, with [`ImageError::Stopped`].
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// A flag that is not set.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the flag, for good.
    pub fn stop(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether the flag is set.
    #[inline]
    pub fn is_stopped(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// An error once the flag is set.
    ///
    /// # Errors
    /// `Stopped`.
    pub fn check(&self) -> Result<(), ImageError> {
        if self.is_stopped() { Err(ImageError::Stopped) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clones_share_the_flag() {
        let stop = Stop::new();
        let other = stop.clone();
        assert_eq!(other.check(), Ok(()));
        stop.stop();
        assert_eq!(other.check(), Err(ImageError::Stopped));
    }
}
