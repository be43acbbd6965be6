//! The database written anew after a purge, and a swap that was stopped half way.

use std::fs;
use std::path::Path;

use super::{MODEL, embedding, id, new_catalog, path, photo, photo_with, unlink};
use crate::Catalog;

fn holds(folder: &Path, text: &str) -> bool {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).any(|path| {
        if path.is_dir() {
            return holds(&path, text);
        }
        fs::read(&path).unwrap().windows(text.len()).any(|window| window == text.as_bytes())
    })
}

#[test]
fn what_was_purged_is_in_no_file_and_the_rest_is_as_it_was() {
    let (folder, catalog) = new_catalog();
    let secret = "/photos/secret harbour.jpg";
    let encoded = photo_with(id(2), secret, Some(embedding(MODEL, &[1.0, 2.0])));
    catalog.set_root(&path("/photos")).unwrap();
    catalog.apply(&[photo(1, "/photos/a.jpg"), encoded]).unwrap();
    catalog.apply(&[unlink(secret)]).unwrap();
    assert_eq!(catalog.purge().unwrap(), 1);
    let (record, watermark) = (catalog.record(id(1)).unwrap(), catalog.watermark());
    drop(catalog);
    assert!(holds(folder.path(), secret), "sled keeps what was removed");

    let catalog = Catalog::open(folder.path()).unwrap();
    catalog.expunge_when_closed().unwrap();
    drop(catalog);
    assert!(!holds(folder.path(), secret));
    assert!(!folder.path().join("purged").exists());
    let catalog = Catalog::open(folder.path()).unwrap();
    assert_eq!((catalog.record(id(1)).unwrap(), catalog.watermark()), (record, watermark));
    assert_eq!(catalog.roots().unwrap(), [path("/photos")]);
    catalog.check().unwrap();
}

#[test]
fn a_swap_stopped_anywhere_leaves_one_whole_database() {
    let (folder, catalog) = new_catalog();
    catalog.apply(&[photo(1, "/photos/a.jpg")]).unwrap();
    drop(catalog);
    let at = |name: &str| folder.path().join(name);
    let whole = || {
        let catalog = Catalog::open(folder.path()).unwrap();
        assert_eq!(catalog.counts().photos, 1);
        drop(catalog);
        assert!(at("sled").exists() && !at("sled.fresh").exists() && !at("sled.old").exists());
    };
    // While the copy was being written.
    fs::create_dir(at("sled.fresh")).unwrap();
    fs::write(at("sled.fresh/db"), b"half").unwrap();
    whole();
    // After the old one was moved away, before the fresh one was in its place.
    fs::rename(at("sled"), at("sled.fresh")).unwrap();
    fs::create_dir(at("sled.old")).unwrap();
    whole();
    // After the fresh one was in its place.
    fs::create_dir(at("sled.old")).unwrap();
    fs::write(at("purged"), b"").unwrap();
    whole();
    assert!(!at("purged").exists(), "and it was written anew");
}
