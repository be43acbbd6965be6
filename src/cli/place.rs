//! Where the library lies.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

/// The library folder: as asked, else `seer` in the platform's data folder.
pub fn library_folder(asked: Option<&Path>) -> Result<PathBuf> {
    let folder = match asked {
        Some(folder) => folder.to_path_buf(),
        None => match dirs::data_dir() {
            Some(data) => data.join("seer"),
            None => bail!("there is no data folder for this user; name one with --library FOLDER"),
        },
    };
    std::path::absolute(&folder)
        .with_context(|| format!("the library folder {} has no absolute path", folder.display()))
}

/// Where the demo keeps its pictures and its library: beside the library.
pub fn demo_folder() -> Result<PathBuf> {
    match dirs::data_dir() {
        Some(data) => Ok(data.join("seer-demo")),
        None => bail!("there is no data folder for this user; name one with --folder FOLDER"),
    }
}

/// Whether a library was begun in this folder.
pub fn is_there(folder: &Path) -> bool {
    folder.join("catalog").is_dir()
}

/// For commands that only read: a library must be there already.
pub fn existing(folder: &Path) -> Result<()> {
    if let Err(error) = std::fs::metadata(folder.join("catalog"))
        && error.kind() == ErrorKind::PermissionDenied
    {
        bail!(
            "the library in {} cannot be read: permission denied\nnext: run the command as the user \
             that it belongs to, or name another library with --library",
            folder.display()
        );
    }
    if !is_there(folder) {
        bail!(
            "there is no library in {} yet\nnext: run \"seer index FOLDER\" with a folder of \
             photos, or name another library with --library",
            folder.display()
        );
    }
    Ok(())
}
