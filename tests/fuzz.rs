//! Foreign bytes: the corpora of `tests/fuzz/corpus`, as they are and changed a few hundred times
//! each, through the targets of `tests/fuzz`. No target may panic.
//!
//! Every run does the same; `SEER_FUZZ_RUNS=100000` changes more often. What finds more, because it
//! sees which code it reaches, is libFuzzer: `tests/fuzz/README.md`.

use std::fs;
use std::path::Path;

#[path = "fuzz/src/lib.rs"]
mod fuzz;

use fuzz::{TARGETS, Target};

/// The files of a target's corpus, by name.
fn corpus(target: &Target) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus").join(target.name);
    let entries = fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let mut files: Vec<_> = entries
        .map(|entry| entry.expect("an entry"))
        .map(|entry| (entry.file_name().to_string_lossy().into_owned(), fs::read(entry.path())))
        .map(|(name, bytes)| (name, bytes.expect("a file of the corpus")))
        .collect();
    files.sort();
    files
}

/// Corpora show the way in: some of each are whole, and all of them are small.
#[test]
fn every_target_has_a_corpus_that_it_understands() {
    for target in TARGETS {
        let files = corpus(target);
        let understood = files.iter().filter(|(_, bytes)| (target.run)(bytes)).count();
        assert!(understood >= 1, "{}: none of {} is understood", target.name, files.len());
        let size: usize = files.iter().map(|(_, bytes)| bytes.len()).sum();
        assert!(size <= 64 << 10, "{}: {size} bytes", target.name);
    }
}

#[test]
fn changed_bytes_never_panic() {
    let runs = std::env::var("SEER_FUZZ_RUNS").map_or(300, |runs| runs.parse().expect("a number"));
    let failures: Vec<String> =
        TARGETS.iter().filter_map(|target| first_panic(target, runs)).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// The first of so many changes at which the target panics, with the bytes.
fn first_panic(target: &Target, runs: usize) -> Option<String> {
    let files: Vec<_> = corpus(target).into_iter().map(|(_, bytes)| bytes).collect();
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    (0..runs).find_map(|run| {
        let bytes = changed(&files, &mut random);
        let done = std::panic::catch_unwind(|| (target.run)(&bytes));
        done.is_err().then(|| format!("{} panics in run {run} on {bytes:02x?}", target.name))
    })
}

/// xorshift: the same numbers everywhere.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % end.max(1)
    }
}

/// One of the files with a few changes: bits, bytes, numbers at their limits, cuts, repetitions, and
/// pieces of the others.
fn changed(files: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    const LIMITS: [u8; 8] = [0, 1, 0x7f, 0x80, 0xff, b'0', b'"', b'\n'];
    let mut bytes = files[random.below(files.len())].clone();
    for _ in 0..1 + random.below(6) {
        let at = random.below(bytes.len());
        let end = at + random.below((bytes.len() - at).min(40));
        match random.below(7) {
            0 if at < bytes.len() => bytes[at] ^= 1 << random.below(8),
            1 if at < bytes.len() => bytes[at] = LIMITS[random.below(LIMITS.len())],
            2 => bytes[at..end].fill(LIMITS[random.below(LIMITS.len())]),
            3 => drop(bytes.drain(at..end)),
            4 => bytes.truncate(at),
            5 => bytes.extend_from_within(at..end),
            _ => {
                let other = &files[random.below(files.len())];
                let from = random.below(other.len());
                let piece = &other[from..(from + random.below(40)).min(other.len())];
                bytes.splice(at..at, piece.iter().copied());
            }
        }
    }
    bytes
}

/// Writes the corpus of the vector index, in the layout that its target reads.
#[test]
#[ignore = "it writes tests/fuzz/corpus/snapshot"]
fn make_snapshots() {
    use seer_types::{IndexKind, ModelFingerprint, RowId};
    use seer_vectors::{IndexParams, SnapshotIdentity, SpaceIndex, VectorIndex};

    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus/snapshot");
    fs::create_dir_all(&corpus).expect("a folder");
    for (name, rows, exact_limit) in [("exact", 5, 100), ("lists", 40, 10), ("empty", 0, 100)] {
        let params = IndexParams { exact_limit, ..IndexParams::default() };
        let mut index = SpaceIndex::with_params(8, IndexKind::Auto, params);
        for row in 0..rows {
            let values: Vec<f32> = (0..8).map(|i| ((row * 8 + i) as f32 * 1.7).sin()).collect();
            let length = values.iter().map(|value| value * value).sum::<f32>().sqrt();
            let unit: Vec<f32> = values.iter().map(|value| value / length).collect();
            index.insert(RowId(row * 3), &unit).expect("a unit vector");
        }
        index.catch_up();
        let folder = tempfile::tempdir().expect("a folder");
        let identity = SnapshotIdentity { model: ModelFingerprint([7; 16]), dim: 8, watermark: 9 };
        index.save(folder.path(), &identity).expect("a snapshot");
        let manifest = fs::read(folder.path().join("manifest.jsonl")).expect("a manifest");
        let line = manifest.split(|byte| *byte == b'\n').next().expect("a line");
        let about: serde_json::Value = serde_json::from_slice(line).expect("JSON");
        let mut bytes = [line, b"\n"].concat();
        for file in about["files"].as_array().expect("files") {
            let file = folder.path().join(file["name"].as_str().expect("a name"));
            let content = fs::read(file).expect("a file");
            bytes.extend((content.len() as u32).to_le_bytes());
            bytes.extend(content);
        }
        fs::write(corpus.join(name), bytes).expect("a file of the corpus");
    }
}
