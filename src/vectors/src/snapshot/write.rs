//! Saving: new files beside the old ones, then one rename that makes them the snapshot.

use std::io::{self, Write};
use std::path::Path;

use super::disk::Disk;
use super::manifest::{FORMAT, FileEntry, GraphEntry, Manifest};
use super::{MANIFEST, Names, SnapshotError, SnapshotIdentity, generation_of, io_error};
use crate::graph::Graph;
use crate::hnsw::HnswIndex;
use crate::store::Store;
use crate::{Method, VectorIndex};

/// Writes a snapshot of `index` into `folder`.
pub(crate) fn save(
    index: &HnswIndex,
    folder: &Path,
    identity: &SnapshotIdentity,
) -> Result<(), SnapshotError> {
    if identity.dim != index.dim() {
        let what = format!("vectors of {} numbers as {}", index.dim(), identity.dim);
        let error = io::Error::new(io::ErrorKind::InvalidInput, what);
        return Err(io_error("write", folder)(error));
    }
    write(index, identity, &Disk::new(folder))
}

/// The same on a disk that may fail.
///
/// Until the manifest is renamed, the snapshot before is the one in place and all its files are
/// untouched; after that, the new one is. Each file is on the disk before the manifest names it.
pub(super) fn write(
    index: &HnswIndex,
    identity: &SnapshotIdentity,
    disk: &Disk,
) -> Result<(), SnapshotError> {
    disk.create_folder()?;
    let before = disk.names()?;
    let newest = before.iter().filter_map(|name| generation_of(name)).max().unwrap_or(0);
    let generation = newest + 1;
    let names = Names::new(generation);

    let mut files =
        vec![write_vectors(&index.store, &names, disk)?, write_rows(&index.store, &names, disk)?];
    let graph = if index.has_graph() {
        files.extend(write_graph(&index.graph, &names, disk)?);
        Some(GraphEntry {
            connections: index.graph.params().connections() as u64,
            ef_construction: index.graph.params().ef_construction() as u64,
            covered: index.graph.covered() as u64,
        })
    } else {
        None
    };
    disk.sync_folder()?;

    let method = if graph.is_some() { Method::Hnsw } else { Method::Exact };
    let manifest = Manifest {
        format: FORMAT,
        generation,
        model: identity.model,
        dim: identity.dim as u64,
        watermark: identity.watermark,
        method: method.name().to_string(),
        count: index.store.live().len(),
        slots: index.store.slot_count() as u64,
        graph,
        files,
    };
    let mut file = disk.start(MANIFEST)?;
    manifest.encode().and_then(|text| file.write_all(text.as_bytes())).map_err(file.error())?;
    file.finish()?;
    disk.sync_folder()?;

    for name in before.iter().filter(|name| generation_of(name).is_some()) {
        disk.remove(name);
    }
    Ok(())
}

fn write_vectors(store: &Store, names: &Names, disk: &Disk) -> Result<FileEntry, SnapshotError> {
    let mut file = disk.start(&names.vectors)?;
    for block in store.blocks() {
        file.write_all(bytemuck::cast_slice(block)).map_err(file.error())?;
    }
    file.finish()
}

fn write_rows(store: &Store, names: &Names, disk: &Disk) -> Result<FileEntry, SnapshotError> {
    let mut file = disk.start(&names.rows)?;
    file.write_all(bytemuck::cast_slice(store.raw_rows())).map_err(file.error())?;
    file.finish()
}

fn write_graph(graph: &Graph, names: &Names, disk: &Disk) -> Result<[FileEntry; 2], SnapshotError> {
    let mut links = disk.start(&names.graph_links)?;
    let mut slots = disk.start(&names.graph_slots)?;
    graph.write(&mut links, &mut slots).map_err(links.error())?;
    Ok([links.finish()?, slots.finish()?])
}
