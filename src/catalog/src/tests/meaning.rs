//! What each change does, one by one.

use super::*;
use seer_store::KnownState;

#[test]
fn a_new_photo_has_its_record_its_path_and_its_embedding() {
    let (_folder, catalog) = new_catalog();
    let place = embedding(MODEL, &[3.0, 4.0]);
    let applied =
        catalog.apply(&[photo_with(id(1), "/photos/a.jpg", Some(place.clone()))]).unwrap();
    assert_eq!((applied.touched, applied.watermark), (rows(&[0]), 1));
    let record = catalog.record(id(1)).unwrap().unwrap();
    assert_eq!((record.id, record.size), (id(1), 1000));
    assert_eq!(record.facts, facts());
    assert_eq!(record.files, [file("/photos/a.jpg")]);
    assert!(record.added > 1_600_000_000);
    let known = catalog.file_at(&path("/photos/a.jpg")).unwrap().unwrap();
    assert_eq!((known.state, known.stamp), (KnownState::Photo(id(1)), stamp(1)));
    assert_eq!(known.root, path("/photos"));
    let stored = encoded(&catalog, MODEL, id(1)).unwrap();
    assert!((stored.cosine(&place).unwrap() - 1.0).abs() < 1e-6);
    assert_eq!(encoded(&catalog, OTHER, id(1)), None);
}

#[test]
fn rows_are_dense_and_stay() {
    let (_folder, catalog) = new_catalog();
    catalog.apply(&[photo(7, "/photos/a.jpg"), photo(3, "/photos/b.jpg")]).unwrap();
    catalog.apply(&[photo(7, "/photos/c.jpg"), photo(9, "/photos/d.jpg")]).unwrap();
    let row = |number| catalog.entry(id(number)).unwrap().unwrap().row;
    assert_eq!((row(7), row(3), row(9)), (RowId(0), RowId(1), RowId(2)));
    assert_eq!(catalog.photo_of(RowId(1)).unwrap(), Some(id(3)));
    assert_eq!(catalog.photo_of(RowId(3)).unwrap(), None);
    assert_eq!(catalog.photo_of(RowId(1000)).unwrap(), None);
    assert_eq!(catalog.state().next_row, 3);
}

#[test]
fn two_files_with_one_content_are_one_photo() {
    let (_folder, catalog) = new_catalog();
    catalog.apply(&[photo(1, "/photos/b.jpg"), link(1, "/photos/a.jpg")]).unwrap();
    assert_eq!(paths_of(&catalog, 1), ["/photos/a.jpg", "/photos/b.jpg"]);
    let counts = catalog.counts();
    assert_eq!((counts.photos, counts.files), (1, 2));
}

#[test]
fn a_move_keeps_the_photo() {
    let (_folder, catalog) = new_catalog();
    let place = Some(embedding(MODEL, &[1.0, 0.0]));
    catalog.apply(&[photo_with(id(1), "/photos/a.jpg", place)]).unwrap();
    let applied = catalog.apply(&[unlink("/photos/a.jpg"), link(1, "/photos/new/a.jpg")]).unwrap();
    assert_eq!(applied.touched, rows(&[0]));
    assert_eq!(paths_of(&catalog, 1), ["/photos/new/a.jpg"]);
    assert_eq!(catalog.file_at(&path("/photos/a.jpg")).unwrap(), None);
    assert!(catalog.has_points(MODEL, id(1)).unwrap());
}

#[test]
fn new_content_at_a_path_takes_the_path_from_the_old_photo() {
    let (_folder, catalog) = new_catalog();
    catalog.apply(&[photo(1, "/photos/a.jpg"), link(1, "/photos/copy.jpg")]).unwrap();
    let applied = catalog.apply(&[photo(2, "/photos/a.jpg")]).unwrap();
    assert_eq!(applied.touched, rows(&[0, 1]));
    assert_eq!(paths_of(&catalog, 1), ["/photos/copy.jpg"]);
    assert_eq!(paths_of(&catalog, 2), ["/photos/a.jpg"]);
    let applied = catalog.apply(&[link(2, "/photos/copy.jpg")]).unwrap();
    assert_eq!(applied.touched, rows(&[0, 1]));
    assert_eq!(paths_of(&catalog, 1), [""; 0]);
    assert_eq!(catalog.counts().photos, 1);
    assert_eq!(catalog.counts().files, 2);
}

