//! Pictures with labels: a folder for each.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

/// The folders below a folder, each a label, with the pictures in it.
pub fn label_folders(folder: &Path) -> Result<Vec<(String, Vec<PathBuf>)>> {
    let unreadable = || format!("the folder {} cannot be read", folder.display());
    let mut labels = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(unreadable)? {
        let path = entry.with_context(unreadable)?.path();
        if path.is_dir() {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            labels.push((name, files(&path)?));
        }
    }
    labels.sort();
    labels.retain(|(_, pictures)| !pictures.is_empty());
    if labels.len() < 2 {
        bail!("{} needs a folder of pictures for each of two classes or more", folder.display());
    }
    Ok(labels)
}

/// The files of a folder by name, hidden ones left out.
pub fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let unreadable = || format!("the folder {} cannot be read", folder.display());
    let entries = std::fs::read_dir(folder).with_context(unreadable)?;
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.with_context(unreadable)?.path();
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if path.is_file() && !hidden {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
