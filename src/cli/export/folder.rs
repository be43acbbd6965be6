//! Bringing an exported folder up to date.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use anyhow::{Context, Result, bail};

use super::Source;
use super::manifest::{Form, Made, Manifest, NAME};
use super::names::candidates;

/// Links or copies after which the folder's file is written, so that a stop forgets few.
const NOTE_EVERY: usize = 200;

/// What came of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Done {
    /// Links or copies that were there and belong there.
    pub kept: u64,
    /// Those that were made.
    pub made: u64,
    /// Those that went, because their photos belong no more.
    pub removed: u64,
    /// Files that were ours and have been changed by somebody since: they stay, and are nobody's
    /// business any more.
    pub left: u64,
    /// Photos that could not be put there: their files are not there now, or have a name that is not
    /// Unicode.
    pub missing: u64,
}

/// Makes the folder hold these photos, and of what was made there before nothing else.
///
/// # Errors
/// The folder or its file cannot be read or written; it is the folder of another album. What was
/// made until then is noted.
pub fn bring_up_to_date(
    folder: &Path,
    album: &str,
    form: Form,
    sources: &[Source],
) -> Result<Done> {
    fs::create_dir_all(folder)
        .with_context(|| format!("cannot make the folder {}", folder.display()))?;
    let mut manifest = match Manifest::read(folder)? {
        Some(manifest) if manifest.album == album => manifest,
        Some(other) => bail!(
            "{} is the folder of the album \"{}\"\nnext: choose another folder",
            folder.display(),
            other.album
        ),
        None => Manifest::new(album),
    };
    let mut done = Done::default();
    let result = change(folder, &mut manifest, form, sources, &mut done);
    manifest.write(folder)?;
    result.map(|()| done)
}

/// Gives the folder's file the album's new name.
///
/// # Errors
/// It cannot be read or written.
pub fn rename(folder: &Path, album: &str) -> Result<()> {
    let Some(mut manifest) = Manifest::read(folder)? else { return Ok(()) };
    manifest.album = album.to_owned();
    manifest.write(folder)
}

fn change(
    folder: &Path,
    manifest: &mut Manifest,
    form: Form,
    sources: &[Source],
    done: &mut Done,
) -> Result<()> {
    let mut wanted: HashMap<&str, &Source> = HashMap::new();
    for source in sources {
        match source.file.to_str() {
            Some(file) => drop(wanted.insert(file, source)),
            None => done.missing += 1,
        }
    }
    remove_others(folder, manifest, form, &mut wanted, done)?;
    let mut rest: Vec<&Source> = wanted.into_values().collect();
    rest.sort_by(|a, b| a.file.cmp(&b.file));
    for (place, source) in rest.into_iter().enumerate() {
        if place % NOTE_EVERY == NOTE_EVERY - 1 {
            manifest.write(folder)?;
        }
        if !source.file.is_file() {
            done.missing += 1;
            continue;
        }
        let (name, made) = make(folder, manifest, form, source)?;
        manifest.made.insert(name, made);
        done.made += 1;
    }
    Ok(())
}

/// Takes away what belongs no more; what belongs and is there leaves `wanted`.
fn remove_others(
    folder: &Path,
    manifest: &mut Manifest,
    form: Form,
    wanted: &mut HashMap<&str, &Source>,
    done: &mut Done,
) -> Result<()> {
    let before = std::mem::take(&mut manifest.made);
    for (name, made) in before {
        let place = folder.join(&name);
        match state(&place, &made) {
            State::Gone => {}
            State::Foreign => done.left += 1,
            State::Ours => {
                let same = wanted
                    .get(made.source.as_str())
                    .is_some_and(|source| source.id == made.id && made.form == form);
                if same {
                    wanted.remove(made.source.as_str());
                    manifest.made.insert(name, made);
                    done.kept += 1;
                    continue;
                }
                fs::remove_file(&place)
                    .with_context(|| format!("cannot remove {}", place.display()))?;
                done.removed += 1;
            }
        }
    }
    Ok(())
}

