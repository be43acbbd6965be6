//! Loading: sizes first, then what the contents claim about each other. Vectors, signs and codes
//! are not read here: their blocks are compared with their checksums when they are first needed.

use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::sync::Arc;

use bytemuck::Pod;
use half::f16;
use half::slice::HalfFloatSliceExt;

use super::manifest::{FORMAT, FileEntry, GraphEntry, ListsEntry, Manifest};
use super::{MANIFEST, Names, SnapshotError, SnapshotIdentity, damaged, graphs, io_error, lists};
use crate::SpaceIndex;
use crate::checked::{BLOCK, Checked};
use crate::error::check_vector;
use crate::ivf::{Centroids, Ivf, Rotation};
use crate::segments::{Segments, mapped_values};
use crate::space_index::Structure;
use crate::store::{SEGMENT_ROWS, Store, rounded};

/// Reads the snapshot in `folder` and the watermark it reflects.
///
/// `watermark`: the one it must have; `None` takes any.
pub(crate) fn read(
    folder: &Path,
    expected: &SnapshotIdentity,
    watermark: Option<u64>,
) -> Result<(SpaceIndex, u64), SnapshotError> {
    let manifest = Manifest::read(folder)?;
    if manifest.model != expected.model {
        let (found, expected) = (manifest.model, expected.model);
        return Err(SnapshotError::OtherModel { found, expected });
    }
    if manifest.dim != expected.dim as u64 || expected.dim == 0 {
        let (found, expected) = (manifest.dim, expected.dim);
        return Err(damaged(MANIFEST, &format!("vectors of {found} numbers, not {expected}")));
    }
    if let Some(expected) = watermark.filter(|expected| *expected != manifest.watermark) {
        return Err(SnapshotError::Stale { found: manifest.watermark, expected });
    }
    let files = Files::open(folder, &manifest)?;
    let contents = read_contents(&files, &manifest, expected.dim);
    // What does not fit may be damage.
    files.check()?;
    let (store, structure) = contents?;
    let mut index = SpaceIndex::over(store, manifest.kind, structure);
    index.lost_graphs = manifest.graphs.is_some() && index.graphs().is_none();
    index.is_older = manifest.format < FORMAT;
    index.files = files.kept(&manifest).map(Arc::clone).collect();
    Ok((index, manifest.watermark))
}

/// The files; none for empty ones.
struct Files {
    names: Names,
    vectors: Option<Arc<Checked>>,
    rows: Option<Arc<Checked>>,
    centroids: Option<Arc<Checked>>,
    lists: Option<Arc<Checked>>,
    /// Without these, the index is as good as ever once they are built anew: what is wrong with
    /// them is no error.
    graphs: Result<Option<Arc<Checked>>, SnapshotError>,
}

impl Files {
    fn open(folder: &Path, manifest: &Manifest) -> Result<Self, SnapshotError> {
        let names = Names::of(manifest);
        let mut wanted = vec![&names.vectors, &names.rows];
        if manifest.lists.is_some() {
            wanted.extend([&names.centroids, &names.lists]);
        }
        if manifest.graphs.is_some() {
            wanted.push(&names.graphs);
        }
        // Names are derived, not believed: a manifest cannot lead out of its folder.
        if !manifest.files.iter().map(|file| &file.name).eq(wanted) {
            return Err(damaged(MANIFEST, "it does not list the files of its generation"));
        }
        let mut sums = read_sums(folder, &names.sums, &manifest.sums)?.into_iter();
        let mut next = |name: &String| {
            let entry = manifest.files.iter().find(|entry| entry.name == *name);
            entry.map_or(Ok(None), |entry| open(folder, entry, &mut sums))
        };
        let (vectors, rows) = (next(&names.vectors)?, next(&names.rows)?);
        let (centroids, lists) = (next(&names.centroids)?, next(&names.lists)?);
        let graphs = next(&names.graphs);
        if sums.next().is_some() {
            return Err(damaged(&names.sums, "it has more sums than there are blocks"));
        }
        Ok(Self { names, vectors, rows, centroids, lists, graphs })
    }

