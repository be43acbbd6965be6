//! Questions: paths below a folder, prefixes, changes, settings.

use super::*;
use seer_store::{KnownState, SpaceEntry};
use seer_types::IndexKind;

fn texts(catalog: &Catalog, folder: &str) -> Vec<String> {
    let known = catalog.files_under(&path(folder)).unwrap();
    known.iter().map(|file| file.path.to_text()).collect()
}

#[test]
fn files_under_a_folder_are_those_and_no_neighbours() {
    let (_folder, catalog) = new_catalog();
    let changes = [
        photo(1, "/photos/2019/b.jpg"),
        photo(2, "/photos/2019/a/deep.jpg"),
        photo(3, "/photos/2019b/no.jpg"),
        photo(4, "/photos/2019.jpg"),
        photo(5, "/other/x.jpg"),
        Change::Failed(failure("/photos/2019/bad.jpg")),
    ];
    catalog.apply(&changes).unwrap();
    let expected = ["/photos/2019/a/deep.jpg", "/photos/2019/b.jpg", "/photos/2019/bad.jpg"];
    assert_eq!(texts(&catalog, "/photos/2019"), expected);
    assert_eq!(texts(&catalog, "/photos/2019/"), expected);
    assert_eq!(texts(&catalog, "/photos/2019/b.jpg"), ["/photos/2019/b.jpg"]);
    assert_eq!(texts(&catalog, "/photos/20"), [""; 0]);
    assert_eq!(texts(&catalog, "/").len(), 6);
    let known = catalog.files_under(&path("/photos/2019")).unwrap();
    assert_eq!(known[0].state, KnownState::Photo(id(2)));
    assert_eq!(known[2].state, KnownState::Failed { decoders: 0 });
}

#[cfg(unix)]
#[test]
fn paths_that_are_not_unicode_survive() {
    let folder = tempfile::tempdir().unwrap();
    let odd = LibraryPath::from_bytes(b"/photos/caf\xe9\n/\xff.jpg");
    let root = LibraryPath::from_bytes(b"/photos/caf\xe9\n");
    let file = PhotoFile { path: odd.clone(), root: root.clone(), stamp: stamp(-5) };
    let bad = Failure { path: LibraryPath::from_bytes(b"/photos/caf\xe9\n/\xfe"), ..failure("") };
    {
        let catalog = Catalog::open(folder.path()).unwrap();
        catalog.set_root(&root).unwrap();
        let change = Change::Photo {
            id: id(1),
            size: 1,
            facts: facts(),
            file: file.clone(),
            points: Vec::new(),
        };
        catalog.apply(&[change, Change::Failed(bad.clone())]).unwrap();
    }
    let catalog = Catalog::open(folder.path()).unwrap();
    assert_eq!(catalog.roots().unwrap(), std::slice::from_ref(&root));
    assert_eq!(catalog.record(id(1)).unwrap().unwrap().files, [file]);
    assert_eq!(catalog.failures().unwrap(), std::slice::from_ref(&bad));
    let under = catalog.files_under(&root).unwrap();
    assert_eq!(under.iter().map(|f| f.path.clone()).collect::<Vec<_>>(), [bad.path, odd]);
}

#[test]
fn a_prefix_finds_its_ids() {
    let (_folder, catalog) = new_catalog();
    let changes = [photo(0x1a, "/a"), photo(0x1b, "/b"), photo(0x2a, "/c"), photo(0xff, "/d")];
    catalog.apply(&changes).unwrap();
    let found = |prefix: &str| catalog.resolve_prefix(prefix).unwrap();
    assert_eq!(found("1"), [id(0x1a), id(0x1b)]);
    assert_eq!(found("1B"), [id(0x1b)]);
    assert_eq!(found("1b1"), [id(0x1b)]);
    assert_eq!(found("1b2"), []);
    assert_eq!(found(&id(0xff).to_string()), [id(0xff)]);
    assert_eq!(found(&id(0x2a).to_string()[..63]), [id(0x2a)]);
    assert_eq!(found("").len(), 4);
    for wrong in ["x", "1ä", " 1", &format!("{}0", id(0x1a))] {
        assert_eq!(found(wrong), [], "{wrong}");
    }
}

