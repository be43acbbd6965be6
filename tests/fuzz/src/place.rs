//! Places in what people write.

use seer_places::{find, position_or_place, read};

/// A place by itself, and in a sentence.
pub fn run(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    for mention in read(&text) {
        for range in [&mention.range, &mention.phrase] {
            assert!(text.get(range.clone()).is_some(), "{mention:?}");
        }
    }
    let _ = find(&text);
    match position_or_place(&text) {
        Ok(_) => true,
        Err(error) => error.to_string().is_empty(),
    }
}
