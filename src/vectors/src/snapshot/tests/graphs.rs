//! Snapshots of kind `hnsw`: the graphs come back as they were, or are left out.

use super::*;
use crate::graph::Links;

const GRAPHS: &str = "graphs.1.u32";

/// An index with two graphs, some dead slots, and vectors that wait.
fn index_with_graphs() -> SpaceIndex {
    let mut index = filled(IndexKind::Hnsw, 1100);
    index.catch_up();
    for (first, rows) in [(2000, 200), (3000, 20)] {
        let vectors = unit_vectors(&mut Random::new(first), rows, DIM);
        let batch = vectors.chunks(DIM).enumerate();
        let batch: Vec<(RowId, &[f32])> =
            batch.map(|(n, vector)| (RowId(first as u32 + n as u32), vector)).collect();
        index.insert_batch(&batch).unwrap();
        index.catch_up();
    }
    let graphs = index.graphs().unwrap();
    let slots: Vec<_> = graphs.all().iter().map(Links::slots).collect();
    assert_eq!((slots, index.store.slot_count()), (vec![0..1100, 1100..1300], 1320));
    index
}

/// All numbers of the graphs.
fn columns(index: &SpaceIndex) -> Vec<[Vec<u32>; 3]> {
    let columns = |links: &Links| {
        let columns = links.columns();
        [columns.starts, columns.offsets, columns.links].map(<[u32]>::to_vec)
    };
    index.graphs().unwrap().all().iter().map(columns).collect()
}

fn load(folder: &Path) -> Result<SpaceIndex, SnapshotError> {
    SpaceIndex::load(folder, &IDENTITY)
}

#[test]
fn reopening_gives_the_same_graphs_without_building_them() {
    let index = index_with_graphs();
    let folder = saved(&index);
    assert_eq!(contents(folder.path()).len(), 5, "manifest, vectors, rows, graphs, sums");
    let mut loaded = load(folder.path()).unwrap();
    assert_eq!((loaded.kind(), loaded.method()), (IndexKind::Hnsw, Method::Hnsw));
    // Two builds on several threads would differ.
    assert_eq!(columns(&loaded), columns(&index));
    assert!(!loaded.needs_catch_up() && loaded.verify());
    let params = SearchParams { k: 10, ..Default::default() };
    for query in unit_vectors(&mut Random::new(6), 20, DIM).chunks(DIM) {
        // The numbers of an index are not kept: these ask for as many candidates of both.
        let params = SearchParams { effort: Some(40), ..params };
        let found = loaded.search(query, &params).unwrap();
        assert_eq!(found, index.search(query, &params).unwrap());
        assert_eq!(found.method, Method::Hnsw);
    }
    let bytes = contents(folder.path())[GRAPHS].len();
    assert_eq!(loaded.graph_memory(), bytes, "read into memory, not copied again");
    // And it is used and saved on.
    let graphs = columns(&loaded);
    loaded.insert(RowId(9000), &loaded.get(RowId(1)).unwrap()).unwrap();
    loaded.save(folder.path(), &IDENTITY).unwrap();
    assert_eq!(columns(&load(folder.path()).unwrap()), graphs);
    loaded.remove(RowId(1));
    loaded.compact();
    let mut again = loaded;
    again.save(folder.path(), &IDENTITY).unwrap();
    assert_eq!(columns(&load(folder.path()).unwrap()), columns(&again), "compacted");
    again.set_kind(IndexKind::Exact);
    again.save(folder.path(), &IDENTITY).unwrap();
    assert_eq!(load(folder.path()).unwrap().kind(), IndexKind::Exact);
    assert_eq!(contents(folder.path()).len(), 4, "no graphs");
}

#[test]
fn a_choice_of_kind_that_is_not_carried_out_yet_is_kept() {
    let mut index = index_with_graphs();
    for kind in [IndexKind::Auto, IndexKind::Lists] {
        index.set_kind(kind);
        let loaded = load(saved(&index).path()).unwrap();
        assert_eq!((loaded.kind(), loaded.method()), (kind, Method::Hnsw));
        assert_eq!(columns(&loaded), columns(&index));
    }
    index.catch_up();
    index.set_kind(IndexKind::Hnsw);
    let loaded = load(saved(&index).path()).unwrap();
    assert!(loaded.kind() == IndexKind::Hnsw && loaded.lists().is_some());
}

/// Loads a snapshot whose graphs must be left out, and nothing else; the answers are exact then.
fn assert_left_out(folder: &Path, index: &SpaceIndex, what: &str) {
    let mut loaded = load(folder).unwrap_or_else(|error| panic!("{what}: {error}"));
    assert!(loaded.graphs().is_none(), "{what}");
    assert_eq!((loaded.kind(), loaded.rows()), (IndexKind::Hnsw, index.rows()), "{what}");
    assert!(!loaded.verify() && !loaded.is_damaged(), "{what}: noticed, and of no matter");
    let exact = SearchParams { k: 10, effort: Some(usize::MAX), ..Default::default() };
    let query = index.get(RowId(5)).unwrap();
    let found = loaded.search(&query, &exact).unwrap();
    assert_eq!(found, index.search(&query, &exact).unwrap(), "{what}");
    loaded.set_kind(IndexKind::Exact);
    loaded.save(folder, &SnapshotIdentity { watermark: 42, ..IDENTITY }).unwrap();
}