    /// All but the graphs, which are read whole at once and never again.
    fn all(&self) -> impl Iterator<Item = (&String, &Arc<Checked>)> {
        let Self { names, vectors, rows, centroids, lists, .. } = self;
        let files = [
            (&names.vectors, vectors),
            (&names.rows, rows),
            (&names.centroids, centroids),
            (&names.lists, lists),
        ];
        files.into_iter().filter_map(|(name, file)| Some((name, file.as_ref()?)))
    }

    /// Those that the index reads from then on.
    fn kept(&self, manifest: &Manifest) -> impl Iterator<Item = &Arc<Checked>> {
        let copied = self.vectors.as_ref().filter(|_| manifest.is_single_precision());
        let stays =
            move |file: &&Arc<Checked>| copied.is_none_or(|copied| !Arc::ptr_eq(file, copied));
        self.all().map(|(_, file)| file).filter(stays)
    }

    /// Whatever was read until now is as it was written.
    fn check(&self) -> Result<(), SnapshotError> {
        match self.all().find(|(_, file)| file.is_damaged()) {
            Some((name, _)) => Err(damaged(name, "its checksum is wrong")),
            None => Ok(()),
        }
    }
}

/// The sums of all blocks of all files.
fn read_sums(folder: &Path, name: &str, blake3: &str) -> Result<Vec<u64>, SnapshotError> {
    let path = folder.join(name);
    let bytes = match fs::read(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(damaged(name, "it is gone"));
        }
        read => read.map_err(io_error("read", &path))?,
    };
    if blake3::hash(&bytes).to_hex().as_str() != blake3 {
        return Err(damaged(name, "its checksum is wrong"));
    }
    let (sums, rest) = bytes.as_chunks();
    match rest {
        [] => Ok(sums.iter().map(|sum| u64::from_le_bytes(*sum)).collect()),
        _ => Err(damaged(name, "it does not hold whole numbers")),
    }
}

/// Opens a file after checking its size; its blocks' sums are the next ones, whether it can be
/// opened or not.
fn open(
    folder: &Path,
    entry: &FileEntry,
    sums: &mut impl Iterator<Item = u64>,
) -> Result<Option<Arc<Checked>>, SnapshotError> {
    let length =
        usize::try_from(entry.bytes).map_err(|_| damaged(&entry.name, "it is too large"))?;
    let sums = sums.take(length.div_ceil(BLOCK)).collect();
    let path = folder.join(&entry.name);
    let file = match File::open(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(damaged(&entry.name, "it is gone"));
        }
        opened => opened.map_err(io_error("read", &path))?,
    };
    let bytes = file.metadata().map_err(io_error("read", &path))?.len();
    if bytes != entry.bytes {
        let what = format!("it has {bytes} bytes, not {}", entry.bytes);
        return Err(damaged(&entry.name, &what));
    }
    if bytes == 0 {
        return Ok(None);
    }
    let checked = Checked::new(file, length, sums).map_err(io_error("make room for", &path))?;
    checked
        .map(|checked| Some(Arc::new(checked)))
        .ok_or_else(|| damaged(&entry.name, "there is not a sum for each of its blocks"))
}

fn read_contents(
    files: &Files,
    manifest: &Manifest,
    dim: usize,
) -> Result<(Store, Structure), SnapshotError> {
    let store = read_store(files, manifest, dim)?;
    let structure = match (&manifest.lists, &manifest.graphs) {
        (None, None) => Structure::None,
        (Some(entry), None) => Structure::Lists(read_lists(files, entry, &store)?),
        (None, Some(entries)) => read_graphs(files, entries, &store),
        (Some(_), Some(_)) => return Err(damaged(MANIFEST, "it has lists and graphs")),
    };
    Ok((store, structure))
}

