//! Checksums of files in the cache: the hub names a large file's blob by its SHA-256, a small one's by git's SHA-1.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use sha1::Sha1;
use sha2::{Digest, Sha256};

/// Lower-case hexadecimal SHA-256 of a file.
pub(super) fn sha256(path: &Path) -> io::Result<String> {
    digest(Sha256::new(), File::open(path)?)
}

/// Lower-case hexadecimal SHA-1 that git gives a file: of `blob LENGTH`, a zero byte, and the content.
pub(super) fn git(path: &Path) -> io::Result<String> {
    let file = File::open(path)?;
    let length = file.metadata()?.len();
    digest(Sha1::new_with_prefix(format!("blob {length}\0")), file)
}

fn digest(mut hasher: impl Digest, mut file: File) -> io::Result<String> {
    let mut buffer = vec![0; 1 << 20];
    loop {
        match file.read(&mut buffer)? {
            0 => break,
            n => hasher.update(&buffer[..n]),
        }
    }
    Ok(hexadecimal(&hasher.finalize()))
}

/// Lower-case hexadecimal digits.
pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The SHA-256 that a blob's name states: 64 hexadecimal digits.
pub(super) fn stated(blob: &str) -> Option<&str> {
    hexadecimal_of(blob, 64)
}

/// The SHA-1 that a small file's blob states: 40 hexadecimal digits. It guards against decay, not against malice.
pub(super) fn stated_by_git(blob: &str) -> Option<&str> {
    hexadecimal_of(blob, 40)
}

fn hexadecimal_of(text: &str, digits: usize) -> Option<&str> {
    (text.len() == digits && text.bytes().all(|b| b.is_ascii_hexdigit())).then_some(text)
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
        // printf abc | git hash-object --stdin
        assert_eq!(git(&path).unwrap(), "f2ba8f84ab5c1bce84a7b441cb1959cfc7093b7f");
    }

    #[test]
    fn only_sixty_four_hexadecimal_digits_state_a_digest() {
        let digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(stated(digest), Some(digest));
        assert_eq!(stated(&digest[..40]), None);
        assert_eq!(stated(&digest.replace('b', "x")), None);
    }
}
