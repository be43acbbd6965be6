//! The graph against the exact scan: how much faster, at which recall.
//!
//! Measured: `HnswIndex` with its default parameters against `ExactIndex` (the baseline, on all
//! cores), one query at a time, both asked in turn so that a busy machine disturbs both alike;
//! recall@10 counts a neighbour as found when its cosine is at least the true tenth's, because
//! the data holds many duplicates. Printed are ratios of medians; times are for orientation.
//!
//! Data: real CLIP ViT-B/32 embeddings, 12,000 images as base and 2,148 texts as queries (every
//! sixth is used), from `clip-vectors/` in the folder that SEER_TEST_DATA names, or in
//! `../shared/data`. Larger sets are drawn from about the same distribution: a vector is a random
//! weighted mean of an image and the most similar of 64 others, plus noise of length 0.13.
//! Without that folder: seeded clusters.
//!
//! Left out: loading and saving, searches at the same time, other models.
//!
//! `cargo bench --bench ann -- 12000 48000` for these numbers of rows (which are the default).

use std::path::PathBuf;
use std::time::Instant;

use roaring::RoaringBitmap;
use seer_types::RowId;
use seer_vectors::{ExactIndex, HnswIndex, SearchParams, VectorIndex, instruction_set};

/// Unit vectors, row after row.
struct Vectors {
    dim: usize,
    values: Vec<f32>,
}

impl Vectors {
    fn rows(&self) -> impl Iterator<Item = &[f32]> {
        self.values.chunks(self.dim)
    }

    fn len(&self) -> usize {
        self.values.len() / self.dim
    }

    fn row(&self, row: usize) -> &[f32] {
        &self.values[row * self.dim..][..self.dim]
    }
}

fn main() {
    let asked: Vec<usize> = std::env::args().filter_map(|text| text.parse().ok()).collect();
    let sizes = if asked.is_empty() { vec![12_000, 48_000] } else { asked };
    let (base, queries) = real().unwrap_or_else(synthetic);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    println!("{} base vectors of {} numbers, {} queries", base.len(), base.dim, queries.len());
    println!("{cores} cores, {}", instruction_set());
    for size in sizes {
        compare(&grown(&base, size), &queries);
    }
}

/// Everything for one set of vectors.
fn compare(vectors: &Vectors, queries: &Vectors) {
    println!("\n{} rows", vectors.len());
    let batch: Vec<(RowId, &[f32])> =
        vectors.rows().enumerate().map(|(row, vector)| (RowId(row as u32), vector)).collect();
    let mut exact = ExactIndex::new(vectors.dim);
    exact.insert_batch(&batch).expect("unit vectors");
    let mut graph = HnswIndex::new(vectors.dim);
    let start = Instant::now();
    graph.insert_batch(&batch).expect("unit vectors");
    let seconds = start.elapsed().as_secs_f64();
    println!("  graph built in {seconds:.1} s, {:.0} rows/s", vectors.len() as f64 / seconds);

    println!(
        "  {:<14} {:>9} {:>12} {:>12} {:>14}",
        "", "recall@10", "graph ms", "scan ms", "scan/graph"
    );
    for ef in [128, 256, 512, 1024, 2048] {
        row(&format!("ef {ef}"), &exact, &graph, queries, None, Some(ef));
    }
    row("default", &exact, &graph, queries, None, None);
    for percent in [1, 10, 50] {
        let mut random = Random(percent);
        let allowed: RoaringBitmap =
            (0..vectors.len() as u32).filter(|_| random.next() % 100 < percent).collect();
        row(&format!("filter {percent} %"), &exact, &graph, queries, Some(&allowed), None);
    }
}

/// One line: the same queries to both, in turn.
fn row(
    name: &str,
    exact: &ExactIndex,
    graph: &HnswIndex,
    queries: &Vectors,
    filter: Option<&RoaringBitmap>,
    ef: Option<usize>,
) {
    let params = SearchParams { k: 10, filter, ef };
    let (mut scans, mut walks) = (Vec::new(), Vec::new());
    let (mut hits, mut wanted) = (0, 0);
    for query in queries.rows().step_by(6) {
        let start = Instant::now();
        let truth = exact.search(query, &params).expect("a unit vector").neighbours;
        scans.push(start.elapsed().as_secs_f64() * 1e3);
        let start = Instant::now();
        let found = graph.search(query, &params).expect("a unit vector").neighbours;
        walks.push(start.elapsed().as_secs_f64() * 1e3);
        let last = truth.last().map_or(0.0, |neighbour| neighbour.cosine);
        hits += found.iter().filter(|neighbour| neighbour.cosine >= last).count();
        wanted += truth.len();
    }
    let (walk, scan) = (spread(&mut walks), spread(&mut scans));
    println!(
        "  {name:<14} {:>9.4} {:>6.2} ±{:>4.2} {:>6.2} ±{:>4.2} {:>14.2}",
        hits as f64 / wanted as f64,
        walk.0,
        walk.1,
        scan.0,
        scan.1,
        scan.0 / walk.0
    );
}

