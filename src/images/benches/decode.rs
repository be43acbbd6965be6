//! JPEG file to a 224-pixel input on one thread: in full, reduced while decoding, and Pillow.
//!
//! Measured: from the path of a file to prepared pixels (shorter edge 224, bicubic), the median of
//! rounds in which all ways take turns, so that a busy machine disturbs all alike. Printed are
//! milliseconds and how many times as long each way takes as the reduced one (the baseline).
//! `full` is `decode` and `prepare`; `reduced` is `decode_prepared`, what indexing does; `decode` is
//! that alone, and so is zune-jpeg's, which has damaged and rare files to decode. Pillow:
//! in full, with `draft` at 224 and with `draft` at 448 pixels (at 12 megapixels the last decodes
//! at the same quarter as `reduced`; the one before at an eighth, which costs accuracy).
//!
//! Data: the files named after `--`, else waves and noise of 12 and 1 megapixels. Left out: other
//! threads, reading from a cold disk.
//!
//! `SEER_PEERS_PYTHON=python cargo bench -p seer-images --bench decode -- PHOTO...`, where that
//! Python has `benches/peers/requirements-decode.txt`; without it Pillow is left out.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Instant;

use seer_images::{DecodeOptions, Limits, decode, decode_prepared};
use seer_types::{ColorOrder, CropRounding, Interpolation, PreprocessSpec, ResizeMode};
use zune_core::bytestream::ZCursor;

const ROUNDS: usize = 15;

/// A name, and what is done with a file's bytes.
type Way = (&'static str, fn(&[u8]));

const OWN_WAYS: [Way; 4] = [
    ("seer reduced", reduced),
    ("seer full", full),
    ("seer decode", decode_alone),
    ("zune-jpeg decode", zune_alone),
];
const PILLOW_WAYS: [&str; 3] = ["full", "draft", "draft2"];

const SPEC: PreprocessSpec = PreprocessSpec {
    width: 224,
    height: 224,
    resize: ResizeMode::ShortestEdge(224),
    interpolation: Interpolation::Bicubic,
    crop: CropRounding::HalfToEven,
    order: ColorOrder::ResizeFirst,
    mean: [0.5; 3],
    std: [0.5; 3],
};

fn main() {
    let folder = std::env::temp_dir().join(format!("seer-decode-{}", std::process::id()));
    let named: Vec<PathBuf> =
        std::env::args().skip(1).filter(|a| !a.starts_with("--")).map(PathBuf::from).collect();
    let files = if named.is_empty() { synthetic(&folder) } else { named };
    let mut pillow = Pillow::start();
    files.iter().for_each(|file| compare(file, pillow.as_mut()));
    let _ = std::fs::remove_dir_all(folder);
}

fn compare(file: &Path, mut pillow: Option<&mut Pillow>) {
    let mut rounds: Vec<Vec<f64>> = vec![Vec::new(); OWN_WAYS.len() + PILLOW_WAYS.len()];
    for _ in 0..ROUNDS {
        for (times, (_, way)) in rounds.iter_mut().zip(OWN_WAYS) {
            times.push(milliseconds(|| way(&std::fs::read(file).expect("the file can be read"))));
        }
        if let Some(pillow) = &mut pillow {
            for (times, way) in rounds[OWN_WAYS.len()..].iter_mut().zip(PILLOW_WAYS) {
                times.push(pillow.prepare(way, file));
            }
        }
    }
    println!("{}", file.display());
    let pillow = ["Pillow full", "Pillow draft 224", "Pillow draft 448"];
    let names = OWN_WAYS.iter().map(|(name, _)| *name).chain(pillow);
    let baseline = median(&rounds[0]);
    for (name, times) in names.zip(&rounds).filter(|(_, times)| !times.is_empty()) {
        let least = times.iter().copied().fold(f64::INFINITY, f64::min);
        let median = median(times);
        println!("  {name:<18}{median:>8.1} ms{:>8.2} : 1   best {least:.1} ms", median / baseline);
    }
}

fn reduced(bytes: &[u8]) {
    drop(decode_prepared(bytes, &DecodeOptions::default(), &SPEC).expect("it is a photo"));
}

fn full(bytes: &[u8]) {
    drop(decode(bytes, &Limits::default()).expect("it is a photo").prepare(&SPEC));
}

fn decode_alone(bytes: &[u8]) {
    drop(decode(bytes, &Limits::default()).expect("it is a photo"));
}

fn zune_alone(bytes: &[u8]) {
    let pixels = zune_jpeg::JpegDecoder::new(ZCursor::new(bytes)).decode();
    drop(pixels.expect("it is a photo"));
}

fn milliseconds(work: impl FnOnce()) -> f64 {
    let start = Instant::now();
    work();
    start.elapsed().as_secs_f64() * 1e3
}

fn median(times: &[f64]) -> f64 {
    let mut sorted = times.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}

/// A Python that answers one line with one line.
struct Pillow {
    child: Child,
    asks: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Pillow {
    fn start() -> Option<Self> {
        let python = std::env::var_os("SEER_PEERS_PYTHON")?;
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../benches/peers/decode.py");
        let mut child = Command::new(python)
            .arg(script)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("SEER_PEERS_PYTHON names a Python");
        let asks = child.stdin.take().expect("its input is a pipe");
        let answers = BufReader::new(child.stdout.take().expect("its output is a pipe"));
        Some(Self { child, asks, answers })
    }

    fn prepare(&mut self, way: &str, file: &Path) -> f64 {
        writeln!(self.asks, "{way} {}", file.display()).expect("Pillow listens");
        let mut answer = String::new();
        self.answers.read_line(&mut answer).expect("Pillow answers");
        answer.trim().parse().expect("Pillow answers with milliseconds (its message is above)")
    }
}

impl Drop for Pillow {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Photos made of waves and noise: 12 and 1 megapixels.
fn synthetic(folder: &Path) -> Vec<PathBuf> {
    std::fs::create_dir_all(folder).expect("a temporary folder");
    let mut files = Vec::new();
    for (name, width, height) in [("12-megapixels.jpg", 4000, 3000), ("1-megapixel.jpg", 1160, 870)]
    {
        let file = folder.join(name);
        std::fs::write(&file, jpeg(width, height)).expect("writing to a temporary folder");
        files.push(file);
    }
    files
}

fn jpeg(width: u32, height: u32) -> Vec<u8> {
    let mut pixels = format!("P6 {width} {height} 255\n").into_bytes();
    let mut state = 0x2545_f491_u32;
    for y in 0..height {
        for x in 0..width {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            let wave = (x as f32 / 41.0).sin() * 50.0 + (y as f32 / 67.0).cos() * 50.0;
            let noise = (state >> 28) as f32;
            let light = 120.0 + wave + noise;
            pixels.extend([light as u8, (light * 0.9) as u8, (light * 0.7) as u8]);
        }
    }
    let photo = decode(&pixels, &Limits::default()).expect("this is a PNM picture");
    photo.thumbnail(width.max(height))
}
