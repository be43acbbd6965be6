//! Reading a pack.

use std::fs;
use std::io::{BufReader, Read, Write};
use std::path::{Path, PathBuf};

use hf_hub::Cache;
use sha2::{Digest, Sha256};

use super::manifest::{File, Manifest, NAME, Origin};
use super::{PackError, PackProgress, io};
use crate::checksum;
use crate::options::FetchOptions;
use crate::snapshot;

/// Longest manifest that is read.
const LONGEST_MANIFEST: u64 = 1 << 20;

/// What came in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Imported {
    /// The name under which it was exported.
    pub name: String,
    /// Its folder, for `Model::load`.
    pub folder: PathBuf,
    /// Files of the model.
    pub files: usize,
    /// Their bytes.
    pub bytes: u64,
    /// Whether it was there before.
    pub was_there: bool,
}

/// Reads a pack into the cache, or into the folder `to`, which must not exist; opens no socket.
///
/// # Errors
/// See [`PackError`]; after any of them the cache is as it was before.
pub fn import(
    file: &Path,
    to: Option<&Path>,
    options: &FetchOptions,
    progress: PackProgress,
) -> Result<Imported, PackError> {
    let pack = fs::File::open(file).map_err(io(file))?;
    let mut archive = tar::Archive::new(BufReader::new(pack));
    let mut entries = archive.entries().map_err(|e| not_a_pack(file, e))?;
    let manifest = manifest(file, entries.next())?;
    let cache = Cache::new(options.cache_folder()?);
    let target = Target::of(&manifest, to, &cache)?;
    let imported = |folder: PathBuf, was_there| Imported {
        name: manifest.name.clone(),
        folder,
        files: manifest.files.len(),
        bytes: manifest.bytes(),
        was_there,
    };
    if let Some(folder) = target.present() {
        return Ok(imported(folder, true));
    }
    let staging = Staging::new(target.near())?;
    let mut done = 0;
    for expected in &manifest.files {
        let entry = entries.next().ok_or_else(|| reason(file, "it ends too early"))?;
        let entry = entry.map_err(|e| not_a_pack(file, e))?;
        let tell = |bytes: u64| {
            done += bytes;
            progress(done, manifest.bytes());
        };
        unpack(file, entry, expected, &staging.0, tell)?;
    }
    if entries.next().is_some() {
        return Err(reason(file, "it holds more than its manifest lists"));
    }
    let folder = target.take(&manifest, &staging)?;
    Ok(imported(folder, false))
}

type TarEntry<'a> = tar::Entry<'a, BufReader<fs::File>>;

fn manifest(
    file: &Path,
    entry: Option<std::io::Result<TarEntry<'_>>>,
) -> Result<Manifest, PackError> {
    let entry = entry.ok_or_else(|| reason(file, "it is empty"))?;
    let entry = entry.map_err(|e| not_a_pack(file, e))?;
    if entry.path_bytes().as_ref() != NAME.as_bytes() || entry.size() > LONGEST_MANIFEST {
        return Err(reason(file, &format!("it does not begin with {NAME}")));
    }
    let manifest: Manifest = serde_json::from_reader(entry.take(LONGEST_MANIFEST))
        .map_err(|e| reason(file, &format!("{NAME}: {e}")))?;
    manifest.check().map_err(|e| reason(file, &e))?;
    Ok(manifest)
}

/// Writes one file and compares it with what the manifest says.
fn unpack(
    file: &Path,
    mut entry: TarEntry<'_>,
    expected: &File,
    staging: &Path,
    mut tell: impl FnMut(u64),
) -> Result<(), PackError> {
    let is_it = entry.path_bytes().as_ref() == expected.name.as_bytes()
        && entry.header().entry_type().is_file()
        && entry.size() == expected.bytes;
    if !is_it {
        let text = format!("{} is not where the manifest says, or of another size", expected.name);
        return Err(reason(file, &text));
    }
    let path = staging.join(&expected.name);
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(io(parent))?;
    }
    let mut out = fs::File::create_new(&path).map_err(io(&path))?;
    let (mut hasher, mut buffer) = (Sha256::new(), vec![0; 1 << 20]);
    loop {
        let count = entry.read(&mut buffer).map_err(|e| not_a_pack(file, e))?;
        if count == 0 {
            break;
        }
        hasher.update(&buffer[..count]);
        out.write_all(&buffer[..count]).map_err(io(&path))?;
        tell(count as u64);
    }
    out.sync_all().map_err(io(&path))?;
    let found = checksum::hexadecimal(&hasher.finalize());
    if found.eq_ignore_ascii_case(&expected.sha256) {
        return Ok(());
    }
    let (name, expected) = (expected.name.clone(), expected.sha256.clone());
    Err(PackError::Damaged { file: file.to_owned(), name, expected, found })
}

