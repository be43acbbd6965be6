//! Round trips, damage, and saves cut off at every step.

mod graphs;
mod older;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use seer_types::{IndexKind, ModelFingerprint, RowId};
use tempfile::TempDir;

use super::disk::Disk;
use super::manifest::{GraphEntry, Manifest};
use super::write::write;
use super::*;
use crate::checked::Sums;
use crate::ivf::{Allowed, Care, Reach};
use crate::random::{Random, unit_vectors};
use crate::store::SEGMENT_ROWS;
use crate::{GraphParams, IndexParams, Method, SearchParams, SpaceIndex, VectorIndex};

const DIM: usize = 8;
const IDENTITY: SnapshotIdentity =
    SnapshotIdentity { model: ModelFingerprint([9; 16]), dim: DIM, watermark: 41 };

fn params() -> IndexParams {
    let graph = GraphParams::new(8, 60, 40).unwrap();
    IndexParams { exact_limit: 100, graph, ..Default::default() }
}

/// An index with lists above 50 rows, a tail, and some dead slots.
fn index_with_lists(rows: usize) -> SpaceIndex {
    filled(IndexKind::Auto, rows)
}

fn filled(kind: IndexKind, rows: usize) -> SpaceIndex {
    let mut index = SpaceIndex::with_params(DIM, kind, params());
    let vectors = unit_vectors(&mut Random::new(5), rows, DIM);
    let batch: Vec<(RowId, &[f32])> =
        vectors.chunks(DIM).enumerate().map(|(row, v)| (RowId(row as u32), v)).collect();
    index.insert_batch(&batch).unwrap();
    for row in (0..rows as u32).step_by(11) {
        index.remove(RowId(row));
    }
    index
}

fn answers(index: &dyn VectorIndex) -> Vec<Vec<crate::Neighbour>> {
    let queries = unit_vectors(&mut Random::new(6), 20, DIM);
    let params = SearchParams { k: 10, ..Default::default() };
    queries.chunks(DIM).map(|q| index.search(q, &params).unwrap().neighbours).collect()
}

fn saved(index: &SpaceIndex) -> TempDir {
    let folder = TempDir::new().unwrap();
    index.save(folder.path(), &IDENTITY).unwrap();
    folder
}

fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let read = |entry: fs::DirEntry| {
        (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap())
    };
    fs::read_dir(folder).unwrap().map(|entry| read(entry.unwrap())).collect()
}

#[test]
fn own_files_are_told_from_others() {
    assert_eq!(generation_of("vectors.7.f16"), Some(7));
    assert_eq!(generation_of("vectors.7.f32"), Some(7), "of format 4, to be cleared away");
    assert_eq!(generation_of("lists.12.ivf.tmp"), Some(12));
    assert_eq!(generation_of("graph.12.hnsw.graph"), Some(12), "of format 1, to be cleared away");
    for other in ["manifest.jsonl", "vectors.f16", "vectors.07.f16", "notes.7.txt", "", "a.7"] {
        assert_eq!(generation_of(other), None, "{other}");
    }
}

#[test]
fn a_snapshot_with_lists_answers_like_the_index() {
    let index = index_with_lists(2 * SEGMENT_ROWS + 100);
    let folder = saved(&index);
    let mut loaded = SpaceIndex::load(folder.path(), &IDENTITY).unwrap();
    assert_eq!(loaded.rows(), index.rows());
    assert!(loaded.lists().unwrap().holds_all(&loaded.store));
    for row in index.rows() {
        assert_eq!(loaded.get(RowId(row)), index.get(RowId(row)));
    }
    let from_lists = |index: &SpaceIndex| {
        let allowed = Allowed::Most(&|_| true);
        let lists = Reach { nearest: 20, near: 1.7, far: None };
        let care = Care::Likely { lists, deviations: 2.0 };
        let queries = unit_vectors(&mut Random::new(6), 20, DIM);
        let lists = index.lists().unwrap();
        queries.chunks(DIM).map(|q| lists.candidates(q, 10, care, allowed)).collect::<Vec<_>>()
    };
    assert_eq!(from_lists(&loaded), from_lists(&index), "the same lists, read the same");
    assert!(loaded.lists_memory() < index.lists_memory() / 2, "mapped, not copied");
    // And it grows on.
    let more = unit_vectors(&mut Random::new(7), SEGMENT_ROWS, DIM);
    for (n, vector) in more.chunks(DIM).enumerate() {
        loaded.insert(RowId(10_000 + n as u32), vector).unwrap();
    }
    assert!(loaded.lists().unwrap().holds_all(&loaded.store));
    let params = SearchParams { k: 1, ..Default::default() };
    let found = loaded.search(&more[..DIM], &params).unwrap().neighbours;
    assert_eq!((found[0].row, found[0].cosine > 0.9999), (RowId(10_000), true));
}

