//! Loading: every size and checksum first, then the contents, then the graph.

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;

use memmap2::Mmap;

use super::manifest::{FileEntry, GraphEntry, Manifest};
use super::{MANIFEST, Names, SnapshotError, SnapshotIdentity, io_error};
use crate::error::check_vector;
use crate::graph::{Graph, GraphParams, check};
use crate::hnsw::HnswIndex;
use crate::segments::{Segments, mapped_values};
use crate::store::{SEGMENT_ROWS, Store};

/// Reads the snapshot in `folder` and the watermark it reflects.
///
/// `watermark`: the one it must have; `None` takes any.
pub(crate) fn read(
    folder: &Path,
    expected: &SnapshotIdentity,
    watermark: Option<u64>,
) -> Result<(HnswIndex, u64), SnapshotError> {
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
    let store = read_store(&files, &manifest, expected.dim)?;
    let index = match (&manifest.graph, &files.graph) {
        (Some(entry), Some(maps)) => read_graph(folder, &files.names, entry, maps, store)?,
        _ => HnswIndex::over(store, GraphParams::default()),
    };
    Ok((index, manifest.watermark))
}

fn damaged(file: &str, what: &str) -> SnapshotError {
    SnapshotError::Damaged { what: format!("{file}: {what}") }
}

/// The files, mapped and verified.
struct Files {
    names: Names,
    vectors: Option<Arc<Mmap>>,
    rows: Option<Mmap>,
    /// Links and slots.
    graph: Option<[Option<Mmap>; 2]>,
}

impl Files {
    fn open(folder: &Path, manifest: &Manifest) -> Result<Self, SnapshotError> {
        let names = Names::new(manifest.generation);
        let with_graph = manifest.graph.is_some();
        let mut wanted = vec![&names.vectors, &names.rows];
        if with_graph {
            wanted.extend([&names.graph_links, &names.graph_slots]);
        }
        // Names are derived, not believed: a manifest cannot lead out of its folder.
        if !manifest.files.iter().map(|file| &file.name).eq(wanted) {
            return Err(damaged(MANIFEST, "it does not list the files of its generation"));
        }
        let mut maps = manifest.files.iter().map(|file| open_verified(folder, file));
        let mut next = || maps.next().unwrap_or(Ok(None));
        let (vectors, rows) = (next()?, next()?);
        let graph = if with_graph { Some([next()?, next()?]) } else { None };
        Ok(Self { vectors: vectors.map(Arc::new), rows, graph, names })
    }
}

/// Maps a file after checking its size, and checks its checksum. `None` for an empty file.
fn open_verified(folder: &Path, entry: &FileEntry) -> Result<Option<Mmap>, SnapshotError> {
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
    let map = if bytes == 0 {
        None
    } else {
        // SAFETY: the file is private to the library, whose folder one process locks; saving
        // never writes to a file in place, it makes new ones and unlinks the old.
        Some(unsafe { Mmap::map(&file) }.map_err(io_error("map", &path))?)
    };
    let found = blake3::hash(map.as_deref().unwrap_or(&[]));
    if found.to_hex().as_str() != entry.blake3 {
        return Err(damaged(&entry.name, "its checksum is wrong"));
    }
    Ok(map)
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
    let good = |(_, vector): (_, &[f32])| check_vector(vector, dim).is_ok();
    if !store.live_in(0..rows.len()).all(good) {
        return Err(damaged(&files.names.vectors, "it holds what is not a unit vector"));
    }
    Ok(store)
}

fn read_graph(
    folder: &Path,
    names: &Names,
    entry: &GraphEntry,
    maps: &[Option<Mmap>; 2],
    store: Store,
) -> Result<HnswIndex, SnapshotError> {
    let small = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    let normal = GraphParams::default().ef_search();
    let params = GraphParams::new(small(entry.connections), small(entry.ef_construction), normal)
        .map_err(|error| damaged(MANIFEST, &error.to_string()))?;
    let covered = small(entry.covered);
    if covered > store.sealed_slots() {
        return Err(damaged(MANIFEST, "its graph covers more vectors than there are"));
    }
    let [links, slots] = maps.each_ref().map(|map| map.as_deref().unwrap_or(&[]));
    let points = check::check(links, slots, &check::Expected { params, covered })
        .map_err(|what| damaged(&names.graph_links, what))?;
    let mut present = vec![false; covered];
    for slot in points {
        present[slot as usize] = true;
    }
    if (0..covered).any(|slot| !present[slot] && store.row(slot).is_some()) {
        return Err(damaged(&names.graph_links, "a vector is not in the graph"));
    }
    let graph = Graph::load(folder, &names.graph, store.segments(), params, covered)
        .ok_or_else(|| damaged(&names.graph_links, "hnsw_rs does not read it"))?;
    Ok(HnswIndex::with_graph(store, graph))
}
