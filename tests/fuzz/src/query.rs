//! The query language.

/// Reads a query.
pub fn run(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    match seer_engine::parse_query(&text) {
        Ok(query) => {
            let _ = format!("{query:?}");
            true
        }
        // The message is shown to whoever asked.
        Err(error) => error.to_string().is_empty(),
    }
}
