//! Answers of a real library, compared with cosines computed one by one.

mod common;

use common::{fill, id_of, names, open, pictures, search};
use seer_engine::{Picture, SearchRequest};
use seer_types::Embedding;

#[test]
fn the_order_is_that_of_the_cosines() {
    let temp = tempfile::tempdir().unwrap();
    let library = open(temp.path());
    fill(&library);
    let answer = search(&library, "two dogs playing in the snow", vec![]);
    assert_eq!(answer.hits.len(), pictures().len());
    assert!(answer.plan.exact && !answer.more);

    let model = library.model().unwrap();
    let query = model.encode_texts(&["two dogs playing in the snow"]).unwrap().remove(0);
    for hit in &answer.hits {
        let bytes = std::fs::read(hit.photo.files[0].path.as_path()).unwrap();
        let photo = seer_images::decode(&bytes, &Default::default()).unwrap();
        let image = model.encode_images(&[photo.prepare(model.spec())]).unwrap().remove(0);
        let cosine = query.cosine(&image).unwrap();
        assert!((cosine - hit.score).abs() < 1e-3, "{cosine} {}", hit.score);
    }
    assert!(answer.hits.is_sorted_by(|a, b| a.score >= b.score));
}

#[test]
fn pages_follow_each_other_without_gap() {
    let temp = tempfile::tempdir().unwrap();
    let library = open(temp.path());
    fill(&library);
    let all = names(&search(&library, "sunset", vec![]));
    let mut paged = Vec::new();
    for offset in (0..all.len()).step_by(4) {
        let request = SearchRequest {
            query: "sunset".into(),
            pictures: vec![],
            k: 4,
            offset,
            ..SearchRequest::default()
        };
        let page = library.search(&request).unwrap();
        assert_eq!(page.more, offset + 4 < all.len());
        paged.extend(names(&page));
    }
    assert_eq!(paged, all);
}

#[test]
fn filters_hold_for_every_hit_and_lose_none() {
    let temp = tempfile::tempdir().unwrap();
    let library = open(temp.path());
    fill(&library);
    let answer = search(&library, "sunset ext:jpg", vec![]);
    assert_eq!((answer.hits.len(), answer.matching), (3, 3));
    assert_eq!(answer.filters, ["ext:jpg"]);
    assert_eq!(answer.words, "sunset");
    assert_eq!(search(&library, "sunset -ext:jpg", vec![]).hits.len(), pictures().len() - 3);
    assert_eq!(search(&library, "sunset ext:xyz", vec![]).hits.len(), 0);
}

#[test]
fn without_words_the_newest_come_first() {
    let temp = tempfile::tempdir().unwrap();
    let library = open(temp.path());
    fill(&library);
    let answer = search(&library, "", vec![]);
    assert_eq!(answer.plan.method, "filter");
    // The test files' dates grow with their sizes.
    let sizes: Vec<u64> = answer.hits.iter().map(|hit| hit.photo.size).collect();
    assert_eq!(sizes.len(), pictures().len());
    assert!(sizes.is_sorted_by(|a, b| a >= b), "{sizes:?}");
}

#[test]
fn a_photo_of_the_library_is_left_out_of_its_own_results() {
    let temp = tempfile::tempdir().unwrap();
    let library = open(temp.path());
    fill(&library);
    let path = &pictures()[2];
    let id = id_of(path);
    let own_name = path.file_name().unwrap().to_string_lossy().into_owned();

    let uploaded = search(&library, "", vec![Picture::Bytes(std::fs::read(path).unwrap())]);
    assert_eq!(names(&uploaded)[0], own_name);
    assert!(uploaded.hits[0].score > 0.999);

    let similar = search(&library, "", vec![Picture::Photo(id)]);
    let liked = search(&library, &format!("like:{}", id.short()), vec![]);
    assert_eq!(names(&similar), names(&uploaded)[1..]);
    assert_eq!(names(&liked), names(&similar));
}

#[test]
fn an_excluded_word_pushes_away_from_it() {
    let temp = tempfile::tempdir().unwrap();
    let library = open(temp.path());
    fill(&library);
    let model = library.model().unwrap();
    let texts = model.encode_texts(&["sunset", "snow"]).unwrap();
    let parts = [(&texts[0], 1.0), (&texts[1], -0.6)];
    let expected = Embedding::weighted_sum(&parts).unwrap();
    for hit in search(&library, "sunset -snow", vec![]).hits {
        let bytes = std::fs::read(hit.photo.files[0].path.as_path()).unwrap();
        let photo = seer_images::decode(&bytes, &Default::default()).unwrap();
        let image = model.encode_images(&[photo.prepare(model.spec())]).unwrap().remove(0);
        assert!((expected.cosine(&image).unwrap() - hit.score).abs() < 1e-3, "{hit:?}");
    }
    assert_eq!(search(&library, "-snow", vec![]).hits.len(), pictures().len());

    // A picture is what is wanted: no other text takes part.
    let example = std::fs::read(&pictures()[0]).unwrap();
    let decoded = seer_images::decode(&example, &Default::default()).unwrap();
    let image = model.encode_images(&[decoded.prepare(model.spec())]).unwrap().remove(0);
    let expected = Embedding::weighted_sum(&[(&image, 1.0), (&texts[1], -0.6)]).unwrap();
    let hits = search(&library, "-snow", vec![Picture::Bytes(example)]).hits;
    let same = hits.iter().find(|hit| hit.photo.id == id_of(&pictures()[0])).unwrap();
    assert!((expected.cosine(&image).unwrap() - same.score).abs() < 1e-3, "{same:?}");
}

#[test]
fn wrong_requests_have_stable_codes() {
    let temp = tempfile::tempdir().unwrap();
    let library = open(temp.path());
    fill(&library);
    let code = |query: &str, pictures: Vec<Picture>, k: usize| {
        let request = SearchRequest {
            query: query.into(),
            pictures,
            k,
            offset: 0,
            ..SearchRequest::default()
        };
        library.search(&request).unwrap_err().code()
    };
    assert_eq!(code("camra:x", vec![], 5), "bad_query");
    assert_eq!(code("dog", vec![], 0), "out_of_range");
    assert_eq!(code("dog", vec![], 1001), "out_of_range");
    assert_eq!(code("like:00000000", vec![], 5), "not_found");
    assert_eq!(code("", vec![Picture::Bytes(b"no picture".to_vec())], 5), "bad_picture");
}
