//! Packs the table of synsets.

use std::path::Path;

fn main() -> std::io::Result<()> {
    let out = std::env::var_os("OUT_DIR").expect("cargo names the folder");
    seer_packed::pack_into(Path::new(&out), Path::new("src/config/synsets.tsv"))?;
    Ok(())
}