#[test]
fn the_same_path_again_takes_the_new_stamp_and_the_new_facts() {
    let (_folder, catalog) = new_catalog();
    catalog.apply(&[photo(1, "/photos/a.jpg")]).unwrap();
    let mut later = file("/photos/a.jpg");
    later.stamp = stamp(99);
    catalog.apply(&[Change::Link { id: id(1), file: later.clone() }]).unwrap();
    assert_eq!(catalog.record(id(1)).unwrap().unwrap().files, [later.clone()]);
    assert_eq!(catalog.file_at(&path("/photos/a.jpg")).unwrap().unwrap().stamp, stamp(99));
    let facts = PhotoFacts { caption: None, ..facts() };
    let again = Change::Photo {
        id: id(1),
        size: 1001,
        facts: facts.clone(),
        file: later,
        points: Vec::new(),
    };
    catalog.apply(&[again]).unwrap();
    let record = catalog.record(id(1)).unwrap().unwrap();
    assert_eq!((record.size, record.facts), (1001, facts));
}

#[test]
fn what_a_classifier_saw_stays_until_another_looks() {
    let (folder, catalog) = new_catalog();
    let class = |names: &&str| seer_types::PhotoClass { names: (*names).into(), probability: 0.5 };
    let seen = |classes: &[&str]| Change::Photo {
        id: id(1),
        size: 1000,
        facts: PhotoFacts { classes: classes.iter().map(class).collect(), ..facts() },
        file: file("/photos/a.jpg"),
        points: Vec::new(),
    };
    for (classes, expected) in [(&["dog"][..], "dog"), (&[], "dog"), (&["wolf"], "wolf")] {
        catalog.apply(&[seen(classes)]).unwrap();
        assert_eq!(catalog.record(id(1)).unwrap().unwrap().facts.classes, [class(&expected)]);
    }
    drop(catalog);
    let catalog = Catalog::open(folder.path()).unwrap();
    assert_eq!(catalog.record(id(1)).unwrap().unwrap().facts.classes, [class(&"wolf")]);
}

#[test]
fn what_is_known_already_touches_nothing() {
    let (_folder, catalog) = new_catalog();
    let place = embedding(MODEL, &[1.0, 2.0]);
    let change = photo_with(id(1), "/photos/a.jpg", Some(place.clone()));
    catalog.apply(std::slice::from_ref(&change)).unwrap();
    let applied = catalog.apply(&[change]).unwrap();
    assert_eq!((applied.touched, applied.watermark), (rows(&[]), 2));
    let applied = catalog.apply(&[points(id(1), place)]).unwrap();
    assert_eq!((applied.touched, applied.watermark), (rows(&[]), 3));
    assert_eq!(embedded(&catalog, MODEL), 1);
}

#[test]
fn embeddings_of_two_models_lie_side_by_side() {
    let (_folder, catalog) = new_catalog();
    catalog.apply(&[photo(1, "/photos/a.jpg"), photo(2, "/photos/b.jpg")]).unwrap();
    let changes = [
        points(id(1), embedding(MODEL, &[1.0, 0.0])),
        points(id(1), embedding(OTHER, &[0.0, 0.0, 1.0])),
        points(id(2), embedding(OTHER, &[0.0, 1.0, 0.0])),
    ];
    assert_eq!(catalog.apply(&changes).unwrap().touched, rows(&[0, 1]));
    assert_eq!((embedded(&catalog, MODEL), embedded(&catalog, OTHER)), (1, 2));
    let mut seen = Vec::new();
    let count = each_whole(&catalog, OTHER, |row, e| seen.push((row, e.values().to_vec())));
    assert_eq!(count.unwrap(), 2);
    assert_eq!(seen, [(RowId(0), vec![0.0, 0.0, 1.0]), (RowId(1), vec![0.0, 1.0, 0.0])]);
    let replaced = points(id(1), embedding(OTHER, &[1.0, 0.0, 0.0]));
    assert_eq!(catalog.apply(&[replaced]).unwrap().touched, rows(&[0]));
    assert_eq!(embedded(&catalog, OTHER), 2);
}

