//! Lists and HNSW against the exact scan: how much faster, at which recall.
//!
//! Measured: `SpaceIndex` with lists at several numbers of lists read and with HNSW at several
//! numbers of candidates, and `ExactIndex` (the baseline), one query at a time on one thread, all asked in
//! turn so that a busy machine disturbs all alike; recall@10 counts a neighbour as found when its
//! cosine is at least the true tenth's, because the data holds many duplicates. Printed are
//! medians and ratios of medians.
//!
//! Data: real CLIP ViT-B/32 embeddings, 12,000 images as base and 2,148 texts as queries (every
//! sixth is used), from `clip-vectors/` in the folder that SEER_TEST_DATA names, or in
//! `../shared/data`. Larger sets are drawn from about the same distribution: see `grown`. Without
//! that folder: seeded clusters.
//!
//! Left out: searches at the same time, other models. Loading, saving, memory and the comparison
//! with faiss and hnswlib: `benches/peers/ann.py`, which starts this program for each step.
//!
//! `cargo bench -p seer-vectors --bench ann -- 12000 48000` for these numbers of rows (which are
//! the default); `-- --without-graph 100000` leaves out HNSW, whose graph takes minutes.

mod data;
mod worker;

use std::path::Path;
use std::time::Instant;

use roaring::RoaringBitmap;
use seer_types::{IndexKind, RowId};
use seer_vectors::{
    ExactIndex, IndexParams, SearchParams, SpaceIndex, VectorIndex, instruction_set,
};

use data::{Random, Vectors, base_and_queries, grown};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let Some(place) = arguments.iter().position(|argument| argument == "--step") {
        let argument = |n: usize| arguments.get(place + n).map_or("", String::as_str);
        let rows = argument(3).parse().unwrap_or(100_000);
        if let Err(error) = worker::run(argument(1), Path::new(argument(2)), rows) {
            eprintln!("{error}");
            std::process::exit(1);
        }
        return;
    }
    let asked: Vec<usize> = arguments.iter().filter_map(|text| text.parse().ok()).collect();
    let sizes = if asked.is_empty() { vec![12_000, 48_000] } else { asked };
    let with_graph = !arguments.iter().any(|argument| argument == "--without-graph");
    let (base, queries) = base_and_queries();
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    println!("{} base vectors of {} numbers, {} queries", base.len(), base.dim, queries.len());
    println!("{cores} cores, {}", instruction_set());
    for size in sizes {
        compare(&grown(&base, size), &queries.thinned(0, 6), with_graph);
    }
}

/// What answers, and how hard it tries.
struct Contestant<'a> {
    name: String,
    index: &'a dyn VectorIndex,
    effort: Option<usize>,
}

/// Everything for one set of vectors.
fn compare(vectors: &Vectors, queries: &Vectors, with_graph: bool) {
    println!("\n{} rows", vectors.len());
    let mut exact = ExactIndex::new(vectors.dim);
    fill("exact", &mut exact, vectors);
    // The first always answers exactly, in 8 bits; the second never does.
    let with_limit = |exact_limit| {
        let params = IndexParams { exact_limit, ..Default::default() };
        SpaceIndex::with_params(vectors.dim, IndexKind::Auto, params)
    };
    let mut certain = with_limit(usize::MAX);
    fill("8 bit", &mut certain, vectors);
    let mut lists = with_limit(1);
    fill("lists", &mut lists, vectors);
    let mut graph = SpaceIndex::with_kind(vectors.dim, IndexKind::Hnsw);
    if with_graph {
        fill("vectors", &mut graph, vectors);
        let start = Instant::now();
        graph.catch_up();
        let megabytes = graph.graph_memory() as f64 / 1e6;
        println!("  hnsw     built in {:.1} s, {megabytes:.1} MB", start.elapsed().as_secs_f64());
    }

    let contestant = |name: &str, index, effort: Option<usize>| {
        let name = effort.map_or(name.to_string(), |effort| format!("{name} {effort}"));
        Contestant { name, index, effort }
    };
    let mut contestants = vec![
        contestant("exact", &exact as &dyn VectorIndex, None),
        contestant("8 bit", &certain, None),
    ];
    let root = (vectors.len() as f64).sqrt();
    for share in [0.1, 0.2, 0.4, 0.8, 1.6, 4.0] {
        contestants.push(contestant("lists", &lists, Some((share * root) as usize)));
    }
    contestants.push(contestant("lists", &lists, None));
    if with_graph {
        contestants.extend([128, 512, 2048].map(|ef| contestant("hnsw", &graph, Some(ef))));
    }
    table("no filter", &contestants, queries, None);
    contestants.retain(|contestant| contestant.effort.is_none());
    for percent in [1, 10, 50] {
        let mut random = Random(percent);
        let allowed: RoaringBitmap =
            (0..vectors.len() as u32).filter(|_| random.next() % 100 < percent).collect();
        table(&format!("filter {percent} %"), &contestants, queries, Some(&allowed));
    }
    for row in [7, 1_007, 5_007] {
        let far = unlike(vectors, row);
        table(&format!("unlike {row}"), &contestants, queries, Some(&far));
    }
}

