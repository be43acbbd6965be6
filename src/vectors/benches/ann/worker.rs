//! seer's side of `benches/peers/ann.py`: one step per process, or searches on request.
//!
//! Files of the folder, little-endian without headers: `base.f32`, `queries.f32`, `choosing.f32` (queries by
//! which efforts are chosen), `filter.PERCENT.u32` (allowed rows), `found.u32` (rows found, 10 per query).

use std::fs;
use std::io::{self, BufRead};
use std::path::Path;
use std::time::Instant;

use roaring::RoaringBitmap;
use seer_types::{ModelFingerprint, RowId};
use seer_vectors::{Found, SearchParams, SnapshotIdentity, SpaceIndex, VectorIndex};

use crate::data::{Vectors, base_and_queries, grown};

/// CLIP ViT-B/32.
const DIM: usize = 512;

const K: usize = 10;

const IDENTITY: SnapshotIdentity =
    SnapshotIdentity { model: ModelFingerprint([1; 16]), dim: DIM, watermark: 1 };

/// Runs the step with this name.
pub fn run(step: &str, folder: &Path, rows: usize) -> io::Result<()> {
    match step {
        "data" => data(folder, rows),
        "build" => build(folder),
        "cold" => cold(folder),
        "serve" => serve(folder),
        _ => Err(io::Error::other(format!("no step {step}: data, build, cold or serve"))),
    }
}

/// Writes `rows` vectors, every sixth text, and as many others.
fn data(folder: &Path, rows: usize) -> io::Result<()> {
    let (base, queries) = base_and_queries();
    fs::create_dir_all(folder)?;
    queries.thinned(0, 6).write(&folder.join("queries.f32"))?;
    queries.thinned(3, 6).write(&folder.join("choosing.f32"))?;
    grown(&base, rows).write(&folder.join("base.f32"))
}

/// Builds the index from all vectors at once, and saves it.
fn build(folder: &Path) -> io::Result<()> {
    let vectors = Vectors::read(&folder.join("base.f32"), DIM)?;
    let batch: Vec<(RowId, &[f32])> =
        vectors.rows().enumerate().map(|(row, vector)| (RowId(row as u32), vector)).collect();
    let mut index = SpaceIndex::new(DIM);
    let start = Instant::now();
    index.insert_batch(&batch).map_err(io::Error::other)?;
    let built = start.elapsed().as_secs_f64();
    let memory = index.lists_memory();
    let start = Instant::now();
    index.save(&folder.join("index"), &IDENTITY).map_err(io::Error::other)?;
    let saved = start.elapsed().as_secs_f64();
    println!("{{\"build_s\":{built:.3},\"save_s\":{saved:.3},\"lists_bytes\":{memory}}}");
    Ok(())
}

fn load(folder: &Path) -> io::Result<SpaceIndex> {
    SpaceIndex::load(&folder.join("index"), &IDENTITY).map_err(io::Error::other)
}

/// Loads the snapshot and answers once: all a start of the program does with vectors.
fn cold(folder: &Path) -> io::Result<()> {
    let queries = Vectors::read(&folder.join("queries.f32"), DIM)?;
    let start = Instant::now();
    let index = load(folder)?;
    let loaded = start.elapsed().as_secs_f64();
    search(&index, queries.rows().next().unwrap_or(&[]), None, None)?;
    let answered = start.elapsed().as_secs_f64();
    println!("{{\"load_s\":{loaded:.3},\"answer_s\":{answered:.3},{}}}", memory());
    Ok(())
}

/// Answers lines of `EFFORT PERCENT AT_ONCE QUERIES`: lists to read (0: the default), the filter (0: none), how
/// many queries are asked together, and the file they are in.
fn serve(folder: &Path) -> io::Result<()> {
    let index = load(folder)?;
    println!("{{\"rows\":{}}}", index.len());
    for line in io::stdin().lock().lines() {
        let line = line?;
        let asked: Vec<&str> = line.split(' ').collect();
        let [effort, percent, at_once, queries] = asked[..] else {
            return Err(io::Error::other(format!("not understood: {line}")));
        };
        let effort = effort.parse().ok().filter(|effort| *effort > 0);
        let filter = (percent != "0").then(|| filter(folder, percent)).transpose()?;
        let at_once = at_once.parse().map_err(io::Error::other)?;
        let queries = Vectors::read(&folder.join(queries), DIM)?;
        let queries: Vec<&[f32]> = queries.rows().collect();
        let mut found = Vec::new();
        let start = Instant::now();
        for queries in queries.chunks(at_once) {
            match queries {
                [query] => found.extend(search(&index, query, filter.as_ref(), effort)?),
                queries => found.extend(search_many(&index, queries, filter.as_ref(), effort)?),
            }
        }
        let seconds = start.elapsed().as_secs_f64();
        fs::write(folder.join("found.u32"), found)?;
        println!("{{\"seconds\":{seconds},{}}}", memory());
    }
    Ok(())
}

/// The rows found, as bytes.
fn search(
    index: &SpaceIndex,
    query: &[f32],
    filter: Option<&RoaringBitmap>,
    effort: Option<usize>,
) -> io::Result<Vec<u8>> {
    let params = SearchParams { k: K, filter, effort };
    let found = index.search(query, &params).map_err(io::Error::other)?;
    Ok(rows(&found).collect())
}

fn search_many(
    index: &SpaceIndex,
    queries: &[&[f32]],
    filter: Option<&RoaringBitmap>,
    effort: Option<usize>,
) -> io::Result<Vec<u8>> {
    let asked: Vec<(&[f32], usize)> = queries.iter().map(|query| (*query, K)).collect();
    let found = index.search_many(&asked, filter, effort).map_err(io::Error::other)?;
    Ok(found.iter().flat_map(rows).collect())
}

fn rows(found: &Found) -> impl Iterator<Item = u8> + '_ {
    found.neighbours.iter().flat_map(|neighbour| neighbour.row.0.to_le_bytes())
}

fn filter(folder: &Path, percent: &str) -> io::Result<RoaringBitmap> {
    let bytes = fs::read(folder.join(format!("filter.{percent}.u32")))?;
    Ok(bytes.chunks_exact(4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect())
}

/// What the system says of this process's memory, as JSON fields in KiB.
fn memory() -> String {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let field = |name: &str| {
        let line = status.lines().find(|line| line.starts_with(name)).unwrap_or("");
        line.split_whitespace().nth(1).unwrap_or("0").to_string()
    };
    format!("\"resident\":{},\"anonymous\":{}", field("VmRSS:"), field("RssAnon:"))
}
