//! A checkpoint of CLIP ViT-B/32's shapes with random weights.

use std::path::Path;

use safetensors::Dtype;
use safetensors::tensor::TensorView;
use tempfile::TempDir;

/// Pixels of a patch's side.
const PATCH: usize = 32;

/// It lies in Hugging Face's layout in a temporary folder, and takes pictures of `edge` pixels a side.
pub fn random_vit_b_32(edge: usize) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let write = |name: &str, text: &str| {
        std::fs::write(folder.path().join(name), text).expect("writing to a temporary folder");
    };
    write(
        "config.json",
        &format!(r#"{{"model_type": "clip", "vision_config": {{"image_size": {edge}}}}}"#),
    );
    write("preprocessor_config.json", &format!(r#"{{"size": {edge}, "crop_size": {edge}}}"#));
    write_weights(&folder.path().join("model.safetensors"), edge);
    folder
}

fn write_weights(path: &Path, edge: usize) {
    let mut shapes: Vec<(String, Vec<usize>)> = Vec::new();
    let mut add = |name: &str, shape: &[usize]| shapes.push((name.to_owned(), shape.to_vec()));
    for (tower, width, norms) in [
        ("vision_model", 768, &["pre_layrnorm", "post_layernorm"][..]),
        ("text_model", 512, &["final_layer_norm"][..]),
    ] {
        for layer in 0..12 {
            let base = format!("{tower}.encoder.layers.{layer}");
            for part in ["q_proj", "k_proj", "v_proj", "out_proj"] {
                add(&format!("{base}.self_attn.{part}.weight"), &[width, width]);
                add(&format!("{base}.self_attn.{part}.bias"), &[width]);
            }
            for (part, shape) in [("fc1", [4 * width, width]), ("fc2", [width, 4 * width])] {
                add(&format!("{base}.mlp.{part}.weight"), &shape);
                add(&format!("{base}.mlp.{part}.bias"), &shape[..1]);
            }
            for part in ["weight", "bias"] {
                add(&format!("{base}.layer_norm1.{part}"), &[width]);
                add(&format!("{base}.layer_norm2.{part}"), &[width]);
            }
        }
        for norm in norms {
            add(&format!("{tower}.{norm}.weight"), &[width]);
            add(&format!("{tower}.{norm}.bias"), &[width]);
        }
    }
    let places = (edge / PATCH).pow(2) + 1;
    add("vision_model.embeddings.patch_embedding.weight", &[768, 3, PATCH, PATCH]);
    add("vision_model.embeddings.class_embedding", &[768]);
    add("vision_model.embeddings.position_embedding.weight", &[places, 768]);
    add("text_model.embeddings.token_embedding.weight", &[49_408, 512]);
    add("text_model.embeddings.position_embedding.weight", &[77, 512]);
    add("visual_projection.weight", &[512, 768]);
    add("text_projection.weight", &[512, 512]);
    let largest = shapes.iter().map(|(_, shape)| shape.iter().product::<usize>()).max();
    let noise = noise(largest.unwrap_or(0));
    let views = shapes.iter().map(|(name, shape)| {
        let data = &noise[..4 * shape.iter().product::<usize>()];
        (name, TensorView::new(Dtype::F32, shape.clone(), data).expect("shapes fit"))
    });
    safetensors::serialize_to_file(views, None, path).expect("writing to a temporary folder");
}

/// Small numbers around zero, little-endian f32.
fn noise(count: usize) -> Vec<u8> {
    let value = |i: usize| (((i * 2_654_435_761) >> 7) % 1000) as f32 / 10_000.0 - 0.05;
    (0..count).flat_map(|i| value(i).to_le_bytes()).collect()
}