enum State {
    Gone,
    /// As it was made.
    Ours,
    /// Somebody has put something else there.
    Foreign,
}

fn state(place: &Path, made: &Made) -> State {
    let Ok(found) = fs::symlink_metadata(place) else { return State::Gone };
    let ours = match made.form {
        Form::Link => fs::read_link(place).is_ok_and(|target| target == Path::new(&made.source)),
        Form::Copy => found.is_file() && made.stamp.is_some_and(|stamp| stamp == stamp_of(&found)),
    };
    if ours { State::Ours } else { State::Foreign }
}

fn stamp_of(found: &fs::Metadata) -> (u64, i64) {
    let modified = found.modified().unwrap_or(UNIX_EPOCH);
    let in_range = |nanoseconds: u128| i64::try_from(nanoseconds).unwrap_or(i64::MAX);
    let nanoseconds = match modified.duration_since(UNIX_EPOCH) {
        Ok(after) => in_range(after.as_nanos()),
        Err(before) => -in_range(before.duration().as_nanos()),
    };
    (found.len(), nanoseconds)
}

/// Puts a photo there under the first name that is free.
fn make(folder: &Path, manifest: &Manifest, form: Form, source: &Source) -> Result<(String, Made)> {
    // Two names that differ in case alone are one file on some systems.
    let taken = |name: &str| name.eq_ignore_ascii_case(NAME) || manifest.made.contains_key(name);
    let file = source.file.to_string_lossy().into_owned();
    for name in candidates(&source.file, &source.id).filter(|name| !taken(name)) {
        let place = folder.join(&name);
        let put = match form {
            Form::Link => link(&source.file, &place).map(|()| None),
            Form::Copy => copy(&source.file, &place).map(Some),
        };
        match put {
            Ok(stamp) => {
                return Ok((name, Made { source: file, id: source.id.clone(), form, stamp }));
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                // The very link, from a run that was stopped before it could note it.
                let is_it = form == Form::Link
                    && fs::read_link(&place).is_ok_and(|target| target == source.file);
                if is_it {
                    let made = Made { source: file, id: source.id.clone(), form, stamp: None };
                    return Ok((name, made));
                }
            }
            Err(error) => {
                let what = if form == Form::Link { "link" } else { "copy" };
                return Err(error).with_context(|| {
                    format!("cannot {what} {} to {}", source.file.display(), place.display())
                });
            }
        }
    }
    bail!("every name for {} is taken in {}", source.file.display(), folder.display())
}

#[cfg(unix)]
fn link(file: &Path, place: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(file, place)
}

#[cfg(windows)]
fn link(file: &Path, place: &Path) -> io::Result<()> {
    std::os::windows::fs::symlink_file(file, place)
}

#[cfg(not(any(unix, windows)))]
fn link(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::Error::new(ErrorKind::Unsupported, "there are no links here; use --copy"))
}

/// A new file with the same content; half of one does not stay.
fn copy(file: &Path, place: &Path) -> io::Result<(u64, i64)> {
    let mut from = File::open(file)?;
    let mut to = File::create_new(place)?;
    let copied = io::copy(&mut from, &mut to).and_then(|_| to.metadata());
    match copied {
        Ok(found) => Ok(stamp_of(&found)),
        Err(error) => {
            let _ = fs::remove_file(place);
            Err(error)
        }
    }
}

/// The indexed folder that a folder lies in, where links would be indexed as photos.
pub fn inside<'a>(folder: &Path, roots: &'a [PathBuf]) -> Option<&'a PathBuf> {
    // Of a folder that is not there yet, what is there of the way to it.
    let real = |path: &Path| {
        let there = path.ancestors().find_map(|part| Some((part, part.canonicalize().ok()?)));
        match there {
            Some((part, real)) => real.join(path.strip_prefix(part).unwrap_or(Path::new(""))),
            None => path.to_path_buf(),
        }
    };
    let own = real(folder);
    roots.iter().find(|root| own.starts_with(real(root)) || folder.starts_with(root))
}

#[cfg(test)]
#[path = "folder/tests.rs"]
mod tests;
