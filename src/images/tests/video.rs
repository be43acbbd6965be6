//! Videos, whose frames are decoded in a process of their own: here it is this program again.

mod common;

use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use seer_images::{DecodeOptions, ImageError, Limits, Stop, VideoPhoto, decode, is_video};
use seer_types::{
    ColorOrder, CropRounding, DateSource, FailureKind, Interpolation, PreprocessSpec, ResizeMode,
};

const WORKER: &str = "--decode-for-others";
const SIDE: u32 = 30;

fn main() {
    if std::env::args().any(|argument| argument == WORKER) {
        if let Err(error) = seer_images::serve_worker() {
            eprintln!("{error}");
            std::process::exit(1);
        }
        return;
    }
    // Lists of tests are asked for by tools.
    if std::env::args().any(|argument| argument == "--list") {
        return;
    }
    let clips = clips();
    assert!(clips.len() > 12, "only {}", clips.len());
    without_a_worker_it_is_named(&clips[0]);
    let program = std::env::current_exe().expect("this program");
    seer_images::set_worker(program, vec![WORKER.into()]);
    for clip in &clips {
        frames_are_those_of_ffmpeg(clip);
    }
    frames_between_are_found_where_keys_are_rare();
    facts_of_cameras_are_read();
    others_are_refused_by_their_name();
    damage_is_refused(&clips);
    a_stop_ends_it(&clips[0]);
    what_is_there_is_enough(&clips);
    println!("videos of {} kinds: ok", clips.len());
}

/// A clip, and what FFmpeg shows of it.
struct Clip {
    path: PathBuf,
    bytes: Vec<u8>,
    duration: f64,
    keys: Vec<f64>,
}

fn folder() -> PathBuf {
    common::fixtures().join("videos")
}

/// Those that are decoded here.
fn clips() -> Vec<Clip> {
    let told = fs::read(folder().join("videos.json")).unwrap();
    let told: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(&told).unwrap();
    let clips = told.into_iter().map(|(name, told)| {
        let path = folder().join(name);
        let numbers = told["keys"].as_array().unwrap().iter();
        Clip {
            bytes: fs::read(&path).unwrap(),
            path,
            duration: told["duration"].as_f64().unwrap(),
            keys: numbers.map(|key| key.as_f64().unwrap()).collect(),
        }
    });
    clips.filter(|clip| !is_other(&clip.path) && !is_rare(&clip.path)).collect()
}

/// What a program is needed for.
fn is_other(path: &Path) -> bool {
    let name = path.file_name().unwrap().to_str().unwrap();
    name.starts_with("vp9") || name.starts_with("mpeg4")
}

/// More frames are shown than are keys.
fn is_rare(path: &Path) -> bool {
    path.ends_with("h264-one-key.mp4")
}

/// The scenes of a clip with one key frame are those of the clip with one for each.
fn frames_between_are_found_where_keys_are_rare() {
    let path = folder().join("h264-one-key.mp4");
    let photo = read(&path, &fs::read(&path).unwrap(), &Limits::default()).unwrap();
    let seconds = photo.facts.video.unwrap().frames;
    assert_eq!(seconds.len(), 3, "{seconds:?}");
    let path = folder().join("h264.mp4");
    let keys = read(&path, &fs::read(&path).unwrap(), &Limits::default()).unwrap().frames;
    for (second, frame) in seconds.into_iter().zip(&photo.frames) {
        let scene = (second / 2.0) as usize;
        let differences: Vec<u64> = keys
            .iter()
            .map(|key| {
                let pairs = key.rgb().iter().zip(frame.rgb());
                pairs.map(|(a, b)| u64::from(a.abs_diff(*b))).sum()
            })
            .collect();
        let nearest = (0..3).min_by_key(|scene| differences[*scene]).unwrap();
        assert_eq!(nearest, scene, "at {second} s: {differences:?}");
    }
}

fn spec(width: u32, height: u32) -> PreprocessSpec {
    PreprocessSpec {
        width,
        height,
        resize: ResizeMode::Squash,
        interpolation: Interpolation::Bilinear,
        crop: CropRounding::Floor,
        order: ColorOrder::ConvertFirst,
        mean: [0.0; 3],
        std: [1.0; 3],
    }
}

fn read(path: &Path, bytes: &[u8], limits: &Limits) -> Result<VideoPhoto, ImageError> {
    let options = DecodeOptions::from(limits);
    let file = &mut Cursor::new(bytes);
    seer_images::decode_video(file, path, &options, &spec(SIDE, SIDE), Some(SIDE))
}

fn without_a_worker_it_is_named(clip: &Clip) {
    let error = read(&clip.path, &clip.bytes, &Limits::default()).unwrap_err();
    assert_eq!(error.kind(), FailureKind::Unsupported);
    assert!(error.to_string().starts_with("videos cannot be read"), "{error}");
}

