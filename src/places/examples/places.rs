//! Asks for places: `cargo run -p seer-places --example places -- 38.7,-9.1 lisbon "beach in lisbon"`.

use std::time::Instant;

use seer_places::{Near, find, locate, position_or_place, read};

fn main() {
    let start = Instant::now();
    for text in std::env::args().skip(1) {
        if let Ok(Near::Position(position)) = position_or_place(&text) {
            println!("{text}: {:?} after {:?}", locate(position), start.elapsed());
            continue;
        }
        for place in find(&text).iter().take(3) {
            println!("{text}: {place:?}");
        }
        for mention in read(&text) {
            let first = &mention.places[0];
            println!(
                "{:?} {:?}: {:?} {:?}",
                &text[mention.range],
                mention.certainty,
                first.kind,
                first.place.names().map(|name| &name.english).collect::<Vec<_>>()
            );
        }
    }
}
