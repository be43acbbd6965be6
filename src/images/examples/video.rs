//! Prints what is read of videos and how long it takes:
//! `cargo run --release -p seer-images --example video -- FILE…`, one line of JSON for each.

use std::error::Error;
use std::fs::File;
use std::path::Path;
use std::time::Instant;

use seer_images::{DecodeOptions, decode_video, serve_worker, set_worker};
use seer_types::{ColorOrder, CropRounding, Interpolation, PreprocessSpec, ResizeMode};

/// Frames are decoded by this program in another process.
const WORKER: &str = "--decode-for-others";

/// What most models take.
const SPEC: PreprocessSpec = PreprocessSpec {
    width: 224,
    height: 224,
    resize: ResizeMode::ShortestEdge(224),
    interpolation: Interpolation::Bicubic,
    crop: CropRounding::Floor,
    order: ColorOrder::ConvertFirst,
    mean: [0.5; 3],
    std: [0.5; 3],
};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    if arguments.iter().any(|argument| argument == WORKER) {
        return Ok(serve_worker()?);
    }
    set_worker(std::env::current_exe()?, vec![WORKER.into()]);
    for path in &arguments {
        let (path, begin) = (Path::new(path), Instant::now());
        let read =
            decode_video(&mut File::open(path)?, path, &DecodeOptions::default(), &SPEC, Some(512));
        let seconds = begin.elapsed().as_secs_f64();
        match read {
            Ok(mut video) => {
                video.facts.signature = None;
                let facts = &video.facts;
                let line = serde_json::json!({ "file": path, "facts": facts, "seconds": seconds });
                println!("{line}");
            }
            Err(error) => eprintln!("{}: {error}", path.display()),
        }
    }
    Ok(())
}
