//! A file's path as the library remembers it: exact, also when it is not valid Unicode.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An absolute path. Human-readable formats get it as text (lossy where it is not Unicode);
/// binary formats get the operating system's exact bytes.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LibraryPath(PathBuf);

impl LibraryPath {
    /// Wraps a path; callers make it absolute first.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// As a standard path.
    pub fn as_path(&self) -> &Path {
        &self.0
    }

    /// The exact bytes, for keys and binary formats. On Windows: UTF-8, lossy.
    pub fn to_bytes(&self) -> Vec<u8> {
        #[cfg(unix)]
        {
            use std::os::unix::ffi::OsStrExt;
            self.0.as_os_str().as_bytes().to_vec()
        }
        #[cfg(not(unix))]
        {
            self.0.to_string_lossy().into_owned().into_bytes()
        }
    }

    /// The inverse of [`Self::to_bytes`].
    pub fn from_bytes(bytes: &[u8]) -> Self {
        #[cfg(unix)]
        {
            use std::os::unix::ffi::OsStrExt;
            Self(PathBuf::from(std::ffi::OsStr::from_bytes(bytes)))
        }
        #[cfg(not(unix))]
        {
            Self(PathBuf::from(String::from_utf8_lossy(bytes).into_owned()))
        }
    }

    /// As text, with U+FFFD where it is not Unicode.
    pub fn to_text(&self) -> String {
        self.0.to_string_lossy().into_owned()
    }
}

impl fmt::Display for LibraryPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.to_string_lossy())
    }
}

impl fmt::Debug for LibraryPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

impl AsRef<Path> for LibraryPath {
    fn as_ref(&self) -> &Path {
        &self.0
    }
}

impl From<&Path> for LibraryPath {
    fn from(path: &Path) -> Self {
        Self(path.to_path_buf())
    }
}

impl Serialize for LibraryPath {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.serialize_str(&self.to_text())
        } else {
            self.to_bytes().serialize(serializer)
        }
    }
}

impl<'de> Deserialize<'de> for LibraryPath {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            Ok(Self(PathBuf::from(String::deserialize(deserializer)?)))
        } else {
            Ok(Self::from_bytes(&Vec::<u8>::deserialize(deserializer)?))
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_is_not_unicode_survives() {
        let bytes = b"/photos/caf\xe9.jpg";
        assert_eq!(LibraryPath::from_bytes(bytes).to_bytes(), bytes);
    }
}
