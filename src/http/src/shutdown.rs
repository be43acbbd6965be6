//! A switch that ends [`crate::serve`], from a signal handler or another thread.

use std::sync::Arc;

use tokio::sync::watch;

/// Clones are the same switch. Once thrown it stays so.
#[derive(Clone, Debug)]
pub struct Shutdown {
    thrown: Arc<watch::Sender<bool>>,
}

impl Default for Shutdown {
    fn default() -> Self {
        Self::new()
    }
}

impl Shutdown {
    /// Not yet thrown.
    pub fn new() -> Self {
        Self { thrown: Arc::new(watch::Sender::new(false)) }
    }

    /// Ends the service: running requests finish, new ones are not accepted. Returns at once.
    pub fn stop(&self) {
        self.thrown.send_replace(true);
    }

    /// Whether [`Self::stop`] was called.
    pub fn is_stopped(&self) -> bool {
        *self.thrown.borrow()
    }

    /// Resolves when the switch is thrown, at once if it already is.
    pub(crate) async fn stopped(&self) {
        let mut receiver = self.thrown.subscribe();
        // The sender lives as long as `self`, so waiting cannot fail.
        let _ = receiver.wait_for(|thrown| *thrown).await;
    }
}
