//! The folders that this machine keeps up to date: `exports.json` in its folder of the library.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

use super::Form;

const FILE: &str = "exports.json";
/// The form that this version writes.
const VERSION: u32 = 1;

/// A folder that an album is exported to.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Export {
    /// The album's name.
    pub album: String,
    /// The folder, an absolute path.
    pub folder: PathBuf,
    /// What it holds.
    pub form: Form,
}

/// All of them.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Remembered {
    version: u32,
    /// In the order in which they came.
    pub exports: Vec<Export>,
}

impl Remembered {
    /// Those of a library; none, where nothing was exported.
    ///
    /// # Errors
    /// The file cannot be read, or is not of this form.
    pub fn read(library: &Path) -> Result<Self> {
        let file = library.join(FILE);
        let text = match fs::read_to_string(&file) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return Ok(Self { version: VERSION, exports: Vec::new() });
            }
            Err(error) => {
                return Err(error).with_context(|| format!("cannot read {}", file.display()));
            }
        };
        let read: Self = serde_json::from_str(&text).with_context(|| {
            format!(
                "{} is not what seer wrote\nnext: remove it, and export the albums again",
                file.display()
            )
        })?;
        match read.version {
            VERSION => Ok(read),
            other => bail!("{} has version {other}; this seer knows {VERSION}", file.display()),
        }
    }

    /// Writes them, in the place of those before, whole.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn write(&self, library: &Path) -> Result<()> {
        let (file, new) = (library.join(FILE), library.join(format!("{FILE}.new")));
        let text = serde_json::to_string_pretty(self)?;
        fs::write(&new, text)
            .and_then(|()| fs::rename(&new, &file))
            .with_context(|| format!("cannot write {}", file.display()))
    }

    /// Remembers one, in place of what was known of its folder.
    pub fn put(&mut self, export: Export) {
        self.exports.retain(|other| other.folder != export.folder);
        self.exports.push(export);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_survive_and_a_folder_is_remembered_once() {
        let library = tempfile::tempdir().unwrap();
        let mut remembered = Remembered::read(library.path()).unwrap();
        let export =
            |album: &str, form| Export { album: album.into(), folder: "/out/sea".into(), form };
        remembered.put(export("sea", Form::Link));
        remembered.put(export("waves", Form::Copy));
        remembered.write(library.path()).unwrap();
        let read = Remembered::read(library.path()).unwrap();
        assert_eq!(read.exports, [export("waves", Form::Copy)]);
        fs::write(library.path().join(FILE), "[]").unwrap();
        let error = Remembered::read(library.path()).unwrap_err().to_string();
        assert!(error.contains("exports.json") && error.contains("next:"), "{error}");
    }
}
