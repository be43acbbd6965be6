//! The built-in model against the golden values that its trainer computed with PyTorch from the
//! weights as shipped.

use std::path::Path;

use safetensors::SafeTensors;
use seer_encoders::{DeviceChoice, Model};
use seer_types::{Embedding, PreparedImage};

struct Golden(Vec<u8>);

impl Golden {
    fn read() -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/builtin");
        Self(std::fs::read(folder.join("golden.safetensors")).unwrap())
    }

    fn bytes(&self, name: &str) -> (Vec<u8>, Vec<usize>) {
        let tensors = SafeTensors::deserialize(&self.0).unwrap();
        let view = tensors.tensor(name).unwrap();
        (view.data().to_vec(), view.shape().to_vec())
    }

    fn floats(&self, name: &str) -> Vec<f32> {
        self.bytes(name).0.as_chunks().0.iter().map(|b| f32::from_le_bytes(*b)).collect()
    }
}

fn assert_equal(what: &str, found: &[Embedding], expected: &[f32]) {
    let dim = expected.len() / found.len();
    for (row, (found, expected)) in found.iter().zip(expected.chunks(dim)).enumerate() {
        let cosine: f32 = found.values().iter().zip(expected).map(|(a, b)| a * b).sum();
        assert!(cosine >= 0.9999, "{what} {row}: cosine {cosine}");
    }
}

/// 56x56 pixels, each repeated 4x4.
fn fourfold(small: &[u8]) -> PreparedImage {
    let pixels = (0..224 * 224).flat_map(|place| {
        let (y, x) = (place / 224 / 4, place % 224 / 4);
        small[(y * 56 + x) * 3..][..3].to_vec()
    });
    PreparedImage::new(224, 224, pixels.collect())
}

#[test]
fn pictures_and_texts_land_where_pytorch_puts_them() {
    let model = Model::builtin(DeviceChoice::Cpu).unwrap();
    let golden = Golden::read();
    let (pixels, shape) = golden.bytes("pixels_56_u8");
    let images: Vec<PreparedImage> = pixels.chunks(pixels.len() / shape[0]).map(fourfold).collect();
    let embeddings = model.encode_images(&images).unwrap();
    assert_equal("picture", &embeddings, &golden.floats("image_embeds"));
    let alone = model.encode_images(&images[..1]).unwrap();
    assert_equal("one picture alone", &alone, embeddings[0].values());

    let (ids, shape) = golden.bytes("input_ids");
    let ids: Vec<u32> = ids.as_chunks().0.iter().map(|b| i64::from_le_bytes(*b) as u32).collect();
    let ids: Vec<&[u32]> = ids.chunks(shape[1]).collect();
    assert_equal("ids", &model.encode_ids(&ids).unwrap(), &golden.floats("text_embeds"));
}

#[test]
fn the_heads_give_the_classes_and_the_likeness_that_pytorch_finds() {
    let model = Model::builtin(DeviceChoice::Cpu).unwrap();
    let golden = Golden::read();
    let (pixels, shape) = golden.bytes("pixels_56_u8");
    let images: Vec<PreparedImage> = pixels.chunks(pixels.len() / shape[0]).map(fourfold).collect();
    let seen = model.see_images(&images, 1000).unwrap();
    let embeddings: Vec<Embedding> = seen.iter().map(|seen| seen.embedding.clone()).collect();
    assert_equal("picture", &embeddings, &golden.floats("image_embeds"));
    let likeness: Vec<Embedding> = seen.iter().filter_map(|seen| seen.likeness.clone()).collect();
    assert_equal("likeness", &likeness, &golden.floats("likeness_embeds"));
    let space = model.likeness_space().unwrap();
    assert!(likeness.iter().all(|one| (one.model(), one.dim()) == (space.fingerprint, space.dim)));
    assert_ne!(space.fingerprint, model.fingerprint());
    assert_eq!(model.classes()[207].words(), Some("golden retriever"));
    let expected = golden.floats("class_probabilities");
    let scores = seen.iter().map(|seen| &seen.classes);
    for (row, (found, expected)) in scores.zip(expected.chunks(1000)).enumerate() {
        assert_eq!(found.len(), 1000);
        for score in found {
            let expected = expected[score.class];
            let off = (score.probability - expected).abs();
            assert!(
                off < 1e-3,
                "picture {row}, class {}: {} for {expected}",
                score.class,
                score.probability
            );
        }
    }
}

fn texts(file: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/builtin");
    serde_json::from_slice(&std::fs::read(folder.join(file)).unwrap()).unwrap()
}

#[test]
fn texts_become_the_ids_it_was_trained_on() {
    let model = Model::builtin(DeviceChoice::Cpu).unwrap();
    let texts = texts("texts.json");
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let found = model.encode_texts(&texts).unwrap();
    assert_equal("text", &found, &Golden::read().floats("text_embeds"));
}

#[test]
fn the_second_tower_reads_other_languages_into_the_same_space() {
    let model = Model::builtin(DeviceChoice::Cpu).unwrap();
    assert!(model.further_languages().iter().any(|code| code == "de"));
    let tower = model.languages().unwrap().expect("a second tower");
    let golden = Golden::read();
    let texts = texts("languages.json");
    let (ids, shape) = golden.bytes("language_ids");
    let ids: Vec<u32> = ids.as_chunks().0.iter().map(|b| i64::from_le_bytes(*b) as u32).collect();
    for (text, expected) in texts.iter().zip(ids.chunks(shape[1])) {
        const PADDING: u32 = 1;
        let length = expected.iter().rposition(|id| *id != PADDING).unwrap() + 1;
        assert_eq!(tower.token_ids(text), expected[..length], "{text}");
    }
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let found = tower.encode_texts(&texts).unwrap();
    assert_equal("text", &found, &golden.floats("language_embeds"));
    assert!(found.iter().all(|one| one.model() == model.fingerprint()));
}
