//! A backup of the server's library.

use std::io::{self, Write};

use super::{Client, ClientError, refusal};

impl Client {
    /// Writes the backup that the server makes; it may be as large as the catalog.
    ///
    /// # Errors
    /// [`ClientError`], also when `out` cannot be written.
    pub fn backup(&self, out: &mut dyn Write) -> Result<u64, ClientError> {
        let url = self.url("/api/backup");
        let unreachable = |reason: String| ClientError::Unreachable { url: url.clone(), reason };
        let request = self.agent.post(&url).header("authorization", self.bearer());
        let request = request.config().timeout_global(None).build();
        let mut response = request.send_empty().map_err(|error| unreachable(error.to_string()))?;
        if response.status().as_u16() != 200 {
            return Err(refusal(&url, &mut response));
        }
        let mut body = response.body_mut().as_reader();
        io::copy(&mut body, out).map_err(|error| unreachable(error.to_string()))
    }
}
