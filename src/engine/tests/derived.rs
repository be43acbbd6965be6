//! Derived indexes whose files are as a stop, a fault or somebody left them: the library opens,
//! answers as before, and goes on, with whatever changes came in between.

mod common;

use std::fs;
use std::path::Path;

use common::{file, fill, id_of, names, open, pictures, search, taken_in};
use seer_engine::{Change, Library};
use seer_types::{LibraryPath, PhotoFile};

fn answers(library: &Library) -> Vec<Vec<String>> {
    let queries = ["two dogs", "sunset ext:png", "", "name:gray", "path:elsewhere"];
    queries.iter().map(|query| names(&search(library, query, vec![]))).collect()
}

fn elsewhere(path: &Path) -> PhotoFile {
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    PhotoFile { path: LibraryPath::new(format!("/elsewhere/{name}")), ..file(path) }
}

/// What may happen to a library: photos leave, move, change, come.
fn batches(library: &Library) -> Vec<(&'static str, Vec<Change>)> {
    let paths = pictures();
    let at = |number: usize| LibraryPath::from(paths[number].as_path());
    let changed = match taken_in(library, &paths[2]) {
        Change::Photo { id, size, facts, points, .. } => {
            Change::Photo { id, size, facts, file: file(&paths[3]), points }
        }
        _ => unreachable!("a picture is a photo"),
    };
    vec![
        ("remove", vec![Change::Unlink { path: at(0) }]),
        (
            "move",
            vec![
                Change::Unlink { path: at(1) },
                Change::Link { id: id_of(&paths[1]), file: elsewhere(&paths[1]) },
            ],
        ),
        ("change", vec![changed]),
        ("add", vec![Change::Link { id: id_of(&paths[4]), file: elsewhere(&paths[4]) }]),
    ]
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// tantivy writes files of deleted documents (`NAME.OPSTAMP.del`) before it replaces `meta.json`.
/// Stopped in between, the next writer finds the file it is to make.
#[test]
fn a_stop_between_tantivy_s_files_and_its_commit_locks_nobody_out() {
    for (what, number) in [("remove", 0), ("move", 1), ("change", 2), ("add", 3)] {
        let temp = tempfile::tempdir().unwrap();
        let keywords = temp.path().join("keywords");
        let library = open(temp.path());
        fill(&library);
        drop(library);
        let before = tempfile::tempdir().unwrap();
        copy(&keywords, before.path());

        let library = open(temp.path());
        let (name, batch) = batches(&library).remove(number);
        assert_eq!(name, what);
        library.apply(batch).unwrap();
        let expected = answers(&library);
        drop(library);
        let new: Vec<_> =
            fs::read_dir(&keywords).unwrap().map(|e| e.unwrap().file_name()).collect();
        let deleted = new.iter().any(|name| name.to_string_lossy().ends_with(".del"));
        assert!(deleted, "{what}: tantivy wrote no file of deleted documents");
        // The files of both, the commit of before.
        copy(before.path(), &keywords);

        for _ in 0..2 {
            let library = open(temp.path());
            assert_eq!(answers(&library), expected, "{what}");
            let path = LibraryPath::from(pictures()[5].as_path());
            let batch = [
                Change::Unlink { path: path.clone() },
                Change::Link { id: id_of(&pictures()[5]), file: file(&pictures()[5]) },
            ];
            library.apply(batch.into()).unwrap();
            assert_eq!(answers(&library), expected, "{what}, and it can be changed");
        }
    }
}

#[test]
fn whatever_lies_in_the_place_of_an_index_the_library_opens() {
    let temp = tempfile::tempdir().unwrap();
    let library = open(temp.path());
    fill(&library);
    library.save_indexes(&mut |_, _| true).unwrap();
    let expected = answers(&library);
    drop(library);
    for name in ["keywords", "vectors"] {
        let place = temp.path().join(name);
        let harms: [&dyn Fn(); 4] = [
            &|| fs::remove_dir_all(&place).unwrap(),
            &|| {
                fs::remove_dir_all(&place).unwrap();
                fs::write(&place, "a file").unwrap();
            },
            &|| {
                fs::remove_dir_all(&place).unwrap();
                fs::create_dir(&place).unwrap();
            },
            &|| fs::write(place.join("meta.json"), "{").unwrap(),
        ];
        for harm in harms {
            harm();
            let library = open(temp.path());
            assert_eq!(answers(&library), expected, "{name}");
            library.save_indexes(&mut |_, _| true).unwrap();
            drop(library);
            let _ = fs::remove_file(&place);
            fs::create_dir_all(&place).unwrap();
        }
    }
}

/// Every file of both indexes loses its second half while the library is open.
#[test]
fn files_that_shrink_under_an_open_library_are_built_again() {
    for name in ["keywords", "vectors"] {
        let temp = tempfile::tempdir().unwrap();
        let library = open(temp.path());
        fill(&library);
        library.save_indexes(&mut |_, _| true).unwrap();
        let expected = answers(&library);
        drop(library);
        let library = open(temp.path());
        shrink(&temp.path().join(name), 2);
        assert_eq!(answers(&library), expected, "{name}");
        shrink(&temp.path().join(name), 0);
        assert_eq!(answers(&library), expected, "{name}, emptied");
        library.apply(vec![Change::Unlink { path: LibraryPath::new("/none") }]).unwrap();
        drop(library);
        assert_eq!(answers(&open(temp.path())), expected, "{name}");
    }
}

fn shrink(folder: &Path, divisor: u64) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        if entry.path().is_dir() {
            shrink(&entry.path(), divisor);
            continue;
        }
        let length = entry.metadata().unwrap().len();
        let file = fs::File::options().write(true).open(entry.path()).unwrap();
        file.set_len(length.checked_div(divisor).unwrap_or(0)).unwrap();
    }
}
