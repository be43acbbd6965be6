//! The ranking.

use super::*;

fn captioned(row: u32, path: &str, caption: &str, tags: &[&str]) -> PhotoRecord {
    let facts = PhotoFacts {
        caption: (!caption.is_empty()).then(|| caption.to_owned()),
        tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
        ..PhotoFacts::default()
    };
    record(row, &[path], facts)
}

fn sample() -> Vec<PhotoRecord> {
    vec![
        captioned(0, "/home/me/Pictures/dog.jpg", "", &[]),
        captioned(1, "/home/me/Pictures/1.jpg", "A dog on the beach", &["dog", "beach"]),
        captioned(2, "/home/me/Pictures/Dogs/2.jpg", "", &[]),
        captioned(3, "/home/me/Pictures/3.jpg", "a cat", &[]),
        captioned(4, "/home/me/Pictures/4.jpg", "a cat", &[]),
        captioned(5, "/home/me/Pictures/iPhone_test.jpg", "", &[]),
    ]
}

fn order(index: &Keywords, words: &str, k: usize) -> Vec<u32> {
    index.search(words, k, None).unwrap().iter().map(|ranked| ranked.row.0).collect()
}

#[test]
fn better_matches_come_first_and_others_not_at_all() {
    let (_folder, index) = new_index(&sample());
    let dogs = order(&index, "dog", 10);
    assert_eq!(dogs[0], 1);
    assert_eq!(dogs.len(), 3, "a stem is a match: {dogs:?}");
    assert_eq!(dogs[2], 2, "and a weaker one");
    assert_eq!(order(&index, "dogs on beaches", 10)[0], 1);
    assert_eq!(order(&index, "me", 10), [0; 0], "folders above the root say nothing");
    assert_eq!(order(&index, "zebra", 10), [0; 0]);
    assert_eq!(order(&index, "iphone", 10), [5]);
    assert_eq!(order(&index, "phone", 10), [5]);
    let scores = index.search("dog", 10, None).unwrap();
    assert!(scores.windows(2).all(|pair| pair[0].score >= pair[1].score));
    assert!(scores.iter().all(|ranked| ranked.score > 0.0));
}

#[test]
fn ties_break_by_row_and_k_is_kept() {
    let (_folder, index) = new_index(&sample());
    assert_eq!(order(&index, "cat", 10), [3, 4]);
    assert_eq!(order(&index, "cat", 1), [3]);
    assert_eq!(order(&index, "cat", 0), [0; 0]);
    assert_eq!(order(&index, "", 10), [0; 0]);
    assert_eq!(order(&index, "\"+-* ?", 10), [0; 0], "no syntax");
}

#[test]
fn only_allowed_rows_answer() {
    let (_folder, index) = new_index(&sample());
    let within = |allowed: &[u32]| -> Vec<u32> {
        let found = index.search("cat dog", 10, Some(&rows(allowed))).unwrap();
        let mut found: Vec<u32> = found.iter().map(|ranked| ranked.row.0).collect();
        found.sort_unstable();
        found
    };
    assert_eq!(within(&[0, 3, 5, 77]), [0, 3]);
    assert_eq!(within(&[]), [0; 0]);
    let best = index.search("dog", 1, Some(&rows(&[0, 2]))).unwrap();
    assert_eq!(best[0].row, RowId(0), "the best of those allowed");
}

#[test]
fn the_answer_does_not_depend_on_how_it_was_written() {
    let (_folder, whole) = new_index(&sample());
    let (_other, parts) = new_index(&[]);
    for (n, one) in sample().iter().enumerate() {
        parts.update(std::slice::from_ref(one)).unwrap();
        parts.commit(n as u64 + 2).unwrap();
    }
    for words in ["dog", "cat", "dog beach", "a cat on the iPhone"] {
        let (left, right) =
            (whole.search(words, 10, None).unwrap(), parts.search(words, 10, None).unwrap());
        assert_eq!(left.len(), right.len());
        for (left, right) in left.iter().zip(&right) {
            assert_eq!(left.row, right.row, "{words}");
            assert!((left.score - right.score).abs() < 1e-4);
        }
    }
}
