//! Several points of a photo, several spaces, analyses.

use super::*;
use seer_store::{Analysis, SpaceEntry};
use seer_types::IndexKind;

fn point(model: ModelFingerprint, part: u32, values: &[f32]) -> Point {
    Point { part: Part(part), embedding: embedding(model, values) }
}

fn put(catalog: &Catalog, number: u8, points: Vec<Point>) -> crate::Applied {
    catalog.apply(&[Change::Points { id: id(number), points }]).unwrap()
}

/// Part, row and first number of each point.
fn stored(catalog: &Catalog, model: ModelFingerprint, number: u8) -> Vec<(u32, u32, f32)> {
    let points = catalog.points(model, id(number)).unwrap();
    let told = |p: crate::StoredPoint| (p.point.part.0, p.row.0, p.point.embedding.values()[0]);
    points.into_iter().map(told).collect()
}

#[test]
fn parts_have_rows_of_their_own_and_are_replaced_together() {
    let (folder, catalog) = new_catalog();
    catalog.apply(&[photo(1, "/photos/a.jpg"), photo(2, "/photos/b.jpg")]).unwrap();
    let first = vec![
        point(MODEL, 0, &[1.0, 0.0]),
        point(MODEL, 3, &[0.0, 1.0]),
        point(MODEL, 7, &[-1.0, 0.0]),
        point(OTHER, 3, &[1.0, 0.0, 0.0]),
    ];
    let applied = put(&catalog, 1, first);
    assert_eq!(applied.touched, rows(&[0, 2, 3, 4]));
    let told: Vec<_> = applied.points.iter().map(|p| (p.row.0, p.photo.0, p.id)).collect();
    assert_eq!(told, [0, 2, 3, 4].map(|row| (row, 0, id(1))));
    assert_eq!(stored(&catalog, MODEL, 1), [(0, 0, 1.0), (3, 2, 0.0), (7, 3, -1.0)]);
    assert_eq!(stored(&catalog, OTHER, 1), [(3, 4, 1.0)]);
    assert_eq!((embedded(&catalog, MODEL), embedded(&catalog, OTHER)), (1, 1));
    assert!(catalog.has_points(OTHER, id(1)).unwrap());

    let second = vec![point(MODEL, 3, &[0.0, 1.0]), point(MODEL, 8, &[0.0, -1.0])];
    assert_eq!(put(&catalog, 1, second).touched, rows(&[0, 3, 5]));
    assert_eq!(stored(&catalog, MODEL, 1), [(3, 2, 0.0), (8, 5, 0.0)]);
    assert_eq!(stored(&catalog, OTHER, 1), [(3, 4, 1.0)], "another space stays");
    assert_eq!(catalog.photo_of(RowId(3)).unwrap(), None);
    assert_eq!(catalog.photo_of(RowId(5)).unwrap(), Some(id(1)));
    assert_eq!(catalog.records().unwrap().count(), 2, "a part is no photo");
    catalog.check().unwrap();
    assert_eq!(catalog.findings().unwrap(), [""; 0]);
    drop(catalog);
    let catalog = Catalog::open(folder.path()).unwrap();
    assert_eq!(stored(&catalog, MODEL, 1), [(3, 2, 0.0), (8, 5, 0.0)]);
}

#[test]
fn parts_leave_the_indexes_with_the_last_file_and_come_back_with_a_new_one() {
    let (_folder, catalog) = new_catalog();
    catalog.apply(&[photo(1, "/photos/a.jpg")]).unwrap();
    put(&catalog, 1, vec![point(MODEL, 0, &[1.0, 0.0]), point(MODEL, 1, &[0.0, 1.0])]);
    let gone = catalog.apply(&[unlink("/photos/a.jpg")]).unwrap();
    assert_eq!(gone.touched, rows(&[0, 1]));
    assert_eq!(catalog.apply(&[link(1, "/photos/b.jpg")]).unwrap().touched, rows(&[0, 1]));
    let more = catalog.apply(&[link(1, "/photos/c.jpg")]).unwrap();
    assert_eq!(more.touched, rows(&[0]), "only the record changed");
    catalog.apply(&[unlink("/photos/b.jpg"), unlink("/photos/c.jpg")]).unwrap();
    assert_eq!(catalog.purge().unwrap(), 1);
    assert_eq!(stored(&catalog, MODEL, 1), []);
    assert_eq!(catalog.photo_of(RowId(1)).unwrap(), None);
    assert_eq!(embedded(&catalog, MODEL), 0);
    catalog.check().unwrap();
}

#[test]
fn a_batch_sees_its_own_parts() {
    let (_folder, catalog) = new_catalog();
    let many = (0..4).map(|part| point(MODEL, part, &[1.0, 0.0])).collect();
    let changes = [
        photo(1, "/photos/a.jpg"),
        Change::Points { id: id(1), points: many },
        Change::Points { id: id(1), points: vec![point(MODEL, 2, &[0.0, 1.0])] },
    ];
    let applied = catalog.apply(&changes).unwrap();
    assert_eq!(stored(&catalog, MODEL, 1), [(2, 2, 0.0)]);
    assert_eq!(applied.points.len(), 1, "what was taken back was not written");
    assert_eq!(embedded(&catalog, MODEL), 1);
    catalog.check().unwrap();
}

