//! Full-size architectures with random weights against open_clip: every published shape of a trunk
//! kind is wired as its tiny fixture is. The references take gigabytes, so they are made on demand:
//!
//! ```text
//! python tests/fixtures/make/full_size.py FOLDER
//! SEER_FULL_SIZE=FOLDER cargo test -p seer-encoders --test full_size -- --ignored --nocapture
//! ```
//! It prints the table of `docs/PARITY.md`.

mod support;

use std::path::{Path, PathBuf};

use safetensors::SafeTensors;
use seer_encoders::{DeviceChoice, Model};
use support::{Agreement, Bar, SENTENCE_PIECES, WORD_PIECES, print_row};

#[test]
#[ignore = "needs references of several gigabytes, see the top of this file"]
fn full_size_models_match_their_references() {
    let root = std::env::var_os("SEER_FULL_SIZE").expect("SEER_FULL_SIZE: the references' folder");
    let mut folders: Vec<PathBuf> = std::fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("expected.safetensors").is_file())
        .collect();
    folders.sort();
    assert!(!folders.is_empty(), "no reference in SEER_FULL_SIZE");
    println!(
        "| model | images: cosine | largest difference | texts: cosine | largest difference |"
    );
    println!("|---|---|---|---|---|");
    let rows: Vec<(String, [Agreement; 2])> = folders.iter().map(|f| compare(f)).collect();
    for (name, agreements) in rows {
        for agreement in agreements {
            agreement.assert(&name, Bar::F32);
        }
    }
}

fn compare(folder: &Path) -> (String, [Agreement; 2]) {
    let name = folder.file_name().unwrap().to_string_lossy().into_owned();
    let bytes = std::fs::read(folder.join("expected.safetensors")).unwrap();
    let expected = SafeTensors::deserialize(&bytes).unwrap();
    with_tokenizer(folder);
    let model = Model::load(folder, DeviceChoice::Cpu).unwrap_or_else(|e| panic!("{name}: {e}"));
    let images = model.encode_planes(&floats(&expected, "pixel_values")).unwrap();
    let ids = token_ids(&expected);
    let ids: Vec<&[u32]> = ids.iter().map(Vec::as_slice).collect();
    let texts = model.encode_ids(&ids).unwrap();
    let images = Agreement::of(&images, &floats(&expected, "image_embeds"));
    let texts = Agreement::of(&texts, &floats(&expected, "text_embeds"));
    print_row("", &name, Some(&images), Some(&texts));
    (name, [images, texts])
}

/// The references have ids only; models whose tokenizer is a file get one that knows nothing.
fn with_tokenizer(folder: &Path) {
    let config = std::fs::read_to_string(folder.join("open_clip_config.json")).unwrap();
    let tokenizer = if config.contains("hf_model_name") {
        WORD_PIECES
    } else if config.contains("hf_tokenizer_name") {
        SENTENCE_PIECES
    } else {
        return;
    };
    std::fs::write(folder.join("tokenizer.json"), tokenizer).unwrap();
}

fn floats(tensors: &SafeTensors<'_>, name: &str) -> Vec<f32> {
    let data = tensors.tensor(name).unwrap();
    data.data().as_chunks().0.iter().map(|b| f32::from_le_bytes(*b)).collect()
}

fn token_ids(tensors: &SafeTensors<'_>) -> Vec<Vec<u32>> {
    let view = tensors.tensor("input_ids").unwrap();
    let ids: Vec<u32> =
        view.data().as_chunks().0.iter().map(|b| i64::from_le_bytes(*b) as u32).collect();
    ids.chunks(view.shape()[1]).map(<[u32]>::to_vec).collect()
}