/// The graphs, or nothing: they are then built anew.
fn read_graphs(files: &Files, entries: &[GraphEntry], store: &Store) -> Structure {
    let of_graphs = |what: &str| format!("{}: {what}", files.names.graphs);
    let graphs = match &files.graphs {
        Err(SnapshotError::Damaged { what }) => Err(what.clone()),
        Err(error) => Err(error.to_string()),
        Ok(None) => Err(of_graphs("it is empty")),
        Ok(Some(file)) => graphs::read(file, entries, store.slot_count()).map_err(of_graphs),
    };
    match graphs {
        Ok(graphs) => Structure::Graphs(graphs),
        Err(what) => {
            log::warn!(
                "the HNSW graph cannot be used ({what}); it is built anew, and searches compare \
                 all vectors until then"
            );
            Structure::None
        }
    }
}

fn read_store(files: &Files, manifest: &Manifest, dim: usize) -> Result<Store, SnapshotError> {
    let segments = Segments::new(dim, SEGMENT_ROWS);
    let rows: &[u32] = all(&files.rows);
    if rows.len() as u64 != manifest.slots || rows.len() > segments.capacity() {
        return Err(damaged(&files.names.rows, "it does not have a row for each vector"));
    }
    let (mut store, tail) = read_vectors(files, manifest, segments)?;
    let is_unit = |vector: &[f16]| check_vector(&vector.to_f32_vec(), dim).is_ok();
    if !tail.chunks_exact(dim).all(is_unit) {
        return Err(damaged(&files.names.vectors, "it holds what is not a unit vector"));
    }
    if !store.restore(rows, &tail) {
        return Err(damaged(&files.names.rows, "a row occurs twice"));
    }
    if store.live().len() != manifest.count {
        return Err(damaged(MANIFEST, "its count is not that of the rows"));
    }
    Ok(store)
}

/// A store of the full segments, and the numbers after the last one. Those of an earlier format are
/// all read and rounded; each is rounded to what the catalog holds.
fn read_vectors(
    files: &Files,
    manifest: &Manifest,
    segments: Segments,
) -> Result<(Store, Vec<f16>), SnapshotError> {
    let is_older = manifest.is_single_precision();
    let size = if is_older { size_of::<f32>() } else { size_of::<f16>() };
    let numbers = usize::try_from(manifest.slots).ok().and_then(|n| n.checked_mul(segments.dim()));
    let bytes = files.vectors.as_ref().map_or(0, |file| file.len());
    let Some(numbers) = numbers.filter(|numbers| numbers.checked_mul(size) == Some(bytes)) else {
        return Err(damaged(&files.names.vectors, "it does not have a vector for each row"));
    };
    if is_older {
        return Ok((Store::over(segments, 0), rounded(all(&files.vectors))));
    }
    let Some(file) = &files.vectors else { return Ok((Store::over(segments, 0), Vec::new())) };
    let sealed = segments.put_mapped(file);
    let tail = mapped_values(file, sealed * SEGMENT_ROWS * segments.dim()..numbers).to_vec();
    Ok((Store::over(segments, sealed), tail))
}

fn read_lists(files: &Files, entry: &ListsEntry, store: &Store) -> Result<Ivf, SnapshotError> {
    let rotation = Rotation::new(store.dim());
    let width = rotation.padded();
    let centroids: &[f32] = all(&files.centroids);
    let small = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    let count = small(entry.lists);
    if count == 0 || count.checked_mul(width) != Some(centroids.len()) {
        return Err(damaged(&files.names.centroids, "it does not have a centroid for each list"));
    }
    if !centroids.iter().all(|value| value.is_finite()) {
        return Err(damaged(&files.names.centroids, "a value is not a number"));
    }
    let of_lists = |what: &str| damaged(&files.names.lists, what);
    let map = files.lists.as_ref().ok_or_else(|| of_lists("it is empty"))?;
    let lists = lists::read(map, count, width).map_err(of_lists)?;
    let centroids = Centroids::new(centroids.to_vec(), width);
    let ivf = Ivf::over(rotation, centroids, lists, store.slot_count(), small(entry.trained));
    if !ivf.holds_all(store) {
        return Err(of_lists("a vector is in no list, or in two"));
    }
    Ok(ivf)
}

/// A whole file's numbers; none when it is not a whole number of them.
fn all<T: Pod>(file: &Option<Arc<Checked>>) -> &[T] {
    file.as_ref().map_or(&[], |file| file.numbers(0..file.len()))
}
