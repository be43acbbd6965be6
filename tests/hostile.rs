//! Files made to take memory or time: each is read or refused with a true word, and the process
//! stays below 1 GiB (its high-water mark, as Linux counts it).
#![cfg(target_os = "linux")]

mod hostile_files;
mod support;

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use hostile_files as files;
use support::Place;

/// Most memory, in KiB.
const MOST: u64 = 1 << 20;

/// What a run of the program left.
struct Run {
    /// High-water mark of its memory, in KiB.
    memory: u64,
    status: i32,
    errors: String,
}

/// Runs the program on this place and watches its memory.
fn run(place: &Place, args: &[&str]) -> Run {
    let mut command = place.command(args);
    let log = place.library().with_extension("stderr");
    let errors = std::fs::File::create(&log).expect("a log");
    let mut child =
        command.stdout(Stdio::null()).stderr(errors).spawn().expect("the program starts");
    let status_file = format!("/proc/{}/status", child.id());
    let mut memory = 0;
    let status = loop {
        memory = memory.max(high_water(Path::new(&status_file)));
        if let Some(status) = child.try_wait().expect("a status") {
            break status;
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    let errors = std::fs::read_to_string(&log).expect("its errors");
    Run { memory, status: status.code().unwrap_or(-1), errors }
}

/// `VmHWM`, in KiB; 0 for a process that has ended.
fn high_water(status: &Path) -> u64 {
    let text = std::fs::read_to_string(status).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

fn write(place: &Place, name: &str, bytes: &[u8]) -> PathBuf {
    let path = place.photos().join(name);
    std::fs::write(&path, bytes).expect("a file");
    path
}

/// Embeds one file; its memory is watched, and its words are given back.
fn embed(name: &str, bytes: &[u8]) -> Run {
    let place = Place::empty();
    let path = write(&place, name, bytes);
    let run = run(&place, &["embed", path.to_str().expect("UTF-8")]);
    assert!(run.memory > 1024, "{name}: the memory was not seen");
    assert!(run.memory < MOST, "{name}: {} KiB", run.memory);
    println!("{name}: {} MiB, status {}, {}", run.memory >> 10, run.status, run.errors.trim());
    run
}

fn is_refused(name: &str, bytes: &[u8], words: &str) {
    let run = embed(name, bytes);
    assert_ne!(run.status, 0, "{name}");
    assert!(run.errors.contains(words), "{name}: {}", run.errors);
}

fn is_read(name: &str, bytes: &[u8]) {
    let run = embed(name, bytes);
    assert_eq!(run.status, 0, "{name}: {}", run.errors);
}

#[test]
fn small_files_that_claim_giant_pictures_are_refused() {
    is_refused("lossless.webp", &files::webp(16_383, 16_383), "too large");
    is_refused("rgba.png", &files::png(20_000, 20_000, 6, &[]), "too large");
    is_refused("rgba.qoi", &files::qoi(20_000, 20_000), "too large");
    is_refused("runs.tga", &files::tga(20_000, 20_000), "too large");
    is_refused("icon.ico", &files::icon(&files::png(20_000, 20_000, 6, &[])), "too large");
    is_refused("screen.gif", &files::gif((65_535, 65_535), (1, 1)), "too large");
    is_refused("frame.gif", &files::gif((1, 1), (65_535, 65_535)), "too large");
    is_refused("strips.tif", &files::tiff(20_000, 20_000), "too large");
    is_refused("grey.pgm", b"P5 65000 65000 255 ", "too large");
    is_refused("light.hdr", b"#?RADIANCE\n\n-Y 12000 +X 12000\n", "too large");
}

#[test]
fn large_pictures_that_people_have_are_read() {
    // A phone's 200 megapixels, and 100 of a scanner.
    is_read("phone.jpg", &files::jpeg(16_384, 12_288));
    is_read("scan.png", &files::png(10_000, 10_000, 2, &[]));
}

#[test]
fn profiles_and_directories_that_unfold_are_left_out() {
    is_read("profile.png", &files::png(64, 64, 2, &files::profile_of_a_gibibyte()));
    let inside = files::png(64, 64, 6, &files::profile_of_a_gibibyte());
    is_read("profile.ico", &files::icon(&inside));
    is_read("directories.jpg", &files::jpeg_with_directories());
}

#[test]
fn too_many_scans_are_refused_and_a_hundred_are_read() {
    is_refused("scans.jpg", &files::scans(2000, 882), "882 scans");
    is_refused("giant_scans.jpg", &files::scans(16_000, 882), "too large");
    is_read("hundred.jpg", &files::scans(400, 100));
}

#[test]
fn a_giant_sparse_file_is_never_read() {
    let place = Place::with_pictures();
    let giant = place.photos().join("giant.jpg");
    std::fs::File::create(&giant).expect("a file").set_len(10 << 30).expect("a sparse file");
    let path = giant.to_str().expect("UTF-8").to_owned();
    let commands: [&[&str]; 5] = [
        &["embed", &path],
        &["similar", &path],
        &["search", &path],
        &["rank", &path, "a photo"],
        &["classify", &path, "--labels", "cat,dog"],
    ];
    run(&place, &["index", place.photos().to_str().expect("UTF-8")]);
    for command in commands {
        let run = run(&place, command);
        assert!(run.memory < MOST >> 1, "{command:?}: {} KiB", run.memory);
        assert!(run.errors.contains("too large"), "{command:?}: {}", run.errors);
    }
}

/// Two thumbnails and two searches, and then twice as many.
#[test]
fn thumbnails_and_searches_at_once_share_the_memory() {
    let place = Place::empty();
    for i in 0..4u32 {
        write(&place, &format!("{i}.png"), &files::png(10_000, 9000 + i, 2, &[]));
    }
    place.index();
    let server = place.serve(&[]);
    let pid = server.get("health")["pid"].as_u64().expect("a pid");
    let found = server.get("api/search");
    let ids: Vec<&str> = found["hits"].as_array().expect("hits").iter().map(photo_id).collect();
    assert_eq!(ids.len(), 4);
    let base = server.url.split('?').next().expect("url");
    std::thread::scope(|scope| {
        for (i, id) in ids.iter().enumerate() {
            scope.spawn(move || {
                let url = format!("{base}api/photos/{id}/thumbnail?size=512");
                let answer = ureq::get(&url).call().unwrap_or_else(|e| panic!("{url}: {e}"));
                assert_eq!(answer.status(), 200);
            });
            scope.spawn(move || {
                let body = files::png(10_000, 8000 + i as u32, 6, &[]);
                let search = ureq::post(format!("{base}api/search")).content_type("image/png");
                assert_eq!(search.send(&body[..]).expect("an answer").status(), 200);
            });
        }
    });
    let memory = high_water(Path::new(&format!("/proc/{pid}/status")));
    println!("served with {} MiB", memory >> 10);
    assert!(memory > 1024 && memory < MOST, "{memory} KiB");
}

fn photo_id(hit: &serde_json::Value) -> &str {
    hit["id"].as_str().or(hit["photo"]["id"].as_str()).unwrap_or_else(|| panic!("{hit}"))
}

#[test]
fn many_large_pictures_at_once_share_the_memory() {
    let place = Place::empty();
    let scan = files::png(10_000, 9000, 2, &[]);
    let paths: Vec<PathBuf> = (0..4).map(|i| write(&place, &format!("{i}.png"), &scan)).collect();
    let mut args = vec!["embed"];
    args.extend(paths.iter().map(|path| path.to_str().expect("UTF-8")));
    let run = run(&place, &args);
    assert_eq!(run.status, 0, "{}", run.errors);
    assert!(run.memory < MOST, "{} KiB", run.memory);
}
