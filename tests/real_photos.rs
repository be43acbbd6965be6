//! The whole mixed collection - cameras, phones, odd, hostile and corrupt files - through the
//! real program: every file is indexed, listed with a reason, or no picture; nothing panics.

mod support;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use support::{Place, photos};

fn files(folder: &Path, found: &mut BTreeSet<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("folder") {
        let path = entry.expect("entry").path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.insert(path);
        }
    }
}

#[test]
fn every_file_is_indexed_or_listed_with_a_reason() {
    let Some(collection) = photos("library") else { return };
    let collection = collection.canonicalize().expect("collection");
    let mut all = BTreeSet::new();
    files(&collection, &mut all);

    let place = Place::empty();
    let ran = place.seer(&["index", "--json", collection.to_str().expect("text path")]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(!ran.err.contains("panicked"), "{}", ran.err);
    let summary = ran.finished();

    let mut known = BTreeSet::new();
    for hit in place.seer(&["search", "", "--json", "--all", "-k", "1000"]).json() {
        for file in hit["files"].as_array().expect("files") {
            known.insert(PathBuf::from(file["path"].as_str().expect("path")));
        }
    }
    let failures = place.seer(&["failures", "--json"]).json();
    for failure in &failures {
        assert!(!failure["reason"].as_str().expect("reason").is_empty(), "{failure}");
        known.insert(PathBuf::from(failure["path"].as_str().expect("path")));
    }
    let missing: Vec<&PathBuf> = all.difference(&known).collect();
    println!("{summary}\n{} failures; no pictures: {missing:?}", failures.len());
    assert_eq!(summary["plan"]["other"], missing.len(), "counted as no picture: {missing:?}");
    for path in missing {
        let extension = path.extension().map(|e| e.to_ascii_lowercase());
        let kind = extension.as_deref().and_then(|e| e.to_str()).unwrap_or("");
        assert!(["", "md", "rs", "txt", "fuzzed"].contains(&kind), "{} is lost", path.display());
    }
}
