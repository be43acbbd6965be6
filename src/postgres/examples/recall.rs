//! Recall and time of nearest neighbours at 100,000 photos, on a server of its own.
//!
//!     cargo run --release -p seer-postgres --example recall -- FOLDER [PHOTOS] [PARTITIONS]
//!
//! FOLDER holds `images-12000x512.f16.npy` and `texts-2148x512.f16.npy`: real embeddings of one CLIP
//! model. More pictures than there are drawn by mixing two of them with noise. 200 of the texts ask.
//! Leaves out: the network, other clients, a server whose memory is smaller than the library.

#[path = "../tests/support/mod.rs"]
mod support;

use std::path::Path;
use std::time::Instant;

use half::f16;
use seer_postgres::PostgresStore;
use seer_store::{Change, Filter, Nearest, Point, Store};
use seer_store_suite::photo;
use seer_types::{Embedding, IndexKind, ModelFingerprint};
use support::Server;

const MODEL: ModelFingerprint = ModelFingerprint([7; 16]);
const DIM: usize = 512;
const QUERIES: usize = 200;
const K: usize = 10;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().expect("a folder with vectors");
    let photos = arguments.next().map_or(100_000, |n| n.parse().expect("a number of photos"));
    let partitions = arguments.next().map_or(0, |n| n.parse().expect("a number of parts"));
    let pictures = vectors(&Path::new(&folder).join("images-12000x512.f16.npy"));
    let texts = vectors(&Path::new(&folder).join("texts-2148x512.f16.npy"));
    let server = Server::start(&["max_wal_size=4GB"]);
    let (_, config) = server.library(partitions);
    let store = PostgresStore::open(&config).expect("the library opens");
    store.add_space(MODEL, "clip", DIM).expect("a space");
    let begun = Instant::now();
    fill(&store, &pictures, photos);
    let seconds = begun.elapsed().as_secs_f64();
    println!("{photos} photos written in {seconds:.1} s, {:.0} a second", photos as f64 / seconds);
    let queries: Vec<Embedding> =
        texts.iter().step_by(texts.len() / QUERIES).take(QUERIES).map(|t| embedding(t)).collect();
    let asked = [
        ("all", Filter::All(Vec::new())),
        ("half", Filter::Width { min: None, max: Some(1999) }),
        ("a third", Filter::Width { min: None, max: Some(1299) }),
        ("a tenth", Filter::Width { min: None, max: Some(399) }),
    ];
    // Without an index every photo is compared: these answers are right.
    let truths: Vec<Vec<Nearest>> =
        asked.iter().map(|(what, filter)| ask(&store, &queries, what, filter)).collect();
    for kind in [IndexKind::Auto, IndexKind::Hnsw] {
        if kind == IndexKind::Hnsw && std::env::var_os("HNSW").is_none() {
            continue;
        }
        store.set_index(MODEL, kind).expect("set");
        let begun = Instant::now();
        store.maintain(&mut |_, _| true).expect("maintained");
        println!("{kind}: maintained in {:.1} s", begun.elapsed().as_secs_f64());
        for ((what, filter), truth) in asked.iter().zip(&truths) {
            let found = ask(&store, &queries, what, filter);
            println!("    recall@{K} {:.4}", recall(&found, truth));
        }
    }
}

/// Asks each query alone, prints the times, and gives the answers.
fn ask(store: &dyn Store, queries: &[Embedding], what: &str, filter: &Filter) -> Vec<Nearest> {
    let begun = Instant::now();
    let allowed = store.allow(filter).expect("allowed");
    let allowing = ms(begun);
    let allowed = Some(&allowed).filter(|_| *filter != Filter::All(Vec::new()));
    let (mut answers, mut times) = (Vec::new(), Vec::new());
    for query in queries {
        let begun = Instant::now();
        answers.push(store.nearest(query, K, allowed).expect("neighbours"));
        times.push(ms(begun));
    }
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times[(times.len() as f64 * share) as usize];
    println!(
        "{what}: {} ({} allowed, found in {allowing:.1} ms), p50 {:.1} ms, p95 {:.1} ms",
        answers[0].method,
        allowed.map_or("all".to_owned(), |allowed| allowed.count.to_string()),
        at(0.5),
        at(0.95)
    );
    answers
}

fn recall(found: &[Nearest], truth: &[Nearest]) -> f64 {
    let hits = found.iter().zip(truth).map(|(found, truth)| {
        let right =
            |one: &&seer_store::Neighbour| truth.neighbours.iter().any(|right| right.id == one.id);
        assert_eq!(found.neighbours.len(), truth.neighbours.len(), "as many answers");
        found.neighbours.iter().filter(right).count()
    });
    hits.sum::<usize>() as f64 / truth.iter().map(|one| one.neighbours.len()).sum::<usize>() as f64
}

fn embedding(values: &[f32]) -> Embedding {
    Embedding::new(MODEL, values.to_vec()).expect("an embedding")
}

fn vectors(file: &Path) -> Vec<Vec<f32>> {
    let bytes = std::fs::read(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let header = 10 + usize::from(u16::from_le_bytes([bytes[8], bytes[9]]));
    let numbers = bytes[header..].chunks_exact(2);
    let numbers: Vec<f32> =
        numbers.map(|pair| f16::from_le_bytes([pair[0], pair[1]]).to_f32()).collect();
    numbers.chunks_exact(DIM).map(<[f32]>::to_vec).collect()
}

/// A small generator of numbers (xorshift).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// Of about the bell's shape, around 0.
    fn noise(&mut self) -> f32 {
        (0..4).map(|_| (self.next() >> 40) as f32 / (1 << 24) as f32 - 0.5).sum()
    }
}

fn fill(store: &dyn Store, pictures: &[Vec<f32>], photos: usize) {
    let mut numbers = Numbers(42);
    for start in (0..photos).step_by(512) {
        let batch: Vec<Change> = (start..photos.min(start + 512))
            .map(|number| {
                let values = if number < pictures.len() {
                    pictures[number].clone()
                } else {
                    mixed(pictures, &mut numbers)
                };
                change(number, &values)
            })
            .collect();
        store.apply(&batch).expect("applied");
    }
}

fn mixed(pictures: &[Vec<f32>], numbers: &mut Numbers) -> Vec<f32> {
    let one = &pictures[numbers.next() as usize % pictures.len()];
    let other = &pictures[numbers.next() as usize % pictures.len()];
    let share = 0.1 + (numbers.next() % 300) as f32 / 1000.0;
    let pairs = one.iter().zip(other);
    pairs.map(|(a, b)| a * (1.0 - share) + b * share + 0.012 * numbers.noise()).collect()
}

fn change(number: usize, values: &[f32]) -> Change {
    let path = format!("/photos/2019/{}/img_{number}.jpg", number % 97);
    let mut change = photo(number as u32, &path, vec![Point::whole(embedding(values))]);
    if let Change::Photo { facts, .. } = &mut change {
        facts.width = (number * 7919 % 4000) as u32;
        facts.caption = Some(format!("a dog number {number} on the beach"));
    }
    change
}

fn ms(begun: Instant) -> f64 {
    begun.elapsed().as_secs_f64() * 1000.0
}
