//! The suite of every store, on a store in a folder.

use seer_embedded::EmbeddedStore;
use seer_store::Store;
use seer_store_suite::Place;

struct Folder(tempfile::TempDir);

impl Place for Folder {
    fn open(&self) -> Box<dyn Store> {
        Box::new(EmbeddedStore::open(self.0.path()).expect("opened"))
    }
}

fn new_place() -> Box<dyn Place> {
    Box::new(Folder(tempfile::tempdir().expect("temporary folder")))
}

seer_store_suite::store_suite!(new_place);
