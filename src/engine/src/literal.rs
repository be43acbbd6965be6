//! Photos that a query's words name outright: in a file name, a folder, a tag or a caption.
//!
//! A model cannot know that a folder is called "Grandma" or a scan "IMG 2041"; the keyword index
//! does. How much such a photo rises depends on two things: how many of the query's words it has
//! (rare words count more), and how few other photos have as many. One of a thousand photos in a
//! folder "beach" is hardly lifted by the word "beach", one of three tagged "grandma" is. A word is
//! looked up in singular and plural.

use seer_store::{Allowed, Having, MOST_WORDS, WordHit};
use seer_types::PhotoId;

use crate::query::ParsedQuery;
use crate::word_forms::forms;
use crate::{EngineError, Library};

/// Words looked up, at the most.
const WORDS: usize = 8;
/// A word that more photos have says too little about each of them.
const COMMON: u64 = 1000;

/// English words that say nothing by themselves.
const STOP_WORDS: [&str; 33] = [
    "a", "an", "and", "are", "as", "at", "be", "but", "by", "for", "if", "in", "into", "is", "it",
    "no", "not", "of", "on", "or", "such", "that", "the", "their", "then", "there", "these",
    "they", "this", "to", "was", "will", "with",
];

/// A photo that has words of the query.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Literal {
    pub(crate) id: PhotoId,
    /// The share of the query's words that it has, each counted by its rarity: above 0, up to 1.
    pub(crate) share: f32,
    /// How many photos have as large a share, itself included: 1 is the best.
    pub(crate) place: usize,
}

impl Library {
    /// The photos that have some of these words, in no order. `language`: the code of the words'
    /// language, where it is known; `photos`: how many the library has.
    pub(crate) fn literal(
        &self,
        words: &[String],
        language: Option<&str>,
        allowed: Option<&Allowed>,
        photos: u64,
    ) -> Result<Vec<Literal>, EngineError> {
        let most = MOST_WORDS / words.len().max(1);
        let forms: Vec<Vec<String>> =
            words.iter().map(|word| forms(word, language, most)).collect();
        let having = self.store.having(&forms.concat(), allowed, COMMON)?;
        let sizes: Vec<usize> = forms.iter().map(Vec::len).collect();
        Ok(shares(&of_words(&having, &sizes), photos))
    }
}

/// Who has which word, from who has which of its forms; `sizes`: how many forms each word has.
fn of_words(having: &Having, sizes: &[usize]) -> Having {
    let mut first = 0;
    let mut masks = Vec::with_capacity(sizes.len());
    for size in sizes {
        masks.push(((1_u64 << size) - 1) << first);
        first += size;
    }
    let words = |forms: u32| {
        let has = masks.iter().enumerate().filter(|(_, mask)| u64::from(forms) & **mask != 0);
        has.fold(0, |words, (word, _)| words | 1 << word)
    };
    let photos: Vec<WordHit> =
        having.photos.iter().map(|hit| WordHit { id: hit.id, words: words(hit.words) }).collect();
    let mut forms = having.counts.iter();
    let counts = sizes.iter().enumerate().map(|(word, size)| {
        let counts: Vec<u64> = forms.by_ref().take(*size).copied().collect();
        match counts.iter().all(|count| *count <= COMMON) {
            // All photos of these forms are listed, those that have several of them once.
            true => photos.iter().filter(|hit| hit.words & 1 << word != 0).count() as u64,
            false => counts.into_iter().sum(),
        }
    });
    let counts: Vec<u64> = counts.collect();
    let rare = counts.iter().enumerate().filter(|(_, count)| **count <= COMMON);
    let rare = rare.fold(0, |rare, (word, _)| rare | 1 << word);
    let photos = photos.into_iter().filter(|hit| hit.words & rare != 0).collect();
    Having { counts, photos }
}

/// The telling words of the parts that are asked for, each once; none where the query is more than
/// text.
pub(crate) fn words(query: &ParsedQuery) -> Vec<String> {
    if !query.likes.is_empty() {
        return Vec::new();
    }
    let mut words: Vec<String> = Vec::new();
    let asked = query.terms.iter().filter(|term| term.weight > 0.0);
    for word in asked.flat_map(|term| term.text.split_whitespace()) {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        if is_telling(&word) && !words.contains(&word) && words.len() < WORDS {
            words.push(word);
        }
    }
    words
}

/// Whether a word, in either case, says something by itself.
pub(crate) fn is_telling(word: &str) -> bool {
    word.chars().count() > 1 && !STOP_WORDS.contains(&word.to_lowercase().as_str())
}

