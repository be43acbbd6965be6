//! What 8-bit weights and activations cost: the lowest cosine between a model's embeddings in q8
//! and in f32, for each fixture and for the built-in model. The figures are printed as a table:
//! `cargo test -p seer-encoders --test eight_bit -- --nocapture --test-threads 1`.
//!
//! The fixtures have random weights and widths of 16 to 64, where the mistakes of rounding average
//! out less than in real models.

mod support;

use seer_encoders::{Compute, DeviceChoice, DtypeChoice, Model};
use seer_types::{Embedding, PreparedImage, ResizeMode};

use support::fixtures::{expected, folder, ids};

const Q8: Compute = Compute::new(DeviceChoice::Cpu, DtypeChoice::Q8);

/// The fixtures of each family, and where their pixels are.
const SETS: [(&str, &[&str]); 11] = [
    (
        "clip-tiny",
        &["clip-tiny", "clip-tiny-eos2", "clip-tiny-gelu", "metaclip2-tiny", "tinyclip-tiny"],
    ),
    (
        "oc-vit-gelu",
        &[
            "oc-vit-gelu",
            "oc-vit-quickgelu",
            "oc-roberta",
            "oc-roberta-cls",
            "oc-mobileclip-l",
            "oc-vitamin",
            "oc-vitamin-xlarge",
            "oc-coca",
            "oc-coca-apart",
            "oc-eva",
            "oc-eva-avg",
            "oc-eva02",
            "oc-eva02-e",
            "oc-worldwide",
            "oc-nllb",
        ],
    ),
    ("oc-clipa", &["oc-clipa"]),
    ("oc-rn50", &["oc-rn50"]),
    ("oc-convnext", &["oc-convnext", "oc-convnext-mlp"]),
    ("oc-mobileclip-s", &["oc-mobileclip-s", "oc-mobileclip-fused", "oc-mobileclip-deep"]),
    ("oc-mobileclip-b", &["oc-mobileclip-b"]),
    ("oc-pe-core", &["oc-pe-core", "oc-pe-core-g"]),
    ("oc-siglip", &["oc-siglip", "oc-siglip2", "oc-nllb-siglip"]),
    ("siglip-tiny", &["siglip-tiny"]),
    ("siglip2-tiny", &["siglip2-tiny"]),
];

/// What f32 and q8 make of the same pictures or texts.
struct Pair {
    exact: Vec<Embedding>,
    rounded: Vec<Embedding>,
}

impl Pair {
    fn new(models: &[Model; 2], encode: impl Fn(&Model) -> Vec<Embedding>) -> Self {
        Self { exact: encode(&models[0]), rounded: encode(&models[1]) }
    }

    /// The lowest cosine between the two of a row.
    fn lowest(&self) -> f32 {
        assert_eq!(self.exact.len(), self.rounded.len());
        let pairs = self.exact.iter().zip(&self.rounded);
        pairs.map(|(exact, rounded)| dot(exact, rounded)).fold(1.0, f32::min)
    }
}

/// Embeddings in f32 and q8 are of different models, whose cosine `Embedding` refuses.
fn dot(a: &Embedding, b: &Embedding) -> f32 {
    a.values().iter().zip(b.values()).map(|(a, b)| a * b).sum()
}

fn models(name: &str) -> [Model; 2] {
    let folder = folder(name);
    let exact = Model::load(folder.path(), DeviceChoice::Cpu).unwrap();
    let rounded = Model::load(folder.path(), Q8).unwrap();
    assert_ne!(exact.fingerprint(), rounded.fingerprint());
    assert_eq!((exact.dtype(), rounded.dtype()), (DtypeChoice::F32, DtypeChoice::Q8));
    [exact, rounded]
}

fn texts(models: &[Model; 2], name: &str) -> Option<Pair> {
    let ids = models[0].reads_text().then(|| ids(name))?;
    let ids: Vec<&[u32]> = ids.iter().map(Vec::as_slice).collect();
    Some(Pair::new(models, |model| model.encode_ids(&ids).unwrap()))
}

fn check(name: &str, least: f32, pictures: &Pair, texts: Option<&Pair>) {
    let (pictures, texts) = (pictures.lowest(), texts.map(Pair::lowest));
    let shown = texts.map_or("none".into(), |texts| format!("{texts:.5}"));
    println!("| {name} | {pictures:.5} | {shown} |");
    assert!(pictures >= least, "{name}: pictures have cosine {pictures}");
    assert!(texts.is_none_or(|texts| texts >= least), "{name}: texts have cosine {shown}");
}

#[test]
fn every_family_stays_close() {
    for (pixels_in, names) in SETS {
        let pixels = expected(pixels_in, "pixel_values").0;
        for name in names {
            let models = models(name);
            let pictures = Pair::new(&models, |model| model.encode_planes(&pixels).unwrap());
            check(name, 0.995, &pictures, texts(&models, name).as_ref());
        }
    }
}

#[test]
fn classifiers_stay_close() {
    for (pixels_in, names) in [
        ("timm-clip", ["timm-clip", "timm-clip-squash"]),
        ("timm-convnext", ["timm-convnext", "timm-convnext-mlp"]),
    ] {
        let pixels = expected(pixels_in, "pixel_values").0;
        for name in names {
            let models = models(name);
            let pictures = Pair::new(&models, |model| model.encode_planes(&pixels).unwrap());
            check(name, 0.995, &pictures, None);
        }
    }
}

#[test]
fn chinese_clip_stays_close() {
    let name = "chinese-clip-tiny";
    let models = models(name);
    let pixels = expected(name, "pixel_values").0;
    let pictures = Pair::new(&models, |model| model.encode_planes(&pixels).unwrap());
    check(name, 0.995, &pictures, texts(&models, name).as_ref());
}

/// Two waves across a picture, others in each.
fn waves(number: usize, width: u32, height: u32) -> PreparedImage {
    let pixel = |i: usize| {
        let (y, x, c) = (i / 3 / width as usize, i / 3 % width as usize, i % 3);
        let wave = (x * (number + 1) / 7 + y * (c + 2) / 9) as f32;
        (127.0 + 120.0 * (wave / (3.0 + number as f32)).sin()) as u8
    };
    PreparedImage::new(width, height, (0..(width * height * 3) as usize).map(pixel).collect())
}

#[test]
fn pictures_of_any_shape_stay_close() {
    let name = "siglip2-naflex-tiny";
    let models = models(name);
    let ResizeMode::PatchBudget { patch, .. } = models[0].spec().resize else {
        panic!("{name} takes pictures of any shape");
    };
    let images: Vec<PreparedImage> = [[4, 5], [2, 8], [6, 3], [1, 1]]
        .iter()
        .enumerate()
        .map(|(number, [across, down])| waves(number, across * patch, down * patch))
        .collect();
    let pictures = Pair::new(&models, |model| model.encode_images(&images).unwrap());
    check(name, 0.995, &pictures, texts(&models, name).as_ref());
}

#[test]
fn the_built_in_model_stays_close() {
    let models =
        [Model::builtin(DeviceChoice::Cpu), Model::builtin(Q8)].map(|model| model.unwrap());
    let (width, height) = (models[0].spec().width, models[0].spec().height);
    let images: Vec<PreparedImage> = (0..6).map(|number| waves(number, width, height)).collect();
    let words = ["a dog", "two red kites over snow", "my grandmother's kitchen in 1974"];
    let pictures = Pair::new(&models, |model| model.encode_images(&images).unwrap());
    let texts = Pair::new(&models, |model| model.encode_texts(&words).unwrap());
    check("builtin", 0.995, &pictures, Some(&texts));
}
