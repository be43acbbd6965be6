//! The words in pictures, and how long it took: `cargo run --release -p seer-ocr --example words --
//! PICTURE…`. With `--f32 FOLDER` or `--8bit FOLDER` first: by the model in a folder, computed so.

use std::path::Path;
use std::time::Instant;

use seer_kernels::precision::Precision;
use seer_ocr::{Ocr, Picture};

/// Readings of each picture; the fastest counts.
const TIMES: usize = 3;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let precision = match arguments.first().map(String::as_str) {
        Some("--f32") => Some(Precision::F32),
        Some("--8bit") => Some(Precision::EightBit),
        _ => None,
    };
    let ocr = match precision {
        Some(precision) => {
            let rest = arguments.split_off(2);
            let folder = std::mem::replace(&mut arguments, rest).remove(1);
            Ocr::from_files(Path::new(&folder), precision)?
        }
        None => Ocr::built_in()?,
    };
    for path in &arguments {
        let image = image::open(path)?.to_rgb8();
        let (width, height) = (image.width() as usize, image.height() as usize);
        let picture = Picture { pixels: image.as_raw(), width, height };
        let mut fastest = f64::INFINITY;
        let mut lines = Vec::new();
        for _ in 0..TIMES {
            let start = Instant::now();
            lines = ocr.read(picture, &|| false)?;
            fastest = fastest.min(start.elapsed().as_secs_f64());
        }
        println!("{path}: {width} x {height}, {:.0} ms", fastest * 1e3);
        for line in lines {
            println!("  {:.2}  {}", line.confidence, line.text);
        }
    }
    Ok(())
}
