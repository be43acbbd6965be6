//! The threads that read from and write to the server.

use std::future::Future;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};

use super::wait::wait;
use crate::error::{PostgresError, Result};

/// Threads for reading and writing; the work they carry is the server's.
const THREADS: usize = 2;

/// Drives connections until it is dropped.
pub(crate) struct Driver {
    runtime: Option<Runtime>,
}

impl Driver {
    /// # Errors
    /// `Server` when the system gives no threads.
    pub(crate) fn start() -> Result<Self> {
        let mut builder = Builder::new_multi_thread();
        builder.worker_threads(THREADS).thread_name("seer-postgres").enable_all();
        let runtime = builder.build().map_err(|error| PostgresError::Server {
            place: "system".to_owned(),
            reason: format!("no threads for a connection to a database ({error})"),
            bug: false,
        })?;
        Ok(Self { runtime: Some(runtime) })
    }

    /// Has work done, and waits for it at most so long.
    pub(super) fn run<F>(&self, work: F, at_most: Duration) -> Option<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        let runtime = self.runtime.as_ref()?;
        let task = runtime.spawn(async move { tokio::time::timeout(at_most, work).await });
        wait(task, None)?.ok()?.ok()
    }
}

impl Drop for Driver {
    /// Does not wait, so that a store may be dropped anywhere.
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
