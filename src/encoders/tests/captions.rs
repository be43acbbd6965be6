//! Captions against transformers, on a tiny random BLIP (`tests/fixtures/blip-tiny`) and the fixtures' pictures.

mod support;

use std::path::Path;

use seer_encoders::{Captioner, DeviceChoice, EncodeError, LoadError, Model};
use seer_types::{Interpolation, PreparedImage, ResizeMode};
use support::fixtures::fixtures;
use support::settings::ALL;

fn folder() -> std::path::PathBuf {
    fixtures().join("blip-tiny")
}

fn load(folder: &Path) -> Captioner {
    Captioner::load(folder, DeviceChoice::Cpu).unwrap()
}

/// The reference's pictures, made ready.
fn pictures() -> Vec<PreparedImage> {
    let bytes = std::fs::read(folder().join("expected.safetensors")).unwrap();
    let tensors = safetensors::SafeTensors::deserialize(&bytes).unwrap();
    let pixels = tensors.tensor("cropped_u8").unwrap().data().to_vec();
    pixels.chunks(48 * 48 * 3).map(|one| PreparedImage::new(48, 48, one.to_vec())).collect()
}

/// The reference's captions; a piece of a word that none begins stands alone here.
fn captions() -> Vec<String> {
    let json = std::fs::read(folder().join("captions.json")).unwrap();
    let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
    let captions = json["captions"].as_array().unwrap().iter().map(|c| c.as_str().unwrap());
    captions.map(|caption| caption.strip_prefix("##").unwrap_or(caption).to_owned()).collect()
}

/// The fixture without a file.
fn without(file: &str) -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        std::fs::copy(&path, copy.path().join(path.file_name().unwrap())).unwrap();
    }
    std::fs::remove_file(copy.path().join(file)).unwrap();
    copy
}

#[test]
fn captions_are_transformers() {
    let (pictures, captions) = (pictures(), captions());
    assert!(captions.iter().all(|caption| !caption.contains("##") && !caption.is_empty()));
    for setting in ALL {
        let captioner = Captioner::load(&folder(), setting.compute).unwrap();
        assert_eq!(captioner.describe(&pictures).unwrap(), captions, "{}", setting.name);
        assert!(captioner.describe(&[]).unwrap().is_empty());
    }
    assert!(pictures.len() > load(&folder()).batch(), "more than one batch");
}

#[test]
fn its_pictures_are_made_ready_as_it_says() {
    let captioner = load(&folder());
    let spec = captioner.spec();
    assert_eq!((spec.width, spec.height, spec.resize), (48, 48, ResizeMode::Squash));
    assert_eq!(spec.interpolation, Interpolation::Bicubic);
    let other = PreparedImage::new(4, 4, vec![0; 48]);
    let error = captioner.describe(&[other]).unwrap_err();
    assert!(matches!(error, EncodeError::PictureSize { width: 48, .. }), "{error}");
}

#[test]
fn a_vocabulary_in_lines_serves_as_well() {
    let folder = without("tokenizer.json");
    let captioner = load(folder.path());
    assert_eq!(captioner.describe(&pictures()).unwrap(), captions());
}

#[test]
fn its_fingerprint_is_that_of_its_files() {
    let (first, again) = (load(&folder()), load(&folder()));
    assert_eq!(first.fingerprint(), again.fingerprint());
    let other = load(without("vocab.txt").path());
    assert_ne!(first.fingerprint(), other.fingerprint());
    assert_eq!((first.name(), first.device().as_str()), ("blip-tiny", "cpu"));
}

#[test]
fn captioners_and_models_are_told_apart() {
    assert!(Captioner::is_one(&folder()) && !Captioner::is_one(&fixtures().join("clip-tiny")));
    let refused = Model::load(&folder(), DeviceChoice::Cpu).unwrap_err().to_string();
    assert!(
        refused.contains("blip-tiny") && refused.contains("seer index --captions"),
        "{refused}"
    );
    let refused = Captioner::load(&fixtures().join("clip-tiny"), DeviceChoice::Cpu).unwrap_err();
    assert!(refused.to_string().contains("model_type"), "{refused}");
}

#[test]
fn a_missing_file_is_named() {
    for file in ["config.json", "preprocessor_config.json", "model.safetensors"] {
        let error = Captioner::load(without(file).path(), DeviceChoice::Cpu).unwrap_err();
        assert!(error.to_string().contains(file), "{error}");
    }
    let folder = without("tokenizer.json");
    std::fs::remove_file(folder.path().join("vocab.txt")).unwrap();
    let error = Captioner::load(folder.path(), DeviceChoice::Cpu).unwrap_err();
    assert!(matches!(&error, LoadError::Tokenizer(_)), "{error}");
}
