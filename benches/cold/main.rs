//! Cold start: how long a new process takes to its first answer from a large library.
//!
//! What: the program is started anew on a library that nobody has open, once as `seer search`
//! and once as `seer serve` with one HTTP query and the page's first request (the newest photos),
//! and timed from its start to its first answer; with the phases it reports (`--verbose`), its
//! memory, and the library's size on disk. Once with the library's files in the system's cache
//! (the second search of a day), once after dropping them from it (`dd`, GNU and Linux only).
//!
//! Data: a library made by the real write path (`Library::apply`, batches of 1024) with invented
//! records of camera photos and real CLIP embeddings of 512 numbers, grown to the size asked for
//! (`grown` in `src/vectors/benches/ann/data.rs`; SEER_TEST_DATA names the folder they are in),
//! stored as the built-in model's, which then reads the query. The query's embedding is of another
//! space than the photos': timings are real, hits mean nothing.
//!
//! Baseline: a plain read of as many vectors as 32-bit floats, from a file in the same state: the
//! least that a program needs which reads all vectors from its database at every start, as rclip
//! does.
//!
//! `cargo bench --bench cold -- 100000` (or any other numbers of photos). A library is kept in
//! `cold-N` below the folder that `--folder` names (else the target's temporary one) and used
//! again if it is there; 1,000,000 photos take about 8 GB.

mod cache;
#[path = "../../src/vectors/benches/ann/data.rs"]
#[allow(dead_code)]
mod data;
mod library;
mod process;

use std::io;
use std::path::{Path, PathBuf};
use std::time::Instant;

use process::Run;

/// Starts of each kind; medians are printed.
const ROUNDS: usize = 5;
const QUERY: &str = "two dogs running on a beach";

fn main() -> io::Result<()> {
    let mut folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let mut sizes: Vec<usize> = Vec::new();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--folder" => folder = arguments.next().map(PathBuf::from).unwrap_or(folder),
            number => sizes.extend(number.parse::<usize>().ok()),
        }
    }
    if sizes.is_empty() {
        sizes.push(100_000);
    }
    sizes.iter().try_for_each(|photos| measure(&folder.join(format!("cold-{photos}")), *photos))
}

fn measure(folder: &Path, photos: usize) -> io::Result<()> {
    let (library, vectors) = (folder.join("library"), folder.join("vectors.f32"));
    if !vectors.exists() {
        library::make(&library, photos)?;
        library::write_vectors(&vectors, photos)?;
    }
    println!("\n{photos} photos");
    print_sizes(&library, &vectors)?;
    for from_disk in [false, true] {
        println!("\n{}", if from_disk { "from disk" } else { "from the system's cache" });
        let prepare = || match from_disk {
            true => cache::drop_folder(folder),
            false => cache::read_folder(folder),
        };
        let mut reads = Vec::new();
        for _ in 0..ROUNDS {
            prepare()?;
            reads.push(read_all(&vectors)?);
        }
        reads.sort_by(f64::total_cmp);
        println!("  {:<28} {:>7.2} s", "baseline: all vectors read", reads[ROUNDS / 2]);
        for kind in [process::search, process::serve] {
            let mut runs = Vec::new();
            for _ in 0..ROUNDS {
                prepare()?;
                runs.push(kind(&library)?);
            }
            print_median(&mut runs);
        }
    }
    Ok(())
}

/// Seconds a plain read takes, into memory of its own.
fn read_all(path: &Path) -> io::Result<f64> {
    let start = Instant::now();
    let bytes = std::fs::read(path)?;
    assert!(!std::hint::black_box(bytes).is_empty());
    Ok(start.elapsed().as_secs_f64())
}

fn print_sizes(library: &Path, vectors: &Path) -> io::Result<()> {
    let mib = |bytes: u64| bytes as f64 / f64::from(1 << 20);
    for part in ["catalog", "keywords", "vectors"] {
        println!("  {part:<28} {:>7.0} MiB on disk", mib(cache::bytes_in(&library.join(part))?));
    }
    let stored = std::fs::metadata(vectors)?.len();
    println!("  {:<28} {:>7.0} MiB", "the vectors as 32-bit floats", mib(stored));
    Ok(())
}

/// Each figure's median over the runs, which all have the same figures.
fn print_median(runs: &mut [Run]) {
    let first = &runs[0];
    println!("  {}", first.name);
    for (number, (figure, _)) in first.figures.iter().enumerate() {
        let mut values: Vec<f64> = runs.iter().map(|run| run.figures[number].1).collect();
        values.sort_by(f64::total_cmp);
        let middle = values[values.len() / 2];
        let (low, high) = (values[0], values[values.len() - 1]);
        println!("    {figure:<30} {middle:>9.3}  ({low:.3} to {high:.3})");
    }
}
