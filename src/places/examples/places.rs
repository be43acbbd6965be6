//! Asks for places, and says how long that takes: `cargo run --release -p seer-places --example places
//! -- 38.7,-9.1 lisbon "beach in lisbon"`; without words only the times.

use std::hint::black_box;
use std::time::{Duration, Instant};

use seer_places::{Coordinates, Near, find, locate, position_or_place, read};

fn main() {
    for text in std::env::args().skip(1) {
        if let Ok(Near::Position(position)) = position_or_place(&text) {
            println!("{text}: {:?}", locate(position));
            continue;
        }
        for place in find(&text).iter().take(3) {
            println!("{text}: {place:?}");
        }
        for mention in read(&text) {
            let names: Vec<_> = mention.places[0].place.names().map(|name| &name.english).collect();
            println!("{:?} {:?}: {names:?}", &text[mention.range], mention.certainty);
        }
    }
    if std::env::args().len() == 1 {
        times();
    }
}

fn times() {
    let lisbon = Coordinates { latitude: 38.71, longitude: -9.13 };
    let memory = resident();
    let first = timed(1, |_| locate(lisbon));
    println!("first position {first:?}, {:.1} MB", resident() - memory);
    let memory = resident();
    let first = timed(1, |_| find("lisbon"));
    println!("first name {first:?}, {:.1} MB more", resident() - memory);
    println!(
        "first country {:?}, {:.1} MB more",
        timed(1, |_| find("portugal")),
        resident() - memory
    );
    let anywhere = |n: usize| Coordinates {
        latitude: (n * 7919 % 1_300) as f64 / 10.0 - 60.0,
        longitude: (n * 104_729 % 3_600) as f64 / 10.0 - 180.0,
    };
    println!("anywhere {:?}", timed(20_000, |n| locate(anywhere(n))));
    for (name, latitude, longitude) in
        [("Ruhr", 51.5, 7.1), ("Lombardy", 45.6, 9.2), ("London", 51.5, -0.1)]
    {
        let near =
            |n: usize| Coordinates { latitude, longitude: longitude + (n % 100) as f64 / 500.0 };
        println!("{name} {:?}", timed(2_000, |n| locate(near(n))));
    }
    println!("a name {:?}", timed(1_000, |_| find("lisbon")));
    println!(
        "a sentence {:?}",
        timed(1_000, |_| read("two dogs at the beach in lisbon last summer"))
    );
}

fn timed<T>(times: usize, mut work: impl FnMut(usize) -> T) -> Duration {
    let start = Instant::now();
    for n in 0..times {
        black_box(work(n));
    }
    start.elapsed() / times as u32
}

/// Megabytes of this process in memory, on Linux.
fn resident() -> f64 {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages = pages.split(' ').nth(1).and_then(|pages| pages.parse::<f64>().ok());
    pages.unwrap_or(0.0) * 4096.0 / 1e6
}
