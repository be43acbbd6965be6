//! A snapshot that version 0.1.0 wrote, in format 3, with lists.

use super::*;
use crate::space_index::Structure;

/// `index_with_lists(120)` of that version, as of watermark 41. It cannot be made by this version.
fn format_3() -> &'static Path {
    Path::new("tests/data/snapshot-format-3")
}

#[test]
fn a_snapshot_of_format_3_is_read_as_kind_auto() {
    let index = SpaceIndex::load(format_3(), &IDENTITY).unwrap();
    let same = index_with_lists(120);
    assert_eq!((index.kind(), index.len()), (IndexKind::Auto, 109));
    assert_eq!(index.rows(), same.rows());
    let lists = index.lists().unwrap();
    assert!(lists.trained() == 120 && lists.holds_all(&index.store));
    assert_eq!(lists.lists().len(), same.lists().unwrap().lists().len());
    assert!(index.is_older() && !same.is_older());
    for row in same.rows() {
        assert_eq!(index.get(RowId(row)), same.get(RowId(row)));
    }
    let params = SearchParams { k: 10, ..Default::default() };
    let query = unit_vectors(&mut Random::new(6), 1, DIM);
    let exact = (IndexKind::Exact, &Structure::None);
    let truth = same.search_as(exact, &query, &params).unwrap().neighbours;
    assert_eq!(index.search(&query, &params).unwrap().neighbours, truth);
    assert!(index.verify());
}

#[test]
fn it_is_written_again_in_the_present_format() {
    let folder = TempDir::new().unwrap();
    for (name, bytes) in contents(format_3()) {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    let mut index = SpaceIndex::load(folder.path(), &IDENTITY).unwrap();
    let before = answers(&index);
    index.set_kind(IndexKind::Lists);
    index.save(folder.path(), &IDENTITY).unwrap();
    assert_eq!(Manifest::read(folder.path()).unwrap().format, 5);
    let again = SpaceIndex::load(folder.path(), &IDENTITY).unwrap();
    assert_eq!((again.kind(), answers(&again)), (IndexKind::Lists, before));
    assert!(!again.is_older());
    assert!(contents(folder.path()).keys().all(|name| !name.contains(".1.")), "tidied");
}
