use seer_images::Stop;
use seer_types::LocalTime;

use super::*;

/// A scene of soft blobs, different for each number; 0 to 1 across and down.
fn scene(number: u32) -> impl Fn(f32, f32) -> f32 {
    let mut state = u64::from(number) * 7919 + 1;
    let mut next = move || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f32 / (1_u64 << 24) as f32
    };
    let blobs: Vec<[f32; 4]> =
        (0..40).map(|_| [next(), next(), 0.03 + next() * 0.12, next() * 2.0 - 1.0]).collect();
    move |x, y| {
        let blob = |[left, top, size, level]: &[f32; 4]| {
            let far = ((x - left).powi(2) + (y - top).powi(2)) / (size * size);
            level * (-far).exp()
        };
        blobs.iter().map(blob).sum()
    }
}

/// What a camera sees of a scene between these cuts (left, right, top, bottom), as facts.
fn photo(scene: impl Fn(f32, f32) -> f32, [left, right, top, bottom]: [f32; 4]) -> PhotoFacts {
    let fine = 8 * Signature::SIDE;
    let at = |x: usize, before: f32, after: f32| {
        before + (x as f32 + 0.5) / fine as f32 * (1.0 - before - after)
    };
    // As the signature of a picture is made: nearer pixels count more.
    let tent = |fine_place: usize, place: usize| {
        let far = (fine_place as f32 + 0.5) / 8.0 - (place as f32 + 0.5);
        (1.0 - far.abs()).max(0.0)
    };
    let pixels: Vec<Vec<f32>> = (0..fine)
        .map(|y| (0..fine).map(|x| scene(at(x, left, right), at(y, top, bottom))).collect())
        .collect();
    let near = |place: usize| place.saturating_sub(1) * 8..((place + 2) * 8).min(fine);
    let mut grid = [0.0; Signature::LEVELS];
    for (i, level) in grid.iter_mut().enumerate() {
        let (mut sum, mut weights) = (0.0, 0.0);
        for y in near(i / Signature::SIDE) {
            for x in near(i % Signature::SIDE) {
                let weight = tent(x, i % Signature::SIDE) * tent(y, i / Signature::SIDE);
                sum += weight * pixels[y][x];
                weights += weight;
            }
        }
        *level = sum / weights;
    }
    let low = grid.iter().copied().fold(f32::INFINITY, f32::min);
    let high = grid.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let levels = grid.map(|level| ((level - low) / (high - low) * 63.0).round() as u8);
    let signature = Some(Signature::new(&levels));
    PhotoFacts { width: 400, height: 300, signature, ..PhotoFacts::default() }
}

const WHOLE: [f32; 4] = [0.0; 4];

fn look(facts: &PhotoFacts) -> Look {
    Look::of(facts).unwrap()
}

#[test]
fn a_cut_or_moved_copy_is_alike_in_both_directions() {
    let cuts = [
        WHOLE,
        [0.05, 0.05, 0.05, 0.05],
        [0.0, 0.1, 0.1, 0.0],
        [0.03, 0.07, 0.08, 0.02],
        [0.05, 0.0, 0.0, 0.0],
        [0.0, 0.03, 0.04, 0.0],
    ];
    for number in 0..20 {
        let whole = look(&photo(scene(number), WHOLE));
        for cut in cuts {
            let copy = look(&photo(scene(number), cut));
            assert_eq!(whole.alike(&copy), Some(Alike::Copy), "{number} {cut:?}");
            assert_eq!(copy.alike(&whole), Some(Alike::Copy), "{number} {cut:?}");
        }
    }
}

#[test]
fn other_scenes_are_not_alike() {
    let looks: Vec<Look> = (0..40).map(|number| look(&photo(scene(number), WHOLE))).collect();
    for (i, a) in looks.iter().enumerate() {
        assert!(looks[..i].iter().all(|b| a.alike(b).is_none()), "{i}");
    }
}

#[test]
fn a_photo_of_another_shape_or_without_a_signature_is_not_alike() {
    let facts = photo(scene(1), WHOLE);
    let upright = PhotoFacts { width: 300, height: 400, ..facts.clone() };
    assert_eq!(look(&facts).alike(&look(&upright)), None);
    assert!(Look::of(&PhotoFacts { signature: None, ..facts }).is_none());
}

/// A scene in which something has moved: another one is mixed into a half of it.
fn changed(number: u32) -> impl Fn(f32, f32) -> f32 {
    let (still, moving) = (scene(number), scene(number + 1000));
    move |x, y| still(x, y) + if x > 0.5 { moving(x, y) } else { 0.0 }
}

fn taken(facts: PhotoFacts, seconds: i64, camera: &str) -> Look {
    let taken = Some(LocalTime::from_seconds(seconds).into());
    look(&PhotoFacts { taken, camera_model: Some(camera.into()), ..facts })
}

#[test]
fn shots_of_one_scene_are_alike_only_where_one_camera_took_them_within_seconds() {
    let (mut bursts, mut numbers) = (0, 0);
    for number in 0..20 {
        let first = taken(photo(scene(number), WHOLE), 100, "Canon");
        let second = |seconds, camera| taken(photo(changed(number), WHOLE), seconds, camera);
        // Where so much has moved that the scene is another one, nothing is alike.
        bursts += usize::from(first.alike(&second(103, "Canon")) == Some(Alike::Burst));
        numbers += 1;
        assert_eq!(first.alike(&second(106, "Canon")), None, "{number}");
        assert_eq!(first.alike(&second(103, "Nikon")), None, "{number}");
        let other = taken(photo(scene(number + 50), WHOLE), 101, "Canon");
        assert_eq!(first.alike(&other), None, "{number}");
    }
    assert!(bursts * 2 > numbers, "{bursts} of {numbers}");
}

#[test]
fn groups_are_found_without_comparing_each_with_each() {
    let cuts = [WHOLE, [0.05, 0.05, 0.05, 0.05], [0.0, 0.1, 0.1, 0.0]];
    let photos = (0..60).flat_map(|number| {
        let copies = if number % 3 == 0 { 3 } else { 1 };
        cuts[..copies].iter().map(move |cut| (number, look(&photo(scene(number), *cut))))
    });
    let (numbers, looks): (Vec<u32>, Vec<Look>) = photos.unzip();
    let groups = groups(&looks, &Stop::new(), &mut |_| {}).unwrap();
    assert_eq!(groups.len(), 20);
    for group in groups {
        assert!(group.len() == 3 && group.is_sorted(), "{group:?}");
        assert!(group.iter().all(|i| numbers[*i] == numbers[group[0]]), "{group:?}");
    }
    let stop = Stop::new();
    stop.stop();
    assert!(super::groups(&looks, &stop, &mut |_| {}).is_err());
}
