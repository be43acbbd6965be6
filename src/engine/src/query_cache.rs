//! Texts that were encoded before.
//!
//! People refine a query word by word, page through its results and go back to it; the page asks
//! again while the library grows. An embedding depends on model, tower and text only, so it
//! never becomes wrong.

use std::num::NonZeroUsize;
use std::sync::{Mutex, MutexGuard};

use lru::LruCache;
use seer_types::{Embedding, ModelFingerprint};

/// Texts kept: about 2 KiB each for 512 numbers, so 2 MiB in all.
const TEXTS: NonZeroUsize = NonZeroUsize::new(1024).expect("not zero");
/// Longer texts (in bytes) are not kept; they are rare and would make the bound soft.
const LONGEST: usize = 512;

/// Space, whether the second text tower of its model read the text, text.
type Key = (ModelFingerprint, bool, String);

/// The texts that were asked for last, by model and tower.
pub(crate) struct QueryCache {
    texts: Mutex<LruCache<Key, Embedding>>,
}

impl QueryCache {
    pub(crate) fn new() -> Self {
        Self { texts: Mutex::new(LruCache::new(TEXTS)) }
    }

    /// The embedding of a text, when it is here.
    pub(crate) fn get(
        &self,
        model: ModelFingerprint,
        second: bool,
        text: &str,
    ) -> Option<Embedding> {
        self.lock().get(&(model, second, text.to_owned())).cloned()
    }

    /// Whether a text is not here and would be kept.
    pub(crate) fn would_keep(&self, model: ModelFingerprint, second: bool, text: &str) -> bool {
        text.len() <= LONGEST && !self.lock().contains(&(model, second, text.to_owned()))
    }

    /// Keeps an embedding; the one not asked for the longest leaves.
    pub(crate) fn put(&self, second: bool, text: &str, embedding: &Embedding) {
        if text.len() <= LONGEST {
            let key = (embedding.model(), second, text.to_owned());
            self.lock().put(key, embedding.clone());
        }
    }

    fn lock(&self) -> MutexGuard<'_, LruCache<Key, Embedding>> {
        self.texts.lock().unwrap_or_else(|e| e.into_inner())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn embedding(model: u8, value: f32) -> Embedding {
        Embedding::new(ModelFingerprint([model; 16]), vec![value, 1.0]).unwrap()
    }

    #[test]
    fn a_text_is_known_for_its_model_only() {
        let cache = QueryCache::new();
        cache.put(false, "dog", &embedding(1, 0.5));
        assert_eq!(cache.get(ModelFingerprint([1; 16]), false, "dog"), Some(embedding(1, 0.5)));
        assert_eq!(cache.get(ModelFingerprint([2; 16]), false, "dog"), None);
        assert_eq!(cache.get(ModelFingerprint([1; 16]), false, "Dog"), None);
        assert_eq!(cache.get(ModelFingerprint([1; 16]), true, "dog"), None, "another tower");
    }

    #[test]
    fn it_is_bounded() {
        let cache = QueryCache::new();
        cache.put(false, &"x".repeat(LONGEST + 1), &embedding(1, 0.0));
        assert_eq!(cache.lock().len(), 0);
        for number in 0..TEXTS.get() + 10 {
            cache.put(false, &number.to_string(), &embedding(1, number as f32));
        }
        assert_eq!(cache.lock().len(), TEXTS.get());
        assert_eq!(cache.get(ModelFingerprint([1; 16]), false, "9"), None, "the oldest left");
        assert!(cache.get(ModelFingerprint([1; 16]), false, "10").is_some());
    }
}