#[test]
fn a_snapshot_without_lists_answers_the_same() {
    let index = index_with_lists(50);
    assert!(index.lists().is_none());
    let folder = saved(&index);
    assert_eq!(contents(folder.path()).len(), 4, "manifest, vectors, rows, sums");
    let loaded = SpaceIndex::load(folder.path(), &IDENTITY).unwrap();
    assert_eq!(answers(&loaded), answers(&index));
    assert_eq!(loaded.method(), Method::Exact);
}

#[test]
fn an_empty_index_survives() {
    let folder = saved(&SpaceIndex::new(DIM));
    let mut loaded = SpaceIndex::load(folder.path(), &IDENTITY).unwrap();
    assert!(loaded.is_empty());
    loaded.insert(RowId(1), &[1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]).unwrap();
    assert_eq!(loaded.len(), 1);
}

#[test]
fn identity_is_checked() {
    let folder = saved(&index_with_lists(50));
    let load = |expected| SpaceIndex::load(folder.path(), &expected).err();
    let nowhere = SpaceIndex::load(&folder.path().join("none"), &IDENTITY).err();
    assert!(matches!(nowhere, Some(SnapshotError::Missing { .. })));
    let other = SnapshotIdentity { model: ModelFingerprint([8; 16]), ..IDENTITY };
    assert!(matches!(load(other), Some(SnapshotError::OtherModel { .. })));
    let stale = SnapshotIdentity { watermark: 42, ..IDENTITY };
    let error = load(stale);
    assert!(matches!(error, Some(SnapshotError::Stale { found: 41, expected: 42 })));
    assert!(matches!(
        load(SnapshotIdentity { dim: 9, ..IDENTITY }),
        Some(SnapshotError::Damaged { .. })
    ));
    let (index, watermark) = SpaceIndex::load_stale(folder.path(), &stale).unwrap();
    assert_eq!((index.len(), watermark), (45, 41), "50 rows, 5 removed");
}

#[test]
fn saving_again_replaces_and_tidies() {
    let folder = saved(&index_with_lists(1500));
    fs::write(folder.path().join("rows.77.u32.tmp"), b"left by a crash").unwrap();
    fs::write(folder.path().join("notes.txt"), b"not ours").unwrap();
    let mut loaded = SpaceIndex::load(folder.path(), &IDENTITY).unwrap();
    loaded.remove(RowId(1));
    let before = answers(&loaded);
    loaded.save(folder.path(), &SnapshotIdentity { watermark: 42, ..IDENTITY }).unwrap();
    assert_eq!(answers(&loaded), before, "still reads what it has mapped");
    let names: Vec<String> = contents(folder.path()).into_keys().collect();
    assert_eq!(
        names,
        [
            "centroids.78.f32",
            "lists.78.ivf",
            "manifest.jsonl",
            "notes.txt",
            "rows.78.u32",
            "sums.78.u64",
            "vectors.78.f16"
        ]
    );
    let (again, watermark) = SpaceIndex::load_stale(folder.path(), &IDENTITY).unwrap();
    assert_eq!((answers(&again), watermark), (before, 42));
}

/// Loads a snapshot and looks at everything in it.
fn read_whole(folder: &Path) -> Result<SpaceIndex, SnapshotError> {
    let index = SpaceIndex::load(folder, &IDENTITY)?;
    assert!(index.store.blocks().flatten().count() > 0);
    for list in index.lists().iter().flat_map(|ivf| ivf.lists()) {
        assert_eq!((list.codes().len(), list.signs().len() % 8), (64 * list.len(), 0));
    }
    if index.is_damaged() { Err(damaged("a file", "looked at")) } else { Ok(index) }
}

/// Any damage to any file must give `Damaged`, when loading or when its place is looked at; the
/// untouched copy must load.
#[test]
fn damage_is_always_noticed() {
    let folder = saved(&index_with_lists(1100));
    let control = contents(folder.path());
    let mut random = Random::new(8);
    let check = |name: &str, bytes: &[u8], what: &str| {
        fs::write(folder.path().join(name), bytes).unwrap();
        match read_whole(folder.path()).err() {
            Some(SnapshotError::Damaged { .. }) => {}
            other => panic!("{name}, {what}: {other:?}"),
        }
    };
    for (name, bytes) in &control {
        let middle = random.below(bytes.len());
        for cut in [0, 1, middle, bytes.len() - 1] {
            check(name, &bytes[..cut], &format!("cut at {cut}"));
        }
        for _ in 0..12 {
            let (place, bit) = (random.below(bytes.len()), random.below(8));
            let mut changed = bytes.clone();
            changed[place] ^= 1 << bit;
            check(name, &changed, &format!("bit {bit} of byte {place} flipped"));
        }
        let mut longer = bytes.clone();
        longer.extend_from_slice(b"more");
        check(name, &longer, "longer");
        fs::remove_file(folder.path().join(name)).unwrap();
        assert!(SpaceIndex::load(folder.path(), &IDENTITY).is_err(), "{name} gone");
        fs::write(folder.path().join(name), bytes).unwrap();
        read_whole(folder.path()).expect("the control");
    }
}

