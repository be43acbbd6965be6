use seer_types::{FileStamp, LibraryPath, PhotoFacts, PhotoFile, Signature};

use super::*;

/// A photo with one of some pictures that have nothing in common.
fn hit(number: u8, picture: u64, width: u32) -> Hit {
    let mut state = picture;
    let levels = std::array::from_fn(|_| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 58) as u8
    });
    let signature = Some(Signature::new(&levels));
    let stamp = FileStamp::new(1, 1);
    let path = LibraryPath::new(format!("/p/{number}.jpg"));
    let photo = PhotoRecord {
        id: PhotoId([number; 32]),
        files: vec![PhotoFile { path, root: LibraryPath::new("/p"), stamp }],
        size: 10,
        facts: PhotoFacts { width, height: width, signature, ..PhotoFacts::default() },
        added: 0,
    };
    let score = 1.0 - f32::from(number) / 100.0;
    Hit { photo, score, shows: 0.0, band: None, at_second: None, alike: Vec::new(), why: None }
}

fn folded(hits: impl IntoIterator<Item = Hit>) -> Vec<(u8, Vec<u8>, f32)> {
    let mut folding = Folding::default();
    hits.into_iter().for_each(|hit| folding.add(hit));
    let number = |photo: &PhotoRecord| photo.id.0[0];
    let shown = |folded: Folded| {
        let hit = folded.into_hit();
        (number(&hit.photo), hit.alike.iter().map(number).collect(), hit.score)
    };
    folding.hits.into_iter().map(shown).collect()
}

#[test]
fn the_largest_is_on_top_in_the_place_and_with_the_score_of_the_best() {
    let hits = [hit(1, 7, 100), hit(2, 8, 500), hit(3, 7, 300), hit(4, 9, 10), hit(5, 7, 200)];
    let wanted = [(3, vec![1, 5], 0.99), (2, vec![], 0.98), (4, vec![], 0.96)];
    assert_eq!(folded(hits), wanted);
}

#[test]
fn of_equal_size_more_bytes_and_then_the_lower_id_is_on_top() {
    let heavy = |number, size| {
        let mut hit = hit(number, 7, 100);
        hit.photo.size = size;
        hit
    };
    assert_eq!(folded([heavy(2, 5), heavy(1, 5), heavy(3, 4)])[0].0, 1);
    assert_eq!(folded([heavy(2, 5), heavy(1, 5), heavy(3, 6)])[0].0, 3);
}

#[test]
fn what_is_found_does_not_depend_on_how_much_is_looked_at() {
    let hits = |count: usize| (0..count).map(|i| hit(i as u8, (i * i % 13) as u64, 100 + i as u32));
    let all = folded(hits(60));
    for count in 1..60 {
        let some = folded(hits(count));
        assert!(some.len() <= all.len());
        for (some, all) in some.iter().zip(&all) {
            let members = |(top, alike, _): &(u8, Vec<u8>, f32)| {
                let mut members = [alike.as_slice(), &[*top]].concat();
                members.sort_unstable();
                members
            };
            let (some, all) = (members(some), members(all));
            assert_eq!(some, all[..some.len()], "{count}");
        }
    }
}

#[test]
fn a_raw_file_and_the_picture_of_the_same_shot_are_one_hit() {
    let named = |number, picture, name: &str, format: &str| {
        let mut hit = hit(number, picture, 100);
        hit.photo.files[0].path = LibraryPath::new(format!("/p/{name}"));
        hit.photo.facts.format = format.to_owned();
        hit
    };
    // In black and white, so that they look different.
    let mut raw = named(1, 7, "DSC1.NEF", "raw");
    raw.photo.size = 40;
    raw.photo.facts.signature = None;
    let hits = [raw, named(2, 8, "DSC2.JPG", "jpeg"), named(3, 9, "dsc1.jpg", "jpeg")];
    assert_eq!(folded(hits), [(3, vec![1], 0.99), (2, vec![], 0.98)]);
    let apart = [named(1, 7, "DSC1.NEF", "raw"), named(2, 8, "DSC1.DNG", "raw")];
    assert_eq!(folded(apart).len(), 2, "two raw files");
}
