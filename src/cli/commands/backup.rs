//! `seer backup`: the library in one file.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::args::Shared;
use crate::args_library::BackupArgs;
use crate::backend::Backend;
use crate::exit::Outcome;
use crate::notices;
use crate::outln;
use crate::text::{bytes, thousands};

pub fn run(shared: &Shared, args: &BackupArgs) -> Result<Outcome> {
    let target = target(&args.file)?;
    let backend = Backend::reach(shared)?;
    let beside = beside(&target);
    let renamed = || {
        fs::rename(&beside, &target).with_context(|| format!("cannot write {}", target.display()))
    };
    let photos = write(&backend, &beside).and_then(|photos| renamed().map(|()| photos));
    let photos = photos.inspect_err(|_| {
        let _ = fs::remove_file(&beside);
    })?;
    let size = fs::metadata(&target).map_or(0, |meta| meta.len());
    if shared.json {
        let file = args.file.display().to_string();
        outln!("{}", serde_json::json!({ "file": file, "photos": photos, "bytes": size }));
    } else if !shared.quiet {
        notices::line(&format!(
            "{} photos in {} ({})",
            thousands(photos),
            args.file.display(),
            bytes(size)
        ));
    }
    Ok(Outcome::Found)
}

/// The file that is written in the end: where a link leads to.
///
/// # Errors
/// For what is there and no file: a folder, a device, a pipe.
fn target(file: &Path) -> Result<PathBuf> {
    match fs::canonicalize(file) {
        Ok(found) if found.is_file() => Ok(found),
        Ok(_) => bail!("{} is no file; name one that the backup may replace", file.display()),
        Err(_) => Ok(file.to_path_buf()),
    }
}

/// Writes the backup and reads it again; how many photos it holds.
fn write(backend: &Backend, path: &Path) -> Result<u64> {
    let failed = || format!("cannot write {}", path.display());
    let file = File::create(path).with_context(failed)?;
    let mut out = BufWriter::with_capacity(1 << 20, file);
    match backend {
        Backend::Local(library) => {
            library.backup(&mut out)?;
        }
        Backend::Remote(client) => {
            client.backup(&mut out)?;
        }
    }
    out.flush().with_context(failed)?;
    out.get_ref().sync_all().with_context(failed)?;
    Ok(seer_engine::verify_backup(path)?.photos)
}

fn beside(file: &Path) -> PathBuf {
    let mut name = file.file_name().unwrap_or_default().to_os_string();
    name.push(".unfinished");
    file.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_are_replaced_and_links_are_followed() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a");
        assert_eq!(target(&file).unwrap(), file, "it may be made");
        fs::write(&file, b"before").unwrap();
        assert!(target(folder.path()).is_err());
        #[cfg(unix)]
        {
            let link = folder.path().join("link");
            std::os::unix::fs::symlink(&file, &link).unwrap();
            assert_eq!(target(&link).unwrap(), fs::canonicalize(&file).unwrap());
            assert!(target(Path::new("/dev/null")).is_err());
        }
    }
}