#[test]
fn unlink_keeps_record_and_embedding_until_purge() {
    let (_folder, catalog) = new_catalog();
    let place = Some(embedding(MODEL, &[1.0, 0.0]));
    catalog.apply(&[photo_with(id(1), "/photos/a.jpg", place)]).unwrap();
    catalog.apply(&[photo(2, "/photos/b.jpg")]).unwrap();
    assert_eq!(catalog.apply(&[unlink("/photos/a.jpg")]).unwrap().touched, rows(&[0]));
    assert_eq!(catalog.apply(&[unlink("/photos/a.jpg")]).unwrap().touched, rows(&[]));
    assert_eq!(paths_of(&catalog, 1), [""; 0]);
    assert!(catalog.has_points(MODEL, id(1)).unwrap());
    assert_eq!(catalog.counts().photos, 1);

    assert_eq!(catalog.purge().unwrap(), 1);
    assert_eq!(catalog.record(id(1)).unwrap(), None);
    assert_eq!(catalog.photo_of(RowId(0)).unwrap(), None);
    assert!(!catalog.has_points(MODEL, id(1)).unwrap());
    assert_eq!(embedded(&catalog, MODEL), 0);
    assert_eq!(catalog.rows_changed_since(4).unwrap(), Some(rows(&[0])));
    assert_eq!(catalog.purge().unwrap(), 0);
    catalog.apply(&[photo(1, "/photos/a.jpg")]).unwrap();
    assert_eq!(catalog.entry(id(1)).unwrap().unwrap().row, RowId(2), "row 0 is not reused");
    catalog.check().unwrap();
}

#[test]
fn a_failure_takes_the_path_from_its_photo_and_goes_when_the_path_is_read() {
    let (_folder, catalog) = new_catalog();
    catalog.apply(&[photo(1, "/photos/a.jpg")]).unwrap();
    let applied = catalog.apply(&[Change::Failed(failure("/photos/a.jpg"))]).unwrap();
    assert_eq!(applied.touched, rows(&[0]));
    assert_eq!(catalog.failures().unwrap(), [failure("/photos/a.jpg")]);
    let known = catalog.file_at(&path("/photos/a.jpg")).unwrap().unwrap();
    assert_eq!((known.state, known.stamp), (KnownState::Failed { decoders: 0 }, stamp(2)));
    assert_eq!((catalog.counts().photos, catalog.counts().failures), (0, 1));

    let mut second = failure("/photos/a.jpg");
    second.reason = "still cut short".into();
    catalog.apply(&[Change::Failed(second.clone())]).unwrap();
    assert_eq!(catalog.failures().unwrap(), [second]);
    for cure in [photo(2, "/photos/a.jpg"), link(1, "/photos/a.jpg"), unlink("/photos/a.jpg")] {
        catalog.apply(&[Change::Failed(failure("/photos/a.jpg"))]).unwrap();
        assert_eq!(catalog.counts().failures, 1);
        catalog.apply(&[cure]).unwrap();
        assert_eq!(catalog.failures().unwrap(), []);
        assert_eq!(catalog.counts().failures, 0);
    }
    catalog.check().unwrap();
}

#[test]
fn a_batch_with_a_senseless_change_does_nothing() {
    let (_folder, catalog) = new_catalog();
    let stray = points(id(9), embedding(MODEL, &[1.0]));
    for bad in [link(9, "/photos/x.jpg"), stray] {
        let error = catalog.apply(&[photo(1, "/photos/a.jpg"), bad]).unwrap_err();
        assert!(matches!(error, CatalogError::UnknownPhoto { id: found } if found == id(9)));
    }
    assert_eq!(catalog.watermark(), 0);
    assert_eq!(catalog.record(id(1)).unwrap(), None);
    assert_eq!(catalog.state().next_row, 0);
    catalog.apply(&[photo(1, "/photos/a.jpg"), link(1, "/photos/b.jpg")]).unwrap();
}

#[test]
fn an_embedding_of_the_wrong_size_is_refused() {
    let (_folder, catalog) = new_catalog();
    catalog.add_space(MODEL, "tiny", 3).unwrap();
    let wrong = photo_with(id(1), "/photos/a.jpg", Some(embedding(MODEL, &[1.0, 0.0])));
    let error = catalog.apply(&[wrong]).unwrap_err();
    assert!(matches!(error, CatalogError::WrongDimension { found: 2, expected: 3, .. }));
    assert_eq!(catalog.counts().photos, 0);
}

#[test]
fn an_empty_batch_is_nothing() {
    let (_folder, catalog) = new_catalog();
    let applied = catalog.apply(&[]).unwrap();
    assert_eq!((applied.touched, applied.watermark), (rows(&[]), 0));
}