#[test]
fn what_is_not_needed_is_not_read_and_damage_ends_all_answers() {
    let folder = saved(&index_with_lists(4000));
    let path = folder.path().join("vectors.1.f16");
    let mut bytes = fs::read(&path).unwrap();
    bytes[20 * 2 * DIM] ^= 1;
    fs::write(&path, bytes).unwrap();
    let index = SpaceIndex::load(folder.path(), &IDENTITY).unwrap();
    let ask = |rows: std::ops::Range<u32>| {
        let rows = rows.collect();
        let params = SearchParams { k: 5, filter: Some(&rows), effort: None };
        index.search(&unit_vectors(&mut Random::new(6), 1, DIM), &params)
    };
    assert_eq!(ask(3000..3020).unwrap().neighbours.len(), 5, "of another block");
    assert!(!index.is_damaged());
    assert_eq!(ask(15..25).unwrap_err(), crate::VectorError::Damaged);
    assert_eq!(ask(3000..3020).unwrap_err(), crate::VectorError::Damaged, "from then on");
    let result = index.save(folder.path(), &SnapshotIdentity { watermark: 42, ..IDENTITY });
    assert!(matches!(result, Err(SnapshotError::Damaged { .. })), "no damage is passed on");
}

/// A copy with another file and manifest, whose sizes and checksums fit: what a bug or a stranger
/// could write.
fn forged_copy(
    control: &TempDir,
    name: Option<&str>,
    change: &dyn Fn(&mut Vec<u8>),
    edit: &dyn Fn(&mut Manifest),
) -> TempDir {
    let folder = TempDir::new().unwrap();
    let mut manifest = Manifest::read(control.path()).unwrap();
    let mut sums = Vec::new();
    for entry in &mut manifest.files {
        let mut bytes = fs::read(control.path().join(&entry.name)).unwrap();
        if Some(entry.name.as_str()) == name {
            change(&mut bytes);
            entry.bytes = bytes.len() as u64;
        }
        let mut of_file = Sums::default();
        of_file.update(&bytes);
        sums.extend(of_file.finish().into_iter().flat_map(u64::to_le_bytes));
        fs::write(folder.path().join(&entry.name), bytes).unwrap();
    }
    fs::write(folder.path().join("sums.1.u64"), &sums).unwrap();
    manifest.sums = blake3::hash(&sums).to_hex().to_string();
    edit(&mut manifest);
    fs::write(folder.path().join(MANIFEST), manifest.encode().unwrap()).unwrap();
    folder
}

/// How loading such a copy ends.
fn forged(
    control: &TempDir,
    name: Option<&str>,
    change: impl Fn(&mut Vec<u8>),
    edit: impl Fn(&mut Manifest),
) -> Result<(), SnapshotError> {
    let folder = forged_copy(control, name, &change, &edit);
    SpaceIndex::load(folder.path(), &IDENTITY).map(drop)
}

fn assert_damaged(result: Result<(), SnapshotError>, what: &str) {
    assert!(matches!(result, Err(SnapshotError::Damaged { .. })), "{what}: {result:?}");
}

