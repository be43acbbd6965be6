//! Checksums of files in the cache: the hub names a large file's blob by its SHA-256.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use sha2::{Digest, Sha256};

/// Lower-case hexadecimal SHA-256 of a file.
pub(super) fn sha256(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    loop {
        match file.read(&mut buffer)? {
            0 => break,
            n => hasher.update(&buffer[..n]),
        }
    }
    Ok(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

/// The SHA-256 that a blob's name states: 64 hexadecimal digits. Small files are named by git's own hash, which
/// is not checked (they are JSON, and parsed when the model loads).
pub(super) fn stated(blob: &str) -> Option<&str> {
    (blob.len() == 64 && blob.bytes().all(|b| b.is_ascii_hexdigit())).then_some(blob)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_known_digest_of_abc() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("abc");
        std::fs::write(&path, "abc").unwrap();
        assert_eq!(
            sha256(&path).unwrap(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert!(sha256(&folder.path().join("none")).is_err());
    }

    #[test]
    fn only_sixty_four_hexadecimal_digits_state_a_digest() {
        let digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(stated(digest), Some(digest));
        assert_eq!(stated(&digest[..40]), None);
        assert_eq!(stated(&digest.replace('b', "x")), None);
    }
}
