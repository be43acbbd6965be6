//! `seer backup`: the library in one file.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::args::Shared;
use crate::args_library::BackupArgs;
use crate::backend::Backend;
use crate::exit::Outcome;
use crate::notices;
use crate::outln;
use crate::text::{bytes, thousands};

pub fn run(shared: &Shared, args: &BackupArgs) -> Result<Outcome> {
    let backend = Backend::reach(shared)?;
    let beside = beside(&args.file);
    let photos = write(&backend, &beside).inspect_err(|_| {
        let _ = fs::remove_file(&beside);
    })?;
    fs::rename(&beside, &args.file)
        .with_context(|| format!("cannot write {}", args.file.display()))?;
    let size = fs::metadata(&args.file).map_or(0, |meta| meta.len());
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