#[test]
fn files_with_true_checksums_and_false_contents_are_refused() {
    let control = saved(&index_with_lists(1100));
    let lists =
        |change: &dyn Fn(&mut Vec<u8>)| forged(&control, Some("lists.1.ivf"), change, |_| {});
    let same = lists(&|_| {});
    assert!(same.is_ok(), "the control: {same:?}");

    let length = contents(control.path())["lists.1.ivf"].len();
    let mut random = Random::new(9);
    for turn in 0..60 {
        let place = if turn < 20 { turn * 4 } else { random.below(length) };
        let huge = lists(&|bytes| {
            let end = (place + 8).min(bytes.len());
            bytes[place..end].fill(0xff);
        });
        // Ones within signs, codes or padding are as good as any; they only estimate otherwise.
        match &huge {
            Err(error) => assert!(matches!(error, SnapshotError::Damaged { .. }), "{error}"),
            Ok(()) => assert!(place > 150, "the lengths of the lists are checked, {place}"),
        }
        assert_damaged(lists(&|bytes| bytes.truncate(place)), &format!("cut at {place}"));
    }
    let more = lists(&|bytes| bytes.extend([0; 64]));
    assert_damaged(more, "bytes after the end");
    let centroids =
        |change: fn(&mut Vec<u8>)| forged(&control, Some("centroids.1.f32"), change, |_| {});
    assert_damaged(centroids(|bytes| bytes.truncate(40)), "centroids cut");
    assert_damaged(centroids(|bytes| bytes[..4].fill(0xff)), "a centroid that is no number");
    let rows = |change: fn(&mut Vec<u8>)| forged(&control, Some("rows.1.u32"), change, |_| {});
    assert_damaged(rows(|bytes| bytes[4..8].copy_from_slice(&[2, 0, 0, 0])), "a row twice");
    assert_damaged(rows(|bytes| bytes.truncate(9)), "rows that are no whole numbers");
    let vectors =
        |change: fn(&mut Vec<u8>)| forged(&control, Some("vectors.1.f16"), change, |_| {});
    let nan = vectors(|bytes| {
        let end = bytes.len();
        bytes[end - 2..].fill(0xff);
    });
    assert_damaged(nan, "NaN");
    assert_damaged(vectors(|bytes| bytes.truncate(64)), "vectors for two rows only");
}

#[test]
fn manifests_with_false_claims_are_refused() {
    let control = saved(&index_with_lists(1100));
    let edited = |edit: fn(&mut Manifest)| forged(&control, None, |_| {}, edit);
    assert!(edited(|_| {}).is_ok(), "the control");
    assert_damaged(edited(|m| m.slots = u64::MAX), "huge slots");
    assert_damaged(edited(|m| m.slots -= 1), "a slot less");
    assert_damaged(edited(|m| m.count += 1), "another count");
    assert_damaged(edited(|m| m.generation = u64::MAX), "another generation");
    assert_damaged(edited(|m| m.files[0].name = "../vectors.1.f16".into()), "a way out");
    assert_damaged(edited(|m| m.files[0].bytes = u64::MAX), "a huge file");
    assert_damaged(edited(|m| m.files.clear()), "no files");
    assert_damaged(edited(|m| m.lists = None), "files of lists without lists");
    let lists = |lists: u64| {
        forged(&control, None, |_| {}, move |m| m.lists.as_mut().unwrap().lists = lists)
    };
    assert_damaged(lists(0), "no lists");
    assert_damaged(lists(u64::MAX), "more lists than there can be");
    assert_damaged(lists(10), "fewer lists than there are");
    let newer = edited(|m| m.format = 6);
    assert!(matches!(newer, Err(SnapshotError::NewerFormat { found: 6, supported: 5 })));
    let older = edited(|m| m.format = 2);
    assert!(matches!(older, Err(SnapshotError::OlderFormat { found: 2, supported: 3 })));
}

/// A save cut off after each of its steps leaves the snapshot before, or the new one complete.
#[test]
fn a_save_cut_off_anywhere_leaves_a_whole_snapshot() {
    let mut index = index_with_lists(1100);
    let old = answers(&index);
    let old_folder = saved(&index);
    index.remove(RowId(1));
    let far: Vec<f32> = (0..DIM).map(|n| if n == 3 { -1.0 } else { 0.0 }).collect();
    index.insert(RowId(5000), &far).unwrap();
    let new = answers(&index);
    let identity = SnapshotIdentity { watermark: 42, ..IDENTITY };

    let (mut kept, mut replaced) = (0, 0);
    for steps in 0.. {
        let folder = TempDir::new().unwrap();
        for (name, bytes) in contents(old_folder.path()) {
            fs::write(folder.path().join(name), bytes).unwrap();
        }
        let result = write(&index, &identity, &Disk::failing_after(folder.path(), steps));
        let (loaded, watermark) =
            SpaceIndex::load_stale(folder.path(), &IDENTITY).expect("a whole snapshot");
        match watermark {
            41 => {
                assert!(result.is_err(), "reported success without replacing");
                assert_eq!(answers(&loaded), old, "cut after {steps}");
                kept += 1;
            }
            _ => {
                assert_eq!((answers(&loaded), watermark), (new.clone(), 42), "cut after {steps}");
                replaced += 1;
            }
        }
        // The next save works and clears up whatever was left.
        index.save(folder.path(), &identity).unwrap();
        assert_eq!(contents(folder.path()).len(), 6, "cut after {steps}");
        if result.is_ok() && replaced > 5 {
            break;
        }
    }
    assert!(kept >= 12 && replaced >= 2, "{kept} kept, {replaced} replaced");
}