/// Shares and places from who has which word, in a library of so many photos.
fn shares(having: &Having, photos: u64) -> Vec<Literal> {
    let rarity = |count: &u64| (1.0 + photos as f32 / (*count).max(1) as f32).ln();
    let rarities: Vec<f32> = having.counts.iter().map(rarity).collect();
    let whole: f32 = rarities.iter().sum();
    let share = |hit: &WordHit| {
        let has = rarities.iter().enumerate().filter(|(word, _)| hit.words & (1 << word) != 0);
        (has.map(|(_, rarity)| rarity).sum::<f32>() / whole).min(1.0)
    };
    let found: Vec<(PhotoId, f32)> = having.photos.iter().map(|hit| (hit.id, share(hit))).collect();
    let mut sorted: Vec<f32> = found.iter().map(|(_, share)| *share).collect();
    sorted.sort_unstable_by(|a, b| b.total_cmp(a));
    let place = |share: f32| sorted.partition_point(|other| *other >= share);
    found.into_iter().map(|(id, share)| Literal { id, share, place: place(share) }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::parse;

    /// Who has which word, as a store says it.
    fn having(sets: &[&[u8]], most: usize) -> Having {
        let mask = |id: u8| {
            let has = sets.iter().enumerate().filter(|(_, set)| set.contains(&id));
            has.fold(0, |mask, (word, _)| mask | 1 << word)
        };
        let named = sets.iter().filter(|set| set.len() <= most).flat_map(|set| set.iter().copied());
        let ids: std::collections::BTreeSet<u8> = named.collect();
        Having {
            counts: sets.iter().map(|set| set.len() as u64).collect(),
            photos: ids.iter().map(|id| WordHit { id: photo(*id), words: mask(*id) }).collect(),
        }
    }

    fn photo(number: u8) -> PhotoId {
        PhotoId([number; 32])
    }

    #[test]
    fn forms_of_a_word_count_as_the_word() {
        // dog, dogs; beach; cat, cats.
        let forms = having(&[&[1, 2], &[2, 3], &[3, 4], &[], &[5]], 9);
        let words = of_words(&forms, &[2, 1, 2]);
        assert_eq!(words.counts, [3, 2, 1]);
        let masks: Vec<u32> = words.photos.iter().map(|hit| hit.words).collect();
        assert_eq!(masks, [0b1, 0b1, 0b11, 0b10, 0b100]);
        let whole = of_words(&having(&[&[1, 2], &[3]], 9), &[1, 1]);
        assert_eq!(whole, having(&[&[1, 2], &[3]], 9));
    }

    #[test]
    fn a_word_whose_forms_are_common_together_brings_nobody() {
        let half = COMMON - 1;
        let hit = |id, words| WordHit { id: photo(id), words };
        let forms =
            Having { counts: vec![COMMON + 1, half, 1], photos: vec![hit(1, 2), hit(2, 6)] };
        let words = of_words(&forms, &[2, 1]);
        assert_eq!((words.counts[0], words.counts[1]), (COMMON + 1 + half, 1));
        assert_eq!(words.photos, [hit(2, 0b11)]);
    }

    #[test]
    fn only_telling_words_that_are_asked_for_count() {
        let query = parse("a Dog on the beach, dog -cat ext:jpg").unwrap();
        assert_eq!(words(&query), ["dog", "beach"]);
        assert!(words(&parse("the -dog").unwrap()).is_empty());
    }

    #[test]
    fn rare_words_and_many_words_make_the_share() {
        let found = shares(&having(&[&[1, 2, 3], &[3]], 1000), 100);
        let of = |number| found.iter().find(|l| l.id == photo(number)).copied().unwrap();
        assert_eq!((of(3).share, of(3).place), (1.0, 1));
        // ln(1 + 100/3) / (ln(1 + 100/3) + ln(1 + 100))
        assert!((of(1).share - 0.433_8).abs() < 1e-3, "{:?}", of(1));
        assert_eq!((of(1).place, of(2).place), (3, 3), "equals share the last place");
        assert_eq!(found.len(), 3);
    }

    #[test]
    fn a_common_word_brings_nobody_and_an_unknown_one_halves_the_rest() {
        assert!(shares(&having(&[&[1, 2, 3, 4, 5]], 4), 10_000).is_empty());
        assert!(shares(&having(&[], 4), 10).is_empty());
        let found = shares(&having(&[&[7], &[]], 4), 100);
        assert_eq!(found, [Literal { id: photo(7), share: 0.5, place: 1 }]);
        let found = shares(&having(&[&[7], &[1, 2, 3, 4, 7]], 4), 5);
        assert_eq!((found.len(), found[0].share), (1, 1.0), "a common word counts too");
    }
}
