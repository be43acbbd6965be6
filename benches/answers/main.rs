//! What answers cost beside the search itself, in a large library.
//!
//! What, all in one process, medians of interleaved runs:
//! - reading a sentence: dates, and names that the library knows;
//! - an answer with bands, folded and explained, against one with every photo a hit of its own and
//!   nothing explained; with texts asked before, and with new ones;
//! - 64 queries at once against the same one by one;
//! - all groups of photos that are alike.
//!
//! Data: invented records of camera photos (`benches/cold/library.rs`) with classes, signatures of
//! random pictures of which one in 50 is shown twice, and embeddings mixed from the reference pictures
//! of the built-in model, so that texts and photos are in one space. Not measured: the service,
//! pictures in queries.
//!
//! `cargo bench --bench answers -- 100000`. A library is kept in `answers-N` below the folder that
//! `--folder` names (else the target's temporary one) and used again if it is there.

#[path = "../../src/vectors/benches/ann/data.rs"]
#[allow(dead_code)]
mod data;
#[path = "../cold/library.rs"]
#[allow(dead_code)]
mod library;
mod made;
mod queries;

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use seer_encoders::{DeviceChoice, Model};
use seer_engine::{Library, OpenOptions, SearchRequest, Stop};

use queries::Queries;

/// Queries of each kind.
const QUERIES: usize = 192;
/// Queries asked at once.
const TOGETHER: usize = 64;

fn main() -> io::Result<()> {
    let mut folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let mut photos = 100_000;
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--folder" => folder = arguments.next().map(PathBuf::from).unwrap_or(folder),
            number => photos = number.parse().unwrap_or(photos),
        }
    }
    let folder = folder.join(format!("answers-{photos}"));
    let model = Arc::new(Model::builtin(DeviceChoice::Cpu).map_err(io::Error::other)?);
    if !folder.exists() {
        made::make(&folder, photos, &model)?;
    }
    let options = OpenOptions { model: Some(model), ..OpenOptions::default() };
    let library = Library::open(&folder, options).map_err(io::Error::other)?;
    println!("{photos} photos");
    understanding(&library);
    explaining(&library);
    together(&library);
    duplicates(&library);
    Ok(())
}

fn request(query: String, all: bool, explain: bool) -> SearchRequest {
    SearchRequest { query, all, explain, ..SearchRequest::default() }
}

/// Milliseconds of one piece of work.
fn ms<T>(work: impl FnOnce() -> T) -> f64 {
    let start = Instant::now();
    std::hint::black_box(work());
    start.elapsed().as_secs_f64() * 1000.0
}

fn at(values: &mut [f64], share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    values[((values.len() - 1) as f64 * share) as usize]
}

fn understanding(library: &Library) {
    let mut first = Vec::new();
    let mut again = Vec::new();
    for query in Queries::new(1).take(QUERIES) {
        let request = request(query, false, false);
        first.push(ms(|| library.needs_model(&request).expect("a query")));
        again.push(ms(|| library.needs_model(&request).expect("a query")));
    }
    println!("\nreading a sentence           p50 ms    p99 ms");
    println!(
        "  first time              {:>9.3} {:>9.3}",
        at(&mut first, 0.5),
        at(&mut first, 0.99)
    );
    println!(
        "  again                   {:>9.3} {:>9.3}",
        at(&mut again, 0.5),
        at(&mut again, 0.99)
    );
}

fn explaining(library: &Library) {
    let ask = |request: &SearchRequest| library.search(request).expect("an answer");
    let [mut plain, mut folded, mut explained, mut new_plain, mut new_explained] =
        [const { Vec::new() }; 5];
    let mut others = Queries::new(2);
    for query in Queries::new(3).take(QUERIES) {
        // The same text is known to both, new ones are of the same kind.
        ask(&request(query.clone(), false, true));
        plain.push(ms(|| ask(&request(query.clone(), true, false))));
        folded.push(ms(|| ask(&request(query.clone(), false, false))));
        explained.push(ms(|| ask(&request(query.clone(), false, true))));
        let (one, other) = (others.next(), others.next());
        new_plain.push(ms(|| ask(&request(one.unwrap_or_default(), true, false))));
        new_explained.push(ms(|| ask(&request(other.unwrap_or_default(), false, true))));
    }
    println!("\none answer, 20 hits          p50 ms    p99 ms   to plain");
    let base = at(&mut plain, 0.5);
    let new_base = at(&mut new_plain, 0.5);
    for (name, values, base) in [
        ("known text, plain", &mut plain, base),
        ("  folded", &mut folded, base),
        ("  folded and explained", &mut explained, base),
        ("new text, plain", &mut new_plain, new_base),
        ("  folded and explained", &mut new_explained, new_base),
    ] {
        let (p50, p99) = (at(values, 0.5), at(values, 0.99));
        println!("  {name:<24} {p50:>8.3} {p99:>9.3} {:>9.2}", p50 / base);
    }
}

fn together(library: &Library) {
    println!("\n{TOGETHER} queries                one by one ms   at once ms     times");
    for known in [false, true] {
        let [mut alone, mut at_once] = [const { Vec::new() }; 2];
        for round in 0..7 {
            let seed = if known { 77 } else { 100 + round };
            let block = |seed: u64| -> Vec<SearchRequest> {
                let queries = Queries::new(seed).take(TOGETHER);
                queries.map(|query| request(query, false, false)).collect()
            };
            // New texts differ between the two; known ones are the same.
            let (one, other) = (block(seed), block(if known { seed } else { seed + 1000 }));
            if known {
                library.search_batch(&one, &Stop::new());
            }
            alone.push(ms(|| one.iter().map(|one| library.search(one)).collect::<Vec<_>>()));
            at_once.push(ms(|| library.search_batch(&other, &Stop::new())));
        }
        let (alone, at_once) = (at(&mut alone, 0.5), at(&mut at_once, 0.5));
        let name = if known { "known texts" } else { "new texts" };
        println!("  {name:<24} {alone:>12.1} {at_once:>12.1} {:>9.2}", alone / at_once);
    }
}

fn duplicates(library: &Library) {
    let mut groups = 0;
    let took = ms(|| {
        let found = library.duplicates("", &Stop::new(), &mut |_| ());
        groups = found.expect("groups").len();
    });
    println!("\nall photos that are alike: {groups} groups in {:.1} s", took / 1000.0);
}