#[test]
fn changed_rows_are_told_by_watermark() {
    let (_folder, catalog) = new_catalog();
    catalog.apply(&[photo(1, "/a"), photo(2, "/b")]).unwrap();
    catalog.apply(&[photo(3, "/c")]).unwrap();
    catalog.apply(&[Change::Failed(failure("/x"))]).unwrap();
    catalog.apply(&[unlink("/a"), photo(3, "/b")]).unwrap();
    let changed = |watermark| catalog.rows_changed_since(watermark).unwrap();
    assert_eq!(catalog.watermark(), 4);
    assert_eq!(changed(0), Some(rows(&[0, 1, 2])));
    assert_eq!(changed(1), Some(rows(&[0, 1, 2])));
    assert_eq!(changed(3), Some(rows(&[0, 1, 2])));
    assert_eq!(changed(4), Some(rows(&[])));
    assert_eq!(changed(5), None, "a watermark of the future belongs to another library");
}

#[test]
fn records_come_by_row() {
    let (_folder, catalog) = new_catalog();
    let changes: Vec<Change> =
        (0..200).map(|n| photo_with(spread_id(n), &format!("/p/{n}"), None)).collect();
    catalog.apply(&changes).unwrap();
    catalog.apply(&[unlink("/p/5")]).unwrap();
    let records: Vec<_> = catalog.records().unwrap().collect::<Result<_, _>>().unwrap();
    assert_eq!(records.len(), 200);
    for (n, record) in (0..).zip(&records) {
        assert_eq!((record.row, record.record.id), (RowId(n), spread_id(n)));
    }
    assert_eq!(records[5].record.files, []);
    catalog.purge().unwrap();
    assert_eq!(catalog.records().unwrap().count(), 199);
}

#[test]
fn roots_and_spaces_are_remembered() {
    let folder = tempfile::tempdir().unwrap();
    {
        let catalog = Catalog::open(folder.path()).unwrap();
        assert_eq!(catalog.current_space(), None);
        for root in ["/photos/", "/more", "/photos"] {
            catalog.set_root(&path(root)).unwrap();
        }
        catalog.add_space(OTHER, "old name", 3).unwrap();
        catalog.add_space(MODEL, "ViT-B-32", 512).unwrap();
        catalog.add_space(OTHER, "builtin", 3).unwrap();
        catalog.use_space(OTHER).unwrap();
        let stray = ModelFingerprint([1; 16]);
        let changes = [
            photo_with(id(1), "/a", Some(embedding(stray, &[1.0]))),
            points(id(1), embedding(OTHER, &[1.0, 0.0, 0.0])),
        ];
        catalog.apply(&changes).unwrap();
        assert_eq!(catalog.watermark(), 1, "settings are no change of photos");
    }
    let catalog = Catalog::open(folder.path()).unwrap();
    assert_eq!(catalog.roots().unwrap(), [path("/more"), path("/photos")]);
    catalog.remove_root(&path("/photos")).unwrap();
    assert_eq!(catalog.roots().unwrap(), [path("/more")]);
    assert_eq!(catalog.current_space(), Some(OTHER));
    let entry = |model, name: &str, dim, photos| SpaceEntry {
        model,
        name: name.into(),
        dim,
        photos,
        index: IndexKind::Auto,
    };
    let expected = [
        entry(ModelFingerprint([1; 16]), "", 0, 1),
        entry(MODEL, "ViT-B-32", 512, 0),
        entry(OTHER, "builtin", 3, 1),
    ];
    assert_eq!(catalog.spaces().unwrap(), expected);
    catalog.check().unwrap();
}
