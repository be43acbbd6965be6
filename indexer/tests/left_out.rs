//! What a run leaves out, remembers to leave out, and takes in again.

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use common::{Desk, notices};
use seer_indexer::{Cancel, IndexError, IndexOptions, SkipRule, explain_skips};
use seer_types::LibraryPath;

fn texts(globs: &[&str]) -> Vec<String> {
    globs.iter().map(|glob| (*glob).to_owned()).collect()
}

fn exclude(globs: &[&str]) -> IndexOptions {
    IndexOptions { excludes: texts(globs), ..IndexOptions::default() }
}

fn include(globs: &[&str]) -> IndexOptions {
    IndexOptions { no_excludes: texts(globs), ..IndexOptions::default() }
}

fn remembered(desk: &Desk) -> Vec<String> {
    desk.library.excludes(&LibraryPath::new(&desk.photos)).unwrap()
}

#[test]
fn what_was_excluded_stays_excluded_until_it_is_taken_back() {
    let desk = Desk::with(1);
    desk.picture("private/a.png", 10);
    desk.picture("b.jpg", 11);
    assert_eq!(desk.index_with(&exclude(&["private", "*.jpg"])).encoded, 1);
    assert_eq!(desk.index().encoded, 0);
    let desk = desk.reopened();
    assert_eq!(remembered(&desk), ["private", "*.jpg"]);
    let run = desk.run(&[desk.path("private")], &exclude(&["none"])).0.unwrap();
    assert_eq!(run.encoded, 1, "a folder that is named is walked");
    desk.library.forget(&LibraryPath::new(desk.path("private"))).unwrap();
    let run = desk.index_with(&include(&["*.jpg"]));
    assert_eq!((run.encoded, desk.known()), (1, vec!["0.png".to_owned(), "b.jpg".to_owned()]));
    assert_eq!(remembered(&desk), ["private", "private/**/none"]);
    let error = desk.run(desk.all(), &include(&["*.jpg"])).0.unwrap_err();
    assert!(matches!(&error, IndexError::UnknownExclude { .. }), "{error}");
    assert!(error.to_string().contains("\"private\""), "{error}");
    assert_eq!(desk.index_with(&include(&["private"])).encoded, 1);
}

#[test]
fn a_glob_that_is_none_is_not_remembered() {
    let desk = Desk::with(1);
    desk.index();
    desk.run(desk.all(), &exclude(&["good", "["])).0.unwrap_err();
    assert_eq!(remembered(&desk), [""; 0]);
}

#[test]
fn a_part_of_a_folder_is_indexed_as_the_folder_leaves_out() {
    let desk = Desk::with(1);
    desk.picture("2019/a.png", 10);
    desk.picture("2019/private/b.png", 11);
    desk.picture("2020/raw/c.png", 12);
    desk.picture("2019/raw/d.png", 13);
    desk.index_with(&exclude(&["2019/private"]));
    let part = [desk.path("2019")];
    let run = desk.run(&part, &exclude(&["raw"])).0.unwrap();
    assert_eq!((run.encoded, run.removed), (0, 1));
    let run = desk.index();
    assert_eq!((run.encoded, run.removed), (0, 0));
    assert_eq!(desk.known(), ["0.png", "2019/a.png", "2020/raw/c.png"]);
    assert_eq!(remembered(&desk), ["2019/private", "2019/**/raw"]);
    assert_eq!(desk.library.roots().unwrap().len(), 1);
    assert_eq!(desk.run(&part, &include(&["raw"])).0.unwrap().recognised, 1);
}

#[test]
fn what_becomes_excluded_leaves_even_if_nothing_else_is_there() {
    let desk = Desk::with(2);
    desk.index();
    let (result, events) = desk.run(desk.all(), &exclude(&["*.png"]));
    let run = result.unwrap();
    assert_eq!((run.removed, run.photos), (2, 0));
    assert_eq!(notices(&events), [""; 0]);
    let run = desk.index_with(&include(&["*.png"]));
    assert_eq!((run.encoded, run.recognised, run.photos), (0, 2, 2), "their records were kept");
}

