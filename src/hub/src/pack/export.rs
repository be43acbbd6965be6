//! Writing a pack.

use std::fs;
use std::io::{self, BufWriter, Read};
use std::path::{Path, PathBuf};

use seer_checkpoint::{Checkpoint, SMALL_FILES};

use super::manifest::{File, Manifest, NAME, Origin};
use super::{PackError, PackProgress, io};
use crate::options::FetchOptions;
use crate::{checksum, resolve, snapshot};

/// What was written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Packed {
    /// Files of the model.
    pub files: usize,
    /// Their bytes.
    pub bytes: u64,
}

/// Writes the model of that name, which must be on disk, into one file; opens no socket. The file appears under its
/// name only when it is whole.
///
/// # Errors
/// See [`PackError`].
pub fn export(
    name: &str,
    file: &Path,
    options: &FetchOptions,
    progress: PackProgress,
) -> Result<Packed, PackError> {
    if file.exists() {
        return Err(PackError::Exists(file.to_owned()));
    }
    let offline = FetchOptions { offline: true, ..options.clone() };
    let folder = resolve(name, &offline, &())?;
    let manifest = describe(name, &folder)?;
    let part = beside(file, "part");
    let written = write(&manifest, &folder, &part, progress);
    let renamed = written.and_then(|()| fs::rename(&part, file).map_err(io(file)));
    if renamed.is_err() {
        let _ = fs::remove_file(&part);
    }
    renamed.map(|()| Packed { files: manifest.files.len(), bytes: manifest.bytes() })
}

fn describe(name: &str, folder: &Path) -> Result<Manifest, PackError> {
    let checkpoint = Checkpoint::Folder(folder.to_owned());
    let weights = checkpoint.weight_files(checkpoint.layout()?)?;
    let mut names: Vec<String> = SMALL_FILES
        .into_iter()
        .filter(|name| checkpoint.has(name))
        .map(str::to_owned)
        .chain(index_of(folder))
        .collect();
    names.extend(weights);
    let one = |name: String| {
        let path = folder.join(&name);
        let bytes = fs::metadata(&path).map_err(io(&path))?.len();
        let sha256 = checksum::sha256(&path).map_err(io(&path))?;
        Ok(File { name, bytes, sha256 })
    };
    let files = names.into_iter().map(one).collect::<Result<Vec<File>, PackError>>()?;
    Ok(Manifest { seer_pack: 1, name: name.to_owned(), origin: origin(folder), files })
}

/// The list of shards, where the weights are in several files.
fn index_of(folder: &Path) -> Vec<String> {
    let names = snapshot::file_names(folder);
    names.into_iter().filter(|name| name.ends_with(".safetensors.index.json")).collect()
}

/// Where a folder of the cache came from.
fn origin(folder: &Path) -> Option<Origin> {
    let place = snapshot::Place::of(folder)?;
    let revision = place.revision()?;
    let origin = Origin { revision, hub: place.hub, commit: place.commit };
    origin.id().is_some().then_some(origin)
}

fn write(
    manifest: &Manifest,
    folder: &Path,
    part: &Path,
    progress: PackProgress,
) -> Result<(), PackError> {
    let out = fs::File::create(part).map_err(io(part))?;
    let mut archive = tar::Builder::new(BufWriter::new(out));
    let json = serde_json::to_vec_pretty(manifest).map_err(|e| io(part)(e.into()))?;
    let first = append(&mut archive, NAME, json.len() as u64, &json[..]);
    first.map_err(io(part))?;
    let (mut done, total) = (0, manifest.bytes());
    for file in &manifest.files {
        let path = folder.join(&file.name);
        let content = fs::File::open(&path).map_err(io(&path))?;
        let counted = Counted {
            inner: content,
            tell: |bytes| {
                done += bytes;
                progress(done, total);
            },
        };
        // A file that has changed its length meanwhile makes the archive unreadable, which import notices.
        append(&mut archive, &file.name, file.bytes, counted.take(file.bytes)).map_err(io(part))?;
    }
    let out = archive
        .into_inner()
        .and_then(|out| out.into_inner().map_err(io::IntoInnerError::into_error));
    out.and_then(|out| out.sync_all()).map_err(io(part))
}

/// An entry that says nothing of this machine: no owner, no time.
fn append(
    archive: &mut tar::Builder<BufWriter<fs::File>>,
    name: &str,
    bytes: u64,
    content: impl Read,
) -> io::Result<()> {
    let mut header = tar::Header::new_gnu();
    header.set_size(bytes);
    header.set_mode(0o644);
    header.set_mtime(0);
    archive.append_data(&mut header, name, content)
}

/// Tells how much was read.
struct Counted<R, F> {
    inner: R,
    tell: F,
}

impl<R: Read, F: FnMut(u64)> Read for Counted<R, F> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        (self.tell)(count as u64);
        Ok(count)
    }
}

/// `FILE.ENDING` beside a file.
fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(".");
    name.push(ending);
    file.with_file_name(name)
}