#[test]
fn analyses_are_noted_with_their_version_and_asked_for_what_they_lack() {
    let (_folder, catalog) = new_catalog();
    let text = |version| Analysis::Named { name: "text".into(), version };
    let done = |number, version| Change::Analysed { id: id(number), analysis: text(version) };
    let photos = [1, 2, 3, 4].map(|n| photo(n, &format!("/photos/{n}.jpg")));
    catalog.apply(&photos).unwrap();
    catalog.apply(&[done(1, 1), done(3, 2), unlink("/photos/4.jpg")]).unwrap();
    let is = |number, version| catalog.is_analysed(&text(version), id(number)).unwrap();
    assert_eq!(
        (is(1, 1), is(1, 2), is(2, 1), is(3, 1), is(9, 1)),
        (true, false, false, true, false)
    );
    let lack = |what: &Analysis, after, most| catalog.lacking(what, after, most).unwrap();
    assert_eq!(lack(&text(1), None, 9), [id(2)]);
    assert_eq!(lack(&text(2), None, 9), [id(1), id(2)]);
    assert_eq!(lack(&text(2), None, 1), [id(1)]);
    assert_eq!(lack(&text(2), Some(id(1)), 9), [id(2)]);
    assert_eq!(lack(&text(3), Some(id(2)), 9), [id(3)]);
    put(&catalog, 2, vec![point(MODEL, 0, &[1.0, 0.0])]);
    put(&catalog, 3, vec![point(MODEL, 5, &[1.0, 0.0])]);
    assert_eq!(lack(&Analysis::Embedding(MODEL), None, 9), [id(1)]);
    let name = "x".repeat(101);
    let bad = Change::Analysed { id: id(1), analysis: Analysis::Named { name, version: 1 } };
    assert!(matches!(catalog.apply(&[bad]), Err(CatalogError::BadAnalysis { .. })));
    catalog.apply(&[done(4, 1), unlink("/photos/1.jpg")]).unwrap();
    assert_eq!(catalog.purge().unwrap(), 2);
    assert!(!is(1, 1) && is(3, 2));
    catalog.check().unwrap();
}

#[test]
fn a_space_is_added_used_indexed_and_deleted() {
    let (folder, catalog) = new_catalog();
    assert!(matches!(catalog.use_space(MODEL), Err(CatalogError::UnknownSpace { .. })));
    let hnsw = IndexKind::Hnsw;
    assert!(matches!(catalog.set_index(MODEL, hnsw), Err(CatalogError::UnknownSpace { .. })));
    catalog.add_space(MODEL, "builtin", 2).unwrap();
    catalog.add_space(OTHER, "other", 3).unwrap();
    let longer = catalog.add_space(MODEL, "builtin", 3).unwrap_err();
    assert!(matches!(longer, CatalogError::OtherLength { found: 3, expected: 2, .. }), "{longer}");
    catalog.use_space(MODEL).unwrap();
    catalog.set_index(MODEL, hnsw).unwrap();
    catalog.add_space(MODEL, "new name", 2).unwrap();
    catalog.apply(&[photo(1, "/photos/a.jpg"), photo(2, "/photos/b.jpg")]).unwrap();
    put(&catalog, 1, vec![point(MODEL, 0, &[1.0, 0.0]), point(MODEL, 1, &[0.0, 1.0])]);
    put(&catalog, 2, vec![point(MODEL, 4, &[1.0, 0.0]), point(OTHER, 0, &[0.0, 1.0, 0.0])]);
    let space = catalog.space(MODEL).unwrap().unwrap();
    let name = "new name".to_owned();
    assert_eq!(space, SpaceEntry { model: MODEL, name, dim: 2, photos: 2, index: hnsw });

    catalog.delete_space(MODEL).unwrap();
    catalog.delete_space(MODEL).unwrap();
    assert_eq!(catalog.space(MODEL).unwrap(), None);
    assert_eq!(catalog.current_space(), None);
    assert_eq!(stored(&catalog, MODEL, 1), []);
    assert_eq!(stored(&catalog, MODEL, 2), []);
    assert_eq!(stored(&catalog, OTHER, 2).len(), 1);
    catalog.check().unwrap();
    drop(catalog);
    let spaces = Catalog::open(folder.path()).unwrap().spaces().unwrap();
    assert_eq!(spaces.iter().map(|space| space.model).collect::<Vec<_>>(), [OTHER]);
}

#[test]
fn a_salvaged_catalog_keeps_parts_and_analyses() {
    let (folder, catalog) = new_catalog();
    let text = Analysis::Named { name: "text".into(), version: 4 };
    catalog.apply(&[photo(1, "/photos/a.jpg")]).unwrap();
    put(&catalog, 1, vec![point(MODEL, 0, &[0.6, 0.8]), point(MODEL, 1, &[0.0, 1.0])]);
    catalog.apply(&[Change::Analysed { id: id(1), analysis: text.clone() }]).unwrap();
    drop(catalog);
    let salvaged = crate::salvage(folder.path()).unwrap();
    assert_eq!((salvaged.photos, salvaged.lost_embeddings), (1, 0));
    let catalog = Catalog::open(folder.path()).unwrap();
    assert_eq!(stored(&catalog, MODEL, 1).len(), 2);
    assert!(catalog.is_analysed(&text, id(1)).unwrap());
    catalog.check().unwrap();
}
