//! Photos that hold words.

use seer_store::{Filter, Having, Store, WordHit};
use seer_types::PhotoFacts;

use super::with;
use crate::Place;
use crate::compare::ok;
use crate::make::{id, record, unlink};

fn captions(place: &dyn Place) -> Box<dyn Store> {
    let says = |n: u32, caption: &str| {
        let facts = PhotoFacts { caption: Some(caption.into()), ..PhotoFacts::default() };
        record(n, &[&format!("/x/{n}.jpg")], facts)
    };
    with(
        place,
        &[
            says(30, "two dogs on the beach"),
            says(10, "a beach"),
            says(20, "the BeachParty"),
            says(40, "dogs"),
            says(50, "nothing"),
        ],
    )
}

fn having(store: &dyn Store, words: &[&str], filter: Option<&Filter>, most: u64) -> Having {
    let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
    let allowed = filter.map(|filter| ok(store.allow(filter)));
    ok(store.having(&words, allowed.as_ref(), most))
}

fn hits(hits: &[(u32, u32)]) -> Vec<WordHit> {
    hits.iter().map(|(n, words)| WordHit { id: id(*n), words: *words }).collect()
}

/// Bit i of a photo's mask says that it holds the ith word.
pub fn masks_say_which_words(place: &dyn Place) {
    let store = captions(place);
    let found = having(&*store, &["beach", "dogs", "cat", "dogs on", "BEACHPARTY"], None, 9);
    assert_eq!(found.counts, [3, 2, 0, 1, 1]);
    assert_eq!(found.photos, hits(&[(10, 1), (20, 0b10001), (30, 0b1011), (40, 0b10)]));
    assert_eq!(having(&*store, &[], None, 9), Having::default());
}

/// Words that too many photos hold bring none, but are told of those that others bring.
pub fn common_words_bring_no_photo(place: &dyn Place) {
    let store = captions(place);
    let most = |most| having(&*store, &["beach", "dogs"], None, most);
    assert_eq!(most(3).photos, hits(&[(10, 0b1), (20, 0b1), (30, 0b11), (40, 0b10)]));
    assert_eq!(most(2).photos, hits(&[(30, 0b11), (40, 0b10)]));
    assert_eq!(most(1).photos, []);
    assert_eq!((most(1).counts, most(0).counts), (vec![3, 2], vec![3, 2]));
}

/// Only allowed photos count, also for what is common.
pub fn only_allowed_photos_count(place: &dyn Place) {
    let store = captions(place);
    let filter = Filter::Not(Box::new(Filter::Text("dogs".into())));
    let found = having(&*store, &["beach", "dogs"], Some(&filter), 2);
    assert_eq!(found, Having { counts: vec![2, 0], photos: hits(&[(10, 1), (20, 1)]) });
    ok(store.apply(&[unlink("/x/10.jpg")]));
    assert_eq!(having(&*store, &["beach", "dogs"], None, 2).counts, [2, 2]);
    let nothing = Filter::Any(vec![]);
    assert_eq!(having(&*store, &["beach"], Some(&nothing), 2).counts, [0]);
}

/// 32 words fit into a mask, the same one twice too; one without letters is held by no photo.
pub fn as_many_words_as_a_mask_has_bits(place: &dyn Place) {
    let store = captions(place);
    let words: Vec<&str> = (0..32).map(|i| if i % 2 == 0 { "…" } else { "dogs" }).collect();
    let found = having(&*store, &words, None, 2);
    assert_eq!((found.counts[0], found.counts[31]), (0, 2));
    assert_eq!(found.photos, hits(&[(30, 0xaaaa_aaaa), (40, 0xaaaa_aaaa)]));
}
