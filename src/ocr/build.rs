//! Packs the weights.

use std::path::Path;

fn main() -> std::io::Result<()> {
    let out = std::env::var_os("OUT_DIR").expect("cargo names the folder");
    for file in ["detector.safetensors", "recogniser.safetensors"] {
        seer_packed::pack_into(Path::new(&out), &Path::new("weights").join(file))?;
    }
    Ok(())
}
