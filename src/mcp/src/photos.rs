//! What the tools ask of a library.

use seer_http::wire;
use serde_json::Value;

/// A library, wherever it is. Calls block, and may come from several threads.
///
/// Every error is a sentence for the one who asked: what is wrong, and what next.
pub trait Photos: Send + Sync + 'static {
    /// Searches.
    ///
    /// # Errors
    /// What is wrong with the query or the library.
    fn search(&self, request: wire::SearchRequest) -> Result<wire::SearchAnswer, String>;

    /// One photo by its id or an unambiguous start of it.
    ///
    /// # Errors
    /// When there is none, or several.
    fn photo(&self, id: &str) -> Result<wire::Photo, String>;

    /// A JPEG of a photo (64 hex digits), upright and in sRGB, whose longest edge is at least
    /// `longest` pixels (1 to 2,048) where the photo has them.
    ///
    /// # Errors
    /// When its file is gone or can no longer be decoded.
    fn picture(&self, id: &str, longest: u32) -> Result<Vec<u8>, String>;

    /// The library in numbers, as a JSON object.
    ///
    /// # Errors
    /// When it cannot be reached.
    fn status(&self) -> Result<Value, String>;

    /// Whether positions, and the names of places that come from them, are kept back.
    ///
    /// # Errors
    /// When the library cannot be reached.
    fn hides_places(&self) -> Result<bool, String>;
}