/// Median, and half the distance from the 10th to the 90th percentile.
fn spread(times: &mut [f64]) -> (f64, f64) {
    times.sort_by(f64::total_cmp);
    let at = |percent: usize| times[(times.len() - 1) * percent / 100];
    (at(50), (at(90) - at(10)) / 2.0)
}

/// Base and queries from the CLIP vectors, where they are.
fn real() -> Option<(Vectors, Vectors)> {
    let folder = std::env::var_os("SEER_TEST_DATA")
        .map_or(
            PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data")),
            PathBuf::from,
        )
        .join("clip-vectors");
    let read = |name: &str| read_npy(&std::fs::read(folder.join(name)).ok()?);
    let found = read("images-12000x512.f16.npy").zip(read("texts-2148x512.f16.npy"));
    if found.is_none() {
        println!("no CLIP vectors in {}: seeded clusters instead", folder.display());
    }
    found
}

/// A two-dimensional NumPy file of 16-bit floats, rows brought to unit length.
fn read_npy(bytes: &[u8]) -> Option<Vectors> {
    let header = usize::from(u16::from_le_bytes(bytes.get(8..10)?.try_into().ok()?));
    let text = std::str::from_utf8(bytes.get(10..10 + header)?).ok()?;
    let shape = text.contains("'<f2'").then(|| text.split_once("'shape': ("))??.1;
    let dim: usize = shape.split([',', ')']).nth(1)?.trim().parse().ok()?;
    let pairs = bytes.get(10 + header..)?.chunks_exact(2);
    let mut values: Vec<f32> = pairs.map(|p| from_half(u16::from_le_bytes([p[0], p[1]]))).collect();
    values.chunks_exact_mut(dim).for_each(normalise);
    Some(Vectors { dim, values })
}

/// IEEE 754 binary16 (finite).
fn from_half(bits: u16) -> f32 {
    let sign = if bits >> 15 == 1 { -1.0 } else { 1.0 };
    let (exponent, fraction) = (i32::from(bits >> 10 & 31), f32::from(bits & 1023));
    match exponent {
        0 => sign * fraction * 2f32.powi(-24),
        _ => sign * (1.0 + fraction / 1024.0) * 2f32.powi(exponent - 15),
    }
}

fn normalise(vector: &mut [f32]) {
    let length = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
    vector.iter_mut().for_each(|x| *x /= length);
}

/// The first `rows` vectors; more are mixed from pairs that are alike.
fn grown(base: &Vectors, rows: usize) -> Vectors {
    let mut random = Random(1);
    let mut values = base.values[..rows.min(base.len()) * base.dim].to_vec();
    for _ in base.len()..rows {
        let one = base.row(random.below(base.len()));
        let dot = |other: &[f32]| one.iter().zip(other).map(|(a, b)| a * b).sum::<f32>();
        let other = (0..64)
            .map(|_| base.row(random.below(base.len())))
            .max_by(|a, b| dot(a).total_cmp(&dot(b)))
            .expect("64 of them");
        let weight = 0.75 + 0.25 * random.signed();
        let mut mixed: Vec<f32> = one
            .iter()
            .zip(other)
            .map(|(a, b)| weight * a + (1.0 - weight) * b + 0.01 * random.signed())
            .collect();
        normalise(&mut mixed);
        values.extend(mixed);
    }
    Vectors { dim: base.dim, values }
}

/// 12,000 vectors around 200 topics, and queries that lie off them, as texts do.
fn synthetic() -> (Vectors, Vectors) {
    const DIM: usize = 512;
    let mut random = Random(2);
    let mut direction = || -> Vec<f32> { (0..DIM).map(|_| random.signed()).collect() };
    let topics: Vec<Vec<f32>> = (0..200).map(|_| direction()).collect();
    let mut around = |count: usize, share: f32| {
        let mut values: Vec<f32> = (0..count)
            .flat_map(|n| {
                let noise = direction();
                let topic = &topics[n % topics.len()];
                (0..DIM).map(|d| share * topic[d] + (1.0 - share) * noise[d]).collect::<Vec<_>>()
            })
            .collect();
        values.chunks_exact_mut(DIM).for_each(normalise);
        Vectors { dim: DIM, values }
    };
    (around(12_000, 0.6), around(2_000, 0.2))
}

/// SplitMix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    fn signed(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1 << 23) as f32 - 1.0
    }
}
