//! The encoder thread with models that fail on purpose (no real one can be made to).

use crossbeam_channel::unbounded;
use seer_types::{Embedding, FileStamp, LibraryPath, ModelFingerprint};

use super::*;

fn decoded(number: u8) -> Decoded {
    Decoded {
        id: PhotoId([number; 32]),
        file: PhotoFile {
            path: LibraryPath::new(format!("/p/{number}.jpg")),
            root: LibraryPath::new("/p"),
            stamp: FileStamp::new(1, 1),
        },
        facts: Box::default(),
        pictures: vec![PreparedImage::new(1, 1, vec![number; 3])],
    }
}

/// A video of three frames.
fn video(number: u8) -> Decoded {
    let frames = (number..number + 3).map(|level| PreparedImage::new(1, 1, vec![level; 3]));
    Decoded { pictures: frames.collect(), ..decoded(number) }
}

fn seen(image: &PreparedImage) -> Seen {
    let values = vec![f32::from(image.rgb()[0]), 1.0];
    let embedding = Embedding::new(ModelFingerprint([0; 16]), values).unwrap();
    Seen {
        embedding,
        likeness: None,
        classes: vec![seer_types::PhotoClass {
            names: format!("thing {}", image.rgb()[0]),
            probability: 0.5,
        }],
    }
}

/// Runs `count` pictures through; (numbers encoded, numbers failed) in order.
fn run(
    count: u8,
    encode: &Encode<'_>,
    stops: &(dyn Fn() -> bool + Sync),
) -> (Result<(), IndexError>, Vec<u8>, Vec<u8>) {
    let (to_encode, from) = unbounded();
    let (to, outcomes) = unbounded();
    (0..count).for_each(|n| to_encode.send(decoded(n)).unwrap());
    drop(to_encode);
    let meter = Meter::new(1);
    let result = Encoder::new(encode, BatchSize::new(Some(4)), &meter, stops).work(&from, &to);
    drop(to);
    let (mut good, mut bad) = (Vec::new(), Vec::new());
    for outcome in outcomes {
        match outcome {
            Outcome::Encoded { id, mut points, facts, .. } => {
                let own = seen(&PreparedImage::new(1, 1, vec![id.0[0]; 3]));
                let embedding = points.remove(0).embedding;
                let seen = Seen { embedding, likeness: None, classes: facts.classes };
                assert_eq!(seen, own, "of its own picture");
                good.push(id.0[0]);
            }
            Outcome::Failed { id, failure } => {
                assert_eq!(failure.kind, FailureKind::Encoding);
                bad.push(id.unwrap().0[0]);
            }
            _ => panic!("an encoder encodes or fails"),
        }
    }
    (result, good, bad)
}

#[test]
fn every_picture_gets_its_own_embedding() {
    let sizes = std::sync::Mutex::new(Vec::new());
    let encode = |images: &[PreparedImage]| {
        sizes.lock().unwrap().push(images.len());
        Ok(images.iter().map(seen).collect())
    };
    let (result, good, bad) = run(10, &encode, &|| false);
    assert!(result.is_ok() && bad.is_empty());
    assert_eq!(good, (0..10).collect::<Vec<_>>());
    assert_eq!(*sizes.lock().unwrap(), [4, 4, 2]);
}

#[test]
fn a_video_has_a_point_for_each_frame_also_when_its_batch_fails() {
    for fails_together in [false, true] {
        let (to_encode, from) = unbounded();
        let (to, outcomes) = unbounded();
        for photo in [decoded(1), video(10), decoded(2)] {
            to_encode.send(photo).unwrap();
        }
        drop(to_encode);
        let encode = |images: &[PreparedImage]| match images.len() > 1 && fails_together {
            true => Err("together".to_owned()),
            false => Ok(images.iter().map(seen).collect()),
        };
        let meter = Meter::new(1);
        let size = BatchSize::new(Some(4));
        Encoder::new(&encode, size, &meter, &|| false).work(&from, &to).unwrap();
        drop(to);
        let found: Vec<_> = outcomes
            .into_iter()
            .map(|outcome| {
                let Outcome::Encoded { id, points, facts, .. } = outcome else { panic!("failed") };
                let points = points.iter().map(|p| (p.part.0, p.embedding.values()[0]));
                (id.0[0], points.collect::<Vec<_>>(), facts.classes.len())
            })
            .collect();
        let of = |part, level: u8| (part, seen_value(level));
        let expected = [
            (1, vec![of(0, 1)], 1),
            (10, vec![of(0, 10), of(1, 11), of(2, 12)], 1),
            (2, vec![of(0, 2)], 1),
        ];
        assert_eq!(found, expected);
    }
}

fn seen_value(level: u8) -> f32 {
    seen(&PreparedImage::new(1, 1, vec![level; 3])).embedding.values()[0]
}

#[test]
fn one_bad_picture_costs_only_itself() {
    let encode = |images: &[PreparedImage]| match images.iter().any(|i| i.rgb()[0] == 5) {
        true => Err("five".to_owned()),
        false => Ok(images.iter().map(seen).collect()),
    };
    let (result, good, bad) = run(8, &encode, &|| false);
    assert!(result.is_ok());
    assert_eq!((good, bad), (vec![0, 1, 2, 3, 4, 6, 7], vec![5]));
}

#[test]
fn a_bad_last_picture_is_told_at_the_end() {
    let encode = |images: &[PreparedImage]| match images.iter().any(|i| i.rgb()[0] == 4) {
        true => Err("four".to_owned()),
        false => Ok(images.iter().map(seen).collect()),
    };
    let (result, good, bad) = run(5, &encode, &|| false);
    assert!(result.is_ok());
    assert_eq!((good.len(), bad), (4, vec![4]));
}

#[test]
fn a_batch_too_large_goes_through_one_by_one() {
    let encode = |images: &[PreparedImage]| match images.len() {
        1 | 2 => Ok(images.iter().map(seen).collect()),
        _ => Err("out of memory".to_owned()),
    };
    let (result, good, bad) = run(8, &encode, &|| false);
    assert!(result.is_ok() && bad.is_empty());
    assert_eq!(good, (0..8).collect::<Vec<_>>());
}

#[test]
fn a_model_that_fails_on_everything_ends_the_run_and_blames_no_picture() {
    let (result, good, bad) = run(40, &|_| Err("device lost".to_owned()), &|| false);
    assert!(matches!(result, Err(IndexError::Encoder { pictures: SUSPICIOUS, .. })), "{result:?}");
    assert!(good.is_empty() && bad.is_empty());
}

#[test]
fn too_few_embeddings_are_an_error() {
    let (result, good, bad) = run(3, &|_| Ok(Vec::new()), &|| false);
    assert!(result.is_ok() && good.is_empty());
    assert_eq!(bad, [0, 1, 2]);
}

#[test]
fn a_stopped_run_leaves_the_rest() {
    let encode = |images: &[PreparedImage]| Ok(images.iter().map(seen).collect());
    let (result, good, _) = run(10, &encode, &|| true);
    assert!(result.is_ok() && good.is_empty());
}
