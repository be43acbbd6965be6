//! The reference implementation's outputs against ours; `make/golden.py` made them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use seer_checkpoint::Checkpoint;
use serde::Deserialize;

use crate::find::{Corners, length};
use crate::lines::believed;
use crate::net::Map;
use crate::net::detector::Detector;
use crate::net::recogniser::Recogniser;
use crate::picture::Rgb;
use crate::read::decode::Characters;
use crate::weights::Weights;
use crate::{Ocr, TextLine};

fn here(part: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(part)
}

fn picture(name: &str) -> Rgb {
    let image = image::open(here("tests/golden").join(name)).unwrap().to_rgb8();
    let (width, height) = (image.width() as usize, image.height() as usize);
    Rgb { pixels: image.into_raw(), width, height }
}

fn json<T: for<'a> Deserialize<'a>>(name: &str) -> T {
    serde_json::from_slice(&std::fs::read(here("tests/golden").join(name)).unwrap()).unwrap()
}

#[derive(Deserialize)]
struct Networks {
    map: Vec<f32>,
    classes: Vec<usize>,
    probabilities: Vec<f32>,
}

/// Values from -1 to 1.
fn prepared(picture: &Rgb, rows: std::ops::Range<usize>) -> Map {
    let bytes = &picture.pixels[rows.start * picture.width * 3..rows.end * picture.width * 3];
    let values = bytes.iter().map(|byte| f32::from(*byte) / 127.5 - 1.0).collect();
    Map { height: rows.len(), width: picture.width, channels: 3, values }
}

/// In f32, with the same rounded weights as the reference: what differs is the order of sums.
#[test]
fn both_networks_compute_what_the_reference_computes() {
    let (picture, expected) = (picture("networks.png"), json::<Networks>("networks.json"));
    let files = Checkpoint::Folder(here("weights"));
    let bytes =
        ["detector", "recogniser"].map(|f| files.bytes(&format!("{f}.safetensors")).unwrap());
    let [mut found, mut read] = [0, 1].map(|i| Weights::open("weights", &bytes[i]).unwrap());
    let characters = Characters::new(read.note("characters").unwrap());

    let detector = Detector::take(&mut found).unwrap();
    let map = detector.apply(&prepared(&picture, 0..96), &|| true).unwrap();
    assert_eq!((map.width, map.height, map.values.len()), (160, 96, expected.map.len()));
    let likely = map.values.iter().map(|v| 1.0 / (1.0 + (-v).exp()));
    let off = likely.zip(&expected.map).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    assert!(off < 1e-3, "the detector is off by {off}");

    let recogniser = Recogniser::take(&mut read, characters.classes()).unwrap();
    let scores = recogniser.apply(&prepared(&picture, 24..72), &|| true).unwrap();
    let places: Vec<_> = scores.chunks_exact(characters.classes()).collect();
    assert_eq!(places.len(), expected.classes.len());
    for (scores, (class, probability)) in
        places.iter().zip(expected.classes.iter().zip(&expected.probabilities))
    {
        let most = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        assert_eq!(scores[*class], most);
        let found = 1.0 / scores.iter().map(|score| (score - most).exp()).sum::<f32>();
        assert!((found - probability).abs() < 1e-3, "{found} {probability}");
    }
    assert_eq!(characters.text(&scores).0, "Gate B12");
    assert!(detector.apply(&prepared(&picture, 0..96), &|| false).is_none());
}

#[derive(Deserialize)]
struct Expected {
    text: String,
    corners: Corners,
    confidence: f32,
}

/// How far the corners are from each other, in pixels, whichever of them comes first.
fn apart(found: &TextLine, expected: &Corners, picture: &Rgb) -> f32 {
    let size = [picture.width as f32, picture.height as f32];
    let found = found.corners.map(|[x, y]| [x * size[0], y * size[1]]);
    let turned = (0..4)
        .map(|turn| (0..4).map(|i| length(found[i], expected[(i + turn) % 4])).fold(0.0, f32::max));
    turned.fold(f32::INFINITY, f32::min)
}

/// The lines of 40 drawings by the weights in the program, in 8 bits, and by the reference in f32;
/// on both sides those that are believed.
#[test]
fn forty_drawings_say_what_the_reference_reads() {
    let ocr = Ocr::built_in().unwrap();
    let golden: BTreeMap<String, Vec<Expected>> = json("lines.json");
    let (mut differing, mut lines, mut near) = (Vec::new(), 0, 0);
    for (name, expected) in &golden {
        let picture = picture(name);
        let found = ocr.read(picture.borrowed(), &|| false).unwrap();
        let line = |e: &Expected| TextLine {
            text: e.text.clone(),
            corners: e.corners,
            confidence: e.confidence,
        };
        let expected: Vec<TextLine> = expected.iter().map(line).filter(believed).collect();
        let texts = |lines: &[TextLine]| lines.iter().map(|l| l.text.clone()).collect::<Vec<_>>();
        if texts(&found) != texts(&expected) {
            differing.push((name, texts(&found), texts(&expected)));
            continue;
        }
        for (found, expected) in found.iter().zip(&expected) {
            let apart = apart(found, &expected.corners, &picture);
            assert!(apart < 6.0, "{name}: {} is {apart} pixels off", found.text);
            lines += 1;
            near += usize::from(apart < 1.5);
        }
    }
    assert_eq!(golden.len(), 40);
    assert!(differing.len() <= 1, "{differing:#?}");
    assert!(lines > 90 && near * 10 >= lines * 8, "{near} of {lines} boxes are within a pixel");
}