/// Where a pack goes.
enum Target {
    Folder(PathBuf),
    Cache { repository: PathBuf, origin: Origin },
}

impl Target {
    fn of(manifest: &Manifest, to: Option<&Path>, cache: &Cache) -> Result<Self, PackError> {
        if let Some(to) = to {
            let to = std::path::absolute(to).map_err(io(to))?;
            return if to.exists() { Err(PackError::Exists(to)) } else { Ok(Self::Folder(to)) };
        }
        let origin = manifest.origin.clone().ok_or(PackError::NoPlace)?;
        let id = origin.id().ok_or(PackError::NoPlace)?;
        Ok(Self::Cache { repository: cache.path().join(id.repo().folder_name()), origin })
    }

    /// The model's folder, where it is complete already.
    fn present(&self) -> Option<PathBuf> {
        let Self::Cache { repository, origin } = self else { return None };
        let folder = repository.join("snapshots").join(&origin.commit);
        let reference = fs::read_to_string(repository.join("refs").join(&origin.revision));
        let is_current = reference.is_ok_and(|commit| commit.trim() == origin.commit);
        (is_current && snapshot::selection(&folder).is_some()).then_some(folder)
    }

    /// A folder on the same disk.
    fn near(&self) -> PathBuf {
        match self {
            Self::Folder(folder) => folder.parent().unwrap_or(folder).to_owned(),
            Self::Cache { repository, .. } => repository.clone(),
        }
    }

    /// Moves what was unpacked to its place; it becomes visible with the last step.
    fn take(&self, manifest: &Manifest, staging: &Staging) -> Result<PathBuf, PackError> {
        let (repository, origin) = match self {
            Self::Folder(folder) => {
                fs::rename(&staging.0, folder).map_err(io(folder))?;
                return Ok(folder.clone());
            }
            Self::Cache { repository, origin } => (repository, origin),
        };
        let snapshot = repository.join("snapshots").join(&origin.commit);
        for file in &manifest.files {
            let blob = repository.join("blobs").join(file.sha256.to_lowercase());
            move_to(&staging.0.join(&file.name), &blob)?;
            point(&snapshot.join(&file.name), &blob, file.name.split('/').count())?;
        }
        let reference = repository.join("refs").join(&origin.revision);
        let written = staging.0.join("reference");
        fs::write(&written, &origin.commit).map_err(io(&written))?;
        move_to(&written, &reference)?;
        Ok(snapshot)
    }
}

fn move_to(from: &Path, to: &Path) -> Result<(), PackError> {
    if let Some(parent) = to.parent() {
        fs::create_dir_all(parent).map_err(io(parent))?;
    }
    fs::rename(from, to).map_err(io(to))
}

/// Makes `pointer`, `depth` folders below the snapshots' own, stand for `blob`, as the hub's tools do.
fn point(pointer: &Path, blob: &Path, depth: usize) -> Result<(), PackError> {
    if let Some(parent) = pointer.parent() {
        fs::create_dir_all(parent).map_err(io(parent))?;
    }
    if fs::symlink_metadata(pointer).is_ok() {
        fs::remove_file(pointer).map_err(io(pointer))?;
    }
    #[cfg(unix)]
    {
        let up = Path::new("../").join("../".repeat(depth)).join("blobs");
        let target = up.join(blob.file_name().unwrap_or_default());
        std::os::unix::fs::symlink(target, pointer).map_err(io(pointer))
    }
    #[cfg(not(unix))]
    {
        let _ = depth;
        fs::rename(blob, pointer).map_err(io(pointer))
    }
}

/// A folder that goes away unless it was moved.
struct Staging(PathBuf);

impl Staging {
    fn new(near: PathBuf) -> Result<Self, PackError> {
        fs::create_dir_all(&near).map_err(io(&near))?;
        let folder = near.join(format!(".seer-import-{}", std::process::id()));
        // What an interrupted import of the same number left.
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir(&folder).map_err(io(&folder))?;
        Ok(Self(folder))
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
        // Only if nothing else is in it: the repository of an import that failed.
        if let Some(parent) = self.0.parent() {
            let _ = fs::remove_dir(parent);
        }
    }
}

fn not_a_pack(file: &Path, error: std::io::Error) -> PackError {
    reason(file, &error.to_string())
}

fn reason(file: &Path, reason: &str) -> PackError {
    PackError::NotAPack { file: file.to_owned(), reason: reason.to_owned() }
}
