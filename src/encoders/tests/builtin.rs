//! The built-in model against the golden values that its trainer computed with PyTorch from the
//! weights as shipped, by every backend in all numbers that it computes in.

mod support;

use std::path::Path;

use safetensors::SafeTensors;
use seer_encoders::{DeviceChoice, Model};
use seer_types::{Embedding, PreparedImage};
use support::settings::{ALL, Setting};
use support::{Agreement, Bar};

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

/// Only the direction counts here: the values of 512 dimensions are small.
fn assert_equal(what: &str, setting: &Setting, found: &[Embedding], expected: &[f32]) {
    let agreement = Agreement::of(found, expected);
    println!("{}: {what}: cosine {:.7}", setting.name, agreement.cosine);
    agreement.assert(&format!("{}: {what}", setting.name), setting.bar);
}

/// Pictures of the reference, made ready.
fn pictures(golden: &Golden) -> Vec<PreparedImage> {
    let (pixels, shape) = golden.bytes("pixels_56_u8");
    pixels.chunks(pixels.len() / shape[0]).map(fourfold).collect()
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
    let golden = Golden::read();
    let images = pictures(&golden);
    let (ids, shape) = golden.bytes("input_ids");
    let ids: Vec<u32> = ids.as_chunks().0.iter().map(|b| i64::from_le_bytes(*b) as u32).collect();
    let ids: Vec<&[u32]> = ids.chunks(shape[1]).collect();
    for setting in ALL {
        let model = Model::builtin(setting.compute).unwrap();
        let embeddings = model.encode_images(&images).unwrap();
        assert_equal("pictures", setting, &embeddings, &golden.floats("image_embeds"));
        let alone = model.encode_images(&images[..1]).unwrap();
        assert_equal("one picture alone", setting, &alone, embeddings[0].values());
        let found = model.encode_ids(&ids).unwrap();
        assert_equal("ids", setting, &found, &golden.floats("text_embeds"));
    }
}

#[test]
fn the_heads_give_the_classes_and_the_likeness_that_pytorch_finds() {
    let golden = Golden::read();
    let images = pictures(&golden);
    for setting in ALL {
        let model = Model::builtin(setting.compute).unwrap();
        let seen = model.see_images(&images, 1000).unwrap();
        let embeddings: Vec<Embedding> = seen.iter().map(|seen| seen.embedding.clone()).collect();
        assert_equal("pictures", setting, &embeddings, &golden.floats("image_embeds"));
        let likeness = seen.iter().filter_map(|seen| seen.likeness.clone());
        let likeness: Vec<Embedding> = likeness.collect();
        assert_equal("likeness", setting, &likeness, &golden.floats("likeness_embeds"));
        let space = model.likeness_space().unwrap();
        let in_space = |one: &Embedding| (one.model(), one.dim()) == (space.fingerprint, space.dim);
        assert!(likeness.iter().all(in_space));
        assert_ne!(space.fingerprint, model.fingerprint());
        assert_eq!(model.classes()[207].words(), Some("golden retriever"));
        let expected = golden.floats("class_probabilities");
        let mut off = 0f32;
        for (seen, expected) in seen.iter().zip(expected.chunks(1000)) {
            assert_eq!(seen.classes.len(), 1000);
            let each = seen.classes.iter();
            off = each.map(|one| (one.probability - expected[one.class]).abs()).fold(off, f32::max);
        }
        println!("{}: class probabilities off by {off:.1e}", setting.name);
        assert!(off < setting.probability, "{}: a probability is off by {off}", setting.name);
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
    let agreement = Agreement::of(&found, &Golden::read().floats("text_embeds"));
    agreement.assert("texts", Bar::F32);
}

#[test]
fn the_second_tower_reads_other_languages_into_the_same_space() {
    let golden = Golden::read();
    let texts = texts("languages.json");
    let (ids, shape) = golden.bytes("language_ids");
    let ids: Vec<u32> = ids.as_chunks().0.iter().map(|b| i64::from_le_bytes(*b) as u32).collect();
    for setting in ALL {
        let model = Model::builtin(setting.compute).unwrap();
        assert!(model.further_languages().iter().any(|code| code == "de"));
        let tower = model.languages().unwrap().expect("a second tower");
        for (text, expected) in texts.iter().zip(ids.chunks(shape[1])) {
            const PADDING: u32 = 1;
            let length = expected.iter().rposition(|id| *id != PADDING).unwrap() + 1;
            assert_eq!(tower.token_ids(text), expected[..length], "{text}");
        }
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let found = tower.encode_texts(&texts).unwrap();
        assert_equal("languages", setting, &found, &golden.floats("language_embeds"));
        assert!(found.iter().all(|one| one.model() == model.fingerprint()));
    }
}
