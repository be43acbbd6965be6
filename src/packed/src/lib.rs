//! Files that are part of the program, packed when it is built and unpacked when they are used.
//!
//! A packed file is its size in bytes (u64, little-endian) and a deflate stream (RFC 1951). Build
//! scripts call [`pack_into`]; the program takes the result with `include_bytes!` and calls
//! [`unpack`].

use std::io::{Error, ErrorKind, Result};
use std::path::{Path, PathBuf};

use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::decompress_to_vec_with_limit;

/// The slowest of levels 0 to 10 that still gains something.
const LEVEL: u8 = 9;

/// For build scripts: packs a file into the folder `target`, under its name with `.packed` behind
/// it, and has cargo run the script again when the file changes. Returns the new file's path.
///
/// # Errors
/// What the file system says, with the file's name.
pub fn pack_into(target: &Path, file: &Path) -> Result<PathBuf> {
    println!("cargo::rerun-if-changed={}", file.display());
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let packed = target.join(format!("{name}.packed"));
    let named = |error: Error| Error::new(error.kind(), format!("{}: {error}", file.display()));
    std::fs::create_dir_all(target).map_err(named)?;
    std::fs::write(&packed, pack(&std::fs::read(file).map_err(named)?)).map_err(named)?;
    Ok(packed)
}

/// The bytes, packed.
pub fn pack(bytes: &[u8]) -> Vec<u8> {
    let mut packed = (bytes.len() as u64).to_le_bytes().to_vec();
    packed.extend(compress_to_vec(bytes, LEVEL));
    packed
}

/// What [`pack`] packed.
///
/// # Errors
/// `InvalidData` for anything else. No more memory is taken than the size at the start says.
pub fn unpack(packed: &[u8]) -> Result<Vec<u8>> {
    let wrong = || Error::new(ErrorKind::InvalidData, "not a whole packed file");
    let (size, stream) = packed.split_first_chunk::<8>().ok_or_else(wrong)?;
    let size = usize::try_from(u64::from_le_bytes(*size)).map_err(|_| wrong())?;
    let bytes = decompress_to_vec_with_limit(stream, size).map_err(|_| wrong())?;
    if bytes.len() == size { Ok(bytes) } else { Err(wrong()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_packed_comes_back() {
        let long: Vec<u8> = (0..200_000_u32).map(|n| (n.wrapping_mul(n) / 77) as u8).collect();
        for bytes in [&[][..], b"a", &long] {
            assert_eq!(unpack(&pack(bytes)).unwrap(), bytes);
        }
        let words = b"the same words ".repeat(1000);
        assert!(pack(&words).len() < words.len() / 20);
    }

    #[test]
    fn what_is_cut_or_changed_is_refused() {
        let packed = pack(&b"some words, and some more".repeat(9));
        for length in 0..packed.len() {
            assert!(unpack(&packed[..length]).is_err(), "{length} bytes");
        }
        for size in [0, 9, 224, 226] {
            let mut other = packed.clone();
            other[..8].copy_from_slice(&u64::to_le_bytes(size));
            assert!(unpack(&other).is_err(), "a size of {size}");
        }
    }

    #[test]
    fn a_file_is_packed_under_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("list.txt");
        std::fs::write(&file, "one\ntwo\n").unwrap();
        let packed = pack_into(&folder.path().join("out/deep"), &file).unwrap();
        assert!(packed.ends_with("out/deep/list.txt.packed"));
        assert_eq!(unpack(&std::fs::read(packed).unwrap()).unwrap(), b"one\ntwo\n");
        let error = pack_into(folder.path(), &folder.path().join("none")).unwrap_err();
        assert!(error.to_string().contains("none"), "{error}");
    }
}