/// Pixels are compared at the size of the frames.
fn frames_are_those_of_ffmpeg(clip: &Clip) {
    let name = clip.path.display();
    let png = fs::read(format!("{name}.png")).unwrap();
    let expected = decode(&png, &Limits::default()).unwrap();
    let (width, height) = (expected.width(), expected.height() / clip.keys.len() as u32);
    let options = DecodeOptions::default();
    assert!(is_video(&clip.bytes[..512]), "{name}");
    let file = &mut Cursor::new(&clip.bytes);
    let photo =
        seer_images::decode_video(file, &clip.path, &options, &spec(width, height), Some(200));
    let photo = photo.unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!((photo.facts.width, photo.facts.height), (width, height), "{name}");
    let extension = clip.path.extension().unwrap().to_str().unwrap();
    assert_eq!(photo.facts.format, extension, "{name}");
    let video = photo.facts.video.unwrap();
    assert!((f64::from(video.duration) - clip.duration).abs() < 0.15, "{name}: {video:?}");
    assert_eq!(video.frames.len(), clip.keys.len(), "{name}: {video:?}");
    for (found, key) in video.frames.iter().zip(&clip.keys) {
        assert!((f64::from(*found) - key).abs() < 0.01, "{name}: {video:?}");
    }
    let all = expected.prepare(&spec(width, height * clip.keys.len() as u32));
    let frames = all.rgb().chunks_exact((width * height * 3) as usize);
    for (frame, expected) in photo.frames.iter().zip(frames) {
        let pairs = frame.rgb().iter().zip(expected);
        let sum: u64 = pairs.map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
        let mean = sum as f64 / expected.len() as f64;
        println!("{name}: mean difference {mean:.2}");
        assert!(mean < 2.5, "{name}: {mean}");
    }
    let small = decode(&photo.thumbnail.unwrap(), &Limits::default()).unwrap();
    assert_eq!((small.width(), small.height()), (width, height), "{name}");
    assert!(photo.facts.signature.is_some());
    let file = &mut Cursor::new(&clip.bytes);
    let small = seer_images::decode_video_thumbnail(file, &clip.path, &options, 80).unwrap();
    assert_eq!(
        decode(&small, &Limits::default())
            .unwrap()
            .width()
            .max(decode(&small, &Limits::default()).unwrap().height()),
        80
    );
}

fn facts_of_cameras_are_read() {
    let facts = |name: &str| {
        let path = folder().join(name);
        read(&path, &fs::read(&path).unwrap(), &Limits::default()).unwrap().facts
    };
    for (name, taken) in [
        ("h264.mp4", "2019-07-14T16:20:05"),
        ("h264-wide.mov", "2019-07-14T18:20:05"),
        ("hevc-ten.mov", "2019-07-14T18:20:05"),
        ("h264.mkv", "2019-07-14T16:20:05"),
    ] {
        let facts = facts(name);
        let date = facts.taken.unwrap_or_else(|| panic!("{name}"));
        assert_eq!((date.start.to_string().as_str(), date.source), (taken, DateSource::Container));
        let position = facts.position.unwrap_or_else(|| panic!("{name}"));
        assert!((position.latitude - 36.4483).abs() < 1e-4, "{name}");
        assert!((position.longitude + 5.1234).abs() < 1e-4, "{name}");
    }
    assert_eq!(facts("h264-wide.mov").camera_model.as_deref(), Some("Apple iPhone 12"));
    assert_eq!(facts("one-frame.mp4").taken, None);
}

fn others_are_refused_by_their_name() {
    for (name, what) in [
        ("vp9.webm", "videos coded as VP9 cannot be read; name an ffmpeg"),
        ("mpeg4.avi", "AVI videos cannot be read; name an ffmpeg"),
    ] {
        let path = folder().join(name);
        let error = read(&path, &fs::read(&path).unwrap(), &Limits::default()).unwrap_err();
        assert_eq!(error.kind(), FailureKind::Unsupported);
        assert!(error.to_string().starts_with(what), "{error}");
    }
}

/// Changed bytes give frames or a reason, in bounded time and memory, and this process lives on.
fn damage_is_refused(clips: &[Clip]) {
    let tight = Limits { max_decoded_bytes: 32 << 20, ..Limits::default() };
    let times = std::env::var("SEER_MUTATIONS").ok().and_then(|times| times.parse().ok());
    let mut random = Random(7);
    let mut refused = 0;
    for clip in clips {
        for round in 0..6 * times.unwrap_or(1) {
            let mut bytes = clip.bytes.clone();
            if round % 3 == 0 {
                bytes.truncate(random.below(bytes.len()));
            }
            // Most of the lengths stand in the head or in what follows the frames.
            for _ in 0..1 + random.below(6) {
                if bytes.is_empty() {
                    break;
                }
                let end = if random.below(2) == 0 { bytes.len().min(1200) } else { bytes.len() };
                let at = random.below(end);
                bytes[at] =
                    [0, 1, 0x7f, 0x80, 0xff, bytes[at] ^ 1 << random.below(8)][random.below(6)];
            }
            let begin = Instant::now();
            match read(&clip.path, &bytes, &tight) {
                Ok(photo) => assert!((1..=8).contains(&photo.frames.len())),
                Err(error) => {
                    assert!(!error.to_string().is_empty());
                    refused += 1;
                }
            }
            let time = begin.elapsed();
            assert!(time < Duration::from_secs(30), "{}: {time:?}", clip.path.display());
        }
    }
    assert!(refused > 10, "only {refused}");
}

fn a_stop_ends_it(clip: &Clip) {
    let stop = Stop::new();
    stop.stop();
    let options = DecodeOptions { stop, ..DecodeOptions::default() };
    let file = &mut Cursor::new(&clip.bytes);
    let stopped = seer_images::decode_video_thumbnail(file, &clip.path, &options, 20);
    assert_eq!(stopped, Err(ImageError::Stopped));
}

/// A recording that ends early has the frames that are there.
fn what_is_there_is_enough(clips: &[Clip]) {
    let clip = clips.iter().find(|clip| clip.path.ends_with("h264-fragments.mp4")).unwrap();
    let cut = &clip.bytes[..clip.bytes.len() * 3 / 4];
    let photo = read(&clip.path, cut, &Limits::default()).unwrap();
    assert!((1..3).contains(&photo.frames.len()), "{}", photo.frames.len());
}

struct Random(u64);

impl Random {
    /// The next number below `limit` (an xorshift generator).
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % limit
    }
}