#[test]
fn damaged_graphs_are_left_out_and_nothing_else() {
    let index = index_with_graphs();
    let folder = saved(&index);
    let control = contents(folder.path());
    let bytes = &control[GRAPHS];
    let mut damages = vec![("gone".to_string(), None), ("empty".to_string(), Some(Vec::new()))];
    let mut longer = bytes.clone();
    longer.extend([0; 4]);
    damages.push(("longer".to_string(), Some(longer)));
    let mut random = Random::new(12);
    for _ in 0..15 {
        let cut = random.below(bytes.len());
        damages.push((format!("cut at {cut}"), Some(bytes[..cut].to_vec())));
        let (place, bit) = (random.below(bytes.len()), random.below(8));
        let mut changed = bytes.clone();
        changed[place] ^= 1 << bit;
        damages.push((format!("bit {bit} of byte {place}"), Some(changed)));
    }
    for (what, damage) in damages {
        let _ = fs::remove_file(folder.path().join(GRAPHS));
        for (name, bytes) in control.iter().filter(|(name, _)| *name != GRAPHS) {
            fs::write(folder.path().join(name), bytes).unwrap();
        }
        if let Some(damage) = damage {
            fs::write(folder.path().join(GRAPHS), damage).unwrap();
        }
        assert_left_out(folder.path(), &index, &what);
    }
    for (name, bytes) in &control {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    assert_eq!(columns(&load(folder.path()).unwrap()), columns(&index), "the control");
}

#[test]
fn damage_to_any_other_file_ends_the_snapshot() {
    let folder = saved(&index_with_graphs());
    let control = contents(folder.path());
    let mut random = Random::new(13);
    for (name, bytes) in control.iter().filter(|(name, _)| *name != GRAPHS) {
        for _ in 0..8 {
            let (place, cut) = (random.below(bytes.len()), random.below(bytes.len()));
            let mut changed = bytes.clone();
            changed[place] ^= 1 << random.below(8);
            for damage in [&changed[..], &bytes[..cut]] {
                fs::write(folder.path().join(name), damage).unwrap();
                let noticed = load(folder.path()).map_or(true, |index| !index.verify());
                assert!(noticed, "{name}, byte {place}, cut at {cut}");
            }
        }
        fs::write(folder.path().join(name), bytes).unwrap();
        assert!(load(folder.path()).unwrap().verify(), "the control");
    }
}

#[test]
fn graphs_with_true_checksums_and_false_contents_are_left_out() {
    let control = saved(&index_with_graphs());
    let left_out = |change: &dyn Fn(&mut Vec<u8>), edit: &dyn Fn(&mut Manifest)| {
        let folder = forged_copy(&control, Some(GRAPHS), change, edit);
        load(folder.path()).unwrap().graphs().is_none()
    };
    assert!(!left_out(&|_| {}, &|_| {}), "the control");
    let mut random = Random::new(14);
    let length = contents(control.path())[GRAPHS].len();
    for _ in 0..60 {
        let place = random.below(length / 4) * 4;
        assert!(left_out(&|bytes| bytes[place..place + 4].fill(0xff), &|_| {}), "huge, {place}");
        assert!(left_out(&|bytes| bytes.truncate(place), &|_| {}), "cut at {place}");
    }
    assert!(left_out(&|bytes| bytes.extend([0; 4]), &|_| {}), "a number more");
    let edited = |edit: &dyn Fn(&mut GraphEntry)| {
        left_out(&|_| {}, &|manifest| edit(&mut manifest.graphs.as_mut().unwrap()[0]))
    };
    assert!(edited(&|graph| graph.slots = u64::MAX), "more slots than there can be");
    assert!(edited(&|graph| graph.slots += 1), "a slot more");
    assert!(edited(&|graph| graph.links = u64::MAX), "more links than there can be");
    assert!(edited(&|graph| graph.starts -= 1), "a start less");
    assert!(!edited(&|graph| graph.built = u64::MAX), "it is only built anew");
    let entries = |edit: &dyn Fn(&mut Vec<GraphEntry>)| {
        left_out(&|_| {}, &|manifest| edit(manifest.graphs.as_mut().unwrap()))
    };
    assert!(entries(&|graphs| graphs.clear()), "no graph");
    assert!(entries(&|graphs| graphs.swap(0, 1)), "in another order");
}

#[test]
fn graphs_of_other_vectors_are_left_out() {
    let control = saved(&index_with_graphs());
    let larger = saved(&{
        let mut index = filled(IndexKind::Hnsw, 1500);
        index.catch_up();
        index
    });
    let foreign = contents(larger.path())[GRAPHS].clone();
    let entries = Manifest::read(larger.path()).unwrap().graphs;
    let swapped = |bytes: &mut Vec<u8>| bytes.clone_from(&foreign);
    let folder = forged_copy(&control, Some(GRAPHS), &swapped, &|manifest| {
        manifest.graphs.clone_from(&entries);
    });
    assert!(load(folder.path()).unwrap().graphs().is_none(), "more slots than the store has");
}

#[test]
fn a_save_of_graphs_cut_off_anywhere_leaves_a_whole_snapshot() {
    let mut index = index_with_graphs();
    let (old, old_folder) = (columns(&index), saved(&index));
    index.remove(RowId(1));
    index.compact();
    let new = columns(&index);
    let identity = SnapshotIdentity { watermark: 42, ..IDENTITY };
    let mut watermarks = Vec::new();
    for steps in 0..30 {
        let folder = TempDir::new().unwrap();
        for (name, bytes) in contents(old_folder.path()) {
            fs::write(folder.path().join(name), bytes).unwrap();
        }
        let _ = write(&index, &identity, &Disk::failing_after(folder.path(), steps));
        let (loaded, watermark) = SpaceIndex::load_stale(folder.path(), &IDENTITY).unwrap();
        let expected = if watermark == 41 { &old } else { &new };
        assert_eq!(&columns(&loaded), expected, "cut after {steps}");
        watermarks.push(watermark);
    }
    assert!(watermarks.is_sorted() && watermarks[0] == 41 && watermarks[29] == 42);
}
