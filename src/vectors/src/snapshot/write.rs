//! Saving: new files beside the old ones, then one rename that makes them the snapshot.

use std::io::{self, Write};
use std::path::Path;

use super::disk::Disk;
use super::manifest::{FORMAT, FileEntry, ListsEntry, Manifest};
use super::{
    MANIFEST, Names, SnapshotError, SnapshotIdentity, damaged, generation_of, graphs, io_error,
    lists,
};
use crate::graph::Graphs;
use crate::ivf::Ivf;
use crate::space_index::Structure;
use crate::store::Store;
use crate::{Method, SpaceIndex, VectorIndex};

/// Writes a snapshot of `index` into `folder`.
pub(crate) fn save(
    index: &SpaceIndex,
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
    index: &SpaceIndex,
    identity: &SnapshotIdentity,
    disk: &Disk,
) -> Result<(), SnapshotError> {
    disk.create_folder()?;
    let before = disk.names()?;
    let newest = before.iter().filter_map(|name| generation_of(name)).max().unwrap_or(0);
    let generation = newest + 1;
    let names = Names::new(generation);

    let mut written =
        vec![write_vectors(&index.store, &names, disk)?, write_rows(&index.store, &names, disk)?];
    match &index.structure {
        Structure::None => {}
        Structure::Lists(ivf) => written.extend(write_lists(ivf, &names, disk)?),
        Structure::Graphs(graphs) => written.push(write_graphs(graphs, &names, disk)?),
    }
    let (files, sums): (Vec<FileEntry>, Vec<Vec<u64>>) = written.into_iter().unzip();
    let sums = write_sums(&sums.concat(), &names, disk)?;
    disk.sync_folder()?;
    if index.is_damaged() {
        return Err(damaged(MANIFEST, "the snapshot that this index was read from is damaged"));
    }

    let manifest = manifest(index, identity, generation, files, sums);
    let mut file = disk.start(MANIFEST)?;
    manifest.encode().and_then(|text| file.write_all(text.as_bytes())).map_err(file.error())?;
    file.finish()?;
    disk.sync_folder()?;

    for name in before.iter().filter(|name| generation_of(name).is_some()) {
        disk.remove(name);
    }
    Ok(())
}

fn manifest(
    index: &SpaceIndex,
    identity: &SnapshotIdentity,
    generation: u64,
    files: Vec<FileEntry>,
    sums: String,
) -> Manifest {
    let (method, lists, graphs) = match &index.structure {
        Structure::None => (Method::Exact, None, None),
        Structure::Lists(ivf) => (Method::Ivf, Some(lists_entry(ivf)), None),
        Structure::Graphs(graphs) => (Method::Hnsw, None, Some(graphs::entries(graphs))),
    };
    Manifest {
        format: FORMAT,
        generation,
        model: identity.model,
        dim: identity.dim as u64,
        watermark: identity.watermark,
        kind: index.kind(),
        method: method.name().to_string(),
        count: index.store.live().len(),
        slots: index.store.slot_count() as u64,
        lists,
        graphs,
        files,
        sums,
    }
}

fn lists_entry(ivf: &Ivf) -> ListsEntry {
    ListsEntry { lists: ivf.lists().len() as u64, trained: ivf.trained() as u64 }
}

/// A file's entry and the sums of its blocks.
type Written = (FileEntry, Vec<u64>);

fn write_vectors(store: &Store, names: &Names, disk: &Disk) -> Result<Written, SnapshotError> {
    let mut file = disk.start(&names.vectors)?;
    for block in store.blocks() {
        file.write_all(bytemuck::cast_slice(block)).map_err(file.error())?;
    }
    file.finish()
}

fn write_rows(store: &Store, names: &Names, disk: &Disk) -> Result<Written, SnapshotError> {
    let mut file = disk.start(&names.rows)?;
    file.write_all(bytemuck::cast_slice(store.raw_rows())).map_err(file.error())?;
    file.finish()
}

fn write_lists(ivf: &Ivf, names: &Names, disk: &Disk) -> Result<[Written; 2], SnapshotError> {
    let mut centroids = disk.start(&names.centroids)?;
    let values = bytemuck::cast_slice(ivf.centroids().values());
    centroids.write_all(values).map_err(centroids.error())?;
    let mut file = disk.start(&names.lists)?;
    lists::write(ivf.lists(), &mut file).map_err(file.error())?;
    Ok([centroids.finish()?, file.finish()?])
}

fn write_graphs(graphs: &Graphs, names: &Names, disk: &Disk) -> Result<Written, SnapshotError> {
    let mut file = disk.start(&names.graphs)?;
    graphs::write(graphs, &mut file).map_err(file.error())?;
    file.finish()
}

/// The sums of all blocks of all files; gives their own.
fn write_sums(sums: &[u64], names: &Names, disk: &Disk) -> Result<String, SnapshotError> {
    let bytes: &[u8] = bytemuck::cast_slice(sums);
    let mut file = disk.start(&names.sums)?;
    file.write_all(bytes).map_err(file.error())?;
    file.finish()?;
    Ok(blake3::hash(bytes).to_hex().to_string())
}
