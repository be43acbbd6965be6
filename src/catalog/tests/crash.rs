//! Kills a writing process at random moments and looks at what it left.
//!
//! Run without arguments, this program is the parent. It starts itself as a child, which applies
//! batch after batch and reports each one that `apply` has returned from; the parent kills it
//! (SIGKILL), opens the catalog, and expects every reported batch to be there, none to be there in
//! part, and the catalog to agree with itself. The next child goes on from there. Killing a
//! process leaves what it gave to the operating system, so this shows atomicity, not that the
//! disk obeys a flush.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use seer_catalog::Catalog;
use seer_store::{Change, Point};
use seer_types::{
    Embedding, Failure, FailureKind, FileStamp, LibraryPath, ModelFingerprint, PhotoFacts,
    PhotoFile, PhotoId,
};

const CHILD: &str = "SEER_CRASH_TEST_FOLDER";
const ROUNDS: u64 = 10;
const PER_BATCH: u64 = 32;
const MODEL: ModelFingerprint = ModelFingerprint([5; 16]);

fn main() {
    match std::env::var_os(CHILD) {
        Some(folder) => write_until_killed(Path::new(&folder)),
        None => kill_and_look(),
    }
}

fn write_until_killed(folder: &Path) {
    let catalog = Catalog::open(folder).expect("the child opens what the last one left");
    println!("open");
    for number in catalog.watermark() + 1.. {
        let applied = catalog.apply(&batch(number)).expect("a batch applies");
        println!("{}", applied.watermark);
        std::io::stdout().flush().expect("the parent listens");
    }
}

fn kill_and_look() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut random = 0x5eed_u64;
    let (mut total, mut first) = (0, true);
    for round in 0..ROUNDS {
        let mut child = start(folder.path());
        let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        let opened = lines.next().expect("a line").expect("text");
        assert_eq!(opened, "open", "round {round}");
        // The first child always gets to commit something, so that the test cannot pass idle.
        let wanted = if first { 3 } else { next(&mut random) % 4 };
        let mut reported = 0;
        for _ in 0..wanted {
            reported = lines.next().expect("a line").expect("text").parse().expect("a number");
        }
        std::thread::sleep(Duration::from_micros(next(&mut random) % 60_000));
        child.kill().expect("the child can be killed");
        child.wait().expect("the child ends");
        for line in lines.map_while(Result::ok) {
            reported = line.parse().unwrap_or(reported);
        }
        total = look(folder.path(), reported.max(total));
        first = false;
    }
    println!("crash: {ROUNDS} kills, {total} batches, all whole");
    assert!(total >= 3);
}

fn start(folder: &Path) -> Child {
    let this = std::env::current_exe().expect("this program has a path");
    Command::new(this).env(CHILD, folder).stdout(Stdio::piped()).spawn().expect("a child")
}

/// Opens what was left, compares it with the batches, and returns how many there are.
fn look(folder: &Path, reported: u64) -> u64 {
    let catalog = Catalog::open(folder).expect("a killed catalog opens");
    let watermark = catalog.watermark();
    assert!(watermark >= reported, "{reported} was reported, {watermark} is there");
    catalog.check().expect("the catalog agrees with itself");
    let counts = catalog.counts();
    assert_eq!(counts.photos, watermark * PER_BATCH, "only whole batches");
    assert_eq!(catalog.records().expect("readable").count() as u64, watermark * PER_BATCH);
    let space = catalog.space(MODEL).expect("readable");
    assert_eq!(space.map_or(0, |space| space.photos), watermark * PER_BATCH);
    assert_eq!(counts.failures, u64::from(watermark > 0), "one failure, moved on by every batch");
    for number in 1..=watermark {
        for item in 0..PER_BATCH {
            let record = catalog.record(id(number, item)).expect("readable").expect("committed");
            let moved = item == 0 && number < watermark;
            let expected = if moved { moved_path(number) } else { path(number, item) };
            assert_eq!(record.files.len(), 1);
            assert_eq!(record.files[0].path, expected);
        }
    }
    assert_eq!(catalog.record(id(watermark + 1, 0)).expect("readable"), None);
    watermark
}

/// Batch `number`: new photos, a move of the previous batch's first one, and the one failure.
fn batch(number: u64) -> Vec<Change> {
    let mut changes: Vec<Change> = (0..PER_BATCH)
        .map(|item| Change::Photo {
            id: id(number, item),
            size: 1000 + item,
            facts: PhotoFacts { width: 640, height: 480, ..PhotoFacts::default() },
            file: file(path(number, item)),
            points: vec![Point::whole(embedding(number * 1000 + item))],
        })
        .collect();
    if number > 1 {
        changes.push(Change::Unlink { path: path(number - 1, 0) });
        changes.push(Change::Link { id: id(number - 1, 0), file: file(moved_path(number - 1)) });
        changes.push(Change::Unlink { path: failure_path(number - 1) });
    }
    changes.push(Change::Failed(Failure {
        path: failure_path(number),
        root: LibraryPath::new("/photos"),
        stamp: FileStamp::new(1, 1),
        kind: FailureKind::Damaged,
        reason: "cut short".into(),
        at: 0,
        decoders: 0,
    }));
    changes
}

fn id(number: u64, item: u64) -> PhotoId {
    let mut bytes = [0u8; 32];
    let mut seed = number * 1_000_003 + item;
    for byte in &mut bytes {
        *byte = next(&mut seed) as u8;
    }
    PhotoId(bytes)
}

fn embedding(seed: u64) -> Embedding {
    let mut seed = seed + 1;
    let values = (0..512).map(|_| (next(&mut seed) % 1000) as f32 - 499.5).collect();
    Embedding::new(MODEL, values).expect("it has a direction")
}

fn path(number: u64, item: u64) -> LibraryPath {
    LibraryPath::new(format!("/photos/{number:05}/{item:03}.jpg"))
}

fn moved_path(number: u64) -> LibraryPath {
    LibraryPath::new(format!("/photos/moved/{number:05}.jpg"))
}

fn failure_path(number: u64) -> LibraryPath {
    LibraryPath::new(format!("/photos/bad/{number:05}.jpg"))
}

fn file(path: LibraryPath) -> PhotoFile {
    let stamp = FileStamp::new(1000, 7);
    PhotoFile { path, root: LibraryPath::new("/photos"), stamp }
}

/// SplitMix64: <https://prng.di.unimi.it/splitmix64.c>, public domain.
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