/// The half of the rows that is less like this one: a filter that keeps what many queries do not mean.
fn unlike(vectors: &Vectors, row: usize) -> RoaringBitmap {
    let one = vectors.rows().nth(row).unwrap_or_default();
    let like = |other: &[f32]| one.iter().zip(other).map(|(a, b)| a * b).sum::<f32>();
    let likes: Vec<f32> = vectors.rows().map(like).collect();
    let mut sorted = likes.clone();
    sorted.sort_by(f32::total_cmp);
    let median = sorted[sorted.len() / 2];
    (0..).zip(&likes).filter(|(_, like)| **like < median).map(|(row, _)| row).collect()
}

fn fill(name: &str, index: &mut dyn VectorIndex, vectors: &Vectors) {
    let batch: Vec<(RowId, &[f32])> =
        vectors.rows().enumerate().map(|(row, vector)| (RowId(row as u32), vector)).collect();
    let start = Instant::now();
    index.insert_batch(&batch).expect("unit vectors");
    println!("  {name:<8} built in {:.1} s", start.elapsed().as_secs_f64());
}

/// The same queries to all, in turn; the first contestant's answers are the truth.
fn table(
    title: &str,
    contestants: &[Contestant],
    queries: &Vectors,
    filter: Option<&RoaringBitmap>,
) {
    let mut times = vec![Vec::new(); contestants.len()];
    let mut hits = vec![0; contestants.len()];
    let mut wanted = 0;
    for query in queries.rows() {
        let mut last = None;
        for (n, contestant) in contestants.iter().enumerate() {
            let params = SearchParams { k: 10, filter, effort: contestant.effort };
            let start = Instant::now();
            let found = contestant.index.search(query, &params).expect("a unit vector").neighbours;
            times[n].push(start.elapsed().as_secs_f64() * 1e3);
            let last = *last.get_or_insert(found.last().map_or(0.0, |worst| worst.cosine));
            hits[n] += found.iter().filter(|neighbour| neighbour.cosine >= last).count();
            wanted += if n == 0 { found.len() } else { 0 };
        }
    }
    println!("  {title:<14} {:>9} {:>14} {:>12}", "recall@10", "ms", "scan / this");
    let scan = spread(&mut times[0]).0;
    for (n, contestant) in contestants.iter().enumerate() {
        let (median, half) = spread(&mut times[n]);
        let recall = hits[n] as f64 / wanted.max(1) as f64;
        let name = &contestant.name;
        println!("  {name:<14} {recall:>9.4} {median:>7.3} ±{half:>5.3} {:>12.2}", scan / median);
    }
}

/// Median, and half the distance from the 10th to the 90th percentile.
fn spread(times: &mut [f64]) -> (f64, f64) {
    times.sort_by(f64::total_cmp);
    let at = |percent: usize| times[(times.len() - 1) * percent / 100];
    (at(50), (at(90) - at(10)) / 2.0)
}
