//! Runs over a few files, and files that are still being written.

mod common;

use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use common::Desk;
use seer_indexer::IndexOptions;

fn only(desk: &Desk, names: &[&str]) -> IndexOptions {
    let files: Vec<PathBuf> = names.iter().map(|name| desk.path(name)).collect();
    IndexOptions { only: Some(files), ..IndexOptions::default() }
}

#[test]
fn only_the_named_files_are_looked_at_and_nothing_goes() {
    let desk = Desk::with(3);
    desk.picture("sub/a.png", 10);
    desk.index();
    desk.picture("new.png", 20);
    desk.picture("sub/new.png", 21);
    desk.picture("sub/other.png", 22);
    desk.picture("0.png", 23);
    desk.delete("1.png");
    desk.delete("2.png");
    let run =
        desk.index_with(&only(&desk, &["new.png", "sub/new.png", "0.png", "1.png", "no/x.png"]));
    assert_eq!((run.encoded, run.removed, run.plan.found, run.plan.gone), (3, 0, 3, 0));
    assert_eq!(desk.known(), ["0.png", "1.png", "2.png", "new.png", "sub/a.png", "sub/new.png"]);
    let again = desk.index_with(&only(&desk, &["new.png", "sub/new.png", "0.png"]));
    assert_eq!((again.encoded, again.plan.unchanged), (0, 3));
    // Files belong to the indexed folder, wherever below it they lie.
    let roots = desk.library.root_list().unwrap();
    assert_eq!((roots.len(), roots[0].files), (1, 6));
    let all = desk.index();
    assert_eq!((all.encoded, all.removed, all.plan.unchanged), (1, 2, 4));
}

#[test]
fn what_a_run_leaves_out_is_left_out_here_too() {
    let desk = Desk::with(1);
    desk.index_with(&IndexOptions { excludes: vec!["raw".to_owned()], ..Default::default() });
    for (number, name) in
        ["raw/a.png", ".git/b.png", "closed/c.png", "closed/deep/d.png", "x.png.part", "e.txt"]
            .into_iter()
            .enumerate()
    {
        desk.picture("made.png", 30 + number as u32);
        desk.rename("made.png", name);
    }
    fs::write(desk.path("closed/.nomedia"), b"").unwrap();
    let names =
        ["raw/a.png", ".git/b.png", "closed/c.png", "closed/deep/d.png", "x.png.part", "e.txt"];
    let run = desk.index_with(&only(&desk, &names));
    assert_eq!((run.plan.found, run.encoded), (0, 0));
    assert_eq!(desk.known(), ["0.png"]);
}

#[test]
fn a_file_beside_a_photo_has_the_photo_read_again_also_when_it_goes() {
    let desk = Desk::with(2);
    desk.index();
    let xmp = r#"<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:subject><rdf:Bag><rdf:li>lighthouse</rdf:li></rdf:Bag></dc:subject></rdf:Description></rdf:RDF></x:xmpmeta>"#;
    fs::write(desk.path("0.png.xmp"), xmp).unwrap();
    let run = desk.index_with(&only(&desk, &["0.png.xmp"]));
    assert_eq!((run.plan.found, run.plan.to_read), (1, 1));
    assert_eq!(desk.record("0.png").facts.tags, ["lighthouse"]);
    desk.delete("0.png.xmp");
    let run = desk.index_with(&only(&desk, &["0.png.xmp"]));
    assert_eq!(run.plan.to_read, 1);
    assert!(desk.record("0.png").facts.tags.is_empty());
}

#[test]
fn a_file_that_is_being_written_is_left_to_a_later_run() {
    let desk = Desk::with(2);
    desk.picture("growing.png", 50);
    let (path, done) = (desk.path("growing.png"), AtomicBool::new(false));
    let still = IndexOptions { still_for: Some(Duration::from_millis(500)), ..Default::default() };
    let run = std::thread::scope(|scope| {
        scope.spawn(|| {
            use std::io::Write;
            let mut file = fs::OpenOptions::new().append(true).open(&path).unwrap();
            while !done.load(Ordering::Relaxed) {
                file.write_all(b"more").unwrap();
                std::thread::sleep(Duration::from_millis(5));
            }
        });
        let run = desk.index_with(&still);
        done.store(true, Ordering::Relaxed);
        run
    });
    assert_eq!((run.encoded, run.failed, run.plan.to_read), (2, 0, 2));
    assert_eq!(desk.index_with(&still).plan.to_read, 1);
    assert_eq!(desk.known(), ["0.png", "1.png", "growing.png"]);
}

#[test]
fn without_second_tries_no_unchanged_failure_is_read_again() {
    let desk = Desk::with(1);
    desk.index();
    // Refused by the system, whoever asks: a folder in the place of a file cannot be read.
    fs::write(desk.path("bad.png"), b"no picture").unwrap();
    assert_eq!(desk.index().failed, 1);
    let quiet = IndexOptions { without_second_tries: true, ..Default::default() };
    for _ in 0..2 {
        let run = desk.index_with(&quiet);
        assert_eq!((run.plan.to_read, run.plan.known_failures), (0, 1));
    }
    fs::write(desk.path("bad.png"), b"another that is no picture").unwrap();
    assert_eq!(desk.index_with(&quiet).failed, 1, "it changed");
}
