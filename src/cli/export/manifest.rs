//! The file of an exported folder that says what was made there: `.seer-album.json`.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

/// Its name.
pub const NAME: &str = ".seer-album.json";
/// The form that this version writes.
const VERSION: u32 = 1;

/// Whether the folder holds links or copies.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// Symbolic links.
    Link,
    /// Copies of the files.
    Copy,
}

/// What was made, by name.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Manifest {
    version: u32,
    /// The album's name.
    pub album: String,
    /// Each name in the folder with what it is.
    pub made: BTreeMap<String, Made>,
}

/// One link or copy.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Made {
    /// The photo's file.
    pub source: String,
    /// The photo's id.
    pub id: String,
    /// What it is.
    pub form: Form,
    /// Of a copy: its bytes and when it was written (Unix nanoseconds), so that one that somebody has
    /// changed since is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stamp: Option<(u64, i64)>,
}

impl Manifest {
    /// Nothing made yet.
    pub fn new(album: &str) -> Self {
        Self { version: VERSION, album: album.to_owned(), made: BTreeMap::new() }
    }

    /// What a folder says; `None` where nothing was made.
    ///
    /// # Errors
    /// It cannot be read, or is not of this form.
    pub fn read(folder: &Path) -> Result<Option<Self>> {
        let file = folder.join(NAME);
        let text = match fs::read_to_string(&file) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => {
                return Err(error).with_context(|| format!("cannot read {}", file.display()));
            }
        };
        let next = "next: remove this file and export again (what was made before stays then)";
        let read: Self = serde_json::from_str(&text)
            .with_context(|| format!("{} is not what seer wrote\n{next}", file.display()))?;
        if read.version != VERSION {
            bail!("{} has version {}; this seer knows {VERSION}", file.display(), read.version);
        }
        Ok(Some(read))
    }

    /// Puts it in the place of the one before, whole.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn write(&self, folder: &Path) -> Result<()> {
        let (file, new) = (folder.join(NAME), folder.join(format!("{NAME}.new")));
        let text = serde_json::to_string_pretty(self)?;
        fs::write(&new, text)
            .and_then(|()| fs::rename(&new, &file))
            .with_context(|| format!("cannot write {}", file.display()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_survives_and_what_is_foreign_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(Manifest::read(folder.path()).unwrap(), None);
        let mut manifest = Manifest::new("sea");
        let source = "/p/a.jpg".to_owned();
        let made = Made { source, id: "ab".into(), form: Form::Copy, stamp: Some((3, -7)) };
        manifest.made.insert("a.jpg".into(), made);
        manifest.write(folder.path()).unwrap();
        assert_eq!(Manifest::read(folder.path()).unwrap(), Some(manifest));
        let file = folder.path().join(NAME);
        fs::write(&file, "{\"version\": 2, \"album\": \"\", \"made\": {}}").unwrap();
        assert!(Manifest::read(folder.path()).unwrap_err().to_string().contains("version 2"));
        fs::write(&file, "nothing").unwrap();
        assert!(Manifest::read(folder.path()).unwrap_err().to_string().contains("next:"));
    }
}
