//! Packs those files of the built-in model that are read whole, and not at every start.

use std::path::Path;

fn main() -> std::io::Result<()> {
    let out = std::env::var_os("OUT_DIR").expect("cargo names the folder");
    let builtin = Path::new("builtin");
    for file in ["tokenizer.json", "languages/model.safetensors", "languages/tokenizer.json"] {
        let target = Path::new(&out).join(file);
        seer_packed::pack_into(target.parent().unwrap_or(Path::new(&out)), &builtin.join(file))?;
    }
    Ok(())
}
