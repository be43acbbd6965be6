//! A small picture of a photo.

use seer_types::PhotoId;

use super::{Client, ClientError, refusal};

/// Longest picture that is read: a JPEG of 2,048 pixels is far below it.
const MAX_BYTES: u64 = 64 << 20;

impl Client {
    /// A JPEG of a photo (64 hex digits), upright, whose longest edge is at least `size` pixels
    /// (1 to 2,048) where the photo has them.
    ///
    /// # Errors
    /// [`ClientError`]; `Refused` with code `not_found` or `file_gone`.
    pub fn thumbnail(&self, id: &str, size: u32) -> Result<Vec<u8>, ClientError> {
        let photo: PhotoId =
            id.parse().map_err(|_| ClientError::NotAnId(id.chars().take(80).collect()))?;
        let url = self.url(&format!("/api/photos/{photo}/thumbnail?size={size}"));
        let unreachable = |reason: String| ClientError::Unreachable { url: url.clone(), reason };
        let request = self.agent.get(&url).header("authorization", self.bearer());
        let mut response = request.call().map_err(|error| unreachable(error.to_string()))?;
        if response.status().as_u16() != 200 {
            return Err(refusal(&url, &mut response));
        }
        let body = response.body_mut().with_config().limit(MAX_BYTES).read_to_vec();
        body.map_err(|error| unreachable(error.to_string()))
    }
}
