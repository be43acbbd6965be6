//! Our towers against the reference implementations, on the fixtures' own pixels and token ids:
//! what remains is the arithmetic of the towers alone. Every family is compared by every backend, in
//! all numbers that it computes in, on the processor; candle's operations are those of a GPU. With
//! `--nocapture` they print the rows of `docs/PARITY.md`.

mod support;

use seer_encoders::Model;
use seer_types::Embedding;
use support::families::{FAMILIES, Family, NO_FAMILY};
use support::fixtures::{expected, fixtures, folder, ids};
use support::settings::{CANDLE_BF16, CANDLE_F16, CANDLE_F32, KERNELS, Setting};
use support::{Agreement, Bar, print_row};

/// What was compared, and by how much it missed its bar.
type Misses = Vec<String>;

fn compare_all(setting: &Setting) {
    let misses: Misses = FAMILIES.iter().flat_map(|family| compare(setting, family)).collect();
    assert!(misses.is_empty(), "by {}:\n{}", setting.name, misses.join("\n"));
}

/// Pictures and texts of a family, in a batch and alone.
fn compare(setting: &Setting, family: &Family) -> Misses {
    let model = Model::load(folder(family.fixture).path(), setting.compute).unwrap();
    let mut misses = Misses::new();
    let mut note = |what: &str, found: &[Embedding], expected: &[f32], bar: Bar| {
        let agreement = Agreement::of(found, expected);
        misses.extend(agreement.miss(&format!("{} {what}", family.fixture), bar));
        agreement
    };
    let images = family.pixels.map(|pixels| {
        let bar = setting.pictures(family);
        let (pixels, shape) = expected(pixels, "pixel_values");
        let images =
            model.encode_planes(&pixels).unwrap_or_else(|e| panic!("{}: {e}", family.fixture));
        assert_eq!(images.len(), shape[0]);
        for (row, one) in pixels.chunks(pixels.len() / shape[0]).enumerate() {
            let alone = model.encode_planes(one).unwrap();
            note(&format!("image {row} alone"), &alone, images[row].values(), bar);
        }
        note("images", &images, &expected(family.fixture, "image_embeds").0, bar)
    });
    let texts = family.texts.then(|| {
        let bar = setting.bar;
        let ids = ids(family.fixture);
        let ids: Vec<&[u32]> = ids.iter().map(Vec::as_slice).collect();
        let texts = model.encode_ids(&ids).unwrap();
        for (row, one) in ids.iter().enumerate() {
            let alone = model.encode_ids(&[one]).unwrap();
            note(&format!("text {row} alone"), &alone, texts[row].values(), bar);
        }
        note("texts", &texts, &expected(family.fixture, "text_embeds").0, bar)
    });
    print_row(setting.label, family.fixture, images.as_ref(), texts.as_ref());
    misses
}

#[test]
fn every_family_by_kernels() {
    compare_all(&KERNELS);
}

#[test]
fn every_family_by_candle_in_f32() {
    compare_all(&CANDLE_F32);
}

#[test]
fn every_family_by_candle_in_bf16() {
    compare_all(&CANDLE_BF16);
}

#[test]
fn every_family_by_candle_in_f16() {
    compare_all(&CANDLE_F16);
}

#[test]
fn every_fixture_is_a_family_here() {
    for entry in std::fs::read_dir(fixtures()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let known = NO_FAMILY.contains(&name.as_str())
            || FAMILIES.iter().any(|family| family.fixture == name);
        assert!(known || !path.join("expected.safetensors").is_file(), "{name} is not compared");
    }
}

#[test]
fn classifiers_of_timms_are_image_towers_alone() {
    for name in ["timm-clip", "timm-convnext", "timm-convnext-mlp"] {
        let model = Model::load(folder(name).path(), KERNELS.compute).unwrap();
        assert!(!model.reads_text() && model.context_length() == 0);
        let error = model.encode_texts(&["a dog"]).unwrap_err().to_string();
        let helps = error.contains("reads pictures only") && error.contains("seer models list");
        assert!(helps, "{name}: {error}");
        assert!(model.encode_ids(&[&[1]]).is_err());
    }
}

#[test]
fn a_miss_is_told() {
    let found = Agreement { cosine: 0.99, largest: 1e-6 };
    assert!(found.miss("x", Bar::F32).is_some_and(|miss| miss.contains("0.99")));
    let found = Agreement { cosine: 1.0, largest: 1e-3 };
    assert!(found.miss("x", Bar::F32).is_some());
    assert!(Agreement { cosine: 1.0, largest: 1e-6 }.miss("x", Bar::F32).is_none());
}
