//! Thumbnails that a run leaves behind.

mod common;

use std::fs;
use std::path::PathBuf;

use common::Desk;
use seer_indexer::IndexOptions;
use seer_types::PhotoId;

fn kept(desk: &Desk) -> Vec<PathBuf> {
    let folders = fs::read_dir(desk.base.join("library/thumbnails")).into_iter().flatten();
    let files = folders.flatten().flat_map(|folder| fs::read_dir(folder.path()).unwrap().flatten());
    files.map(|file| file.path()).collect()
}

fn size(jpeg: &[u8]) -> (u32, u32) {
    let picture = image::load_from_memory(jpeg).unwrap();
    (picture.width(), picture.height())
}

fn large_picture(desk: &Desk, name: &str) -> PhotoId {
    let path = desk.path(name);
    image::RgbImage::from_fn(2400, 1600, |x, y| image::Rgb([(x / 10) as u8, (y / 8) as u8, 90]))
        .save(&path)
        .unwrap();
    PhotoId(*blake3::hash(&fs::read(path).unwrap()).as_bytes())
}

#[test]
fn a_run_makes_the_thumbnail_that_the_page_asks_for_first() {
    let desk = Desk::new();
    let jpeg = large_picture(&desk, "a.jpg");
    let png = large_picture(&desk, "b.png");
    desk.index();
    assert_eq!(kept(&desk).len(), 2);
    for (id, name) in [(jpeg, "a.jpg"), (png, "b.png")] {
        assert!(desk.library.has_thumbnail(id), "{name}");
        let file =
            kept(&desk).into_iter().find(|path| path.to_string_lossy().contains(&id.to_string()));
        let sealed = fs::read(file.unwrap()).unwrap();
        let thumbnail = desk.library.thumbnail(id, 512).unwrap();
        assert!(sealed.starts_with(&thumbnail), "the page gets the one that was kept: {name}");
        assert_eq!(size(&thumbnail), (512, 341), "{name}");
    }
}

#[test]
fn they_can_be_left_out() {
    let desk = Desk::with(2);
    desk.index();
    assert!(kept(&desk).is_empty(), "those of small pictures are made when they are wanted");
    large_picture(&desk, "a.jpg");
    desk.index_with(&IndexOptions { without_thumbnails: true, ..IndexOptions::default() });
    assert!(kept(&desk).is_empty());
}

#[test]
fn one_that_cannot_be_kept_is_no_failure() {
    let desk = Desk::with(1);
    large_picture(&desk, "a.jpg");
    large_picture(&desk, "b.png");
    fs::write(desk.base.join("library/thumbnails"), b"in the way").unwrap();
    let run = desk.index();
    assert_eq!((run.encoded, run.failed), (3, 0));
}
