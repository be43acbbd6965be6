//! Loading: every size and checksum first, then what the contents claim about each other.

use std::path::Path;
use std::sync::Arc;

use memmap2::Mmap;

use super::manifest::{ListsEntry, Manifest};
use super::{MANIFEST, Names, SnapshotError, SnapshotIdentity, damaged, lists, verify};
use crate::AdaptiveIndex;
use crate::error::check_vector;
use crate::ivf::{Centroids, Ivf, Rotation};
use crate::segments::{Segments, mapped_values};
use crate::store::{SEGMENT_ROWS, Store};

/// Reads the snapshot in `folder` and the watermark it reflects.
///
/// `watermark`: the one it must have; `None` takes any.
pub(crate) fn read(
    folder: &Path,
    expected: &SnapshotIdentity,
    watermark: Option<u64>,
) -> Result<(AdaptiveIndex, u64), SnapshotError> {
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
    let files = Files::open(folder, &manifest, expected.dim)?;
    let store = read_store(&files, &manifest, expected.dim)?;
    let ivf = match &manifest.lists {
        Some(entry) => Some(read_lists(&files, entry, &store)?),
        None => None,
    };
    Ok((AdaptiveIndex::over(store, ivf), manifest.watermark))
}

/// The files, mapped and verified; none for empty ones.
struct Files {
    names: Names,
    vectors: Option<Arc<Mmap>>,
    rows: Option<Arc<Mmap>>,
    centroids: Option<Arc<Mmap>>,
    lists: Option<Arc<Mmap>>,
}

impl Files {
    fn open(folder: &Path, manifest: &Manifest, dim: usize) -> Result<Self, SnapshotError> {
        let names = Names::new(manifest.generation);
        let mut wanted = vec![&names.vectors, &names.rows];
        if manifest.lists.is_some() {
            wanted.extend([&names.centroids, &names.lists]);
        }
        // Names are derived, not believed: a manifest cannot lead out of its folder.
        if !manifest.files.iter().map(|file| &file.name).eq(wanted) {
            return Err(damaged(MANIFEST, "it does not list the files of its generation"));
        }
        let maps = manifest.files.iter().map(|entry| verify::map(folder, entry));
        let mut maps = maps.collect::<Result<Vec<_>, _>>()?.into_iter();
        verify_contents(folder, manifest, dim)?;
        let mut next = || maps.next().flatten();
        Ok(Self { vectors: next(), rows: next(), centroids: next(), lists: next(), names })
    }
}

/// Reads the vectors on this thread and the other files on a second one.
fn verify_contents(folder: &Path, manifest: &Manifest, dim: usize) -> Result<(), SnapshotError> {
    let Some((vectors, others)) = manifest.files.split_first() else { return Ok(()) };
    let units = |values: &[f32]| {
        let good = values.chunks_exact(dim).all(|vector| check_vector(vector, dim).is_ok());
        if good { Ok(()) } else { Err("it holds what is not a unit vector") }
    };
    std::thread::scope(|scope| {
        let others = scope.spawn(move || {
            others.iter().try_for_each(|entry| verify::contents(folder, entry, dim, |_| Ok(())))
        });
        let first = verify::contents(folder, vectors, dim, units);
        // A panic over there has been reported; here it means that nothing was verified.
        let rest = others.join().unwrap_or_else(|_| Err(damaged(MANIFEST, "it was not verified")));
        first.and(rest)
    })
}

fn read_store(files: &Files, manifest: &Manifest, dim: usize) -> Result<Store, SnapshotError> {
    let segments = Segments::new(dim, SEGMENT_ROWS);
    let rows: &[u32] = match &files.rows {
        None => &[],
        Some(map) => bytemuck::try_cast_slice(map)
            .map_err(|_| damaged(&files.names.rows, "it does not hold whole numbers"))?,
    };
    if rows.len() as u64 != manifest.slots || rows.len() > segments.capacity() {
        return Err(damaged(&files.names.rows, "it does not have a row for each vector"));
    }
    let values = files.vectors.as_deref().map_or(&[][..], mapped_values);
    if rows.len().checked_mul(dim) != Some(values.len()) {
        return Err(damaged(&files.names.vectors, "it does not have a vector for each row"));
    }
    let sealed = files.vectors.as_ref().map_or(0, |map| segments.put_mapped(map));
    let tail = &values[sealed * SEGMENT_ROWS * dim..];
    let mut store = Store::over(segments, sealed);
    if !store.restore(rows, tail) {
        return Err(damaged(&files.names.rows, "a row occurs twice"));
    }
    if store.live().len() != manifest.count {
        return Err(damaged(MANIFEST, "its count is not that of the rows"));
    }
    Ok(store)
}

fn read_lists(files: &Files, entry: &ListsEntry, store: &Store) -> Result<Ivf, SnapshotError> {
    let rotation = Rotation::new(store.dim());
    let width = rotation.padded();
    let centroids = files.centroids.as_deref().map_or(&[][..], mapped_values);
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
