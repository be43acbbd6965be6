//! Reading the words in a photo on one thread, and the same by the reference implementation.
//!
//! Measured, each as the best of rounds in which all cases and both programs take turns: the detector
//! on 992x736 pixels without text (what a photo costs once it has that size), and whole photos of 12
//! megapixels with 0, 5 and 40 lines; a line is what the last two differ by. Photos are waves and
//! noise, their lines are cut out of the drawings in `tests/golden` and enlarged. The peer is the
//! Python package rapidocr 3.10 with the same networks in f32 by onnxruntime on one thread, which
//! looks at pictures in the same sizes. Left out: decoding of files, loading of models.
//!
//! `SEER_PEERS_PYTHON=python cargo bench -p seer-ocr`, where that Python has
//! `benches/peers/requirements-words.txt`; without it the peer is left out.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Instant;

use image::imageops::FilterType;
use image::{RgbImage, imageops};
use seer_ocr::{Ocr, Picture};

const ROUNDS: usize = 9;
const LARGE: [u32; 2] = [4000, 3000];
const SEARCHED: [u32; 2] = [992, 736];
/// How many times as large lines are pasted.
const ENLARGED: u32 = 3;
const COLUMNS: usize = 2;
const MANY: usize = 40;

fn main() {
    // The kernels take as many threads as rayon has, and rayon asks the environment once.
    if std::env::var("RAYON_NUM_THREADS").as_deref() != Ok("1") {
        let this = std::env::current_exe().expect("the path of this program");
        let status = Command::new(this).env("RAYON_NUM_THREADS", "1").status();
        std::process::exit(status.ok().and_then(|status| status.code()).unwrap_or(1));
    }
    let start = Instant::now();
    let ocr = Ocr::built_in().expect("the model in the program");
    println!("loading: {:.0} ms", milliseconds(start));
    let mut cases = vec![
        Case::new("detector, 992x736", photo(SEARCHED), 0),
        Case::new("12 MP, no line", photo(LARGE), 0),
        Case::new("12 MP, 5 lines", written(5), 5),
        Case::new("12 MP, 40 lines", written(MANY), MANY),
    ];
    for case in &cases {
        println!("{}: {} lines are read of {}", case.name, case.own(&ocr).0, case.lines);
    }
    let mut peer = std::env::var_os("SEER_PEERS_PYTHON").map(|python| Peer::new(&python, &cases));
    for _ in 0..ROUNDS {
        for (number, case) in cases.iter_mut().enumerate() {
            let taken = case.own(&ocr).1;
            case.best[0] = case.best[0].min(taken);
            if let Some(peer) = &mut peer {
                case.best[1] = case.best[1].min(peer.milliseconds(number));
            }
        }
    }
    println!("{:<22}{:>10}{:>12}{:>14}", "", "seer ms", "rapidocr ms", "times as fast");
    let row = |name: &str, [own, peer]: [f64; 2]| {
        println!("{name:<22}{own:>10.1}{peer:>12.1}{:>14.1}", peer / own);
    };
    cases.iter().for_each(|case| row(case.name, case.best));
    let (five, many) = (&cases[2], &cases[3]);
    let apart = (many.lines - five.lines) as f64;
    row("a line", [0, 1].map(|who| (many.best[who] - five.best[who]) / apart));
}

fn milliseconds(start: Instant) -> f64 {
    start.elapsed().as_secs_f64() * 1e3
}

/// A photo, and the fastest times of both programs.
struct Case {
    name: &'static str,
    photo: RgbImage,
    lines: usize,
    best: [f64; 2],
}

impl Case {
    fn new(name: &'static str, photo: RgbImage, lines: usize) -> Self {
        Self { name, photo, lines, best: [f64::INFINITY; 2] }
    }

    /// How many lines seer reads, and in how many milliseconds.
    fn own(&self, ocr: &Ocr) -> (usize, f64) {
        let (width, height) = (self.photo.width() as usize, self.photo.height() as usize);
        let picture = Picture { pixels: self.photo.as_raw(), width, height };
        let start = Instant::now();
        let lines = ocr.read(picture, &|| false).expect("a picture that can be read");
        (lines.len(), milliseconds(start))
    }
}

/// The other program, asked case by case.
struct Peer {
    process: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
    _folder: tempfile::TempDir,
}

impl Peer {
    fn new(python: &std::ffi::OsStr, cases: &[Case]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for (number, case) in cases.iter().enumerate() {
            case.photo.save(folder.path().join(format!("{number}.png"))).expect("room for a photo");
        }
        let mut process = Command::new(python)
            .arg(here("../../benches/peers/words.py"))
            .arg(folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the Python of the peer");
        let questions = process.stdin.take().expect("a pipe");
        let answers = BufReader::new(process.stdout.take().expect("a pipe"));
        Self { process, questions, answers, _folder: folder }
    }

    fn milliseconds(&mut self, case: usize) -> f64 {
        writeln!(self.questions, "{case}").expect("the peer listens");
        let mut answer = String::new();
        self.answers.read_line(&mut answer).expect("the peer answers");
        answer.trim().parse().expect("the peer answers in milliseconds")
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn here(part: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(part)
}

/// Waves in three colours and noise.
fn photo([width, height]: [u32; 2]) -> RgbImage {
    let mut noise = 1u32;
    RgbImage::from_fn(width, height, |x, y| {
        let [across, down] = [(x, width), (y, height)].map(|(v, all)| v as f32 / all as f32);
        let wave = |colour: f32| {
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let grain = (noise >> 29) as f32;
            let slow = (across * (7.0 + colour) + colour).sin() + (down * (5.0 - colour)).cos();
            (120.0 + 40.0 * slow + grain) as u8
        };
        image::Rgb([0.0, 1.0, 2.0].map(wave))
    })
}

/// A photo of 12 megapixels with so many lines.
fn written(count: usize) -> RgbImage {
    let mut photo = photo(LARGE);
    let step = [LARGE[0] as usize / COLUMNS, LARGE[1] as usize * COLUMNS / MANY];
    for (number, line) in lines().iter().cycle().take(count).enumerate() {
        let (x, y) = (number % COLUMNS * step[0], number / COLUMNS * step[1]);
        imageops::replace(&mut photo, line, x as i64, y as i64);
    }
    photo
}

/// Level lines of the drawings, enlarged.
fn lines() -> Vec<RgbImage> {
    let golden = here("tests/golden");
    let text = std::fs::read(golden.join("lines.json")).expect("lines.json");
    let drawings: serde_json::Map<String, serde_json::Value> =
        serde_json::from_slice(&text).expect("drawings");
    let mut out = Vec::new();
    for (name, lines) in &drawings {
        let drawing = image::open(golden.join(name)).expect("a drawing").to_rgb8();
        for line in lines.as_array().into_iter().flatten() {
            let at = |corner: usize, axis: usize| line["corners"][corner][axis].as_f64();
            let corner = |number| Some([at(number, 0)? as u32, at(number, 1)? as u32]);
            let [Some(a), Some(b), Some(c)] = [0, 1, 2].map(corner) else { continue };
            let [wide, high] = [b[0].saturating_sub(a[0]), c[1].saturating_sub(b[1])];
            let fits = ENLARGED * high <= 140 && ENLARGED * wide <= 1900;
            if a[1] == b[1] && b[0] == c[0] && wide > 3 * high && fits {
                let cut = imageops::crop_imm(&drawing, a[0], a[1], wide, high).to_image();
                let size = [wide, high].map(|length| length * ENLARGED);
                out.push(imageops::resize(&cut, size[0], size[1], FilterType::CatmullRom));
            }
        }
    }
    out
}