#[test]
fn a_folder_that_is_marked_leaves() {
    let desk = Desk::with(1);
    desk.picture("a/1.png", 10);
    desk.picture("a/deep/2.png", 11);
    desk.index();
    fs::write(desk.path("a/.nomedia"), b"").unwrap();
    let run = desk.index();
    assert_eq!((run.removed, run.photos), (2, 1));
    fs::remove_file(desk.path("a/.nomedia")).unwrap();
    assert_eq!(desk.index().recognised, 2);
    fs::write(desk.path(".noimage"), b"").unwrap();
    let (result, events) = desk.run(desk.all(), &IndexOptions::default());
    assert_eq!(result.unwrap().photos, 3);
    assert!(notices(&events)[0].contains("because it was named"), "{events:?}");
}

#[test]
fn copies_and_backups_of_programs_are_no_photos() {
    let desk = Desk::with(1);
    for (number, name) in [
        "iPhoto Library.photolibrary/Previews/b.jpg",
        "iPhoto Library.photolibrary/Masters/a.jpg",
        "Aperture.aplibrary/Thumbnails/c.png",
        "Catalog Previews.lrdata/d.jpg",
        ".picasaoriginals/e.jpg",
        "@eaDir/f.jpg/SYNOPHOTO_THUMB_XL.jpg",
        "a.download/g.jpg",
    ]
    .iter()
    .enumerate()
    {
        desk.picture(name, 20 + number as u32);
    }
    for name in ["0.png~", "0.png.bak", "0.png_original", "0.png.part", "~$0.png", "._0.png"] {
        fs::copy(desk.path("0.png"), desk.path(name)).unwrap();
    }
    desk.index();
    assert_eq!(desk.known(), ["0.png", "iPhoto Library.photolibrary/Masters/a.jpg"]);
    assert!(desk.failures().is_empty());
}

#[test]
fn every_file_is_photo_or_explained() {
    let desk = Desk::with(2);
    desk.picture("m/1.png", 10);
    desk.picture("m/2.png", 11);
    fs::write(desk.path("m/.nomedia"), b"").unwrap();
    desk.picture("raw/3.png", 12);
    desk.picture("raw2/3.png", 13);
    fs::write(desk.path("0.png.xmp"), b"<x:xmpmeta/>").unwrap();
    fs::write(desk.path("package.json"), b"{}").unwrap();
    fs::write(desk.path("notes"), b"some words").unwrap();
    fs::copy(desk.path("0.png"), desk.path("0.png~")).unwrap();
    let before: Vec<(PathBuf, Vec<String>)> = vec![(desk.photos.clone(), texts(&["raw"]))];
    let options = exclude(&["raw2"]);
    let library = Path::new("/none");
    let skipped = explain_skips(desk.all(), library, before, &options, &Cancel::new()).unwrap();
    let told: Vec<(String, SkipRule, Option<u64>)> = skipped
        .into_iter()
        .map(|one| {
            let below = one.path.strip_prefix(&desk.photos).unwrap();
            (below.to_string_lossy().into_owned(), one.rule, one.files.map(|(files, _)| files))
        })
        .collect();
    let line = |name: &str, rule, files| (name.to_owned(), rule, files);
    assert_eq!(
        told,
        [
            line("0.png.xmp", SkipRule::Sidecar, None),
            line("0.png~", SkipRule::Backup, None),
            line("m", SkipRule::Marked, Some(3)),
            line("notes", SkipRule::NoPicture, None),
            line("package.json", SkipRule::NoPicture, None),
            line("raw", SkipRule::Excluded, Some(1)),
            line("raw2", SkipRule::Excluded, Some(1)),
        ]
    );
    assert!(desk.library.roots().unwrap().is_empty(), "nothing is indexed");
}
