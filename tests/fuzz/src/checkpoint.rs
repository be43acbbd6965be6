//! A checkpoint's files: its configuration and its weights.

use seer_encoders::{DeviceChoice, Model};

use super::folder;
use super::linear_head::LinearHead;

/// Most bytes of tensors that are added to a header.
const LARGEST: u64 = 4 << 20;

/// A model's JSON, of both layouts: it is read before any weight is.
pub fn config(bytes: &[u8]) -> bool {
    let Some((layout, json)) = bytes.split_first() else { return false };
    let (fixture, name, weights) = match layout % 2 {
        0 => ("clip-tiny", "config.json", "model.safetensors"),
        _ => ("oc-siglip", "open_clip_config.json", "open_clip_model.safetensors"),
    };
    let there = folder::copy_of(fixture, |file| file.ends_with(".json"));
    folder::put(there.path(), name, json);
    // No tensors: whoever gets as far as missing them has understood the configuration.
    folder::put(there.path(), weights, b"\x02\0\0\0\0\0\0\0{}");
    match Model::load(there.path(), DeviceChoice::Cpu) {
        Ok(_) => true,
        Err(error) => !error.to_string().contains(name),
    }
}

/// The header of a safetensors file, for a model whose other files are whole.
pub fn weights(bytes: &[u8]) -> bool {
    let there = folder::copy_of("clip-tiny", |file| file.ends_with(".json"));
    folder::put(there.path(), "model.safetensors", &filled_up(bytes));
    Model::load(there.path(), DeviceChoice::Cpu).is_ok()
}

/// A linear head over embeddings of four numbers.
pub fn linear_head(bytes: &[u8]) -> bool {
    let there = folder::new();
    let path = folder::put(there.path(), "head.safetensors", bytes);
    LinearHead::read(&path, 4).is_ok()
}

/// A file with as many bytes behind its header as the header speaks of, so that corpora need none.
fn filled_up(bytes: &[u8]) -> Vec<u8> {
    let mut file = bytes.to_vec();
    let Some((length, rest)) = bytes.split_first_chunk::<8>() else { return file };
    let length = u64::from_le_bytes(*length);
    let Some(header) = usize::try_from(length).ok().and_then(|end| rest.get(..end)) else {
        return file;
    };
    let Ok(header) = serde_json::from_slice::<serde_json::Value>(header) else { return file };
    let tensors = header.as_object().into_iter().flat_map(|object| object.values());
    let ends = tensors.filter_map(|tensor| tensor["data_offsets"][1].as_u64());
    let data = ends.max().unwrap_or(0).min(LARGEST) as usize;
    file.resize((8 + length as usize + data).max(file.len()), 0);
    file
}
