//! `seer check`, `seer backup`, `seer restore`, on the program as people use it.

mod support;

use std::path::{Path, PathBuf};

use support::Place;

fn files_under(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.path().is_dir() {
            files_under(&entry.path(), found);
        } else {
            found.push(entry.path());
        }
    }
}

fn flip(path: &Path) {
    let mut bytes = std::fs::read(path).expect("read");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x10;
    std::fs::write(path, bytes).expect("write");
}

fn seer(place: &Place, args: &[&str]) -> (i32, String) {
    let output = place.command(args).output().expect("seer runs");
    let text = [output.stdout, output.stderr].concat();
    (output.status.code().unwrap_or(-1), String::from_utf8_lossy(&text).into_owned())
}

fn indexed() -> Place {
    let place = Place::with_pictures();
    let photos = place.photos();
    assert_eq!(seer(&place, &["index", "-q", photos.to_str().expect("text")]).0, 0);
    place
}

#[test]
fn a_sound_library_has_no_findings() {
    let place = indexed();
    for _ in 0..2 {
        let (status, text) = seer(&place, &["check"]);
        assert_eq!(status, 0, "{text}");
        assert!(text.contains("the library is sound"), "{text}");
    }
    std::fs::remove_dir_all(place.library().join("keywords")).expect("remove");
    std::fs::remove_dir_all(place.library().join("vectors")).expect("remove");
    assert_eq!(seer(&place, &["check"]).0, 0, "what is missing is made again");
}

#[test]
fn every_damaged_part_is_found_and_mended() {
    for part in ["vectors", "keywords"] {
        let place = indexed();
        let before = seer(&place, &["search", "two", "dogs"]).1;
        let mut files = Vec::new();
        files_under(&place.library().join(part), &mut files);
        // Locks are empty; tantivy's list of its own files is no content.
        files.retain(|path| {
            let name = path.file_name().expect("name").to_string_lossy();
            std::fs::metadata(path).is_ok_and(|meta| meta.len() > 0) && name != ".managed.json"
        });
        assert!(!files.is_empty(), "{part}");
        files.iter().for_each(|path| flip(path));
        let (status, text) = seer(&place, &["check", "--json"]);
        assert!(status == 1 && text.contains(&format!("\"part\":\"{part}\"")), "{part}: {text}");
        let (status, text) = seer(&place, &["check", "--repair"]);
        assert!(status == 1 && text.contains("(mended)"), "{part}: {text}");
        assert_eq!(seer(&place, &["check"]).0, 0, "{part}");
        assert_eq!(seer(&place, &["search", "two", "dogs"]).1, before, "{part}");
    }
}

#[test]
fn a_damaged_catalog_keeps_what_can_be_read_and_its_old_files() {
    let place = indexed();
    let mut files = Vec::new();
    files_under(&place.library().join("catalog/sled"), &mut files);
    files.retain(|path| path.file_name().is_some_and(|name| name == "db"));
    // The second half of what is written in the log: more than a snapshot can make up for.
    let log = std::fs::read(&files[0]).expect("log");
    let written = log.iter().rposition(|byte| *byte != 0).expect("something is written");
    std::fs::write(&files[0], &log[..written / 2]).expect("cut");
    let (status, text) = seer(&place, &["check"]);
    assert_eq!(status, 1, "{text}");
    assert_eq!(seer(&place, &["check", "--repair"]).0, 1);
    assert!(place.library().join("catalog.damaged-1/sled/db").is_file(), "kept");
    let (status, text) = seer(&place, &["check"]);
    assert_eq!(status, 0, "{text}");
    let photos = place.photos();
    assert_eq!(seer(&place, &["index", "-q", photos.to_str().expect("text")]).0, 0);
    assert_eq!(seer(&place, &["search", "two", "dogs"]).0, 0);
}

#[test]
fn a_backup_brings_the_library_back() {
    let place = indexed();
    let before = seer(&place, &["search", "two", "dogs"]).1;
    let file = place.photos().parent().expect("parent").join("library.backup");
    let name = file.to_str().expect("text");
    let (status, text) = seer(&place, &["backup", name]);
    assert_eq!(status, 0, "{text}");
    let (status, text) = seer(&place, &["restore", name]);
    assert!(status == 2 && text.contains("--replace"), "{text}");
    let (status, text) = seer(&place, &["restore", "--replace", name]);
    assert_eq!(status, 0, "{text}");
    assert_eq!(seer(&place, &["search", "two", "dogs"]).1, before);
    std::fs::remove_dir_all(place.library()).expect("lost");
    assert_eq!(seer(&place, &["restore", name]).0, 0);
    assert_eq!(seer(&place, &["search", "two", "dogs"]).1, before);
    assert_eq!(seer(&place, &["check"]).0, 0);

    flip(&file);
    let (status, text) = seer(&place, &["restore", "--replace", name]);
    assert!(status == 2 && text.contains("nothing was changed"), "{text}");
    assert_eq!(seer(&place, &["search", "two", "dogs"]).1, before);
    std::fs::remove_dir_all(place.library()).expect("lost");
    assert_eq!(seer(&place, &["restore", name]).0, 2);
    assert!(!place.library().exists(), "no folder is left of it");
}

#[test]
fn a_server_s_library_is_backed_up_while_it_runs() {
    let place = indexed();
    let before = seer(&place, &["search", "two", "dogs"]).1;
    let mut server = place
        .command(&["serve", "-q", "--address", "127.0.0.1:0"])
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("serve");
    let mut line = String::new();
    let mut out = std::io::BufReader::new(server.stdout.take().expect("stdout"));
    std::io::BufRead::read_line(&mut out, &mut line).expect("ready");
    let file = place.photos().parent().expect("parent").join("library.backup");
    let name = file.to_str().expect("text");
    let (status, text) = seer(&place, &["backup", name]);
    let refused = seer(&place, &["restore", "--replace", name]);
    let _ = server.kill();
    let _ = server.wait();
    assert_eq!(status, 0, "{text}");
    assert!(refused.0 == 2 && refused.1.contains("server"), "{}", refused.1);
    std::fs::remove_dir_all(place.library()).expect("lost");
    assert_eq!(seer(&place, &["restore", name]).0, 0);
    assert_eq!(seer(&place, &["search", "two", "dogs"]).1, before);
}
